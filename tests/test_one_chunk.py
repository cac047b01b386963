"""How many functions in how many files one chunk passes between the socket and the widget.

A generator expression, a comprehension or a lambda is part of the function in which it stands.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

import sfstream
from sfstream import errors
from sfstream.core.message import Message
from sfstream.core.reply import Reply
from sfstream.demo.server import DemoServer

MOST_FUNCTIONS, MOST_FILES = 130, 30
CHUNK = 12
"""The functions are counted from the painting of this token to that of the next. It is plain text: the star of a later
one adds up to eight functions of markdown."""
TRIES = 20
PACKAGE = Path(sfstream.__file__).parent


class Watched(sfstream.StreamView):
    """A widget that notes whether the chunk that is looked at is on its way, and stops the answer after it."""

    is_middle = False
    painted = (0, 0)
    """Numbers of tokens between which the functions were counted."""

    def begin(self, stop: Callable[[], None]) -> None:
        super().begin(stop)
        self._end, self._since = stop, 0

    def paint(self, reply: Reply, doing: Message) -> None:
        super().paint(reply, doing)
        tokens = reply.tokens or 0
        if Watched.is_middle and tokens > self._since:
            Watched.is_middle, Watched.painted = False, (self._since, tokens)
            self._end()
        elif tokens >= CHUNK and not self._since:
            Watched.is_middle, self._since = True, tokens


def functions_of_one_chunk() -> set[tuple[str, str]]:
    """Return file and name of the functions, counted in both threads until the next chunk has been painted."""
    passed: set[tuple[str, str]] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and Watched.is_middle:
            path = Path(frame.f_code.co_filename)
            if path.is_relative_to(PACKAGE) and path.parent.name != "demo":
                passed.add((str(path.relative_to(PACKAGE)), frame.f_code.co_qualname.partition(".<locals>")[0]))

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        with pytest.raises(errors.Stopped):
            sfstream.chat("Hello", model="demo/rate-20", via="requests", into=Watched())
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return passed


def test_one_chunk_passes_few_functions(asking_demo: DemoServer) -> None:
    """While one chunk is read, recorded, decoded, rendered and sent. On a busy machine two may come at once."""
    for _ in range(TRIES):
        passed = functions_of_one_chunk()
        if Watched.painted == (CHUNK, CHUNK + 1):
            break
    assert (CHUNK, CHUNK + 1) == Watched.painted
    files = {file for file, _ in passed}
    print(f"{len(passed)} functions in {len(files)} files")
    for package in sorted({file.partition("/")[0] for file in files}):
        print(f"  {package}: {sum(file.partition('/')[0] == package for file, _ in passed)}", end="")
        print(f" in {sum(file.partition('/')[0] == package for file in files)} files")
    assert len(passed) > 30
    assert (len(passed) <= MOST_FUNCTIONS, len(files) <= MOST_FILES) == (True, True), "\n".join(
        map(":".join, sorted(passed))
    )

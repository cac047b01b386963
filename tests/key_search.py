"""Searching for a marked key in all that Python and this machine can show of a call."""

from __future__ import annotations

import base64
import gc
import gzip
import threading
import traceback
import types
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from sfstream.errors import SfStreamError

KEY = "sk-marked7f3a91c2d4e5"
NEEDLES = (KEY[3:].encode(), *(base64.b64encode(b"x" * before + KEY.encode())[4:-4] for before in range(3)))
"""The key as it is, and the middle of it in base64, whatever stands before it."""


def faces_of(error: BaseException) -> Iterator[str]:
    """All that Python and a cell show of an exception, the locals of its frames and its causes among it."""
    yield from (str(error), repr(error), repr(error.args), repr(vars(error)))
    yield from traceback.TracebackException.from_exception(error, capture_locals=True).format()
    if isinstance(error, SfStreamError):
        yield from error._render_traceback_()


def texts_behind(*roots: object) -> Iterator[bytes]:
    """Every text that can be reached from the objects, but through classes, modules and functions."""
    ahead, known = list(roots), set[int]()
    while ahead:
        each = ahead.pop()
        if id(each) in known or isinstance(each, type | types.ModuleType | types.FunctionType | types.FrameType):
            continue
        known.add(id(each))
        if isinstance(each, str):
            yield each.encode("utf-8", "replace")
        elif isinstance(each, bytes | bytearray):
            yield bytes(each)
        else:
            ahead += gc.get_referents(each)


@contextmanager
def watching_children() -> Iterator[list[str]]:
    """The arguments and the environment of all children meanwhile, as the system shows them."""
    seen: list[str] = []
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.002):
            for child in psutil.Process().children(recursive=True):
                try:
                    if child.exe() != psutil.Process().exe():  # one that is only just becoming another program
                        seen.append(f"{child.cmdline()} {child.environ()}")
                except psutil.Error:
                    pass  # it has ended

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def contents(folder: Path) -> Iterator[bytes]:
    """All files below a folder: the log, recordings, histories; unpacked too where they are packed."""
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            yield data
            if data.startswith(b"\x1f\x8b"):
                try:
                    yield gzip.decompress(data)
                except (OSError, EOFError, zlib.error):
                    raise AssertionError(f"{path} cannot be searched") from None


def holds(what: str | bytes) -> bool:
    data = what.encode("utf-8", "replace") if isinstance(what, str) else what
    return any(needle in data for needle in NEEDLES)

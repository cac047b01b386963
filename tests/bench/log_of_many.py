"""``python -m tests.bench log``: what 10,000 answers in the log add to the next one or to one shown again,
and what listing them takes.

Times are of the CPU, so that other programs on the machine matter little.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from unittest import mock

from sfstream import log
from sfstream.core.events import Chunk
from sfstream.core.recording import End, Head
from sfstream.core.request import ChatRequest
from sfstream.demo.prepared import recording
from sfstream.log.reuse import find, place_of
from sfstream.log.store import LogFile, file_name
from sfstream.log.writer import save_recording
from sfstream.run.loop import Run
from sfstream.wire.endpoint import Endpoint

ANSWERS = 10_000
ROUNDS = 50
KEY = "0123456789abcdef"
"""The key of a request."""
REUSED = "fedcba9876543210"
"""The key of the oldest answer, which is shown again."""


def main(arguments: list[str]) -> int:
    """Print the times."""
    argparse.ArgumentParser(prog="python -m tests.bench log", description=__doc__).parse_args(arguments)
    with empty_log():
        print(f"Add an answer to an empty log: {_added():.2f} ms")
        save_recording(recording("english"), log.folder() / file_name(999, REUSED))
        alone = _reused()
        print(f"Find and show again a kept answer, among {log.count():,}: {alone:.2f} ms")
        first, *others = (log.folder() / file_name(number, KEY) for number in range(1000, 1000 + ANSWERS))
        save_recording(recording("english"), first)
        for path in others:
            shutil.copy(first, path)
        print(f"Add an answer to a log of {ANSWERS:,}: {_added():.2f} ms")
        among = _reused()
        print(f"Find and show again a kept answer, among {ANSWERS:,}: {among:.2f} ms, added {among - alone:.2f} ms")
        print(f"The newest 20: {_milliseconds(lambda: log.entries(20)):,.0f} ms")
        print(f"All: {_milliseconds(log.entries):,.0f} ms")
        print(f"Show one: {_milliseconds(lambda: log.show(2000)):,.0f} ms")
    return 0


@contextmanager
def empty_log() -> Iterator[None]:
    """A data folder of our own, which is removed at the end."""
    with TemporaryDirectory() as folder, mock.patch.dict("os.environ", XDG_DATA_HOME=folder):
        yield


def _added() -> float:
    """Median of the milliseconds that begin, one chunk and end take. The compression in its thread is not counted."""
    return statistics.median(_milliseconds(_add) for _ in range(ROUNDS))


def _reused() -> float:
    """Median of the milliseconds to find that answer and to decode it, as a run without a display does."""
    return statistics.median(_milliseconds(_reuse) for _ in range(ROUNDS))


def _reuse() -> None:
    place = place_of(True)
    kept = place and find([REUSED], place)
    assert kept
    request = ChatRequest.from_body(recording("english").request)
    for _ in Run(request, kept, Endpoint("http://localhost")).batches():
        pass


def _add() -> None:
    file = LogFile(KEY)
    file.begin(Head({"model": "m", "messages": [{"role": "user", "content": "Hello"}]}))
    file.add(Chunk(0.1, b'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'))
    file.end(End("complete"))


def _milliseconds(call: Callable[[], object]) -> float:
    start = time.thread_time()
    call()
    return (time.thread_time() - start) * 1000

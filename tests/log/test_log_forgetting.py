"""What is forgotten is gone for good, and its number with it, whatever other kernels do meanwhile."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from sfstream import log
from sfstream.core.events import Chunk
from sfstream.core.recording import End, Head, Recording
from sfstream.errors import RecordingError
from sfstream.log.packing import pack
from sfstream.log.store import claim, file_of
from sfstream.log.writer import save_recording
from tests.waiting import until

ASKED = Head({"model": "m", "messages": [{"role": "user", "content": "hi"}]})
WORD = Chunk(0.1, b'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n')


def kept(*numbers: int) -> None:
    log.folder().mkdir(parents=True, exist_ok=True)
    for number in numbers:
        save_recording(Recording(ASKED, [WORD], End("complete")), file_of(number))


@contextmanager
def writing(answers: int) -> Iterator[threading.Event]:
    """Another thread writes so many; the event is set when it has."""
    over = threading.Event()

    def write() -> None:
        for _ in range(answers):
            file = log.LogFile()
            file.begin(ASKED)
            file.add(WORD)
            file.end(End("complete"))
        over.set()

    thread = threading.Thread(target=write)
    thread.start()
    yield over
    thread.join()


def test_a_number_is_not_given_twice_while_all_is_forgotten() -> None:
    """At no moment does the log look as if there had been fewer."""
    kept(1)
    for number in range(2, 2001):
        os.link(file_of(1), file_of(number))
    claimed: list[Path] = []
    begun, over = threading.Event(), threading.Event()

    def claim_again_and_again() -> None:
        while not over.is_set():
            path, file = claim()
            os.close(file)
            claimed.append(path)
            begun.set()

    thread = threading.Thread(target=claim_again_and_again)
    thread.start()
    assert begun.wait(10)
    log.forget_all()
    over.set()
    thread.join()
    assert sorted(set(claimed)) == claimed
    assert "002001.jsonl.gz" == claimed[0].name


def test_one_that_cannot_be_removed_keeps_no_other() -> None:
    """It is told, the others are gone, and no number is given again."""
    kept(1, 2, 4)
    file_of(3).mkdir()
    with pytest.raises(RecordingError, match="Answer 3 cannot be removed"):
        log.forget_all()
    assert [3] == [entry.number for entry in log.entries()]
    path, file = claim()
    os.close(file)
    assert file_of(5) == path


def test_what_is_forgotten_while_it_is_packed_does_not_come_back() -> None:
    """Where another file stands in its place, or none, the packed one is thrown away."""
    kept(1, 2)
    with file_of(1).open() as first, file_of(2).open() as second:
        log.forget(1, 2)
        for path, file in ((file_of(1), first), (file_of(2), second)):
            with pytest.raises(FileNotFoundError):
                pack(path, "complete-1", os.fstat(file.fileno()))
    assert [("000002.jsonl.gz", 0)] == [(path.name, path.stat().st_size) for path in log.folder().iterdir()]


def test_it_does_not_come_back_from_a_kernel_that_writes() -> None:
    """An answer that is forgotten while it comes, or while it ends, is not there afterwards; again and again."""
    forgotten = set[int]()
    with writing(300) as over:
        while not over.is_set():
            for entry in log.entries(2):
                forgotten |= {entry.number} if log.forget(entry.number) else set()
    assert len(forgotten) > 5
    assert not forgotten & {entry.number for entry in log.entries()}


def test_a_file_of_no_year_is_left_alone() -> None:
    """Its age is unknown."""
    log.folder().mkdir(parents=True)
    file_of(1).write_text("unreadable")
    os.utime(file_of(1), (1e12, 1e12))
    try:
        assert 0 == log.forget(older=timedelta(days=30))
    finally:
        os.utime(file_of(1))


def test_an_answer_is_never_said_to_be_interrupted_while_it_ends() -> None:
    """It is looked at in two steps, between which it may end; again and again."""
    seen = set[str]()
    with writing(200) as over:
        until(lambda: bool(log.entries(1)))
        while not over.is_set():
            seen |= {entry.status for entry in log.entries(1)}
    assert {"streaming", "complete"} >= seen

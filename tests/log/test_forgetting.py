"""What is forgotten is gone for good, and its number with it, whatever other kernels do meanwhile."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sfstream import log
from sfstream.core.events import Chunk
from sfstream.core.recording import End, Head, Recording
from sfstream.errors import RecordingError
from sfstream.log.store import LogFile, take_number
from sfstream.log.writer import compress_file, part_of, save_recording
from tests.log.places import KEY, path_of, wait_for_compression
from tests.waiting import until

ASKED = Head({"model": "m", "messages": [{"role": "user", "content": "hi"}]})
WORD = Chunk(0.1, b'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n')


def kept(*numbers: int) -> None:
    for number in numbers:
        save_recording(Recording(ASKED, [WORD], End("complete")), path_of(number))


def answer() -> None:
    """Add an answer to the log, as a run does."""
    file = LogFile(KEY)
    file.begin(ASKED)
    file.add(WORD)
    file.end(End("complete"))


@contextmanager
def writing(answers: int) -> Iterator[threading.Event]:
    """Another thread writes so many; the event is set when it has."""
    over = threading.Event()

    def write() -> None:
        for _ in range(answers):
            answer()
        wait_for_compression()
        over.set()

    thread = threading.Thread(target=write)
    thread.start()
    yield over
    thread.join()


def test_a_number_is_not_given_twice_while_all_is_forgotten() -> None:
    """At no moment does the log look as if there had been fewer."""
    kept(1)
    for number in range(2, 2001):
        os.link(path_of(1), path_of(number))
    taken: list[int] = []
    begun, over = threading.Event(), threading.Event()

    def take_again_and_again() -> None:
        while not over.is_set():
            taken.append(take_number())
            begun.set()

    thread = threading.Thread(target=take_again_and_again)
    thread.start()
    assert begun.wait(10)
    log.forget_all()
    over.set()
    thread.join()
    assert list(range(2001, 2001 + len(taken))) == taken
    assert len(taken) > 20


def test_one_that_cannot_be_removed_keeps_no_other() -> None:
    """It is told, the others are gone, and no number is given again."""
    for _ in range(4):
        answer()
    wait_for_compression()
    path_of(3).unlink()
    path_of(3).mkdir()
    with pytest.raises(RecordingError, match="Answer 3 cannot be removed"):
        log.forget_all()
    assert [3] == [entry.number for entry in log.entries()]
    assert 5 == take_number()


def test_what_is_forgotten_while_it_is_compressed_does_not_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The compressed file is thrown away if the plain one is gone, and so is what a killed process has left of one."""
    kept(1)
    path, part = path_of(1), part_of(path_of(1))
    part.write_bytes(b"left by a killed process")
    assert 1 == log.forget(1)
    assert not part.exists()

    def compressing(data: bytes, level: int) -> bytes:
        log.forget(1)
        return data

    kept(1)
    monkeypatch.setattr("sfstream.log.writer.compress", compressing)
    with pytest.raises(FileNotFoundError):
        compress_file(path, 9)
    assert [] == list(log.folder().glob("*.*"))


def test_it_does_not_come_back_from_a_kernel_that_writes() -> None:
    """An answer that is forgotten while it comes, or while it ends, is not there afterwards; again and again."""
    forgotten = set[int]()
    with writing(300) as over:
        while not over.is_set():
            for entry in log.entries(2):
                forgotten |= {entry.number} if log.forget(entry.number) else set()
    assert len(forgotten) > 5
    assert not forgotten & {entry.number for entry in log.entries()}


def test_an_answer_is_never_said_to_be_interrupted_while_it_ends() -> None:
    """It is looked at in two steps, between which it may end; again and again."""
    seen = set[str]()
    with writing(200) as over:
        until(lambda: bool(log.entries(1)))
        while not over.is_set():
            seen |= {entry.status for entry in log.entries(1)}
    assert {"streaming", "complete"} >= seen

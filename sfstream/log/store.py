"""The folder of the log: one file per answer, named by its number and the key of its request.

Several kernels write here at once and never wait for each other. The names are the index: numbering, listing and
finding an answer open no file.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import threading
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from sfstream.core import config
from sfstream.core.events import Chunk
from sfstream.core.hints import either
from sfstream.core.message import Message, joined, message
from sfstream.core.reasons import reason
from sfstream.core.recording import End, Head
from sfstream.errors import RecordingError
from sfstream.log.writer import PART, RecordingFile, compress_file, open_private, part_of

try:
    import fcntl
except ImportError:  # Windows: there an answer that still streams looks like one that was interrupted
    fcntl = None  # type: ignore[assignment]  # a module or nothing

_NAME = re.compile(r"([0-9]{6,})-[0-9a-f]{16}\.jsonl\.gz")
_KEY = slice(-25, -9)
"""Where the key stands in a name."""
_NUMBERS_KEPT = 64
"""Newest numbers whose files stay in the folder ``numbers``."""
_warned: set[Path] = set()
"""Folders about which the user has been warned that they cannot be written."""


def folder() -> Path:
    """Return the folder of the log, which lies in the user's data folder."""
    return config.data_folder() / "log"


def scan(keys: Collection[str] = ()) -> dict[int, str]:
    """Return the names of the files by their numbers, newest first. Other files are ignored.

    Args:
        keys: only answers to requests with one of these keys; all if there are none.

    Raises:
        RecordingError: the folder cannot be read.
    """
    try:
        names = os.listdir(folder())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        why = message("The log in {folder} cannot be read: {reason}.", folder=folder(), reason=reason(error))
        raise RecordingError(why) from None
    if keys:  # first of all, as a pattern takes ten times as long
        names = [name for name in names if name[_KEY] in keys]
    found = {int(match[1]): name for name in names if (match := _NAME.fullmatch(name))}
    return dict(sorted(found.items(), reverse=True))


def file_name(number: int, key: str) -> str:
    """Return the name of the file of an answer.

    Args:
        number: of the answer.
        key: of its request (`sfstream.core.request.request_key`).
    """
    return f"{number:06}-{key}.jsonl.gz"


def take_number() -> int:
    """Return a number above all that were ever given; no other process gets the same.

    A number is taken by creating a file of that name. The newest stay, so that a number is not given again after its
    answer was forgotten; and only these few are listed, however many answers there are.

    Raises:
        OSError: the folder cannot be written.
    """
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    numbers = folder() / "numbers"
    numbers.mkdir(exist_ok=True, mode=0o700)
    while True:
        number = max(_taken(numbers) or scan(), default=0) + 1
        try:
            os.close(os.open(numbers / str(number), os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:  # another process was quicker
            continue
        if max(_taken(numbers)) < number + _NUMBERS_KEPT:
            (numbers / str(number - _NUMBERS_KEPT)).unlink(missing_ok=True)
            return number
        (numbers / str(number)).unlink(missing_ok=True)  # between list and open it was taken and removed as old


def _taken(numbers: Path) -> list[int]:
    return [int(name) for name in os.listdir(numbers) if name.isdecimal()]


def is_growing(path: Path) -> bool:
    """Return whether a process is writing the file: it holds a lock on it, which ends with the process."""
    if fcntl is None:
        return False
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # a file system without locks
        pass
    return False


def remove(names: Iterable[str]) -> int:
    """Remove files for good.

    Returns:
        How many there were.

    Raises:
        RecordingError: some cannot be removed; the others have been.
    """
    removed, failed = 0, dict[str, Message]()
    for path in (folder() / name for name in names):
        try:
            existed = path.exists()
            # Twice: another kernel that compresses the file may put it back, but not without its part.
            for each in (path, part_of(path), path):
                each.unlink(missing_ok=True)
            removed += existed
        except OSError as error:
            failed[path.name] = reason(error)
    if failed:
        raise RecordingError(_not_removed(failed))
    return removed


def _not_removed(failed: Mapping[str, Message]) -> Message:
    name, why = next(iter(failed.items()))
    first = message(
        "Answer {number} cannot be removed from {folder}: {reason}.",
        number=int(name.partition("-")[0]),
        folder=folder(),
        reason=why,
    )
    others = message("Neither can {count} others.", count=f"{len(failed) - 1:,}")
    return joined(first, others if len(failed) > 1 else "")


def remove_parts() -> None:
    """Remove what processes that were killed while they compressed a file have left."""
    for path in folder().glob(f"*{PART}"):
        with contextlib.suppress(OSError):
            path.unlink()


class LogFile(RecordingFile):
    """Sink that adds an answer to the log. Its file is made with the first chunk: silence is not an answer.

    The answer need not wait for the compression, which runs in a thread after the file is closed. A process that is
    killed before then leaves a plain file, which is as good.
    """

    def __init__(self, key: str) -> None:
        """
        Args:
            key: of the request (`sfstream.core.request.request_key`).
        """
        super().__init__(folder())
        self._key = key
        self._head: Head | None = None

    def begin(self, head: Head) -> None:
        """See `Sink.begin`."""
        self._head = head

    def add(self, chunk: Chunk) -> None:
        """See `Sink.add`."""
        if head := self._head:
            self._head = None
            super().begin(head)
        # Milliseconds at first, then the 10 ms that the status line shows. Milliseconds throughout would make the
        # compressed file 7 % larger, microseconds 20 %.
        super().add(Chunk(round(chunk.t, 3 if chunk.t < 1 else 2), chunk.data))

    def end(self, end: End) -> None:
        """See `Sink.end`."""
        self._head = None  # a chunk after the end makes no file
        super().end(end)

    def _open(self) -> io.FileIO:
        self.path = folder() / file_name(take_number(), self._key)
        file = open(self.path, "xb", buffering=0, opener=open_private)  # noqa: SIM115  # `end` closes it
        if fcntl:
            with contextlib.suppress(OSError):  # a file system without locks
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return file

    def _compress(self) -> None:
        if sys.is_finalizing():  # Python 3.11 would wait for ever for a thread to start; the plain file is as good
            return
        with contextlib.suppress(RuntimeError):  # from Python 3.12 on no thread can be started a little earlier either
            threading.Thread(target=self._compress_now, name="sfstream compression").start()

    def _compress_now(self) -> None:
        with contextlib.suppress(OSError):  # the plain file stays, or the answer was forgotten
            compress_file(self.path, level=9)

    def _fail(self, warning: Message) -> None:
        super()._fail(warning)
        self.warning = None
        if folder() not in _warned:  # once, since it is true of every answer
            _warned.add(folder())
            self.warning = message(
                "The log in {folder} cannot be written: {reason}. The answer is complete, but the log may not contain "
                "it. This message appears once; {off} turns the log off.",
                off=either("%config SfChat.log = False", "log=False"),
                folder=folder(),
                reason=warning.values["reason"],
            )

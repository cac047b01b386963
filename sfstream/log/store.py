"""The folder of the log: a file for each answer, named by its number. Kernels share it without waiting."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

from sfstream.core import config
from sfstream.core.events import Chunk
from sfstream.core.message import Message, message
from sfstream.core.recording import End, Head
from sfstream.errors import RecordingError
from sfstream.log.format import reason
from sfstream.log.writer import RecordingFile, RecordingWriter

try:
    import fcntl
except ImportError:  # Windows: there an answer that still comes looks like one that was interrupted
    fcntl = None  # type: ignore[assignment]  # a module or nothing

_NAME = re.compile(r"([0-9]{6,})\.jsonl\.gz")
NOT_LOGGED = (
    "The log in {folder} does not take answers: {reason}. They are whole, but may not be found there. "
    "This is said once; %config SfChat.log = False ends the attempts."
)
_TRIES = 1000
"""How often a number is taken that another kernel takes first."""
_told: set[Path] = set()
"""Folders of which it has been said that they cannot be written."""


def folder() -> Path:
    """Where the log is: the user's data folder."""
    return config.data_folder() / "log"


def file_of(number: int) -> Path:
    """The file of an answer, there or not."""
    return folder() / f"{number:06}.jsonl.gz"


def numbers() -> list[int]:
    """The numbers that are taken, highest first.

    Raises:
        RecordingError: the folder cannot be read.
    """
    try:
        return _taken()
    except OSError as error:
        raise RecordingError(f"The log in {folder()} cannot be read: {reason(error)}.") from None


def count() -> int:
    """How many answers there are."""
    with contextlib.suppress(OSError), os.scandir(folder()) as found:
        return sum(map(_holds_something, found))
    return 0


def claim() -> tuple[Path, int]:
    """Make the empty file of a new answer, which the user alone can read. Its number is above all others, and nobody
    else's.

    Returns:
        the path, and an open descriptor of the file, which is locked: close it when the answer is whole.

    Raises:
        OSError: it cannot be made.
    """
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    for _ in range(_TRIES):
        path = file_of(max(_taken(), default=0) + 1)
        with contextlib.suppress(FileExistsError):  # another kernel was quicker
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            _lock(file)
            return path, file
    raise OSError("no number can be taken")


def _lock(file: int) -> None:
    if fcntl:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_growing(path: Path) -> bool:
    """Whether some kernel is writing the file: it holds a lock on it, which ends with the kernel."""
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


def rounded(t: float) -> float:
    """A time of a chunk in the log, in seconds: to the millisecond at first, then to 10 ms, of which the status line
    shows no more. With milliseconds throughout the packed file would be 7 % larger, with microseconds 20 %."""
    return round(t, 3 if t < 1 else 2)


def _holds_something(found: os.DirEntry[str]) -> bool:
    try:
        return number_of(found.name) is not None and found.stat().st_size > 0
    except OSError:  # forgotten meanwhile
        return False


def number_of(name: str) -> int | None:
    """The number of an answer whose file has that name; None for a file of another kind."""
    found = _NAME.fullmatch(name)
    return int(found[1]) if found and f"{int(found[1]):06}.jsonl.gz" == name else None


def _taken() -> list[int]:
    try:
        names = os.listdir(folder())
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted((number for name in names if (number := number_of(name)) is not None), reverse=True)


class LogFile(RecordingFile):
    """The file of one answer in the log. It is made when the first byte comes: silence is no answer."""

    def __init__(self) -> None:
        super().__init__("")
        self._head: Head | None = None
        self._lock = -1  # a descriptor

    def begin(self, head: Head) -> None:
        """See `Sink.begin`."""
        self._head = head

    def add(self, chunk: Chunk) -> None:
        """See `Sink.add`."""
        if head := self._head:
            self._head = None
            try:
                self._writer = self._create(head)
            except (OSError, ValueError) as error:
                self.warning = _warn_once(error)
        super().add(chunk)

    def end(self, end: End) -> None:
        """See `Sink.end`."""
        self._head = None  # what comes after the end makes no file
        if fcntl is None:  # Windows replaces no file that is open
            self._unlock()
        super().end(end)
        self._unlock()

    def _create(self, head: Head) -> RecordingWriter:
        path, self._lock = claim()
        try:
            return RecordingWriter(path, head, rounded)
        except (OSError, ValueError):
            with contextlib.suppress(OSError):
                path.unlink()
            self._unlock()
            raise

    def _unlock(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _describe(self, error: Exception) -> Message | None:
        """Say it once, since it would be true of every answer."""
        return None if isinstance(error, FileNotFoundError) else _warn_once(error)  # it was forgotten while it came


def _warn_once(error: Exception) -> Message | None:
    if folder() in _told:
        return None
    _told.add(folder())
    return message(NOT_LOGGED, folder=folder(), reason=reason(error))

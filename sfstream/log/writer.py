"""Write recordings to files, also while the answer streams."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable
from pathlib import Path

from sfstream.core.events import Chunk, count_of
from sfstream.core.message import Message, message
from sfstream.core.recording import End, Head, Recording
from sfstream.errors import RecordingError
from sfstream.log.format import dump_chunk, dump_line, expand_path, reason
from sfstream.log.packing import pack

NOT_WRITTEN = "The file {path!r} cannot be written: {reason}."
INCOMPLETE = "The recording {path!r} is not whole: {reason}."


def save_recording(recording: Recording, path: str | os.PathLike[str]) -> None:
    """Write a recording to a file, gzip if the name ends in ``.gz``.

    Raises:
        RecordingError: the file cannot be written.
    """
    try:
        with RecordingWriter(path, recording.head) as writer:
            for chunk in recording.chunks:
                writer.add(chunk)
            if recording.end:
                writer.end(recording.end)
    except (OSError, ValueError) as error:
        raise not_written(path, error) from None


def to_microseconds(t: float) -> float:
    """A time of a chunk as a recording has it, in seconds."""
    return round(t, 6)


class RecordingWriter:
    """Writes a recording line by line: what was added is in the file, whatever happens next."""

    def __init__(
        self, path: str | os.PathLike[str], head: Head, rounded: Callable[[float], float] = to_microseconds
    ) -> None:
        """
        Args:
            path: the file; what is in it is lost.
            head: what was asked, and when.
            rounded: gives the time, in seconds, that is written for one.

        Raises:
            OSError, ValueError: the file cannot be written.
        """
        self._path = Path(os.path.realpath(expand_path(path)))  # where it leads to now, wherever the process goes later
        self._rounded = rounded
        self._label = ""
        self._file: io.FileIO = open(self._path, "wb", buffering=0)  # noqa: SIM115  # closed by close()
        try:
            self._append(dump_line(vars(head)))
        except (OSError, ValueError):
            self._file.close()
            raise

    def add(self, chunk: Chunk) -> None:
        self._append(dump_chunk(self._rounded(chunk.t), chunk.data))

    def end(self, end: End) -> None:
        self._append(dump_line(vars(end)))
        tokens = count_of(end.usage, "completion_tokens")
        self._label = f"{end.status}-{'' if tokens is None else tokens}"

    def close(self) -> None:
        """Close the file; pack it where its name ends in ``.gz``. Until then it is plain.

        Raises:
            OSError: it cannot be packed, or was removed or replaced meanwhile.
        """
        if self._file.closed:
            return
        mine = os.fstat(self._file.fileno())
        self._file.close()
        if self._path.suffix == ".gz":
            pack(self._path, self._label, mine)

    def abandon(self) -> None:
        """Close the file as it is, after writing has failed."""
        with contextlib.suppress(OSError):
            self._file.close()

    def __enter__(self) -> RecordingWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _append(self, line: bytes) -> None:
        while line:  # a disk that is nearly full takes a part, and says so only when it is asked to take the rest
            line = line[self._file.write(line) :]


class RecordingFile:
    """Sink that writes a file. An I/O error disables the file and sets `warning`; it never interrupts the stream."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)
        self._writer: RecordingWriter | None = None
        self.warning: Message | None = None

    def begin(self, head: Head) -> None:
        """See `Sink.begin`."""
        try:
            self._writer = self._create(head)
        except (OSError, ValueError) as error:
            self.warning = message(NOT_WRITTEN, path=self._path, reason=reason(error))

    def add(self, chunk: Chunk) -> None:
        """See `Sink.add`."""
        if writer := self._writer:
            try:
                writer.add(chunk)
            except (OSError, ValueError) as error:
                self._give_up(writer, error)

    def end(self, end: End) -> None:
        """See `Sink.end`."""
        if writer := self._writer:
            try:
                writer.end(end)
                writer.close()
            except (OSError, ValueError) as error:
                self._give_up(writer, error)
            self._writer = None

    def _create(self, head: Head) -> RecordingWriter:
        return RecordingWriter(self._path, head)

    def _describe(self, error: Exception) -> Message | None:
        return message(INCOMPLETE, path=self._path, reason=reason(error))

    def _give_up(self, writer: RecordingWriter, error: OSError | ValueError) -> None:
        writer.abandon()
        self._writer = None
        self.warning = self._describe(error)


def check_writable(path: str | os.PathLike[str]) -> None:
    """Check before anything is sent that a recording can be written to a path.

    Raises:
        RecordingError: the folder does not exist, it is read-only, or the path is a folder.
    """
    try:
        hindrance = _hindrance(expand_path(path))
    except OSError as error:  # such as a name that is too long
        raise not_written(path, error) from None
    if hindrance:
        raise RecordingError(NOT_WRITTEN.format(path=os.fspath(path), reason=hindrance))


def is_same_file(one: str | os.PathLike[str], other: str | os.PathLike[str]) -> bool:
    """Return whether both paths lead to the same existing file."""
    try:
        return expand_path(one).samefile(expand_path(other))
    except (OSError, ValueError):  # a ValueError for a NUL in the name, which opening the file reports
        return False


def not_written(path: str | os.PathLike[str], error: Exception) -> RecordingError:
    """Return the error for a file that cannot be written."""
    return RecordingError(NOT_WRITTEN.format(path=os.fspath(path), reason=reason(error)))


def _hindrance(target: Path) -> str:
    if "\0" in os.fspath(target):
        return "its name contains a NUL character"
    if not target.name or target.is_dir():
        return "it is a folder"
    if not target.parent.is_dir():
        return f"there is no folder {target.parent}"
    return "" if os.access(target if target.exists() else target.parent, os.W_OK) else "permission denied"

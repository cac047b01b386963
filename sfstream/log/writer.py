"""Write recordings to files: a whole one at once, or chunk by chunk while the answer streams."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import shutil
from pathlib import Path

from sfstream.core.events import Chunk
from sfstream.core.message import Message, message
from sfstream.core.reasons import reason
from sfstream.core.recording import End, Head, Recording
from sfstream.errors import RecordingError
from sfstream.log.format import compress, dump_chunk, dump_line, expand_path

_log = logging.getLogger("sfstream")

PART = ".sfstream-part"
"""Suffix of a file that is written in full before it replaces the one that has the rest of its name."""


class RecordingFile:
    """Sink that writes a file. An I/O error disables the file and sets `warning`; it never interrupts the stream.

    Each chunk is in the file when `add` returns. The file is plain until the answer has ended; then it is compressed
    if its name ends in ``.gz``.

    Attributes:
        path: the file. Links and relative paths are resolved when the sink is made.
        warning: what went wrong; None if all is well.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(os.path.realpath(expand_path(path)))
        self.warning: Message | None = None
        self._shown = os.fspath(path)
        self._file: io.FileIO | None = None

    def begin(self, head: Head) -> None:
        """See `Sink.begin`. What the file contained is lost."""
        try:
            self._file = self._open()
            self._write(dump_line(vars(head)))
        except (OSError, ValueError) as error:
            self._fail(_not_written(self._shown, reason(error)))

    def add(self, chunk: Chunk) -> None:
        """See `Sink.add`."""
        try:
            self._write(dump_chunk(round(chunk.t, 6), chunk.data))
        except (OSError, ValueError) as error:
            self._fail(self._incomplete(error))

    def end(self, end: End) -> None:
        """See `Sink.end`."""
        try:
            self._write(dump_line(vars(end)))
            if self._file:
                self._file.close()
                self._file = None
                self._compress()
        except (OSError, ValueError) as error:
            self._fail(self._incomplete(error))

    def _open(self) -> io.FileIO:
        return open(self.path, "wb", buffering=0)

    def _write(self, line: bytes) -> None:
        while self._file and line:  # a disk that is nearly full accepts a part, and refuses the rest
            line = line[self._file.write(line) :]

    def _compress(self) -> None:
        # Here and not in a thread: whoever named the file may read it with gzip in the next cell. Level 6 takes 15 ms
        # for 5,000 tokens, level 9 three times as long for 3 % less.
        if self.path.suffix == ".gz":
            compress_file(self.path, level=6)

    def _incomplete(self, error: Exception) -> Message:
        return message("The recording {path!r} is not complete: {reason}.", path=self._shown, reason=reason(error))

    def _fail(self, warning: Message) -> None:
        if self._file:
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None
        self.warning = warning
        _log.warning("%s", warning)


def save_recording(recording: Recording, path: str | os.PathLike[str]) -> None:
    """Write a recording to a file, gzip if the name ends in ``.gz``.

    Raises:
        RecordingError: the file cannot be written; what it contained is left.
    """
    try:
        data = dump_recording(recording)
    except ValueError as error:
        raise not_written(path, reason(error)) from None
    write_file(compress(data, 6) if os.fspath(path).lower().endswith(".gz") else data, path)


def write_file(data: bytes, path: str | os.PathLike[str]) -> None:
    """Write a file, or leave it as it was: the data goes to a file beside it, which then takes its place.

    Raises:
        RecordingError: the file cannot be written.
    """
    try:
        target = Path(os.path.realpath(expand_path(path)))
        _replace(target, data) if target.is_file() or not target.exists() else target.write_bytes(data)  # a device
    except (OSError, ValueError) as error:  # a ValueError for a NUL in the name
        raise not_written(path, reason(error)) from None


def _replace(target: Path, data: bytes) -> None:
    part = part_of(target)
    try:
        part.write_bytes(data)
        if target.exists():
            shutil.copymode(target, part)
        os.replace(part, target)
    except BaseException:  # an interrupt too
        part.unlink(missing_ok=True)
        raise


def dump_recording(recording: Recording) -> bytes:
    """Serialise a whole recording.

    Raises:
        ValueError: a value is nested too deeply.
    """
    lines = [dump_line(vars(recording.head))]
    lines += [dump_chunk(round(chunk.t, 6), chunk.data) for chunk in recording.chunks]
    lines += [dump_line(vars(recording.end))] if recording.end else []
    return b"".join(lines)


def compress_file(path: Path, level: int) -> None:
    """Replace a plain file by its compressed form. Whatever happens before that moment leaves the plain file.

    Raises:
        OSError: the compressed file cannot be written, or the plain one has been removed.
    """
    part = part_of(path)
    data = compress(path.read_bytes(), level)
    try:
        with open(part, "wb", opener=open_private) as file:
            file.write(data)
        shutil.copymode(path, part)  # this fails if the plain file has been removed in the meantime
        os.replace(part, path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def part_of(path: Path) -> Path:
    """Return the file that is written first. One that is there is left over from a killed process."""
    return path.with_name(path.name + PART)


def open_private(path: str, flags: int) -> int:
    """Opener for `open`: a new file can be read by its owner only."""
    return os.open(path, flags, 0o600)


def check_writable(path: str | os.PathLike[str]) -> None:
    """Check before anything is sent that a recording can be written to a path.

    Raises:
        RecordingError: the folder does not exist, it is read-only, or the path is a folder.
    """
    try:
        obstacle = _obstacle(expand_path(path))
    except OSError as error:  # such as a name that is too long
        obstacle = reason(error)
    if obstacle:
        raise not_written(path, obstacle)


def is_same_file(one: str | os.PathLike[str], other: str | os.PathLike[str]) -> bool:
    """Return whether both paths lead to the same existing file."""
    try:
        return expand_path(one).samefile(expand_path(other))
    except (OSError, ValueError):  # a ValueError for a NUL in the name, which opening the file reports
        return False


def not_written(path: str | os.PathLike[str], why: Message) -> RecordingError:
    """Return the error for a file that cannot be written."""
    return RecordingError(_not_written(path, why))


def _not_written(path: str | os.PathLike[str], why: Message) -> Message:
    return message("The file {path!r} cannot be written: {reason}.", path=os.fspath(path), reason=why)


def _obstacle(target: Path) -> Message | None:
    if "\0" in os.fspath(target):
        return message("its name contains a NUL character")
    if not target.name or target.is_dir():
        return message("it is a folder")
    if not target.parent.is_dir():
        return message("there is no folder {folder}", folder=target.parent)
    is_allowed = os.access(target if target.exists() else target.parent, os.W_OK)
    return None if is_allowed else message("permission denied")

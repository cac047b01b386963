"""A recording: the raw chunks of one answer with their times, in memory and in a file.

The file is JSON lines, plain or gzip: first the head, then ``[t, "text"]`` for each chunk
(``[t, {"base64": "…"}]`` where a chunk is not whole UTF-8), last the end. One without its end is an
answer that was interrupted, and opens as one. It is written line by line as the chunks arrive, so
that whatever kills the process costs nothing that has come.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sfstream.core.events import Chunk, count_of
from sfstream.errors import RecordingError
from sfstream.wire.chunks import Chunks
from sfstream.wire.packing import pack
from sfstream.wire.recorded_ends import End, Head, end_of, head_of, no_recording, unreadable
from sfstream.wire.recorded_lines import chunk_line, chunk_of, lines, unpacked


@dataclass
class Recording:
    """One answer as it came.

    Attributes:
        head: what was asked, and when.
        chunks: the bytes of the body with their times of arrival, oldest first.
        end: how it ended; None while it runs, or where it was interrupted.
    """

    head: Head
    chunks: Sequence[Chunk] = ()
    end: End | None = None

    def __post_init__(self) -> None:
        self.chunks = self._chunks = Chunks(self.chunks)

    @property
    def request(self) -> Mapping[str, Any]:
        """The JSON body of the request, without a key even where the user had typed it there."""
        return self.head.request

    @property
    def data(self) -> bytes:
        """The whole body."""
        return bytes(self._chunks.data)

    def add(self, chunk: Chunk) -> None:
        """Append a chunk; others may be reading meanwhile."""
        self._chunks.append(chunk)

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Recording:
        """Read a file.

        Raises:
            RecordingError: it is missing, cannot be read, or is not a recording.
        """
        try:
            with unpacked(_expanded(path)) as file:
                return _read(file, path)
        except FileNotFoundError:
            raise RecordingError(f"There is no recording at {os.fspath(path)!r}: check the path.") from None
        except (OSError, zlib.error, ValueError) as error:
            raise unreadable(path, error) from None

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a file, gzip where the name ends in ``.gz``.

        Raises:
            RecordingError: it cannot be written.
        """
        try:
            with RecordingWriter(path, self.head) as writer:
                for chunk in self.chunks:
                    writer.add(chunk)
                if self.end:
                    writer.end(self.end)
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
            RecordingError: the file cannot be written.
        """
        self._path = Path(os.path.realpath(_expanded(path)))  # where it leads to now, wherever the process goes later
        self._rounded = rounded
        self._label = ""
        try:
            self._file: io.FileIO = open(self._path, "wb", buffering=0)  # noqa: SIM115  # closed by close()
        except (OSError, ValueError) as error:
            raise not_written(path, error) from None
        try:
            self._write(vars(head))
        except (OSError, ValueError) as error:
            self._file.close()
            raise not_written(path, error) from None

    def add(self, chunk: Chunk) -> None:
        self._append(chunk_line(self._rounded(chunk.t), chunk.data))

    def end(self, end: End) -> None:
        self._write(vars(end))
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

    def _write(self, value: object) -> None:
        try:
            line = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
        except RecursionError:
            raise ValueError("it is nested too deeply") from None
        self._append(line.encode("utf-8", "replace") + b"\n")

    def _append(self, line: bytes) -> None:
        while line:  # a disk that is nearly full takes a part, and says so only when it is asked to take the rest
            line = line[self._file.write(line) :]


def check_writable(path: str | os.PathLike[str]) -> None:
    """Say before anything is sent that a recording could not be written there.

    Raises:
        RecordingError: there is no such folder, it is read-only, or the path is a folder.
    """
    try:
        hindrance = _hindrance(_expanded(path))
    except OSError as error:  # such as a name that is too long
        raise not_written(path, error) from None
    if hindrance:
        raise RecordingError(f"The file {os.fspath(path)!r} cannot be written: {hindrance}.")


def is_same_file(one: str | os.PathLike[str], other: str | os.PathLike[str]) -> bool:
    """Whether both paths lead to the same file that there is."""
    try:
        return _expanded(one).samefile(_expanded(other))
    except (OSError, ValueError):  # a ValueError of a NUL in a name, which is told where it is opened
        return False


def _hindrance(target: Path) -> str:
    if "\0" in os.fspath(target):
        return "its name holds a NUL character"
    if not target.name or target.is_dir():
        return "it is a folder"
    if target.is_fifo() or target.is_socket():
        return "it is a pipe"
    if not target.parent.is_dir():
        return f"there is no folder {target.parent}"
    return "" if os.access(target if target.exists() else target.parent, os.W_OK) else "permission denied"


def _read(file: io.BufferedIOBase, path: str | os.PathLike[str]) -> Recording:
    numbered = lines(file)
    try:
        _, first = next(numbered)
    except (StopIteration, ValueError):
        raise no_recording(path) from None
    recording = Recording(head_of(first, path))
    for number, line in numbered:
        if isinstance(line, Mapping):
            recording.end = end_of(line)
            break
        recording.add(chunk_of(line, number))
    return recording


def _expanded(path: str | os.PathLike[str]) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError:  # ~somebody, who is not known here
        return Path(path)


def not_written(path: str | os.PathLike[str], error: OSError | ValueError) -> RecordingError:
    """What to raise of a file that cannot be written."""
    why = error.strerror if isinstance(error, OSError) else error
    return RecordingError(f"The file {os.fspath(path)!r} cannot be written: {why}.")

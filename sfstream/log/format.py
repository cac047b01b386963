"""The file format of a recording: parse and serialise its lines, and open a file.

The file is JSON lines, plain while the answer streams and gzip afterwards: first the head, then ``[t, "text"]`` for
each chunk (``[t, {"base64": "…"}]`` if a chunk is not whole UTF-8), last the end. A file without an end is an
interrupted answer, and opens as one. Files may come from somebody else: they are data, and two limits bound them.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import io
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sfstream.core.events import Chunk
from sfstream.core.recording import VERSION, End, Head, Recording
from sfstream.errors import RecordingError

GZIP_MAGIC = b"\x1f\x8b"
MAX_SIZE = 1 << 28
"""Maximum size of a recording in bytes, uncompressed (a token takes about 400)."""
MAX_LINE = 1 << 26
"""Maximum length of a line in bytes. The head is the longest: the request may contain images."""
_MAX_TIME = 1e9
"""Upper bound for the time of a chunk, in seconds."""


def open_recording(path: str | os.PathLike[str]) -> Recording:
    """Read a recording from a file, plain or gzip.

    Raises:
        RecordingError: the file does not exist, cannot be read, or is not a recording.
    """
    try:
        with open_lines(expand_path(path)) as file:
            return _read(file, path)
    except FileNotFoundError:
        raise RecordingError(f"There is no recording at {os.fspath(path)!r}: check the path.") from None
    except (OSError, zlib.error, ValueError) as error:
        raise unreadable(path, error) from None


@contextlib.contextmanager
def open_lines(path: Path) -> Iterator[io.BufferedIOBase]:
    """Open a file for reading lines; gzip is recognised by its first bytes, since a file that grows is still plain."""
    with open(path, "rb") as file:
        is_gzip = file.peek(len(GZIP_MAGIC)).startswith(GZIP_MAGIC)
        yield gzip.GzipFile(fileobj=file) if is_gzip else file


def expand_path(path: str | os.PathLike[str]) -> Path:
    """Return the path with ``~`` expanded; an unknown user's ``~`` stays."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def dump_line(value: object) -> bytes:
    """Serialise one line.

    Raises:
        ValueError: the value is nested too deeply.
    """
    try:
        line = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return line.encode("utf-8", "replace") + b"\n"


def dump_chunk(t: float, data: bytes) -> bytes:
    """Serialise the line of a chunk: its time in seconds, and its bytes as text, or as base64 if they are not UTF-8."""
    try:
        return dump_line([t, data.decode()])
    except UnicodeDecodeError:
        return dump_line([t, {"base64": base64.b64encode(data).decode()}])


def parse_head(value: object, path: str | os.PathLike[str]) -> Head:
    """Return the head that the first line of a file contains.

    Raises:
        RecordingError: it is not a head, or one of another version.
    """
    if not isinstance(value, Mapping) or not isinstance(value.get("request"), Mapping):
        raise not_a_recording(path)
    version = value.get("version")
    if version != VERSION:
        raise RecordingError(
            f"The recording {os.fspath(path)!r} has version {version!r:.30} of the format, and this sfstream reads "
            f"version {VERSION}: a newer sfstream may open it."
        )
    trace_id = value.get("trace_id")
    return Head(
        request=value["request"],
        time=str(value.get("time", "")),
        trace_id=trace_id if isinstance(trace_id, str) else None,
        source=str(value.get("source", "server")),
    )


def parse_end(line: Mapping[str, Any]) -> End:
    """Return the end that the last line of a file contains."""
    usage = line.get("usage")
    return End(str(line.get("status")), usage if isinstance(usage, Mapping) else {})


def unreadable(path: str | os.PathLike[str], error: Exception) -> RecordingError:
    """Return the error for a file that cannot be read."""
    return RecordingError(f"The recording {os.fspath(path)!r} cannot be read: {reason(error)}.")


def not_a_recording(path: str | os.PathLike[str]) -> RecordingError:
    """Return the error for a file whose first line is not a head."""
    return RecordingError(
        f"{os.fspath(path)!r} is not a recording: its first line does not say what was asked. "
        "--record FILE and Reply.save(FILE) write recordings."
    )


def reason(error: Exception) -> str:
    """Return why something failed, without the path and the number that an OSError adds."""
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _read(file: io.BufferedIOBase, path: str | os.PathLike[str]) -> Recording:
    numbered = _lines(file)
    try:
        _, first = next(numbered)
    except (StopIteration, ValueError):
        raise not_a_recording(path) from None
    recording = Recording(parse_head(first, path))
    for number, line in numbered:
        if isinstance(line, Mapping):
            recording.end = parse_end(line)
            break
        recording.chunks.append(_parse_chunk(line, number))
    return recording


def _lines(file: io.BufferedIOBase) -> Iterator[tuple[int, object]]:
    """Yield the parsed lines with their numbers. An incomplete last line is skipped: the writer was killed there.

    Raises:
        ValueError: a line is not JSON, or a limit is exceeded.
    """
    number = size = 0
    while True:
        try:
            line = file.readline(MAX_LINE)
        except EOFError:  # a truncated gzip file
            return
        number, size = number + 1, size + len(line)
        if not line:
            return
        if size > MAX_SIZE:
            raise ValueError(f"it is larger than {MAX_SIZE:,} bytes")
        if len(line) == MAX_LINE:
            raise ValueError(f"line {number} is longer than {MAX_LINE:,} bytes")
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError):
            if not line.endswith(b"\n") and number > 1:
                return
            raise ValueError(f"line {number} is not JSON") from None


def _parse_chunk(line: Any, number: int) -> Chunk:
    try:
        t, data = line
        raw = base64.b64decode(data["base64"], validate=True) if isinstance(data, Mapping) else data.encode()
        if not (isinstance(t, int | float) and 0 <= t < _MAX_TIME):  # this refuses NaN too
            raise ValueError
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ValueError(f"line {number} is not a chunk") from None
    return Chunk(float(t), raw)

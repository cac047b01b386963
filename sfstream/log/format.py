"""The file format of a recording: parse and serialise its lines, and open a file.

The file is JSON lines, plain while the answer streams and gzip afterwards: first the head, then ``[t, "text"]`` for
each chunk (``[t, {"base64": "…"}]`` if a chunk is not whole UTF-8), last the end. A file without an end is an
interrupted answer, and opens as one. Files may come from somebody else: nothing in them is run, and two limits bound
what is read.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sfstream.core.events import Chunk
from sfstream.core.hints import either
from sfstream.core.message import message
from sfstream.core.reasons import reason
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
        with _reading(expand_path(path)) as data:
            lines = _lines(data)
            recording = Recording(_read_head(lines, path))
            _read_answer(lines, recording)
            return recording
    except FileNotFoundError:
        shown = os.fspath(path)
        raise RecordingError(message("There is no recording at {path!r}: check the path.", path=shown)) from None


def read_summary(path: Path) -> tuple[Head, End | None]:
    """Read the head and the end of a file, and parse nothing in between.

    Raises:
        FileNotFoundError: the file does not exist.
        RecordingError: it cannot be read, or is not a recording.
    """
    with _reading(path) as data:
        head = _read_head(_lines(data), path)
        _, _, last = data.rstrip().rpartition(b"\n")
        with contextlib.suppress(ValueError, RecursionError):
            if last and isinstance(end := json.loads(last), Mapping) and "request" not in end:
                return head, _parse_end(end, 0)
        return head, None


def compress(data: bytes, level: int) -> bytes:
    """Compress a file with gzip.

    Args:
        data: the plain file.
        level: of zlib, 1 to 9.
    """
    # A frame resembles the one before it, and a near match takes fewer bits: with a window of 2 KB most answers are 5
    # to 8 % smaller than with 32 KB, which `gzip.compress` uses. Where frames are longer than that, they are larger.
    return min((_compressed(data, level, window) for window in (11, 15)), key=len)


def _compressed(data: bytes, level: int, window: int) -> bytes:
    compressor = zlib.compressobj(level, zlib.DEFLATED, window + 16)  # plus 16: in the format of gzip
    return compressor.compress(data) + compressor.flush()


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
        raise ValueError(message("it is nested too deeply")) from None
    return line.encode("utf-8", "replace") + b"\n"


def dump_chunk(t: float, data: bytes) -> bytes:
    """Serialise the line of a chunk: its time in seconds, and its bytes as text, or as base64 if they are not UTF-8."""
    try:
        return dump_line([t, data.decode()])
    except UnicodeDecodeError:
        return dump_line([t, {"base64": base64.b64encode(data).decode()}])


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[bytes]:
    """Read a file, and translate the errors that occur inside the context.

    gzip is recognised by the first bytes and not by the name: a file that grows is plain.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SIZE + 1)
        if data.startswith(GZIP_MAGIC):
            data = zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(data, MAX_SIZE + 1)
        if len(data) > MAX_SIZE:
            raise ValueError(message("it is larger than {size} bytes", size=f"{MAX_SIZE:,}"))
        yield data
    except FileNotFoundError:
        raise
    except (OSError, ValueError, zlib.error) as error:
        damaged = message("its compressed data was changed or damaged")
        why = damaged if isinstance(error, zlib.error) else reason(error)
        shown = os.fspath(path)
        raise RecordingError(
            message("The recording {path!r} cannot be read: {reason}.", path=shown, reason=why)
        ) from None


def _lines(data: bytes) -> Iterator[tuple[int, object]]:
    """Yield the parsed lines with their numbers.

    Empty lines are skipped, as is an incomplete last line: the writer was killed there.

    Raises:
        ValueError: a line is not JSON, or is too long.
    """
    for number, line in enumerate(io.BytesIO(data), 1):
        if len(line) > MAX_LINE:
            size = f"{MAX_LINE:,}"
            raise ValueError(message("line {number} is longer than {size} bytes", number=number, size=size))
        if line.isspace():
            continue
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError):
            if number > 1 and not line.endswith(b"\n"):
                return
            raise ValueError(message("line {number} is not JSON", number=number)) from None


def _read_head(lines: Iterator[tuple[int, object]], path: str | os.PathLike[str]) -> Head:
    try:
        _, value = next(lines)
    except (StopIteration, ValueError):
        value = None
    if not isinstance(value, Mapping) or not isinstance(value.get("request"), Mapping):
        raise RecordingError(
            message(
                "{path!r} is not a recording: its first line does not say what was asked. "
                "{record} and Reply.save(FILE) write recordings.",
                record=either("--record FILE", "record=FILE"),
                path=os.fspath(path),
            )
        )
    version = value.get("version")
    if version != VERSION:
        raise RecordingError(
            message(
                "The recording {path!r} has version {version} of the format, and this sfstream reads version {ours}: "
                "a newer sfstream may open it.",
                path=os.fspath(path),
                version=f"{version!r:.30}",
                ours=VERSION,
            )
        )
    trace_id = value.get("trace_id")
    return Head(
        request=value["request"],
        time=str(value.get("time", "")),
        trace_id=trace_id if isinstance(trace_id, str) else None,
        source=str(value.get("source", "server")),
    )


def _read_answer(lines: Iterator[tuple[int, object]], recording: Recording) -> None:
    """Add the chunks and the end to a recording.

    Raises:
        ValueError: a line cannot stand where it does: the file was edited, or joined from several.
    """
    last = 0.0
    for number, line in lines:
        if recording.end:
            raise ValueError(message("line {number} stands after the end of the answer", number=number))
        if isinstance(line, Mapping):
            recording.end = _parse_end(line, number)
            continue
        chunk = _parse_chunk(line, number)
        if chunk.t < last:
            raise ValueError(message("the time of line {number} is before that of the line above it", number=number))
        last = chunk.t
        recording.chunks.append(chunk)


def _parse_end(line: Mapping[str, Any], number: int) -> End:
    if "status" not in line:
        raise ValueError(message("line {number} is neither a chunk nor the end of the answer", number=number))
    usage = line.get("usage")
    return End(str(line["status"]), usage if isinstance(usage, Mapping) else {})


def _parse_chunk(line: Any, number: int) -> Chunk:
    try:
        t, data = line
        raw = base64.b64decode(data["base64"], validate=True) if isinstance(data, Mapping) else data.encode()
        if not (isinstance(t, int | float) and 0 <= t < _MAX_TIME):  # this refuses NaN too
            raise ValueError
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ValueError(message("line {number} is not a chunk", number=number)) from None
    return Chunk(float(t), raw)

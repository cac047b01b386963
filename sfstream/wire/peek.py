"""What a recording's file says at its two ends, without reading what lies between: thousands are listed in a second."""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Mapping
from io import FileIO
from pathlib import Path

from sfstream.errors import RecordingError
from sfstream.wire.packing import MAGIC, label
from sfstream.wire.recorded_ends import End, Head, end_of, head_of
from sfstream.wire.recorded_lines import MAX_LINE, unpacked
from sfstream.wire.recording import Recording

_START = 4096
"""Bytes of a file that are read at once: nearly always they hold the head."""
_FIRST = 2048
"""Bytes that are unpacked at first: likewise."""
_MORE = 1 << 16
"""Bytes that are unpacked next."""
_TAIL = 1 << 16
"""Bytes at the end of a plain file in which its last line is looked for."""
_LABEL = re.compile(r"([a-z]+)-(\d{0,12})")
_GZIP = 16 + zlib.MAX_WBITS


def peek(path: Path) -> tuple[Head, End | None] | None:
    """The head, and the end: of a packed file only its status and tokens; None where there is none.

    Returns:
        both; None where nothing is in the file yet.

    Raises:
        FileNotFoundError: it is not there.
        RecordingError: it cannot be read, or is not a recording.
    """
    try:
        with open(path, "rb", buffering=0) as file:
            if not (start := file.read(_START)):
                return None
            end = None if start[:2] == MAGIC else _last(file)
        head = head_of(_json(_first_line(start, path)), path)
    except FileNotFoundError:
        raise
    except (OSError, EOFError, ValueError, zlib.error, RecursionError) as error:
        raise RecordingError(f"The recording {os.fspath(path)!r} cannot be read: {error}.") from None
    if start[:2] != MAGIC:
        return head, end
    said = _LABEL.fullmatch(label(start))
    if said is None:  # packed by something else
        return head, Recording.open(path).end
    return head, End(said[1], {"completion_tokens": int(said[2])} if said[2] else {})


def _first_line(start: bytes, path: Path) -> bytes:
    line, newline, _ = _unpacked(start).partition(b"\n")
    if newline:
        return line
    with unpacked(path) as file:
        return file.readline(MAX_LINE)


def _unpacked(start: bytes) -> bytes:
    """The first bytes of a file, unpacked; a little at first, since nearly always that is enough."""
    if start[:2] != MAGIC:
        return start
    gzip = zlib.decompressobj(_GZIP)
    text = gzip.decompress(start, _FIRST)
    return text if b"\n" in text else text + gzip.decompress(gzip.unconsumed_tail, _MORE)


def _last(file: FileIO) -> End | None:
    """The end that a plain file has as its last line."""
    file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
    *before, line, rest = (b"\n\n" + file.read(_TAIL)).rsplit(b"\n", 2)
    if rest or not before[0].strip():
        return None
    try:
        value = _json(line)
    except (ValueError, RecursionError):
        return None
    return end_of(value) if isinstance(value, Mapping) else None


def _json(line: bytes) -> object:
    return json.loads(line)

"""What a recording's file says at its two ends, without reading what lies between: thousands are listed in a second."""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Mapping
from io import FileIO
from pathlib import Path

from sfstream.core.recording import End, Head
from sfstream.log.format import MAX_LINE, MAX_SIZE, open_lines, parse_end, parse_head, unreadable
from sfstream.log.packing import MAGIC, label

_START = 1 << 14
"""Bytes of a file that are read at once: nearly always they hold the head."""
_FIRST = 2048
"""Bytes that are unpacked at first: likewise."""
_MORE = 1 << 15
"""Bytes that are unpacked next, as long as these have not ended: as a rule a long prompt has by then."""
_PIECE = 1 << 20
"""Bytes that are unpacked at once where all are."""
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
            is_packed = start[:2] == MAGIC
            end = None if is_packed else _last(file)
        head = parse_head(json.loads(_first_line(start, path)), path)
        if is_packed:
            said = _LABEL.fullmatch(label(start))
            end = _labelled(said) if said else _last_packed(path)
    except FileNotFoundError:
        raise
    except (OSError, EOFError, ValueError, zlib.error, RecursionError) as error:
        raise unreadable(path, error) from None
    return head, end


def _first_line(start: bytes, path: Path) -> bytes:
    line, newline, _ = _unpacked(start).partition(b"\n")
    if newline:
        return line
    with open_lines(path) as file:
        return file.readline(MAX_LINE)


def _unpacked(start: bytes) -> bytes:
    """The first bytes of a file, unpacked; a little at first, since nearly always that is enough."""
    if start[:2] != MAGIC:
        return start
    gzip = zlib.decompressobj(_GZIP)
    pieces = [gzip.decompress(start, _FIRST)]
    while pieces[-1] and b"\n" not in pieces[-1]:
        pieces.append(gzip.decompress(gzip.unconsumed_tail, _MORE))
    return b"".join(pieces)


def _labelled(said: re.Match[str]) -> End:
    return End(said[1], {"completion_tokens": int(said[2])} if said[2] else {})


def _last_packed(path: Path) -> End | None:
    """The same of a file that was packed by something else, for which all of it must be unpacked."""
    tail = b""
    with open_lines(path) as file:
        for _ in range(0, MAX_SIZE, _PIECE):
            try:
                piece = file.read(_PIECE)
            except EOFError:  # it was cut
                return None
            if not piece:
                return _end_in(tail)
            tail = (tail + piece)[-_TAIL:]
    raise ValueError(f"it is larger than {MAX_SIZE:,} bytes")


def _last(file: FileIO) -> End | None:
    """The end that a plain file has as its last line."""
    file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
    return _end_in(file.read(_TAIL))


def _end_in(tail: bytes) -> End | None:
    *before, line = tail.rstrip().rsplit(b"\n", 1)
    if not before:
        return None
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return parse_end(value) if isinstance(value, Mapping) else None

"""The lines of a recording's file, one by one."""

from __future__ import annotations

import base64
import gzip
import io
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sfstream.events import Chunk

MAX_SIZE = 1 << 30
"""Most bytes, unpacked, that a recording may have: someone else's file must not fill the memory."""


def unpacked(path: Path) -> io.BufferedIOBase:
    """The file to read from, whether it is packed with gzip or plain."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"  # not by its name: one that is still being written is plain
    return gzip.open(path) if packed else path.open("rb")


def lines(file: io.BufferedIOBase) -> Iterator[tuple[int, object]]:
    """The parsed lines with their numbers. A last line that is not whole is left out: the writer was killed there.

    Raises:
        ValueError: a line is not JSON, or the file is too large.
    """
    number = size = 0
    while True:
        try:
            line = file.readline(MAX_SIZE)
        except EOFError:  # gzip that ends too early
            return
        number, size = number + 1, size + len(line)
        if not line:
            return
        if size > MAX_SIZE:
            raise ValueError(f"it is larger than {MAX_SIZE:,} bytes")
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError):
            if not line.endswith(b"\n") and number > 1:
                return
            raise ValueError(f"line {number} is not JSON") from None


def chunk_of(line: Any, number: int) -> Chunk:
    """The chunk that a parsed line holds.

    Raises:
        ValueError: it holds none; the message names the line's number.
    """
    try:
        t, data = line
        raw = base64.b64decode(data["base64"], validate=True) if isinstance(data, Mapping) else data.encode()
        if not (isinstance(t, int | float) and math.isfinite(t) and t >= 0):
            raise ValueError
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        raise ValueError(f"line {number} is not a chunk") from None
    return Chunk(float(t), raw)


def text_of(data: bytes) -> str | dict[str, str]:
    """The bytes of a chunk as JSON has them: text, or base64 where they are not whole UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}

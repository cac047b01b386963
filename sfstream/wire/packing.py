"""A recording's file, packed with gzip under a label: how the answer ended, readable without unpacking it.

The label stands in the header's field for the original name. Any gzip unpacks the file and passes over it.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import re
import shutil
from pathlib import Path

MAGIC = b"\x1f\x8b"
_HAS_NAME = 0x08
_HEADER = 10
"""Bytes of a gzip header before its first field, which is the name where nothing else is flagged (RFC 1952)."""


def pack(path: Path, label: str) -> None:
    """Replace a file by itself, packed; until that moment the plain file is there.

    Args:
        path: the file; its permissions are kept.
        label: what it says; anything but ASCII letters, digits and dashes is left out.

    Raises:
        OSError: it cannot be written; the plain file stays.
    """
    name = re.sub(r"[^A-Za-z0-9-]", "", label)
    packed = path.with_name(f"{path.name}.part")
    try:
        with (
            path.open("rb") as plain,
            open(packed, "wb", opener=_private) as target,
            gzip.GzipFile(name, "wb", 9, target) as file,
        ):
            shutil.copyfileobj(plain, file, 1 << 20)
        shutil.copymode(path, packed)
        packed.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            packed.unlink()
        raise


def label(start: bytes) -> str:
    """The label in the first bytes of a file; empty where it has none."""
    if start[:2] != MAGIC or len(start) <= _HEADER or start[3] != _HAS_NAME:
        return ""
    name, end, _ = start[_HEADER:].partition(b"\0")
    return name.decode("latin-1") if end else ""


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

"""A recording's file, packed with gzip under a label: how the answer ended, readable without unpacking it.

The label stands in the header's field for the original name. Any gzip unpacks the file and passes over it. The header
and the end are written here (RFC 1952), since Python's gzip module cannot be told how far back to look.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import struct
import tempfile
import zlib
from pathlib import Path
from typing import BinaryIO

MAGIC = b"\x1f\x8b"
_HAS_NAME = 0x08
_HEADER = MAGIC + bytes([8, _HAS_NAME, 0, 0, 0, 0, 2, 255])
"""Deflate, with a name, at no time, packed as well as can be, on no system that is told."""
_WINDOWS = (11, 12, 15)
"""How far back it may look, as powers of two. A frame is like the one before it, and near is shorter to say: up to 7 %
smaller with one of the first two than with the last, but they do not reach back to the frame before a large one."""
_SAMPLE = 1 << 16
"""Bytes by which that is chosen: the last, since what was asked, which comes first, may be long."""
PART = ".part"
"""How the name of a file ends that is being packed."""
_PIECE = 1 << 20
"""Bytes that are packed at once."""


def pack(path: Path, label: str, mine: os.stat_result | None = None) -> None:
    """Replace a file by itself, packed; until that moment the plain file is there.

    Args:
        path: the file; its permissions are kept.
        label: what it says; anything but ASCII letters, digits and dashes is left out.
        mine: the file that is meant, should there be another by now; None for the one that is there.

    Raises:
        FileNotFoundError: it was removed or replaced meanwhile.
        OSError: it cannot be written; the plain file stays.
    """
    name = re.sub(r"[^A-Za-z0-9-]", "", label)
    file, packed = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=PART)
    try:
        with path.open("rb") as plain, open(file, "wb") as target:
            target.write(_HEADER + name.encode() + b"\0")
            _deflate(plain, target)
            shutil.copymode(path, packed)
            # Looked at last: whoever removes the file removes this one after it.
            if not os.path.samestat(mine or os.fstat(plain.fileno()), path.stat()):
                raise FileNotFoundError(errno.ENOENT, "it was removed")
        os.replace(packed, path)
    except BaseException:  # an interrupt too
        with contextlib.suppress(OSError):
            os.unlink(packed)
        raise


def label(start: bytes) -> str:
    """The label in the first bytes of a file; empty where it has none."""
    if start[:2] != MAGIC or len(start) <= len(_HEADER) or start[3] != _HAS_NAME:
        return ""
    name, end, _ = start[len(_HEADER) :].partition(b"\0")
    return name.decode("latin-1") if end else ""


def _deflate(plain: BinaryIO, target: BinaryIO) -> None:
    packer, checksum, size = _packer(_best_window(plain)), 0, 0
    while piece := plain.read(_PIECE):
        checksum, size = zlib.crc32(piece, checksum), size + len(piece)
        target.write(packer.compress(piece))
    target.write(packer.flush() + struct.pack("<LL", checksum, size % (1 << 32)))


def _packer(window: int) -> zlib._Compress:
    return zlib.compressobj(9, zlib.DEFLATED, -window, 9)


def _best_window(plain: BinaryIO) -> int:
    plain.seek(max(0, os.fstat(plain.fileno()).st_size - _SAMPLE))
    sample = plain.read()
    plain.seek(0)
    return min(_WINDOWS, key=lambda window: _packed_size(sample, window))


def _packed_size(data: bytes, window: int) -> int:
    packer = _packer(window)
    return len(packer.compress(data) + packer.flush())

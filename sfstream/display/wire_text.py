"""Bytes of a stream as text in which everything is visible: line ends, cut characters, control characters. No I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from sfstream.core.text import encodable
from sfstream.display.translations import translate

EDGE = "│"
"""Stands where a new chunk begins inside a frame."""
_BYTES = re.compile("[\udc80-\udcff]+")  # how ``surrogateescape`` writes bytes that are no UTF-8
_NAMES = {"\n": "‹LF›", "\r": "‹CR›", "\t": "‹TAB›"}
_LINE_END = re.compile(f"(‹LF›|‹CR›(?!‹LF›))(?!‹LF›|‹CR›|{EDGE}|$)")


def visible(data: bytes, edges: Sequence[int] = (), most: int = 0) -> str:
    r"""Return bytes as text.

    A line end is ``‹LF›``, a character that is cut between two chunks ``‹E4 BD›│‹A0›``, any other that has no shape of
    its own ``‹U+200B›``.

    Args:
        data: the bytes.
        edges: offsets at which a new chunk begins.
        most: number of bytes from which the middle is left out; 0 for never.

    Example:
        >>> visible("data: 你\n\n".encode(), edges=[8])
        'data: ‹E4 BD›│‹A0›‹LF›‹LF›'
    """
    if 0 < most < len(data):
        begin, end = _character(data, most * 2 // 3), _character(data, len(data) - most // 3)
        left_out = translate("… {count} bytes left out …", count=f"{end - begin:,}")
        first = visible(data[:begin], [edge for edge in edges if edge < begin])
        return f"{first} {left_out} {visible(data[end:], [edge - end for edge in edges if edge > end])}"
    pieces = [data[start:stop] for start, stop in pairwise([0, *edges, len(data)])]
    text = EDGE.join(_shown(piece.decode("utf-8", "surrogateescape")) for piece in pieces)
    return _LINE_END.sub(r"\1\n", text)


def visible_text(text: str, most: int, *, is_quoted: bool) -> str:
    """Return a text of a server in the same way and on one line, in quotation marks if its ends matter."""
    line = visible(encodable(text).encode(), most=most).replace("\n", "")
    return f'"{line}"' if is_quoted else line


def _character(data: bytes, offset: int) -> int:
    """Return where the character at an offset begins, at most 3 bytes before it."""
    return next((at for at in range(offset, max(offset - 4, 0), -1) if data[at] & 0xC0 != 0x80), offset)


def _shown(text: str) -> str:
    text = "".join(_named(each) for each in text)
    return _BYTES.sub(lambda found: f"‹{' '.join(f'{ord(each) - 0xDC00:02X}' for each in found[0])}›", text)


def _named(character: str) -> str:
    if character.isprintable() or "\udc80" <= character <= "\udcff":
        return character
    return _NAMES.get(character) or f"‹U+{ord(character):04X}›"

"""Bidirectional control characters in what is rendered: which of them stay, and which are shown as a sign. No I/O.

In text, isolates (U+2066 to U+2069) and embeddings stay, since Arabic and Hebrew need them around a name or a number;
one that is not closed is closed at the end of its block. An override, which can make a text read as another, stays only
if it is closed. In code and formulas none stays: there they could hide what the code does (CVE-2021-42574).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sfstream.core.text import harmless

CONTROL = re.compile("([\u202a-\u202e\u2066-\u2069])")

_OVERRIDES = "\u202d\u202e"
_EMBEDDINGS = "\u202a\u202b" + _OVERRIDES
_ISOLATES = "\u2066\u2067\u2068"
_POP_EMBEDDING, _POP_ISOLATE = "\u202c", "\u2069"
_SIGN = "\ufffd"
_DEEPEST = 100
"""Maximum nesting; that of the bidirectional algorithm is 125."""

_TAG = re.compile(r'(</?[a-z](?:"[^"]*"|[^">])*>)')
_NAME = re.compile(r"</?([a-z0-9]+)")
_TEXTS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "th", "td"}
_BLOCKS = _TEXTS | {"blockquote", "ul", "ol", "table", "thead", "tbody", "tr", "pre", "hr"}
_VERBATIM = {"pre", "code", "math"}
_VOID = {"br", "hr", "img"}


def paired(texts: Sequence[str]) -> list[str]:
    """Return the texts that one block consists of, with control characters that are safe or visible."""
    if not any(map(CONTROL.search, texts)):
        return [harmless(text) for text in texts]
    pieces = [_split(text) for text in texts]
    unclosed: list[tuple[list[str], int]] = []  # openings, as places in the pieces
    for piece in pieces:
        for place in range(1, len(piece), 2):
            _read(piece, place, unclosed)
    for piece, place in reversed(unclosed):
        opening, last = piece[place], pieces[-1]
        if opening in _OVERRIDES:
            piece[place] = _SIGN
        else:
            last.append(_POP_ISOLATE if opening in _ISOLATES else _POP_EMBEDDING)
    return ["".join(piece) for piece in pieces]


def _split(text: str) -> list[str]:
    """Return the text in pieces, of which every second is a control character."""
    return [part if number % 2 else harmless(part) for number, part in enumerate(CONTROL.split(text))]


def _read(piece: list[str], place: int, unclosed: list[tuple[list[str], int]]) -> None:
    """Read one control character, as the bidirectional algorithm does: the end of an isolate ends what is in it."""
    control = piece[place]
    if control in _ISOLATES or control in _EMBEDDINGS:
        if len(unclosed) < _DEEPEST:
            unclosed.append((piece, place))
        else:
            piece[place] = _SIGN
    elif control == _POP_EMBEDDING:
        if unclosed and unclosed[-1][0][unclosed[-1][1]] in _EMBEDDINGS:
            unclosed.pop()
        else:
            piece[place] = _SIGN
    elif any(other[at] in _ISOLATES for other, at in unclosed):
        while (found := unclosed.pop())[0][found[1]] not in _ISOLATES:
            if found[0][found[1]] in _OVERRIDES:
                found[0][found[1]] = _SIGN


def in_html(html: str) -> str:
    """Return clean HTML with control characters that are safe or visible."""
    parts = _TAG.split(html)
    around: list[str] = []  # the names of the open elements
    texts: list[int] = []  # the places of the texts of the block
    for place, part in enumerate(parts):
        if place % 2:
            if _name(part) in _BLOCKS:
                _pair(parts, texts)
            _step(part, around)
            parts[place] = harmless(part)
        elif not _VERBATIM.isdisjoint(around) or _TEXTS.isdisjoint(around):
            parts[place] = harmless(part)
        else:
            texts.append(place)
    _pair(parts, texts)
    return "".join(parts)


def _pair(parts: list[str], texts: list[int]) -> None:
    for place, text in zip(texts, paired([parts[place] for place in texts]), strict=True):
        parts[place] = text
    texts.clear()


def _step(tag: str, around: list[str]) -> None:
    if tag.startswith("</"):
        around.pop()
    elif _name(tag) not in _VOID:
        around.append("math" if "tex2jax_process" in tag else _name(tag))


def _name(tag: str) -> str:
    found = _NAME.match(tag)
    return found[1] if found else ""

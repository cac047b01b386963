"""Writing directions of blocks that hold right-to-left text, such as Arabic, Hebrew and Persian. No I/O.

A browser finds the direction of each text by itself (``dir="auto"``). It does not find that of an element whose text
is in others that have the attribute too, and it takes the letters of code and formulas for the language of the text.
Both are settled here. What is decided for a list item or a table row depends on nothing that comes after it, so that
it is the same while the block streams.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""A character that is written from right to left."""

_STYLES = {
    # Front-ends leave room for the marker of an item on the left alone.
    "list_item_open": "direction:rtl;margin-right:2em",
    "blockquote_open": "direction:rtl;border-left:none;border-right:5px solid #80808040",
    "table_open": "direction:rtl;margin:0 0 1em auto",
}
"""Styles of the elements whose own direction shows: in a marker, in a border, in the order of columns."""
_CLOSING = {name.replace("_open", "_close") for name in _STYLES}
_LISTS = ("bullet_list_open", "ordered_list_open")
_CELLS = ("th_open", "td_open")


@dataclass
class _Element:
    """An open list item, quote or table.

    Attributes:
        token: its opening.
        is_rtl: whether its first letter is a right-to-left one; None before that letter.
        inner: the lists directly in it.
        cells: of a table; those of right-to-left text are in `aligned` as well.
    """

    token: Token
    is_rtl: bool | None = None
    inner: list[Token] = field(default_factory=list)
    cells: list[Token] = field(default_factory=list)
    aligned: list[Token] = field(default_factory=list)


def mark(tokens: Sequence[Token]) -> None:
    """Set attributes and styles in the elements that hold right-to-left text."""
    around: list[_Element] = []
    for place, token in enumerate(tokens):
        if token.type in _STYLES:
            around.append(_Element(token))
        elif token.type in _CLOSING:
            _close(around.pop())
        elif token.type == "thead_close":  # the header decides for its table: rows may come much later
            around[-1].is_rtl = bool(around[-1].is_rtl)
        elif token.type == "inline":
            _mark_inline(token, tokens[place - 1], around)
        elif around:
            around[-1].inner += [token] if token.type in _LISTS else []
            around[-1].cells += [token] if token.type in _CELLS else []


def _mark_inline(inline: Token, opening: Token, around: Sequence[_Element]) -> None:
    """Isolate code and formulas in right-to-left text, and note the direction for the elements around the text."""
    if RIGHT_TO_LEFT.search(inline.content):
        for child in inline.children or ():
            if child.type in ("code_inline", "maths"):
                child.attrs["dir"] = "ltr"
    is_rtl = _is_rtl(inline)
    for element in around if is_rtl is not None else ():
        element.is_rtl = is_rtl if element.is_rtl is None else element.is_rtl
    if is_rtl and opening.type == "paragraph_open":
        opening.attrs["style"] = "text-align:right"  # JupyterLab aligns every paragraph at the left
    if is_rtl and opening.type in _CELLS:
        around[-1].aligned.append(opening)


def _is_rtl(inline: Token) -> bool | None:
    """Return whether the first letter of the text is a right-to-left one, or None if there is no letter in it."""
    for child in inline.children or ():
        for character in child.content if child.type == "text" else "":
            if (kind := unicodedata.bidirectional(character)) in ("L", "R", "AL"):
                return kind != "L"
    return None


def _close(element: _Element) -> None:
    for cell in element.cells if element.is_rtl else element.aligned:
        cell.attrs.setdefault("style", "text-align:right")
    if element.is_rtl:
        element.token.attrs["style"] = _STYLES[element.token.type]
        for token in element.inner:  # its items have their own directions, and its padding stays on the left
            token.attrs["dir"] = "ltr"

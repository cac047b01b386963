"""Emphasis beside Chinese, Japanese and Korean text, where it differs from CommonMark's. No I/O.

That text has no spaces around its words, where CommonMark asks for a space between punctuation and a letter that a star
stands between. Here a CJK character beside the stars counts as such a space, and CJK punctuation as a letter
(commonmark-spec, issue 650).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned

_WIDE_SYMBOLS = ((0x2300, 0x2BFF), (0x1F000, 0x1F1FF), (0x1F300, 0x1FBFF))
"""Unicode blocks whose wide characters are emoji."""


class State(StateInline):
    """Inline parser state with the emphasis rule of this module.

    Attributes:
        pairs: the closing tags of the HTML elements in the text, by the place of their opening (`inline_tags`).
    """

    pairs: Mapping[int, re.Match[str] | None] = MappingProxyType({})

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803  markdown-it's own names
        """Return whether the run of markers at `start` can open and can close emphasis."""
        marker, end = self.src[start], start
        while end < self.posMax and self.src[end] == marker:
            end += 1
        before, after = self.src[start - 1 : start] or " ", self.src[end] if end < self.posMax else " "
        opens = not _is_space(after) and (not _splits(after) or _stands_apart(before))
        closes = not _is_space(before) and (not _splits(before) or _stands_apart(after))
        can_open = opens and (canSplitWord or not closes or _is_punctuation(before))
        can_close = closes and (canSplitWord or not opens or _is_punctuation(after))
        return Scanned(can_open, can_close, end - start)


def is_cjk(character: str) -> bool:
    """Return whether this is a Chinese, Japanese or Korean letter, sign or punctuation mark, and no emoji."""
    code = ord(character)
    wide = code >= 0x1100 and unicodedata.east_asian_width(character) in "WFH"
    return wide and not any(first <= code <= last for first, last in _WIDE_SYMBOLS)


def _is_space(character: str) -> bool:
    return isWhiteSpace(ord(character))


def _is_punctuation(character: str) -> bool:
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)


def _splits(character: str) -> bool:
    """Return whether a marker beside this punctuation needs a space or punctuation on its other side."""
    return _is_punctuation(character) and not is_cjk(character)


def _stands_apart(character: str) -> bool:
    return _is_space(character) or _is_punctuation(character) or is_cjk(character)

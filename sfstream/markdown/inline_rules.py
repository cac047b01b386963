"""Emphasis next to Chinese, Japanese and Korean text, which has no spaces around its words. No I/O.

CommonMark asks for a space where a star stands between punctuation and a letter. Here a CJK character beside the
stars counts as such a space, and CJK punctuation as a letter (commonmark-spec, issue 650).
"""

from __future__ import annotations

import unicodedata

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned

_WIDE_SYMBOLS = ((0x2300, 0x2BFF), (0x1F000, 0x1F1FF), (0x1F300, 0x1FBFF))
"""Blocks whose wide characters are emoji."""
_HANGUL = ((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xFFA0, 0xFFDC))


class State(StateInline):
    """A paragraph's text on its way to tokens, with the rule of this module."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803  markdown-it's own names
        """Whether the run of markers at `start` can open, and can close, emphasis."""
        marker, end = self.src[start], start
        while end < self.posMax and self.src[end] == marker:
            end += 1
        before, after = self._before(start), self.src[end] if end < self.posMax else " "
        opens = not _is_space(after) and (not _splits(after) or _stands_apart(before))
        closes = not _is_space(before) and (not _splits(before) or _stands_apart(after))
        can_open = opens and (canSplitWord or not closes or _is_punctuation(before))
        can_close = closes and (canSplitWord or not opens or _is_punctuation(after))
        return Scanned(can_open, can_close, end - start)

    def _before(self, position: int) -> str:
        """The character before, not counting a selector of its variant."""
        while position > 0 and _is_selector(self.src[position - 1]):
            position -= 1
        return self.src[position - 1] if position else " "


def is_cjk(character: str) -> bool:
    """Whether this is a letter, sign or punctuation mark of Chinese, Japanese or Korean; emoji are none."""
    code = ord(character)
    if code < 0x1100:
        return False
    if any(first <= code <= last for first, last in _HANGUL):
        return True
    wide = unicodedata.east_asian_width(character) in "WFH"
    return wide and not any(first <= code <= last for first, last in _WIDE_SYMBOLS)


def _is_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0e" or "\U000e0100" <= character <= "\U000e01ef"


def _is_space(character: str) -> bool:
    return isWhiteSpace(ord(character))


def _is_punctuation(character: str) -> bool:
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)


def _splits(character: str) -> bool:
    """Whether a marker beside it needs something on its other side to be emphasis."""
    return _is_punctuation(character) and not is_cjk(character)


def _stands_apart(character: str) -> bool:
    return _is_space(character) or _is_punctuation(character) or is_cjk(character)

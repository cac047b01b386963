"""Bare web and mail addresses in text. No I/O.

GitHub's rules decide what is an address and which punctuation at its end belongs to the sentence. This module decides
where an address may begin and must end beside Chinese, Japanese and Korean text, which has no spaces around it, and
beside marks of emphasis. A CJK letter ends an address, though a browser would take it for a part of the path: people
write 见https://a.example/x即可, and copy addresses with these letters encoded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from markdown_it.rules_inline import StateInline

from sfstream.markdown.emphasis import is_cjk

Rule: TypeAlias = Callable[[StateInline, bool], bool]

LONGEST_ADDRESS = 2_000
"""Maximum characters of a bare address that becomes a link."""

_BEFORE = " \t\r\n*_~([)]"
_MARKS = ":;,!?\"'"
"""ASCII characters that an address may follow, and those that it may follow where it could begin without them: in
官网:https an address begins, in blob:https none."""
_PREFIX = re.compile(r"(?:https?|mailto|xmpp)\Z")
_LOCAL = re.compile(r"[A-Za-z0-9.+_-]{1,64}\Z")
_DOMAIN = re.compile(r"[A-Za-z0-9.+_-]{1,64}@[A-Za-z0-9-]+\.[A-Za-z0-9]")

_PUNCTUATION = '\\s<"\u2014\u2015\u2018-\u201f\u2022\u2025\u2026\u203b\u2190-\u21ff\u3000-\u3004\u3008-\u3020\u3030'
_PUNCTUATION += "\u30fb\ufe10-\ufe1f\ufe30-\ufe6f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\uffef"
_LETTERS = "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff10-\uffdf"
_LETTERS += "\U00016fe0-\U00018fff\U0001aff0-\U0001b16f\U00020000-\U0003ffff"
_OTHERS = "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe0f\ufeff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001fbff"
_END = re.compile(f"[{_PUNCTUATION}{_OTHERS}{_LETTERS}]")
_END_OF_FOREIGN = re.compile(f"[{_PUNCTUATION}{_OTHERS}]")
"""White space, CJK punctuation, invisible characters, emoji, and CJK letters if the host itself has none."""
_UNUSUAL = re.compile(r"[^!#-;=-~]")
"""What can match the two patterns above, found in half the time: text without an end is read again and again."""
_NUMBER = re.compile(r"\[\^|(?:\[\d+\])+(?![\[=])")
"""Number of a footnote or of a source, but not of a parameter (``?a[0]=b``)."""
_FOREIGN = re.compile(rf"https?://(?:www\.)?(?=[{_LETTERS}])[\w-]+(?:\.[\w-]+)+")

_TRAILING = re.compile(r"[*_~(\[{.,:!?'\"]+\Z")
_CLOSING = [re.compile(r"\*(?![\w/])"), re.compile(r"\*\*"), re.compile("~~")]
"""What ends an address after one star, after more stars, and after tildes that are open."""

_NEAR = 100
"""Number of marks of emphasis before an address that are looked at."""


def linked(state: StateInline, rule: Rule) -> bool:
    """Make the address at the parser's position a link, if there is one.

    Args:
        state: a parser at the colon of an address, at its "@", or at its "www.".
        rule: rule of GitHub's that is given the address alone.
    """
    begin = _begin(state)
    if state.linkLevel or not _may_follow(state.src[max(0, begin - 4) : begin]):
        return False
    end = _end(state, begin)
    if end is None:
        return False
    done = state.pos - begin
    alone = StateInline(state.src[begin:end], state.md, state.env, [])
    alone.pending, alone.pos = alone.src[:done], done
    if not rule(alone, False):
        return False
    if done:
        state.pending = state.pending[:-done]
    for token in alone.tokens:
        made = state.push(token.type, token.tag, token.nesting)
        made.attrs, made.content, made.markup, made.info = token.attrs, token.content, token.markup, token.info
    state.pos = begin + alone.pos
    return True


def is_in_mail_address(text: str, position: int) -> bool:
    """Return whether the underscore here stands before the "@" of a mail address, where it is no mark of emphasis."""
    return text[position - 1 : position].isalnum() and bool(_DOMAIN.match(text, position))


def _begin(state: StateInline) -> int:
    """Return where the address begins: what stands before its colon or its "@" is not parsed yet."""
    pattern = {":": _PREFIX, "@": _LOCAL}.get(state.src[state.pos])
    found = pattern.search(state.pending, max(0, len(state.pending) - 64)) if pattern else None
    return state.pos - len(found[0]) if found else state.pos


def _may_follow(text: str) -> bool:
    """Return whether an address may begin after this text: no other word and no other address goes on in it."""
    before = text.rstrip(_MARKS)[-1:]
    if before.isascii():
        return before in _BEFORE
    return is_cjk(before) or not before.isalnum()


def _end(state: StateInline, begin: int) -> int | None:
    """Return where the address ends at the latest, or None if it is too long."""
    foreign = _FOREIGN.match(state.src, begin, state.posMax)
    pattern, start = (_END_OF_FOREIGN, foreign.end()) if foreign else (_END, state.pos + 1)
    limit = begin + LONGEST_ADDRESS
    unusual = _UNUSUAL.search(state.src, start, min(state.posMax, limit))
    found = pattern.search(state.src, unusual.start(), min(state.posMax, limit)) if unusual else None
    if not found and state.posMax > limit:
        return None
    end = found.start() if found else state.posMax
    for closing in (_NUMBER, *_closing(state)):
        found = closing.search(state.src, start, end)
        end = found.start() if found else end
    found = _TRAILING.search(state.src, start, end)
    return found.start() if found else end


def _closing(state: StateInline) -> list[re.Pattern[str]]:
    """Return what would close the emphasis that is open here."""
    stars, tildes = (_open(state, mark) for mark in "*~")
    return [pattern for pattern, is_open in zip(_CLOSING, (stars == 1, stars > 1, tildes > 0), strict=True) if is_open]


def _open(state: StateInline, mark: str) -> int:
    return sum(each.open - each.close for each in state.delimiters[-_NEAR:] if each.marker == ord(mark))

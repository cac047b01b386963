"""Parser rule for the few HTML tags that models write for want of Markdown: line breaks, and pairs of inline elements.

A tag that has an attribute, or is one of a pair without the other, is text, like all other HTML. A pair is read before
emphasis is: where both cross, the signs of the emphasis are text. No I/O.
"""

from __future__ import annotations

import re
from collections import Counter

from markdown_it.rules_inline import StateInline

from sfstream.markdown.emphasis import State

PAIRED = ("sub", "sup", "kbd", "mark", "u")
"""The elements of which pairs of tags are rendered."""

_SPACE = r"[ \t\n]*"
_BREAK = re.compile(rf"(?:<br{_SPACE}/?>(?:</br{_SPACE}>)?|</br{_SPACE}>)[ \t]*\n?[ \t]*", re.IGNORECASE)
"""A line break, also as browsers repair it, with the line end after it: that is not a second one."""
_TAG = re.compile(rf"<(/?)({'|'.join(PAIRED)}){_SPACE}>", re.IGNORECASE)


def inline_tag(state: StateInline, silent: bool) -> bool:
    """Read a break as a ``hardbreak``, and a pair as tokens such as ``sub_open`` and ``sub_close``.

    An opening tag that is not closed is a text of its own, whose ``meta`` holds the tag that would close it.
    """
    if found := _BREAK.match(state.src, state.pos, state.posMax):
        if not silent:
            state.pending = state.pending.rstrip(" ")
            state.push("hardbreak", "br", 0)
    elif not (found := _TAG.match(state.src, state.pos, state.posMax)):
        return False
    elif not silent:
        return _read_tag(state, found)
    state.pos = found.end()
    return True


def _read_tag(state: StateInline, found: re.Match[str]) -> bool:
    """Read a pair with all that is in it, or an opening tag as text."""
    if found[1]:
        return False
    tag, close = found[2].lower(), _close_of(state, found)
    if close is None:
        text = state.push("text", "", 0)
        text.content, text.meta = found[0], {"closer": f"</{tag}>"}
        state.pos = found.end()
        return True
    end = state.posMax
    state.push(f"{tag}_open", tag, 1)
    state.pos, state.posMax = found.end(), close.start()
    state.md.inline.tokenize(state)
    state.pos, state.posMax = close.end(), end
    state.push(f"{tag}_close", tag, -1)
    return True


def _close_of(state: StateInline, opening: re.Match[str]) -> re.Match[str] | None:
    """Return the tag that closes this one. Each text is searched once for all its pairs."""
    assert isinstance(state, State)
    if opening.start() not in state.pairs:
        state.pairs = {**state.pairs, **_pairs(state)}
    return state.pairs[opening.start()]


def _pairs(state: StateInline) -> dict[int, re.Match[str] | None]:
    """Return the closing tag of each opening one from here on, by its place; tags in code, formulas and links aside."""
    pairs: dict[int, re.Match[str] | None] = {}
    waiting, count, begin = list[tuple[str, int]](), Counter[str](), state.pos
    while state.pos < state.posMax:
        found = _TAG.match(state.src, state.pos, state.posMax)
        if not found:
            state.md.inline.skipToken(state)
            continue
        state.pos, tag = found.end(), found[2].lower()
        if not found[1]:
            pairs[found.start()] = None
            waiting.append((tag, found.start()))
            count[tag] += 1
        elif count[tag]:
            while (last := waiting.pop())[0] != tag:  # what was opened within this pair and not closed is text
                count[last[0]] -= 1
            count[tag] -= 1
            pairs[last[1]] = found
    state.pos = begin
    return pairs

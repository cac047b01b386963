"""Fenced Markdown that holds fences itself. No I/O.

In CommonMark the first bare line of backticks ends a fence. Models write Markdown in a fence that is no longer than
those within it, so here a fence with the name of a language opens one within, and the next bare fence ends that one.
What comes later plays no part: a fence of Markdown that is never closed goes on to the end, as any other does.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

_OPENING = re.compile(r"(`{3,})([ \t]*(?:markdown|md)(?![\w+.-])[^`]*)", re.IGNORECASE)
_INNER = re.compile(r"(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,})[ \t]*[^`\s][^`]*")
_BARE = re.compile(r"`{3,}(?=[ \t]*\Z)")


def markdown_fence(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Read a fence of Markdown. The lines that open what is still open in it are in the token's meta."""
    opening = _OPENING.fullmatch(_text(state, start_line))
    if not opening or state.is_code_block(start_line):
        return False
    if not silent:
        end, is_closed, within = _read(state, start_line + 1, end_line, len(opening[1]))
        state.line = end + is_closed
        token = state.push("fence", "code", 0)
        token.content = state.getLines(start_line + 1, end, state.sCount[start_line], True)
        token.markup, token.info = opening[1], opening[2]
        token.map, token.meta = [start_line, state.line], {"within": within}
    return True


def _read(state: StateBlock, line: int, end_line: int, length: int) -> tuple[int, bool, list[str]]:
    """Return the line after the content, whether that closes the fence, and the fences that are open within."""
    within: list[str] = []
    while line < end_line and not _has_left(state, line):
        text = _text(state, line)
        inner, bare = _INNER.fullmatch(text), _BARE.match(text)
        if inner and len(inner[1]) >= length and (not within or _is_markdown(within[-1])):
            within.append(text)
        elif bare and within:
            within = within[: -1 if len(bare[0]) >= _length(within[-1]) else None]
        elif bare and len(bare[0]) >= length and not state.is_code_block(line):
            return line, True, []
        line += 1
    return line, False, within


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _has_left(state: StateBlock, line: int) -> bool:
    """Return whether this line is so far to the left that it ends the list item around the fence."""
    return not state.isEmpty(line) and state.sCount[line] < state.blkIndent


def _length(inner: str) -> int:
    """Return how many backticks this opening line has, which has no others."""
    return inner.count("`")


def _is_markdown(inner: str) -> bool:
    return bool(_OPENING.fullmatch(inner[inner.index("`") :]))

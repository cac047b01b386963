"""Headings without a blank after their marks, as they are written in languages without capital letters. No I/O.

``##标题`` is a heading; ``#标签`` with one mark is a tag, and ``##Title`` in Latin letters is text as in CommonMark.
Between the marks and the title an ideographic space, which is no blank to CommonMark, may stand.
"""

from __future__ import annotations

import re
import unicodedata

from markdown_it.rules_block import StateBlock

_HEADING = re.compile(r"(#{2,6})[\u3000\xa0]*([^#\s].*?)(?:[ \t]+#+)?[ \t]*")


def compact_heading(state: StateBlock, start_line: int, _end_line: int, silent: bool) -> bool:
    """Read a line of two to six marks and, without a blank, a letter that is no Latin one, or a digit, as a heading."""
    line = state.src[state.bMarks[start_line] + state.tShift[start_line] : state.eMarks[start_line]]
    found = _HEADING.fullmatch(line)
    if not found or state.is_code_block(start_line) or not _begins_title(found[2][0]):
        return False
    if not silent:
        _push(state, start_line, *found.groups())
    return True


def _begins_title(character: str) -> bool:
    """Return whether this is a digit, a letter that is not Latin, or a bracket or quotation mark such as 《."""
    if character.isalnum():
        return "LATIN" not in unicodedata.name(character, "")
    return not character.isascii() and unicodedata.category(character) in ("Ps", "Pi")


def _push(state: StateBlock, line: int, marks: str, title: str) -> None:
    state.line = line + 1
    tag, lines = f"h{len(marks)}", [line, state.line]
    opening, inline = state.push("heading_open", tag, 1), state.push("inline", "", 0)
    opening.markup, opening.map = marks, lines
    inline.content, inline.map, inline.children = title, lines, []
    state.push("heading_close", tag, -1).markup = marks

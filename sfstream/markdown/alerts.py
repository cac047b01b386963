"""GitHub's alerts: quotes whose first line is ``[!NOTE]`` or another mark of five. No I/O."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

_MARK = re.compile(r"\[!(note|tip|important|warning|caution)\][ \t]*", re.IGNORECASE)


def alert(state: StateBlock, start_line: int, _end_line: int, silent: bool) -> bool:
    """Read the mark as a paragraph of its own: a label in bold. Words on the same line make it text, as on GitHub."""
    line = state.src[state.bMarks[start_line] + state.tShift[start_line] : state.eMarks[start_line]]
    found = _MARK.fullmatch(line)
    is_first = state.parentType == "blockquote" and state.tokens[-1].type == "blockquote_open"
    if silent or not found or not is_first or state.is_code_block(start_line):
        return False
    state.line = start_line + 1
    opening, inline = state.push("paragraph_open", "p", 1), state.push("inline", "", 0)
    opening.map = inline.map = [start_line, state.line]
    inline.content, inline.children = f"**{found[1].capitalize()}**", []
    state.push("paragraph_close", "p", -1)
    return True

"""Parser rules that find formulas in paragraphs, headings and table cells, and on lines of their own.

No I/O. `math_delimiters` decides what is a formula, `tex_compat` how one is shown.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline

from sfstream.markdown.math_delimiters import formula_at

_PIPE = "\uf8f0"
"""Private-use character that replaces a pipe in a formula while table rows are split."""

_OPENINGS = ("$$", r"\[", r"\begin{")
_CANDIDATE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)|\\\(|\\.|\$+")


def maths(markdown: MarkdownIt) -> None:
    """Add the rules. A formula becomes a ``maths`` token with its TeX as content and its source as markup."""
    markdown.inline.ruler.before("escape", "maths", _inline)
    markdown.block.ruler.before("table", "maths", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    markdown.core.ruler.before("block", "hide_pipes", _hide_pipes)
    markdown.core.ruler.after("block", "show_pipes", _show_pipes)


def _inline(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    formula = formula_at(state.src, state.pos, state.posMax)
    if not formula:
        return False
    if not silent:
        token = state.push("maths", "math", 0)
        token.content, token.markup = formula.tex, state.src[state.pos : formula.end]
        token.block = formula.display
    state.pos = formula.end
    return True


def _block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Read a formula on lines of its own as a paragraph: no line of it begins a list, a quote or a heading."""
    begin = state.bMarks[start_line] + state.tShift[start_line]
    if state.is_code_block(start_line) or not state.src.startswith(_OPENINGS, begin):
        return False
    formula = formula_at(state.src, begin)
    last = _line_of(state, formula.end, start_line, end_line) if formula else None
    if formula is None or last is None:
        return False
    if last == start_line and state.src[formula.end : state.eMarks[last]].strip():
        return False  # words follow: a formula in the course of a sentence
    if not silent:
        _push_paragraph(state, start_line, last + 1)
    return True


def _line_of(state: StateBlock, end: int, line: int, end_line: int) -> int | None:
    """Return the line that a formula ends in, or None if the block around it ends before."""
    while state.eMarks[line] < end:
        line += 1
        if line >= end_line or state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            return None
    return line


def _push_paragraph(state: StateBlock, begin: int, end: int) -> None:
    state.push("paragraph_open", "p", 1).map = [begin, end]
    token = state.push("inline", "", 0)
    token.content = state.getLines(begin, end, state.blkIndent, False).strip()
    token.map, token.children = [begin, end], []
    state.push("paragraph_close", "p", -1)
    state.line = end


def _hide_pipes(state: StateCore) -> None:
    state.src = state.src.replace(_PIPE, "\ufffd")
    if "|" in state.src and ("$" in state.src or r"\(" in state.src):
        state.src = "\n".join(map(_without_pipes, state.src.split("\n")))


def _without_pipes(line: str) -> str:
    if "|" not in line:
        return line
    parts, position = [], 0
    for found in _CANDIDATE.finditer(line):
        if found.start() < position or found[0][0] == "`":
            continue
        formula = formula_at(line, found.start())
        if formula:
            # A pipe after a backslash stays: in a table it is an escaped pipe.
            hidden = re.sub(r"(?<!\\)\|", _PIPE, line[found.start() : formula.end])
            parts += [line[position : found.start()], hidden]
            position = formula.end
    return "".join([*parts, line[position:]])


def _show_pipes(state: StateCore) -> None:
    for token in state.tokens:
        token.content = token.content.replace(_PIPE, "|")
        token.info = token.info.replace(_PIPE, "|")

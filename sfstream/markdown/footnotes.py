"""Footnotes: a reference is a superscript, and a definition is shown where it stands. No I/O.

Whether a reference has a definition plays no part: that comes later, if at all, and until then the reference would be
shown as something else. So a label is a number or a word, and the classes of regular expressions are none: ``[^a-z]``,
``[^,]``, and any that a ``+`` or a ``{`` follows.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def

_LABEL = r"\[\^(?!_?(?:[a-z]-[a-z](?![a-z])|[A-Z]-[A-Z](?![A-Z])|\d-\d(?!\d)))([\w-]{1,40})\^?\]"
_REFERENCE = re.compile(_LABEL + r"(?![+{])")
_DEFINITION = re.compile(_LABEL + ":")


def footnote_reference(state: StateInline, silent: bool) -> bool:
    """Read ``[^1]`` as a superscript. Between two that touch stands a comma."""
    found = _REFERENCE.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        if not state.pending and state.tokens and state.tokens[-1].type == "footnote_ref_close":
            _push(state, "", ",")
        _push(state, found[1], found[1])
    state.pos = found.end()
    return True


def _push(state: StateInline, label: str, text: str) -> None:
    state.push("footnote_ref_open", "sup", 1).info = label
    state.push("text", "", 0).content = text
    state.push("footnote_ref_close", "sup", -1)


def footnote_definition(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Read ``[^1]: note`` as a block of its own that begins with the label as a superscript."""
    found = _DEFINITION.match(state.src, state.bMarks[start_line] + state.tShift[start_line])
    first = len(state.tokens)
    if not found or not footnote_def(state, start_line, end_line, silent):
        return False
    if not silent:
        _label(state, state.tokens[first:], f"[^{found[1]}]")
    return True


def _label(state: StateBlock, tokens: list[Token], label: str) -> None:
    """Write the label before the first paragraph of a definition, and leave the element around it out of the page."""
    opening, *content, closing = tokens
    opening.type, closing.type = "footnote_open", "footnote_close"
    opening.hidden = closing.hidden = True
    if content and content[0].type == "paragraph_open":
        content[1].content = f"{label} {content[1].content}"
        return
    level = opening.level + 1
    inline = Token("inline", "", 0, content=label, map=opening.map, level=level + 1, block=True, children=[])
    paragraph = [Token("paragraph_open", "p", 1, level=level, map=opening.map, block=True), inline]
    begin = len(state.tokens) - len(tokens) + 1
    state.tokens[begin:begin] = [*paragraph, Token("paragraph_close", "p", -1, level=level, block=True)]

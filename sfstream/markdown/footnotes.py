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
from mdformat.renderer import RenderContext, RenderTreeNode
from mdit_py_plugins.footnote.index import footnote_def

_LABEL = r"\[\^(?![a-z]-[a-z](?![a-z])|[A-Z]-[A-Z](?![A-Z])|\d-\d(?!\d))([^\W_][\w-]{0,39})\^?\]"
_REFERENCE = re.compile(_LABEL + r"(?![+{])")
_DEFINITION = re.compile(_LABEL + ":")
_LINK_REFERENCE = re.compile(r"\S+(?:[ \t]*$|[ \t]+[\"'(])", re.MULTILINE)

_SPACE = "&#160; "


def footnote_reference(state: StateInline, silent: bool) -> bool:
    """Read ``[^1]`` as a superscript. Between two that touch stands a comma."""
    found = _REFERENCE.match(state.src, state.pos, state.posMax)
    if silent or not found:
        return False  # in the text of a link, which is searched for its end, the brackets are a pair of others
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


def written_reference(node: RenderTreeNode, _context: RenderContext) -> str:
    """Write a reference as Markdown. Readers without footnotes show it as it is."""
    return f"[^{node.info}]" if node.info else ""


def written_definition(node: RenderTreeNode, context: RenderContext) -> str:
    """Write a definition as Markdown, its later blocks as blocks after it: readers without footnotes show it as text.

    For these one that is a single word would define a link, and not be shown: a space that ends no word makes it two.
    """
    written = "\n\n".join(child.render(context) for child in node.children)
    label = written[: written.index("]") + 1]
    text = written[len(label) :].removeprefix(" ").removeprefix(_SPACE)
    if _LINK_REFERENCE.match(text):
        text = _SPACE + re.sub(r"\A[\"'(]", lambda found: f"&#{ord(found[0])};", text)
    between = "" if text[:1].isspace() or not text else " "
    return f"{label}:{between}{text}"

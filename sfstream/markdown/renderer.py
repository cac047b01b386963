"""The Markdown that models write, as safe HTML: CommonMark with tables, strikethrough, task lists, autolinks and maths.

Text that is nested too deeply or is too dense to be parsed is shown as it was written. No I/O.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping, Sequence
from html import escape
from typing import Any

from markdown_it.parser_inline import ParserInline
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from sfstream.core.text import encodable
from sfstream.markdown import directions
from sfstream.markdown.alerts import alert
from sfstream.markdown.emphasis import State
from sfstream.markdown.footnotes import footnote_definition, footnote_reference
from sfstream.markdown.formulas import maths as maths_rules
from sfstream.markdown.headings import compact_heading
from sfstream.markdown.highlight import highlighted
from sfstream.markdown.inline_rules import Restricted, add_block_rule, at, links
from sfstream.markdown.inline_tags import inline_tag
from sfstream.markdown.nested_fences import markdown_fence
from sfstream.markdown.page_styles import RESET
from sfstream.markdown.sanitize import clean
from sfstream.markdown.tex_compat import Maths, formula_html

__all__ = ["Document", "Maths", "rendered"]

_DEEPEST = 100
"""Maximum nesting of elements. markdown-it drops text below its limit without an error."""

_LONGEST = 250_000
_DENSEST = {"*_~`!<&\\$": 10_000, "[": 2_000, ":@": 2_000}
_MOST_IMAGES = 50
"""Maximum count of these characters and of images in a paragraph: the cost of each grows with their number, and the
description of an image may hold images."""

_QUOTED = re.compile(r"^[ \t>*+\-\d.)]{12,}", re.MULTILINE)
_MOST_LINES = 100_000
"""Maximum of lines times quote depth (or 5, where it is less): each quote is parsed through all its lines."""


class Document:
    """Parser and renderer of one text. Link references of one parse are known to later ones.

    Args:
        maths: what becomes of formulas.
        breaks: whether a line break in a paragraph is kept on the page, as in reasoning.
    """

    def __init__(self, maths: Maths, *, breaks: bool = False) -> None:
        self._markdown = _parser()
        self._markdown.options["breaks"] = breaks
        self._env: dict[str, Any] = {"maths": maths}

    def parse(self, source: str) -> list[Token]:
        """Return the tokens of whole lines of Markdown. Their ``map`` counts lines from 0.

        Text that is nested too deeply becomes one token of plain text.
        """
        source = encodable(source)
        if _is_too_much(source):
            return [plain_token(source)]
        try:
            tokens = self._markdown.parse(source, self._env)
        except Exception:  # no text of a model may end its display
            return [plain_token(source)]
        is_cut = any(token.nesting == 1 and token.level + 1 >= _DEEPEST for token in tokens)
        return [plain_token(source)] if is_cut else tokens

    def html(self, tokens: Sequence[Token]) -> str:
        """Return safe HTML of one block or of one part of it (a list item, a table row): balanced tokens."""
        try:
            made = str(self._markdown.renderer.render(tokens, self._markdown.options, self._env))
        except Exception:  # no text of a model may end its display
            made = _plain_html("\n".join(token.content for token in tokens if token.content))
        return clean(made, within=tokens[0].tag if tokens else "")


def rendered(source: str, maths: Maths, *, breaks: bool = False) -> list[str]:
    """Return the safe HTML of a whole text.

    Args:
        source: Markdown of a model.
        maths: what becomes of formulas.
        breaks: whether a line break in a paragraph is kept on the page.

    Returns:
        one string for each top-level block.

    Example:
        >>> rendered("*a*", "tex")
        ['<p dir="auto"><em>a</em></p>\\n']
    """
    document = Document(maths, breaks=breaks)
    return [document.html(block) for block in blocks(document.parse(source))]


class _Inline(ParserInline):
    """Inline parser with our emphasis rule and with limits."""

    def parse(self, src: str, md: Any, env: MutableMapping[str, Any], tokens: list[Token]) -> list[Token]:
        """Return the tokens of one paragraph's text, or of an image description within it."""
        if _is_too_dense(src):
            tokens.append(Token("text", "", 0, content=src))
            return tokens
        state = State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return tokens


class _Renderer(RendererHTML):
    """HTML of the tokens that are not rendered as CommonMark has it."""

    def maths(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        """Render a formula."""
        token = tokens[idx]
        return formula_html(token.content, token.block, env["maths"], token.markup, self.renderAttrs(token))

    def plain(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: MutableMapping[str, Any]) -> str:
        """Render a block that is shown as it was written."""
        return _plain_html(tokens[idx].content)

    def fence(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: MutableMapping[str, Any]) -> str:
        """Render fenced code."""
        language = tokens[idx].info.split(maxsplit=1)[:1] or [""]
        return _code(highlighted(tokens[idx].content, language[0]))

    def code_block(self, tokens: Sequence[Token], idx: int, _o: OptionsDict, _env: MutableMapping[str, Any]) -> str:
        """Render indented code."""
        return _code(escape(tokens[idx].content, quote=False))

    def table_open(self, tokens: Sequence[Token], idx: int, _o: OptionsDict, _env: MutableMapping[str, Any]) -> str:
        """Render the opening tag of a table."""
        return f'<table style="{";".join([_TABLE_STYLE, *map(str, tokens[idx].attrs.values())])}">\n'

    def th_open(self, tokens: Sequence[Token], idx: int, _o: OptionsDict, _env: MutableMapping[str, Any]) -> str:
        """Render the opening tag of a cell, aligned left by default; Jupyter's own default is right."""
        token = tokens[idx]
        return f'<{token.tag} dir="auto" style="{token.attrs.get("style", "text-align:left")}">'

    td_open = th_open


def _code(inner: str) -> str:
    # Lab's own rules for code inside of pre would break its lines.
    return f'<pre dir="ltr" style="{_CODE_STYLE}"><code style="white-space:pre;{RESET}">{inner}</code></pre>\n'


_CODE_STYLE = (
    "white-space:pre;overflow-x:auto;margin:.5em 0 1em;padding:.5em .75em;"
    "border:1px solid #80808040;border-radius:.25em"
)
"""Long lines of code are scrolled: broken, they could not be told from two. A frame, since a tint would take contrast
from the colours."""
_TABLE_STYLE = "display:block;overflow-x:auto;width:fit-content;max-width:100%;overflow-wrap:normal;margin:0 0 1em"
"""A table that is too wide is scrolled: in cells that shrink, words would be broken."""


def _parser() -> Restricted:
    markdown = Restricted("zero", renderer_cls=_Renderer)
    markdown.inline = _Inline()
    markdown.configure("commonmark", {"html": False, "maxNesting": _DEEPEST})
    markdown.enable(["table", "strikethrough"])
    markdown.disable(["html_inline", "html_block"])
    links(markdown)
    maths_rules(markdown)
    markdown.inline.ruler.before("autolink", "inline_tag", at("<", inline_tag))
    markdown.inline.ruler.before("link", "footnote_reference", at("[^", footnote_reference))
    add_block_rule(markdown, "fence", "```", markdown_fence)
    add_block_rule(markdown, "heading", "##", compact_heading)
    add_block_rule(markdown, "reference", "[^", footnote_definition)
    add_block_rule(markdown, "reference", "[!", alert)
    markdown.core.ruler.push("tasks", _tasks)
    markdown.core.ruler.push("directions", _directions)
    return markdown


_BOXES = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}
"""Characters, since a sanitiser may drop an input element, and there is nothing to click."""


def _tasks(state: StateCore) -> None:
    """Replace ``[ ]`` and ``[x]`` at the beginning of list items by boxes."""
    for opening, _, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        first = inline.children[0] if inline.children else None
        if opening.type == "list_item_open" and first and first.type == "text" and first.content[:4] in _BOXES:
            first.content = _BOXES[first.content[:4]] + first.content[4:]


_TEXTS = ("paragraph_open", "heading_open", "blockquote_open", "list_item_open")


def _directions(state: StateCore) -> None:
    """Let the browser find the direction of each text."""
    for token in state.tokens:
        if token.type in _TEXTS:
            token.attrs["dir"] = "auto"
    if directions.RIGHT_TO_LEFT.search(state.src):
        directions.mark(state.tokens)


def _is_too_much(source: str) -> bool:
    """Return whether parsing would take seconds: too many lines, or lines in too deep quotes."""
    deepest = max((match[0].count(">") for match in _QUOTED.finditer(source)), default=0)
    return source.count("\n") * max(deepest, 5) > _MOST_LINES


def _is_too_dense(text: str) -> bool:
    """Return whether a paragraph is so long, or has so many markers, that parsing it would take seconds."""
    is_dense = any(sum(map(text.count, few)) > most for few, most in _DENSEST.items())
    return is_dense or len(text) > _LONGEST or text.count("![") > _MOST_IMAGES


def plain_token(source: str) -> Token:
    """Return a token of a block that is shown as it was written."""
    return Token("plain", "", 0, content=source, map=[0, source.count("\n") + 1], block=True)


def _plain_html(source: str) -> str:
    """Return the HTML of a block that is shown as it was written."""
    return f'<pre style="white-space:pre-wrap">{escape(source, quote=False)}</pre>\n'


def blocks(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the tokens of each top-level block."""
    depth = begin = 0
    for end, token in enumerate(tokens, 1):
        depth += token.nesting
        if depth == 0:
            yield tokens[begin:end]
            begin = end

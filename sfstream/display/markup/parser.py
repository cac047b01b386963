"""The Markdown that models write: CommonMark with tables, strikethrough, task lists and autolinks. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.token import Token

Maths: TypeAlias = Literal["mathml", "tex"]
"""What becomes of a formula: MathML while it is live, TeX for MathJax in what is saved."""


class Document:
    """One text on its way to HTML. Link references that one parse finds are known to those after it."""

    def __init__(self, maths: Maths) -> None:
        self._markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
        self._env: dict[str, Any] = {}

    def parse(self, source: str) -> list[Token]:
        """The tokens of whole lines of Markdown, with their ``map``: lines counted from 0."""
        return self._markdown.parse(source, self._env)

    def html(self, tokens: Sequence[Token]) -> str:
        """Safe HTML of one block, or of one unit of it (a list item, a table row): balanced tokens."""
        return str(self._markdown.renderer.render(tokens, self._markdown.options, self._env))


def rendered(source: str, maths: Maths) -> list[str]:
    """The safe HTML of a whole text, one string for each top-level block."""
    document, blocks, depth, begin = Document(maths), [], 0, 0
    tokens = document.parse(source)
    for end, token in enumerate(tokens, 1):
        depth += token.nesting
        if depth == 0:
            blocks.append(document.html(tokens[begin:end]))
            begin = end
    return blocks

"""How much is read as Markdown: what is nested too deeply or too dense is shown as the text that it is. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from markdown_it.token import Token

DEEPEST = 100
"""Elements in each other. Below that markdown-it would drop the text without a word."""
DEEPEST_IMAGE = 10
"""Images in each other's descriptions: each goes through the whole parser again."""

_LONGEST = 250_000
_DENSEST = {"*_~`!<&\\$": 10_000, "[": 2_000, ":@": 20_000}
"""How many of these characters a paragraph may have: what each of them costs grows with how many there are."""


_QUOTED = re.compile(r"^[ \t>*+\-\d.)]{12,}", re.MULTILINE)
_MOST_QUOTED = 100_000
"""Lines times quotes in each other: each quote goes through all lines that may belong to it."""


_MOST_LINES = 20_000


def is_too_much(source: str) -> bool:
    """Whether there are so many lines, or quotes in each other so deeply, that reading them would take seconds."""
    if source.count("\n") > _MOST_LINES:
        return True
    deepest = max((match[0].count(">") for match in _QUOTED.finditer(source)), default=0)
    return deepest * source.count("\n") > _MOST_QUOTED


def is_too_dense(text: str) -> bool:
    """Whether a paragraph is so long, or has so many markers, that reading it would take seconds."""
    return len(text) > _LONGEST or any(sum(map(text.count, few)) > most for few, most in _DENSEST.items())


def text(content: str) -> Token:
    """A token of text in a paragraph."""
    return Token("text", "", 0, content=content)


def plain(source: str, first_line: int) -> Token:
    """A token of a block that is shown as it was written."""
    return Token("plain", "", 0, content=source, map=[first_line, first_line + source.count("\n") + 1], block=True)


def plain_html(source: str) -> str:
    """The HTML of a block that is shown as it was written."""
    return f'<pre style="white-space:pre-wrap">{escape(source, quote=False)}</pre>\n'


def blocks(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens of each top-level block."""
    depth = begin = 0
    for end, token in enumerate(tokens, 1):
        depth += token.nesting
        if depth == 0:
            yield tokens[begin:end]
            begin = end


def whole(source: str, tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens, with a token of plain text for each block in which text has been dropped."""
    if not any(_is_bottom(token) for token in tokens):
        yield from tokens
        return
    lines = source.split("\n")
    for block in blocks(tokens):
        begin, end = block[0].map or (0, len(lines))
        if any(map(_is_bottom, block)):
            yield plain("\n".join(lines[begin:end]), begin)
        else:
            yield from block


def _is_bottom(token: Token) -> bool:
    return token.nesting == 1 and token.level + 1 >= DEEPEST

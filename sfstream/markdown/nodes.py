"""Tokens as elements within elements. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from markdown_it.token import Token

from sfstream.markdown.bounds import blocks

Node: TypeAlias = Sequence[Token]
"""The tokens of one element, from its opening to its closing."""


def begin(node: Node) -> int:
    """The first line of an element."""
    lines = node[0].map
    assert lines is not None, node[0].type
    return lines[0]


def end(node: Node) -> int:
    """The line after the last of an element."""
    lines = node[0].map
    assert lines is not None, node[0].type
    return lines[1]


def siblings(tokens: Node) -> list[Node]:
    """The elements side by side in these tokens."""
    return list(blocks(tokens))


def rows(table: Node) -> list[Node]:
    """The rows of the body of a table."""
    parts = siblings(table[1:-1])
    return siblings(parts[1][1:-1]) if len(parts) > 1 else []


def code_lines(fence: Token) -> list[str]:
    """The complete lines of code, but for blank ones at the end: they may be the end of the list that it stands in."""
    complete, _, _ = fence.content.rpartition("\n")
    lines = complete.rstrip().count("\n") + bool(complete.strip())
    return complete.split("\n")[:lines]

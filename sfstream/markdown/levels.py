"""Where the open block is open: its lists, code and table of which a part is finished, and lines that stand for it.

The finished part is taken out of the source; a few lines are put in its place, so that the parser goes on as if it
were still there. Columns count from 0, tabs expanded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from markdown_it.token import Token

from sfstream.markdown.highlight import Code
from sfstream.markdown.nodes import Node, begin

_MARKER = re.compile(r" *([-+*]|\d{1,9}[.)])( *)(\S?)")


@dataclass(frozen=True)
class Item:
    """The place of a list item: its first line, the column and text of its marker, the column of its content."""

    line: int
    column: int
    marker: str
    content: int


NOWHERE = Item(-1, 0, "", 0)


@dataclass
class ListLevel:
    """A list of which items are finished, or parts of its last one.

    Attributes:
        kind: the type and the marker of its token, by which it is known again.
        item: the last finished item, or the one that is open.
        is_loose: whether its paragraphs are paragraphs.
        is_open: whether the item is open: parts of it are finished.
    """

    kind: tuple[str, str]
    item: Item
    is_loose: bool
    is_open: bool = False

    def stub(self) -> list[str]:
        """A paragraph shows whether the list is loose; the rule after it is no part of any paragraph that follows.

        The content of a finished item is so far to the right that nothing can be added to it.
        """
        margin, marker = " " * self.item.column, self.item.marker
        width = self.item.content - self.item.column if self.is_open else len(marker) + 4
        blank = [""] if self.is_loose else []
        return [margin + marker.ljust(width) + ".", *blank, margin + " " * width + "___"]


@dataclass
class CodeLevel:
    """Fenced code of which lines are finished."""

    kind: tuple[str, str]
    opening: str
    code: Code = field(repr=False)

    def stub(self) -> list[str]:
        """The line that opens it."""
        return [self.opening]


@dataclass
class TableLevel:
    """A table of which rows are finished."""

    kind: tuple[str, str]
    head: list[str]

    def stub(self) -> list[str]:
        """A header row of as many columns, and the delimiter row."""
        return self.head


Level: TypeAlias = ListLevel | CodeLevel | TableLevel


class MisfitError(Exception):
    """What has been sent of the open block is not what it turned out to be."""


def kind_of(token: Token) -> tuple[str, str]:
    """By what a level is known again."""
    return token.type, token.markup


def item_at(line: int, lines: Sequence[str], outer: Item) -> Item:
    """The place of the item that begins in this line, inside the outer item."""
    start = outer.content if outer.line == line else 0
    match = _MARKER.match(lines[line].expandtabs(4), start)
    assert match, lines[line]
    gap = len(match[2]) if match[3] and len(match[2]) <= 4 else 1
    return Item(line, match.start(1), match[1], match.end(1) + gap)


def code_level(token: Token, lines: Sequence[str], outer: Item) -> CodeLevel:
    """The level of a fence that begins inside the outer item."""
    line = begin([token])
    column = lines[line].expandtabs(4).index(token.markup, outer.content if outer.line == line else 0)
    language = [*token.info.split(maxsplit=1), ""][0]
    return CodeLevel(kind_of(token), " " * column + token.markup + token.info, Code(language))


def table_level(node: Node, lines: Sequence[str]) -> TableLevel:
    """The level of a table."""
    delimiters = lines[begin(node) + 1].expandtabs(4)
    margin = " " * (len(delimiters) - len(delimiters.lstrip()))
    columns = sum(token.type == "th_open" for token in node)
    return TableLevel(kind_of(node[0]), [margin + "|" + ".|" * columns, delimiters])

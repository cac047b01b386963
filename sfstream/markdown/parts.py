"""The parts of a block that are sent once each: items of a list, rows of a table, lines of fenced code. No I/O.

Finished parts are taken out of the source. Placeholder lines stand for them, so that the parser goes on as if they were
still there.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from markdown_it.token import Token

from sfstream.markdown.highlight import Code
from sfstream.markdown.renderer import Document, blocks

Step: TypeAlias = tuple[Literal["add", "open", "close", "redo"], str]
"""One change of the finished part, a tree of elements of which the innermost open one grows at its end.

``("add", html)`` appends finished HTML to it; ``("open", "<ul>")`` appends an element, which is then the innermost
open one; ``("close", "")`` ends it; ``("redo", "")`` removes the open top-level element with all that is in it.
"""
CLOSE: Step = ("close", "")
REDO: Step = ("redo", "")

Node: TypeAlias = Sequence[Token]
"""The tokens of one element, from its opening to its closing."""


class MisfitError(Exception):
    """What has been sent of the open block is not what the block turned out to be."""


class Parts(ABC):
    """The open element of the last block, of which parts are finished.

    Attributes:
        placeholder: lines that stand for what is finished.
        begin: the first line of the last parsed source that is not finished.
    """

    def __init__(self, document: Document, node: Node) -> None:
        self.placeholder: list[str] = []
        self.begin = 0
        self._document = document
        self._kind = _kind(node)

    @abstractmethod
    def open(self, node: Node) -> list[Step]:
        """Return the steps that open the element, if any part of it is finished."""

    @abstractmethod
    def grow(self, node: Node) -> list[Step]:
        """Finish all parts but the last. Raise MisfitError if the block must be sent again."""

    @abstractmethod
    def end(self, node: Node) -> list[Step]:
        """Finish all parts and close the element. Raise MisfitError if the block must be sent again."""

    @abstractmethod
    def rest(self, node: Node) -> str:
        """Return the HTML of the parts that are not finished."""

    def _check(self, node: Node) -> None:
        if _kind(node) != self._kind:
            raise MisfitError


class _Elements(Parts):
    """A list or a table: its parts are elements."""

    def grow(self, node: Node) -> list[Step]:
        self._check(node)
        left = self._left(node)
        self.begin = first_line(left[-1]) if left else 0
        return self._added(left[:-1])

    def end(self, node: Node) -> list[Step]:
        self._check(node)
        return [*self._added(self._left(node)), *[CLOSE] * (2 if node[0].type == "table_open" else 1)]

    def rest(self, node: Node) -> str:
        return "".join(map(self._document.html, self._left(node)))

    @abstractmethod
    def _left(self, node: Node) -> list[Node]:
        """Return the parts that are not finished."""

    def _added(self, nodes: Iterable[Node]) -> list[Step]:
        return [("add", self._document.html(node)) for node in nodes]

    def _tag(self, node: Node) -> Step:
        html = self._document.html([node[0], node[-1]])
        return ("open", html[: html.index(">") + 1])


class _Items(_Elements):
    """A list."""

    def __init__(self, document: Document, node: Node, is_loose: bool) -> None:
        super().__init__(document, node)
        self._is_loose = is_loose

    def open(self, node: Node) -> list[Step]:
        steps = self.grow(node)
        return [self._tag(node), *steps] if steps else []

    def grow(self, node: Node) -> list[Step]:
        """See `Parts.grow`.

        The placeholder is an item whose paragraph shows whether the list is loose. It is so far to the right that no
        later item can belong to it.
        """
        steps = super().grow(node)
        if steps:
            marker = node[1].info + node[1].markup
            self.placeholder = [f"{marker}    .", *([""] if self._is_loose else [])]
        return steps

    def _check(self, node: Node) -> None:
        super()._check(node)
        if self.placeholder and node[2].hidden == self._is_loose:
            raise MisfitError

    def _left(self, node: Node) -> list[Node]:
        return list(blocks(node[1:-1]))[1 if self.placeholder else 0 :]


class _Rows(_Elements):
    """A table. The placeholder is its first two lines."""

    def __init__(self, document: Document, node: Node, lines: Sequence[str]) -> None:
        super().__init__(document, node)
        self.placeholder = list(lines[first_line(node) :][:2])

    def open(self, node: Node) -> list[Step]:
        steps = self.grow(node)
        head, *body = blocks(node[1:-1])
        return [self._tag(node), *self._added([head]), self._tag(body[0]), *steps] if steps else []

    def _left(self, node: Node) -> list[Node]:
        _, *body = blocks(node[1:-1])
        return list(blocks(body[0][1:-1])) if body else []


class _CodeLines(Parts):
    """Fenced code. A line is finished as soon as its colours are certain.

    The placeholder is the line that opens the block, and those that open what is still open in fenced Markdown.
    """

    def __init__(self, document: Document, node: Node, lines: Sequence[str]) -> None:
        super().__init__(document, node)
        self.placeholder = [lines[first_line(node)]]
        self._code = Code([*node[0].info.split(maxsplit=1), ""][0])

    def open(self, node: Node) -> list[Step]:
        return [*self._tags(node), *self.grow(node)] if "\n" in node[0].content else []

    def grow(self, node: Node) -> list[Step]:
        self._check(node)
        *complete, _ = self._left(node)
        self.begin = first_line(node) + len(self.placeholder) + len(complete)
        self.placeholder[1:] = node[0].meta.get("within", ())
        return self._added(complete)

    def end(self, node: Node) -> list[Step]:
        self._check(node)
        *complete, last = self._left(node)
        steps = self._added(complete)
        lines = "".join(f"{line}\n" for line in self._code.rest())
        return [*steps, ("add", lines + Code("").open_html(last)), *[CLOSE] * len(self._tags(node))]

    def rest(self, node: Node) -> str:
        return self._code.open_html("\n".join(self._left(node)))

    def _left(self, node: Node) -> list[str]:
        return node[0].content.split("\n")[len(self.placeholder) - 1 :]

    def _added(self, complete: Sequence[str]) -> list[Step]:
        done = self._code.finished(complete)
        return [("add", "".join(f"{line}\n" for line in done))] if done else []

    def _tags(self, node: Node) -> list[Step]:
        """Return the opening tags of the elements that wrap the code lines."""
        before = self._document.html([replace(node[0], content="")]).partition("</code>")[0]
        return [("open", tag) for tag in re.findall(r"<\w[^>]*>", before)]


def parts_of(document: Document, node: Node, lines: Sequence[str]) -> Parts | None:
    """Return the parts of a block that can be sent in parts."""
    if node[0].type == "fence":
        return _CodeLines(document, node, lines)
    if node[0].type == "table_open":
        return _Rows(document, node, lines)
    if node[0].type in ("bullet_list_open", "ordered_list_open"):
        shown = (token.hidden for token in node if token.type == "paragraph_open" and token.level == 2)
        hidden = next(shown, None)
        return None if hidden is None else _Items(document, node, is_loose=not hidden)
    return None


def _kind(node: Node) -> tuple[str, str]:
    return node[0].type, node[0].markup


def first_line(node: Node) -> int:
    lines = node[0].map
    assert lines is not None, node[0].type
    return lines[0]

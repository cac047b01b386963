"""The open block in units: what is finished in it (list items, code lines, table rows), and what is left. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markdown_it.token import Token

from sfstream.markdown.draft import Draft
from sfstream.markdown.fences import code_added, code_end, code_tags
from sfstream.markdown.levels import (
    NOWHERE,
    CodeLevel,
    Item,
    Level,
    ListLevel,
    MisfitError,
    TableLevel,
    code_level,
    item_at,
    kind_of,
    table_level,
)
from sfstream.markdown.nodes import Node, begin, code_lines, end, rows, siblings
from sfstream.markdown.steps import CLOSE, Progress, Step


class Units:
    """The elements that are open, from the outermost block to the innermost, and how they grow.

    Args:
        document: what parses and renders.
    """

    def __init__(self, document: Draft) -> None:
        self._document = document
        self._levels: list[Level] = []
        self._lines: Sequence[str] = ()
        self._stub = 0
        self._is_long = False

    @property
    def is_open(self) -> bool:
        """Whether an element is open."""
        return bool(self._levels)

    @property
    def stub(self) -> list[str]:
        """The lines that stand for what is finished; the source that is left comes after them."""
        return [line for level in self._levels for line in level.stub()]

    def advance(self, tokens: Node, lines: Sequence[str], *, is_long: bool) -> Progress:
        """Finish what is finished, given that all these lines are certain.

        Args:
            tokens: of the stub and the source that is left.
            lines: that source.
            is_long: whether it is worth while to open the last block.

        Raises:
            MisfitError: the block must be sent again, whole.
        """
        stub = self.stub
        self._lines, self._stub, self._is_long = [*stub, *lines], len(stub), is_long
        nodes = siblings(tokens)
        steps = self._grow(nodes, 0, NOWHERE)
        before = self._start(nodes) - len(stub) if nodes else -1
        finished = max(0, self._first_unfinished(nodes) - len(stub))
        return Progress(steps, finished, before if before >= 0 else None)

    def finish(self, tokens: Node) -> list[Step]:
        """Finish everything.

        Raises:
            MisfitError: the block must be sent again, whole.
        """
        self._stub = len(self.stub)
        return self._finish(siblings(tokens), 0)

    def rest(self, tokens: Node) -> str:
        """The HTML of what is left, for the innermost open element. What begins further out is not there yet."""
        nodes, self._stub = siblings(tokens), len(self.stub)
        for level in self._levels:
            if not nodes:
                return ""
            if isinstance(level, CodeLevel):
                return level.code.open_html(nodes[0][0].content)
            if isinstance(level, TableLevel):
                return self._html(rows(nodes[0]))
            items = siblings(nodes[0][1:-1])
            if not level.is_open:
                return self._html(items[1:])
            nodes = self._left(items[0])
        return self._html(nodes)

    # What follows walks down the last branch of the tree. `depth` counts the levels above.

    def _grow(self, nodes: Sequence[Node], depth: int, outer: Item) -> list[Step]:
        """The blocks that are left of an open element: all but the last are finished."""
        if not nodes:
            return []
        steps = self._finish(nodes[:-1], depth) if len(nodes) > 1 else []
        last = nodes[-1]
        if depth < len(self._levels):
            return steps + self._go_on(last, depth)
        return steps + self._open(last, depth, outer) if self._is_long else steps

    def _finish(self, nodes: Sequence[Node], depth: int) -> list[Step]:
        """The blocks that are left of an open element, of which the first may be open itself: all are finished."""
        if depth == len(self._levels):
            return self._added(nodes)
        if not nodes:
            raise MisfitError
        return [*self._end(nodes[0], depth), *self._added(nodes[1:])]

    def _end(self, node: Node, depth: int) -> list[Step]:
        """Finish an open element."""
        level = self._same(node, depth)
        if isinstance(level, CodeLevel):
            steps = code_end(self._document, level, node[0])
        elif isinstance(level, TableLevel):
            steps = [*self._added(rows(node)), CLOSE, CLOSE]
        else:
            items = siblings(node[1:-1])
            steps = [*self._end_item(level, items[0], depth), *self._added(items[1:]), CLOSE]
        del self._levels[depth:]
        return steps

    def _end_item(self, level: ListLevel, item: Node, depth: int) -> list[Step]:
        steps = [*self._finish(self._left(item), depth + 1), CLOSE] if level.is_open else []
        del self._levels[depth + 1 :]
        level.is_open = False
        return steps

    def _go_on(self, node: Node, depth: int) -> list[Step]:
        """An open element has grown, and is open still."""
        level = self._same(node, depth)
        if isinstance(level, CodeLevel):
            return code_added(level, code_lines(node[0]))
        if isinstance(level, TableLevel):
            return self._added(rows(node)[:-1])
        items = siblings(node[1:-1])
        if len(items) == 1:
            return self._grow(self._left(items[0]), depth + 1, NOWHERE) if level.is_open else []
        return self._end_item(level, items[0], depth) + self._grow_list(level, items[1:], depth, NOWHERE)

    def _open(self, node: Node, depth: int, outer: Item) -> list[Step]:
        """Open an element if anything in it is finished."""
        kind = node[0].type
        if kind == "fence":
            return self._open_code(node[0], outer)
        if kind == "table_open":
            return self._open_table(node)
        if kind not in ("bullet_list_open", "ordered_list_open"):
            return []
        items = siblings(node[1:-1])
        level = ListLevel(kind_of(node[0]), NOWHERE, is_loose=self._is_loose(node, items[-1], outer))
        self._levels.append(level)
        steps = self._grow_list(level, items, depth, outer)
        if not steps:
            del self._levels[depth:]
        return [("open", self._opening(node)), *steps] if steps else []

    def _grow_list(self, level: ListLevel, items: Sequence[Node], depth: int, outer: Item) -> list[Step]:
        """The items that are new in a list: all but the last are finished, and perhaps parts of the last."""
        steps = self._added(items[:-1])
        if len(items) > 1:
            level.item = item_at(begin(items[-2]), self._lines, outer)
        finished, last = level.item, items[-1]
        level.item, level.is_open = item_at(begin(last), self._lines, outer), True
        inside = self._grow(siblings(last[1:-1]), depth + 1, level.item)
        if inside:
            return [*steps, ("open", self._opening(last)), *inside]
        level.item, level.is_open = finished, False
        return steps

    def _open_code(self, token: Token, outer: Item) -> list[Step]:
        if not code_lines(token):
            return []
        level = code_level(token, self._lines, outer)
        self._levels.append(level)
        return [*code_tags(self._document, token), *code_added(level, code_lines(token))]

    def _open_table(self, node: Node) -> list[Step]:
        body = rows(node)
        if len(body) < 2:
            return []
        self._levels.append(table_level(node, self._lines))
        head, tbody = siblings(node[1:-1])
        table: Step = ("open", self._opening(node))
        return [table, *self._added([head]), ("open", self._opening(tbody)), *self._added(body[:-1])]

    def _same(self, node: Node, depth: int) -> Level:
        """The level of this node, which must be what it was."""
        level = self._levels[depth]
        if kind_of(node[0]) != level.kind:
            raise MisfitError
        if isinstance(level, ListLevel) and level.is_loose == node[2].hidden:
            raise MisfitError
        return level

    def _left(self, item: Node) -> list[Node]:
        """The blocks of an item but for those of the stub."""
        return [
            node
            for node in siblings(item[1:-1])
            if begin(node) >= self._stub or node[0].type not in ("paragraph_open", "hr")
        ]

    def _is_loose(self, node: Node, last: Node, outer: Item) -> bool:
        """Whether a list is loose. If there is no paragraph to show it, ask the parser: add an item that has one."""
        shown = [token.hidden for token in node if token.type == "paragraph_open" and token.level == node[0].level + 2]
        if shown:
            return not shown[0]
        item = item_at(begin(last), self._lines, outer)
        probe = [" " * item.column + item.marker + " ."]
        tokens = self._document.parse("\n".join(["\n".join(self._lines).rstrip(), *probe]))
        return not [token.hidden for token in tokens if token.type == "paragraph_open"][-1]

    def _first_unfinished(self, nodes: Sequence[Node]) -> int:
        """The line from which on the source is still needed."""
        for level in self._levels:
            if not nodes:
                break
            last = nodes[-1]
            if isinstance(level, CodeLevel):
                return begin(last) + 1 + len(code_lines(last[0]))
            if isinstance(level, TableLevel):
                nodes = rows(last)
                break
            items = siblings(last[1:-1])
            if not level.is_open:
                nodes = items
                break
            nodes = self._left(items[-1])
        return self._start(nodes) if nodes else 0

    def _start(self, nodes: Sequence[Node]) -> int:
        """The first line of the last element. What may be its title stays with the definition before it."""
        line, before = begin(nodes[-1]), end(nodes[-2]) if len(nodes) > 1 else 0
        if line < self._stub:
            return line
        while line > max(before, self._stub) and self._lines[line - 1].strip():
            line -= 1
        return line

    def _opening(self, node: Node) -> str:
        html = self._document.html([node[0], node[-1]])
        return html[: html.index(">") + 1]

    def _added(self, nodes: Iterable[Node]) -> list[Step]:
        return [("add", self._document.html(node)) for node in nodes]

    def _html(self, nodes: Iterable[Node]) -> str:
        return "".join(map(self._document.html, nodes))

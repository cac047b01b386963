"""The source that is not finished yet, and what has been finished of it: whole blocks, and parts of the last. No I/O.

One level deep: items of a top-level list, lines of a top-level fence, rows of a top-level table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markdown_it.rules_inline.state_inline import Delimiter, StateInline
from markdown_it.token import Token

from sfstream.markdown import autoclose
from sfstream.markdown.parts import REDO, MisfitError, Node, Parts, Step, first_line, parts_of
from sfstream.markdown.renderer import Document, Maths, blocks


class Draft(Document):
    """Document that is parsed again and again while it grows.

    A half-written link reference must not count in later parses, where it is whole: each parse begins with those
    references alone that `learn` has been given.

    Attributes:
        unclosed: what would close the emphasis and the HTML elements that the last inline text of the last parse leaves
            open.
    """

    def __init__(self, maths: Maths, *, breaks: bool = False) -> None:
        super().__init__(maths, breaks=breaks)
        self.unclosed = ""
        self._known: dict[str, Any] = {}
        self._markdown.inline.ruler2.after("balance_pairs", "unclosed", self._note_unclosed)

    def parse(self, source: str) -> list[Token]:
        """See `Document.parse`."""
        self.unclosed = ""
        self._env["references"] = dict(self._known)
        return super().parse(source)

    def learn(self, source: str) -> None:
        """Remember the references of this finished source, if the last parse, of which it was a part, found any."""
        if len(self._env["references"]) > len(self._known):
            self.parse(source)
            self._known = self._env["references"]

    def _note_unclosed(self, state: StateInline) -> None:
        if state.src:  # the cells of a row that have not come are empty
            still = [(each.token, _closer(each)) for each in state.delimiters if _is_unclosed(each, state)]
            self.unclosed = "".join(closer for _, closer in sorted([*still, *_unclosed_tags(state)], reverse=True))


class OpenBlock:
    """The source that is not finished, and the parts that are finished of its last block.

    Args:
        document: what parses and renders.
        long: characters from which on the open block is sent in parts.

    Attributes:
        left: the source without its finished blocks and parts.
        in_code: whether the certain part of the source ends in a fence that is open.
    """

    def __init__(self, document: Draft, long: int) -> None:
        self.left = ""
        self.in_code = False
        self._document = document
        self._long = long
        self._block = ""  # the source of the open block, with its finished parts
        self._parts: Parts | None = None
        self._is_whole = False  # its parts cannot be rendered

    def feed(self, text: str) -> None:
        """Take more of the source."""
        self._block += text
        self.left += text

    def source(self, left: str) -> str:
        """Return the source of what is left, after the placeholder lines of what is finished."""
        return "".join(f"{line}\n" for line in (self._parts.placeholder if self._parts else ())) + left

    def advance(self, certain: str) -> list[Step]:
        """Finish what is finished, given the beginning of `left` that is certain."""
        was_open = self._parts is not None
        try:
            return self._advanced(certain)
        except Exception as error:  # no text of a model may end its display
            self._is_whole = not isinstance(error, MisfitError)
            self._parts, self.left = None, self._block
            return [*([REDO] if was_open else []), *self._advanced(autoclose.certain(self.left))]

    def finish(self) -> list[Step]:
        """Finish everything."""
        was_open = self._parts is not None
        try:
            steps = self._finished(list(blocks(self._document.parse(self.source(self.left)))))
        except Exception:  # no text of a model may end its display
            self._parts = None
            steps = [*([REDO] if was_open else []), *self._finished(list(blocks(self._document.parse(self._block))))]
        self._block = self.left = ""
        return steps

    def rest(self, tokens: Node) -> str:
        """Return the HTML of what is left. What comes after the open element is shown once the element is finished."""
        nodes = list(blocks(tokens))
        return self._parts.rest(nodes[0]) if self._parts else "".join(map(self._document.html, nodes))

    def _advanced(self, certain: str) -> list[Step]:
        before = self.source("")
        source, first = before + certain, before.count("\n")
        tokens = self._document.parse(source)
        self.in_code = _ends_in_open_fence(tokens)
        nodes = list(blocks(tokens))
        if not nodes:
            return []
        steps = self._finished(nodes[:-1])
        begin, lines = 0, source.split("\n")
        if not self._parts:
            begin = _start(nodes, lines, first)
            self._block = self.left.split("\n", begin - first)[-1]
            self._is_whole = self._is_whole and len(nodes) == 1
            opened = parts_of(self._document, nodes[-1], lines) if self._is_long else None
            grown = opened.open(nodes[-1]) if opened else []
            self._parts = opened if grown else None
        else:
            grown = self._parts.grow(nodes[-1])
        self._cut(before, max(begin, self._parts.begin if self._parts else 0) - first)
        return steps + grown

    @property
    def _is_long(self) -> bool:
        return len(self._block) >= self._long and not self._is_whole

    def _finished(self, nodes: Sequence[Node]) -> list[Step]:
        """Finish these blocks, the open one and those after it."""
        if not nodes or not self._parts:
            return [("add", self._document.html(node)) for node in nodes]
        steps = self._parts.end(nodes[0])
        self._parts = None
        return steps + self._finished(nodes[1:])

    def _cut(self, before: str, lines: int) -> None:
        """Take finished lines from what is left. `before` are the placeholder lines that they were parsed with."""
        if lines > 0:
            left = self.left.split("\n", lines)[-1]
            self._document.learn(before + self.left[: len(self.left) - len(left)])
            self.left = left


def _start(nodes: Sequence[Node], lines: Sequence[str], first: int) -> int:
    """Return the first line of the last block. A line that may be its title stays with the definition before it."""
    line, end = first_line(nodes[-1]), first
    if len(nodes) > 1:
        end = max(end, (nodes[-2][0].map or [0, 0])[1])
    while line > end and lines[line - 1].strip():
        line -= 1
    return line


def _ends_in_open_fence(tokens: Node) -> bool:
    """Whether the last block is fenced code without the line that ends it."""
    last = next((token for token in reversed(tokens) if token.nesting >= 0), None)
    if last is None or last.type != "fence" or last.map is None:
        return False
    lines = last.content.count("\n") + (not last.content.endswith("\n") and last.content != "")
    return last.map[1] - last.map[0] == 1 + lines


def _is_unclosed(delimiter: Delimiter, state: StateInline) -> bool:
    return delimiter.open and delimiter.end < 0 and (delimiter.length > 2 or not _is_operator(delimiter, state))


def _unclosed_tags(state: StateInline) -> list[tuple[int, str]]:
    """Return the place and the closing tag of each HTML element that is open and may yet be closed."""
    tags = [(place, str(token.meta["closer"])) for place, token in enumerate(state.tokens) if "closer" in token.meta]
    pairs = [(each.token, state.delimiters[each.end].token) for each in state.delimiters if each.end >= 0]
    return [
        (place, closer)
        for place, closer in tags
        if state.tokens[place].level == 0 and not any(begin < place < end for begin, end in pairs)
    ]


def _is_operator(delimiter: Delimiter, state: StateInline) -> bool:
    """Return whether a star between two ASCII letters or digits is rather a product sign than the beginning of an
    emphasis, and two stars beside a digit a power."""
    tokens, at = state.tokens, delimiter.token
    texts = [token.content.strip(chr(delimiter.marker)) for token in tokens[max(0, at - 2) : at + 3]]
    before = next((text[-1] for text in reversed(texts[: min(at, 2)]) if text), "")
    after = next((text[0] for text in texts[min(at, 2) + 1 :] if text), "")
    is_joined = all(each.isascii() and each.isalnum() for each in (before, after))
    return is_joined and (delimiter.length == 1 or before.isdigit() or after.isdigit())


def _closer(delimiter: Delimiter) -> str:
    return "~~" if delimiter.marker == ord("~") else chr(delimiter.marker)

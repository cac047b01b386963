"""A document that is parsed again and again while it grows. No I/O."""

from __future__ import annotations

from typing import Any

from markdown_it.rules_inline.state_inline import Delimiter, StateInline
from markdown_it.token import Token

from sfstream.markdown.renderer import Document, Maths


class Draft(Document):
    """A document of which only what is finished is remembered.

    A half-written link reference must not count in later parses, where it is whole: each parse begins with those
    references alone that `learn` has been given.

    Attributes:
        unclosed: what would close the emphasis that the last inline text of the last parse leaves open.
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
            still = (each for each in reversed(state.delimiters) if _is_unclosed(each, state))
            self.unclosed = "".join(map(_closer, still))


def _is_unclosed(delimiter: Delimiter, state: StateInline) -> bool:
    """A single star between two ASCII letters or digits is a product sign rather than the beginning of an emphasis."""
    return delimiter.open and delimiter.end < 0 and (delimiter.length != 1 or not _is_product(delimiter, state))


def _is_product(delimiter: Delimiter, state: StateInline) -> bool:
    before = "".join(token.content for token in state.tokens[: delimiter.token])[-1:]
    after = "".join(token.content for token in state.tokens[delimiter.token + 1 :])[:1]
    return all(each.isascii() and each.isalnum() for each in (before, after))


def _closer(delimiter: Delimiter) -> str:
    return "~~" if delimiter.marker == ord("~") else chr(delimiter.marker)

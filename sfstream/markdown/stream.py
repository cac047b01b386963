"""Render a growing Markdown text as safe HTML: finished parts once, what is open anew each time. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from markdown_it.token import Token

from sfstream.markdown import autoclose
from sfstream.markdown.incremental import Draft, OpenBlock
from sfstream.markdown.parts import CLOSE, REDO, Step
from sfstream.markdown.renderer import Maths, plain_token

__all__ = ["Change", "Markdown", "Step"]

LONG = 400
"""Characters from which on an open block is sent in parts: a shorter one costs little as a whole."""
TOO_LONG = 50_000
"""Characters from which on what is left of an open block is shown as plain text, until it is finished."""
PATIENCE = 1.25
"""Factor by which what is too long must have grown before it is parsed again."""


@dataclass(frozen=True)
class Change:
    """What is new since the last call.

    Attributes:
        steps: what has been finished meanwhile, in order.
        rest: HTML of what is still open, whole, at the end of the innermost open element. It replaces the last rest.
    """

    steps: tuple[Step, ...] = ()
    rest: str = ""


class Markdown:
    """Incremental renderer of one text.

    Args:
        maths: what becomes of formulas.
        long: characters from which on an open block is sent in parts.
        breaks: whether a line break in a paragraph is kept on the page.

    Attributes:
        steps: all steps so far, for a view that has seen none of them; what a ``redo`` removed is not among them.
    """

    def __init__(self, maths: Maths, long: int = LONG, *, breaks: bool = False) -> None:
        self.steps: list[Step] = []
        self._document = Draft(maths, breaks=breaks)
        self._open = OpenBlock(self._document, long)
        self._fed: list[str] = []
        self._held_return = ""
        self._parsed = (0, 0)  # lines and characters that were certain when they were last parsed
        self._rest = ""
        self._depth = self._outermost = 0  # of the open element: its depth, and the step that opened the outermost one

    def feed(self, text: str) -> None:
        """Take more text. Costs next to nothing; `change` does the work."""
        self._fed.append(text)

    def change(self) -> Change:
        """Return what is new since the last call. Half-written constructs are closed, so that they do not flash as
        something else."""
        self._take()
        steps = self._advance()
        self._note(steps)
        self._rest = self._shown()
        return Change(tuple(steps), self._rest)

    def finish(self) -> Change:
        """Return what is new when nothing more comes: everything is finished as it stands."""
        self._take(last=True)
        steps = self._open.finish()
        self._note(steps)
        self._rest = ""
        return Change(tuple(steps), "")

    @property
    def html(self) -> str:
        """All of the text as of the last `change`, as one balanced piece of HTML."""
        return balanced(self.steps, self._rest)

    def _note(self, steps: Iterable[Step]) -> None:
        for step in steps:
            if step == REDO:
                del self.steps[self._outermost :]
                self._depth = 0
                continue
            if step[0] == "open" and self._depth == 0:
                self._outermost = len(self.steps)
            self._depth += {"open": 1, "close": -1}.get(step[0], 0)
            self.steps.append(step)

    def _take(self, *, last: bool = False) -> None:
        """Pass on what was fed, with its line ends normalised."""
        text = self._held_return + "".join(self._fed)
        self._fed.clear()
        self._held_return = "\r" if text.endswith("\r") and not last else ""
        self._open.feed(text.removesuffix(self._held_return).replace("\r\n", "\n").replace("\r", "\n"))

    def _advance(self) -> list[Step]:
        """Finish what is finished."""
        certain = autoclose.certain(self._open.left)
        if _lines(certain) == self._parsed[0] or (TOO_LONG < len(certain) < PATIENCE * self._parsed[1]):
            return []
        before = self._open.left
        steps = self._open.advance(certain)
        if self._open.left != before:
            certain = autoclose.certain(self._open.left)
        self._parsed = _lines(certain), len(certain)
        return steps

    def _shown(self) -> str:
        """Return the HTML of what is left, with half-written constructs closed."""
        try:
            return self._open.rest(self._autoclosed()) if len(self._open.left) <= TOO_LONG else self._plain()
        except Exception:  # no text of a model may end its display
            return self._plain()

    def _plain(self) -> str:
        return self._document.html([plain_token(self._open.left)])

    def _autoclosed(self) -> list[Token]:
        """Return the tokens of what is left, with half-written constructs closed."""
        source, line = autoclose.held(self._open.source(self._open.left), in_code=self._open.in_code)
        tokens = self._document.parse(source)
        leaf = _last_inline(tokens)
        if leaf is None or source.endswith("\n\n") or _is_between_cells(tokens, source):
            return tokens
        closed = autoclose.closed(source, leaf.content)
        if closed != source:
            tokens = self._document.parse(closed)
        closed = closed.rstrip(" \t\n")
        whole = closed + self._document.unclosed
        if whole != closed:
            tokens = self._document.parse(whole)
        return self._tabled(whole, line) or tokens

    def _tabled(self, source: str, line: str) -> list[Token]:
        """Return the tokens with a table if the last line is the header of one, else none."""
        with_table = autoclose.tabled(source, line)
        tokens = self._document.parse(with_table) if with_table != source else []
        return tokens if any(token.type == "table_open" for token in tokens) else []


def _last_inline(tokens: list[Token]) -> Token | None:
    """Return the text at the very end if the last block holds text; of a table, the last cell with text."""
    in_table = _ends_with_table(tokens)
    for token in reversed(tokens):
        if token.nesting >= 0 and not (in_table and not token.content):
            return token if token.type == "inline" else None
    return None


def _ends_with_table(tokens: list[Token]) -> bool:
    """Return whether the last block is a table. Cells of its last row that have not come are there, but empty."""
    last = next((token for token in reversed(tokens) if token.nesting >= 0), None)
    after = reversed(tokens[tokens.index(last) :]) if last else ()
    return any(token.type == "table_close" for token in after)


def _is_between_cells(tokens: list[Token], source: str) -> bool:
    """Return whether a cell has just ended: what it leaves open is never closed."""
    body = source.rstrip()
    return _ends_with_table(tokens) and body.endswith("|") and not body.endswith(r"\|")


def balanced(steps: Iterable[Step], rest: str = "") -> str:
    """Return steps and what is still open as one balanced piece of HTML."""
    tags: list[str] = []
    parts = [_tag(step, tags) for step in steps]
    return "".join([*parts, rest, *(f"</{tag}>" for tag in reversed(tags))])


def _tag(step: Step, names: list[str]) -> str:
    """Return a step as HTML, given the names of the open elements, which it changes."""
    if step == CLOSE:
        return f"</{names.pop()}>"
    if step[0] == "open":
        names.append(re.split(r"[ >]", step[1][1:], maxsplit=1)[0])
    return step[1]


def _lines(source: str) -> int:
    """Return the number of lines, an incomplete one included."""
    return source.count("\n") + (not source.endswith("\n"))

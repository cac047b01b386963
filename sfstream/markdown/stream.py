"""A growing Markdown text as safe HTML: what is finished, once, and what is still open. No I/O."""

from __future__ import annotations

from markdown_it.token import Token

from sfstream.markdown import autoclose as guess
from sfstream.markdown.bounds import plain
from sfstream.markdown.draft import Draft
from sfstream.markdown.incremental import Units
from sfstream.markdown.levels import MisfitError
from sfstream.markdown.renderer import Maths
from sfstream.markdown.steps import REDO, Change, Progress, Step, Written

__all__ = ["Change", "Markdown", "Step"]

LONG = 1_500
"""Characters from which on an open block is sent in units: a shorter one costs little as a whole."""
TOO_LONG = 50_000
"""Characters from which on what is left of an open block is shown as plain text, until it is finished."""
PATIENCE = 1.25
"""By how much what is too long must have grown before it is parsed again."""


class Markdown:
    """A text that grows.

    Args:
        maths: what becomes of formulas.
        long: characters from which on an open block is sent in units.
        breaks: whether a line that ends in a paragraph ends on the page too.
    """

    def __init__(self, maths: Maths, long: int = LONG, *, breaks: bool = False) -> None:
        self._document = Draft(maths, breaks=breaks)
        self._units = Units(self._document)
        self._long = long
        self._written = Written()
        self._fed: list[str] = []
        self._held_return = ""
        self._block = ""  # the source of the open block, all of it
        self._left = ""  # and what is not finished of it
        self._parsed = (0, 0)  # lines and characters that were certain when it was last parsed
        self._in_code = False
        self._is_odd = False  # the open block cannot be sent in units
        self._rest = ""

    def feed(self, text: str) -> None:
        """Take more text. Costs next to nothing; the work is done by `change`."""
        self._fed.append(text)

    def change(self) -> Change:
        """What is new since the last call. What is half written is guessed, so that it does not flash as something
        else."""
        self._take()
        steps = self._advance()
        self._written.take(steps)
        self._rest = self._shown()
        return Change(tuple(steps), self._rest)

    def finish(self) -> Change:
        """What is new when nothing more comes: nothing is guessed, and all is closed."""
        self._take(last=True)
        steps = self._finish()
        self._written.take(steps)
        self._rest = self._block = self._left = ""
        return Change(tuple(steps), "")

    @property
    def steps(self) -> list[Step]:
        """All steps so far, for whoever has seen none of them."""
        return self._written.steps

    @property
    def html(self) -> str:
        """The whole, as of the last `change`, as one balanced piece of HTML."""
        return self._written.html(self._rest)

    def _take(self, *, last: bool = False) -> None:
        """Take in what was fed, with the line ends that the parser knows."""
        text = self._held_return + "".join(self._fed)
        self._fed.clear()
        self._held_return = "\r" if text.endswith("\r") and not last else ""
        text = text.removesuffix(self._held_return).replace("\r\n", "\n").replace("\r", "\n")
        self._block += text
        self._left += text

    def _source(self, left: str) -> str:
        return "".join(f"{line}\n" for line in self._units.stub) + left

    def _advance(self) -> list[Step]:
        """Finish what is finished."""
        certain = guess.certain(self._left)
        lines = certain.count("\n") + (not certain.endswith("\n"))
        if lines == self._parsed[0] or (TOO_LONG < len(certain) < PATIENCE * self._parsed[1]):
            return []
        self._parsed = lines, len(certain)
        return self._advanced(certain)

    def _advanced(self, certain: str) -> list[Step]:
        stub = self._source("")
        tokens = self._document.parse(stub + certain)
        was_open, is_long = self._units.is_open, len(self._block) >= self._long and not self._is_odd
        try:
            progress = self._units.advance(tokens, certain.split("\n"), is_long=is_long)
        except Exception as error:
            self._is_odd = not isinstance(error, MisfitError)  # no text of a model may end its display
            return self._again(was_open)
        self._in_code = bool(tokens) and _is_open_fence(tokens)
        self._cut(progress, stub)
        return progress.steps

    def _cut(self, progress: Progress, stub: str) -> None:
        """Take the lines that are finished from what is left."""
        if progress.before is not None:
            self._block, self._is_odd = self._left.split("\n", progress.before)[-1], False
        if progress.lines:
            left = self._left.split("\n", progress.lines)[-1]
            self._document.learn(stub + self._left[: len(self._left) - len(left)])
            self._left, self._parsed = left, (self._parsed[0] - progress.lines, len(left))

    def _again(self, was_open: bool) -> list[Step]:
        """Send the open block again."""
        self._units, self._left = Units(self._document), self._block
        steps = self._advanced(guess.certain(self._left))
        return [REDO, *steps] if was_open else steps

    def _finish(self) -> list[Step]:
        was_open = self._units.is_open
        try:
            return self._units.finish(self._document.parse(self._source(self._left)))
        except Exception:  # no text of a model may end its display
            self._units = Units(self._document)
            steps = self._units.finish(self._document.parse(self._block))
            return [REDO, *steps] if was_open else steps

    def _shown(self) -> str:
        """The HTML of what is left, guessed."""
        try:
            return self._units.rest(self._guessed()) if len(self._left) <= TOO_LONG else self._plain()
        except Exception:  # no text of a model may end its display
            return self._plain()

    def _plain(self) -> str:
        return self._document.html([plain(self._left, 0)])

    def _guessed(self) -> list[Token]:
        """What is left, as if it were whole."""
        source, line = guess.held(self._source(self._left), in_code=self._in_code)
        tokens = self._document.parse(source)
        leaf = _last_inline(tokens)
        if leaf is None or source.endswith("\n\n") or _is_between_cells(tokens, source):
            return tokens
        closed = guess.closed(source, leaf.content)
        if closed != source:
            tokens = self._document.parse(closed)
        closed = closed.rstrip(" \t\n")
        whole = closed + self._document.unclosed
        if whole != closed:
            tokens = self._document.parse(whole)
        return self._tabled(whole, line) or tokens

    def _tabled(self, source: str, line: str) -> list[Token]:
        """The tokens with a table, if the last line is the first of one; else none."""
        with_table = guess.tabled(source, line)
        tokens = self._document.parse(with_table) if with_table != source else []
        return tokens if any(token.type == "table_open" for token in tokens) else []


def _last_inline(tokens: list[Token]) -> Token | None:
    """The inline text at the very end, if the last block holds text; of a table, that of the last cell with any."""
    in_table = _ends_with_table(tokens)
    for token in reversed(tokens):
        if token.nesting >= 0 and not (in_table and not token.content):
            return token if token.type == "inline" else None
    return None


def _ends_with_table(tokens: list[Token]) -> bool:
    """Whether the last block is a table: those cells of its last row that have not come are there, but empty."""
    last = next((token for token in reversed(tokens) if token.nesting >= 0), None)
    after = reversed(tokens[tokens.index(last) :]) if last else ()
    return any(token.type == "table_close" for token in after)


def _is_between_cells(tokens: list[Token], source: str) -> bool:
    """Whether a cell has just ended: what it leaves open is never closed."""
    return _ends_with_table(tokens) and source.rstrip().endswith("|")


def _is_open_fence(tokens: list[Token]) -> bool:
    """Whether the last block is fenced code without the line that ends it."""
    last = next((token for token in reversed(tokens) if token.nesting >= 0), tokens[0])
    if last.type != "fence" or last.map is None:
        return False
    lines = last.content.count("\n") + (not last.content.endswith("\n") and last.content != "")
    return last.map[1] - last.map[0] == 1 + lines

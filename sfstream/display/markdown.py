"""A growing Markdown text as safe HTML: what is finished, once, and what is still open. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sfstream.display.markup.parser import Maths, rendered

Step: TypeAlias = tuple[Literal["add", "open", "close", "redo"], str]
"""One change of the finished part, a tree of elements of which the innermost open one grows at its end.

``("add", html)`` appends finished HTML to it; ``("open", "<ul>")`` appends an element, which is then the innermost
open one; ``("close", "")`` ends it; ``("redo", "")`` removes the open top-level element with all that is in it.
"""


@dataclass(frozen=True)
class Change:
    """What is new since the last look.

    Attributes:
        steps: what has been finished meanwhile, in order.
        rest: HTML of what is still open, whole, at the end of the innermost open element. It replaces the last rest.
    """

    steps: tuple[Step, ...] = ()
    rest: str = ""


class Markdown:
    """A text that grows.

    Args:
        maths: what becomes of formulas.
    """

    def __init__(self, maths: Maths) -> None:
        self._maths: Maths = maths
        self._source = ""
        self._finished: list[Step] = []

    def feed(self, text: str) -> None:
        """Take more text. Costs next to nothing; the work is done by `change`."""
        self._source += text

    def change(self) -> Change:
        """What is new since the last call. What is half written is guessed, so that it does not flash as something
        else."""
        return Change((), "".join(rendered(self._source, self._maths)))

    def finish(self) -> Change:
        """What is new when nothing more comes: nothing is guessed, and all is closed."""
        steps: tuple[Step, ...] = (("add", "".join(rendered(self._source, self._maths))),)
        self._finished += steps
        return Change(steps, "")

    @property
    def steps(self) -> list[Step]:
        """All steps so far, for whoever has seen none of them."""
        return self._finished

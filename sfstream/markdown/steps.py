"""How a growing text is told: finished HTML, once, as steps; and the HTML of the rest, anew each time. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Step: TypeAlias = tuple[Literal["add", "open", "close", "redo"], str]
"""One change of the finished part, a tree of elements of which the innermost open one grows at its end.

``("add", html)`` appends finished HTML to it; ``("open", "<ul>")`` appends an element, which is then the innermost
open one; ``("close", "")`` ends it; ``("redo", "")`` removes the open top-level element with all that is in it.
"""

CLOSE: Step = ("close", "")
REDO: Step = ("redo", "")


@dataclass(frozen=True)
class Change:
    """What is new since the last look.

    Attributes:
        steps: what has been finished meanwhile, in order.
        rest: HTML of what is still open, whole, at the end of the innermost open element. It replaces the last rest.
    """

    steps: tuple[Step, ...] = ()
    rest: str = ""


@dataclass(frozen=True)
class Progress:
    """How the open block has grown.

    Attributes:
        steps: what is finished.
        lines: the number of lines that are finished, from the beginning of what was left.
        before: the number of those that stand before the block that is open now; None where it was open already.
    """

    steps: list[Step]
    lines: int
    before: int | None


class Written:
    """The steps so far, and the HTML that they give.

    Attributes:
        steps: those that lead here; what was undone by a ``redo`` is not among them.
    """

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._parts: list[str] = []
        self._open: list[str] = []
        self._undo = 0

    def take(self, steps: Iterable[Step]) -> None:
        """Take more steps."""
        for step in steps:
            if step == REDO:
                self._redo()
            else:
                self._parts.append(self._part(step))
                self.steps.append(step)

    def html(self, rest: str = "") -> str:
        """The whole, balanced, with the rest in its place."""
        return "".join([*self._parts, rest, *(f"</{name}>" for name in reversed(self._open))])

    def _part(self, step: Step) -> str:
        if step == CLOSE:
            return f"</{self._open.pop()}>"
        if step[0] == "open":
            if not self._open:
                self._undo = len(self.steps)
            self._open.append(name_of(step[1]))
        return step[1]

    def _redo(self) -> None:
        del self.steps[self._undo :], self._parts[self._undo :]
        self._open.clear()


def name_of(tag: str) -> str:
    """The name of an element, from its opening tag."""
    match = re.match(r"<(\w+)", tag)
    assert match, tag
    return match[1]

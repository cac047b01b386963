"""What is measured in JupyterLab, how often, and in which order."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from tests.bench.lab.contestants import HTML_WIDGET, NOTHING, OURS, OURS_HTML, PRINT, UPDATES
from tests.bench.lab.page import Lab, Seen, Task
from tests.bench.lab.texts import TEXTS

Results: TypeAlias = dict[Task, list[Seen]]


@dataclass(frozen=True)
class Plan:
    """How much is measured. Rounds are odd in number: the median is one of them.

    Attributes:
        texts: which.
        sizes: tokens of each text, the smallest first.
        rounds: how often sfstream and the page at rest are measured; what they are compared with is measured once, in
            the first round. It is the slower, and further from what is claimed.
        aside: what is measured once, with the first text at its smallest, for information.
    """

    texts: tuple[str, ...] = tuple(TEXTS)
    sizes: tuple[int, ...] = (2_000, 6_000)
    rounds: int = 3
    aside: tuple[str, ...] = (OURS_HTML, HTML_WIDGET)

    def round(self, number: int) -> Iterator[Task]:
        """The measurements of a round in their order: whoever is compared is measured one after the other."""
        for size in self.sizes:
            yield self.rest(size)
            for text in self.texts:
                for who in (OURS,) if number else (PRINT, UPDATES, OURS):
                    yield Task(who, text, size)
        if not number:
            yield from self.asides()

    def rest(self, size: int) -> Task:
        """The page at rest for as long as a text of that size takes."""
        return Task(NOTHING, self.texts[0], size)

    def asides(self) -> Iterator[Task]:
        return (Task(who, self.texts[0], self.sizes[0]) for who in self.aside)


QUICK = Plan(texts=("paragraphs", "list"), sizes=(2_000,), rounds=1, aside=())


def measured(plan: Plan, lab: Lab) -> Results:
    """Measure all, one at a time."""
    results = Results()
    for number in range(plan.rounds):
        for task in plan.round(number):
            _say(f"round {number + 1} of {plan.rounds}: {task.who}, {task.tokens:,} tokens of {task.text}")
            results.setdefault(task, []).append(lab.seen(task))
    return results


def _say(what: str) -> None:
    print(f"measuring the display, {what}", file=sys.stderr, flush=True)

"""The figures of a report, from what was measured: CPU for each token, ratios, bytes for each byte."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from tests.bench.contestants import LOOP
from tests.bench.measure import Result, Task
from tests.bench.plan import Results, Tasks

By: TypeAlias = Callable[[str], Task]
"""One of the methods of `Tasks`: the task of a contestant."""


class Cost(NamedTuple):
    """Microseconds of CPU for each token."""

    median: float
    least: float
    most: float


class Growth(NamedTuple):
    """How memory grows with the answer.

    Attributes:
        held: bytes held for each byte of text and raw bytes.
        peak: bytes needed on the way, likewise.
        constant: bytes held that do not grow.
    """

    held: float
    peak: float
    constant: float


@dataclass(frozen=True)
class Figures:
    """The figures of a benchmark."""

    tasks: Tasks
    results: Results

    def cost(self, by: By, who: str, *, children: bool = True) -> Cost:
        """What a token costs, with or without the child processes."""
        task = by(who)
        each = [_micro(result.cpu + children * result.children, task) for result in self.results[task]]
        return Cost(statistics.median(each), min(each), max(each))

    def to_loop(self, by: By, who: str) -> float:
        """What a token costs, next to one of the openai library's loop."""
        return self.cost(by, who).median / self.cost(by, LOOP).median

    def bare(self, by: By, who: str) -> float:
        """What a token costs, without what a call costs."""
        return self.cost(by, who).median - self.cost(self.tasks.call, who).median / by(who).tokens

    def lengths(self, who: str) -> float:
        """What a token of the long stream costs, next to one of the short ones, both with their calls."""
        return self.cost(self.tasks.long, who).median / self.cost(self.tasks.short, who).median

    def bare_lengths(self, who: str) -> float:
        """The same without the calls."""
        return self.bare(self.tasks.long, who) / self.bare(self.tasks.short, who)

    def memory(self, by: By, who: str) -> Result:
        (found,) = self.results[by(who)]
        return found

    def growth(self, who: str) -> Growth:
        """From the smaller answer to the larger."""
        small, large = self.memory(self.tasks.small, who), self.memory(self.tasks.large, who)
        more = large.text + large.raw - small.text - small.raw
        held = (large.kept - small.kept) / more
        return Growth(held, (large.peak - small.peak) / more, small.kept - held * (small.text + small.raw))


def _micro(seconds: float, task: Task) -> float:
    return seconds / task.tokens * 1e6

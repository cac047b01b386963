"""The figures of a report on the display, from what was seen: medians of the rounds, the page's rest taken off."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.lab.page import Seen, Task
from tests.bench.lab.plan import Plan, Results
from tests.bench.lab.texts import tokens

HUNDRED = 100


@dataclass(frozen=True)
class Figures:
    """The figures of a benchmark of the display."""

    plan: Plan
    results: Results

    def bytes(self, task: Task) -> float:
        """Bytes of the kernel's websocket."""
        return self._median(task, lambda seen: seen.bytes)

    def busy(self, task: Task) -> float:
        """Seconds of CPU of the browser's main thread, without what a page at rest takes."""
        rest = self._median(self.plan.rest(task.tokens), lambda seen: seen.busy / seen.seconds)
        return self._median(task, lambda seen: seen.busy - rest * seen.seconds)

    def kernel(self, task: Task) -> float:
        """Seconds of CPU of the kernel."""
        return self._median(task, lambda seen: seen.kernel)

    def quantile(self, task: Task, share: float) -> float:
        """Milliseconds to the screen that this share of the tokens has not exceeded."""
        place = math.ceil(share * task.tokens) - 1
        return self._median(task, lambda seen: sorted(_latencies(seen, task))[place])

    def first(self, task: Task) -> float:
        """Milliseconds of the first token."""
        return self._median(task, lambda seen: _latencies(seen, task)[0])

    def early(self, task: Task) -> float:
        """Milliseconds of the median of the first hundred tokens."""
        return self._median(task, lambda seen: statistics.median(_latencies(seen, task)[:HUNDRED]))

    def late(self, task: Task) -> float:
        """Milliseconds of the median of the last hundred tokens."""
        return self._median(task, lambda seen: statistics.median(_latencies(seen, task)[-HUNDRED:]))

    def missing(self, task: Task) -> float:
        """Rounds in which not every token stood on the page at the end, once and in order."""
        return sum(not seen.is_whole for seen in self.results[task])

    def length(self, task: Task) -> int:
        """Bytes of the text."""
        return len("".join(tokens(task.text, task.tokens)).encode())

    def _median(self, task: Task, of: Callable[[Seen], float]) -> float:
        return statistics.median(of(seen) for seen in self.results[task])


def _latencies(seen: Seen, task: Task) -> list[float]:
    """Milliseconds of each token; without end for those that were never seen."""
    return [1000 * seconds for seconds in seen.latencies] + [math.inf] * (task.tokens - len(seen.latencies))

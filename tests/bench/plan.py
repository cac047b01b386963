"""What is measured, how often, and in which order."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from tests.bench.children import run
from tests.bench.contestants import DECODER, LINES, LOOP, OURS
from tests.bench.measure import Result, Task

RATE = 200
"""Tokens a second of a slow stream."""
SHORT, LONG = 1_000, 50_000
"""Tokens of the two streams whose tokens are compared."""

Results: TypeAlias = dict[Task, list[Result]]


@dataclass(frozen=True)
class Plan:
    """How much is measured. Rounds are odd in number: the median is one of them.

    Attributes:
        rate_tokens: of a stream at 200 tokens a second.
        rate_rounds: how many of them for each contestant.
        fast_tokens: of a stream at full speed.
        fast_rounds: how many.
        length_rounds: how often the two lengths are compared.
        small: tokens of the smaller of the two streams whose memory is measured.
        large: of the larger.
    """

    rate_tokens: int = 1_000
    rate_rounds: int = 3
    fast_tokens: int = 20_000
    fast_rounds: int = 5
    length_rounds: int = 5
    small: int = 10_000
    large: int = 50_000


QUICK = Plan(400, 1, 10_000, 3, 1, 5_000, 20_000)
"""About a minute, and rough."""


@dataclass(frozen=True)
class Tasks:
    """The tasks of a plan, each from the contestant's name."""

    plan: Plan
    base_url: str

    def slow(self, who: str) -> Task:
        return Task(who, self.plan.rate_tokens, self.base_url, rate=RATE)

    def fast(self, who: str) -> Task:
        return Task(who, self.plan.fast_tokens, self.base_url)

    def call(self, who: str) -> Task:
        """A call for a single token: what a call costs, however long its answer."""
        return Task(who, 1, self.base_url, streams=21)

    def short(self, who: str) -> Task:
        """As many tokens as in the long one, in many streams."""
        return Task(who, SHORT, self.base_url, streams=LONG // SHORT)

    def long(self, who: str) -> Task:
        return Task(who, LONG, self.base_url)

    def small(self, who: str) -> Task:
        return Task(who, self.plan.small, self.base_url, memory=True)

    def large(self, who: str) -> Task:
        return Task(who, self.plan.large, self.base_url, memory=True)


def measured(tasks: Tasks) -> Results:
    """Measure all, one at a time, the contestants in turn: a minute with more noise falls on all of them."""
    plan, results = tasks.plan, Results()
    everyone = [LOOP, LINES, *OURS]
    _rounds(results, plan.fast_rounds, "full speed", [tasks.fast(who) for who in everyone])
    _rounds(results, plan.rate_rounds, f"{RATE} tokens/s", [tasks.slow(who) for who in everyone])
    lengths = [task(who) for who in [*OURS, DECODER] for task in (tasks.call, tasks.short, tasks.long)]
    _rounds(results, plan.length_rounds, "long and short streams", lengths)
    _rounds(results, 1, "memory", [task(who) for who in OURS for task in (tasks.small, tasks.large)])
    return results


def _rounds(results: Results, rounds: int, what: str, tasks: Iterable[Task]) -> None:
    for number in range(rounds):
        print(f"measuring {what}, round {number + 1} of {rounds}", file=sys.stderr, flush=True)
        for task in tasks:
            results.setdefault(task, []).append(run(task))

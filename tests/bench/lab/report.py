"""The table of the display, and whether what is claimed of it holds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.bench.lab.contestants import OURS, PRINT, UPDATES
from tests.bench.lab.figures import Figures
from tests.bench.lab.page import RATE, Task

FORTIETH, QUARTER = 1 / 40, 1 / 4
"""Most bytes and most time of the main thread, next to those of `update_display`."""
GROWTH = 1.1
"""Most that the bytes may grow when the text does, next to the text."""
HALF, NEARLY_ALL, FIRST = 50.0, 120.0, 50.0
"""Most milliseconds from the server to the screen: of half of the tokens, of 99 in 100, of the first one."""
LATER = 5.0
"""Milliseconds that are no difference: a third of the time between two pictures of a screen."""


def report(figures: Figures) -> Iterator[str]:
    """The lines of the report."""
    yield f"In JupyterLab at {RATE} tokens/s: MB through the kernel's websocket; CPU seconds of the browser's main"
    yield "thread (a page at rest taken off) and of the kernel; milliseconds from the server to the screen, of which"
    yield f"the last two are medians of a hundred tokens; {OURS}: medians of {figures.plan.rounds} runs, others one run"
    plan = figures.plan
    for size in plan.sizes:
        for text in plan.texts:
            yield _row(f"{text}, {size:,}", "MB", "browser", "kernel", "first", "p50", "p99", "first 100", "last 100")
            for who in (PRINT, UPDATES, OURS):
                yield _cells(figures, Task(who, text, size))
    for aside in plan.asides():
        yield _cells(figures, aside, name=f"{aside.who}, {aside.text} {aside.tokens:,}")
    yield ""
    yield from _claims(figures)


def _cells(figures: Figures, task: Task, name: str = "") -> str:
    seconds = (f"{figures.busy(task):.1f}", f"{figures.kernel(task):.1f}")
    times = (figures.first(task), figures.quantile(task, 0.5), figures.quantile(task, 0.99))
    ends = (figures.early(task), figures.late(task))
    shown = "  not all shown" if figures.missing(task) else ""
    return _row(name or f"  {task.who}", f"{figures.bytes(task) / 1e6:.3f}", *seconds, *map(_time, times + ends), shown)


def _claims(figures: Figures) -> Iterator[str]:
    plan = figures.plan
    ours = [Task(OURS, text, size) for size in plan.sizes for text in plan.texts]
    small, grown = ours[: len(plan.texts)], ours[len(plan.texts) :]
    yield _claim(f"bytes at most {FORTIETH:g} of {UPDATES}'s", small, _part_of(figures.bytes), FORTIETH)
    if grown:
        yield _claim(f"bytes grow at most {GROWTH:g} times as the text", grown, _growth_in(figures), GROWTH)
    yield _claim(f"main thread at most {QUARTER:g} of {UPDATES}'s", ours, _part_of(figures.busy), QUARTER)
    yield _claim(f"p50 at most {HALF:g} ms", ours, lambda task: figures.quantile(task, 0.5), HALF)
    yield _claim(f"p99 at most {NEARLY_ALL:g} ms", ours, lambda task: figures.quantile(task, 0.99), NEARLY_ALL)
    later = f"the last hundred at most {LATER:g} ms slower than the first"
    yield _claim(later, ours, lambda task: figures.late(task) - figures.early(task), LATER)
    yield _claim(f"the first token within {FIRST:g} ms", ours, figures.first, FIRST)
    yield _claim("everything shown, in order (rounds in which not)", ours, figures.missing, 0)


def _part_of(of: Callable[[Task], float]) -> Callable[[Task], float]:
    """A figure of ours next to that of `update_display`."""
    return lambda task: of(task) / of(replace(task, who=UPDATES))


def _growth_in(figures: Figures) -> Callable[[Task], float]:
    """How much more bytes than with the smallest text, next to how much more text."""

    def growth(task: Task) -> float:
        smallest = replace(task, tokens=figures.plan.sizes[0])
        return figures.bytes(task) / figures.bytes(smallest) / (figures.length(task) / figures.length(smallest))

    return growth


def _claim(claim: str, tasks: list[Task], of: Callable[[Task], float], most: float) -> str:
    found = {task: of(task) for task in tasks}
    verdict = "holds" if max(found.values()) <= most else "does not hold"
    values = ", ".join(f"{task.text} {task.tokens:,} {value:.3g}" for task, value in found.items())
    return f"{verdict}: {claim}: {values}"


def _time(milliseconds: float) -> str:
    return f"{milliseconds:,.0f}" if math.isfinite(milliseconds) else "never"


def _row(name: str, *cells: str) -> str:
    return f"  {name:<35}" + "".join(f"{cell:>11}" for cell in cells).rstrip()

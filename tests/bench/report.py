"""The tables, and whether what is claimed of sfstream holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.bench.contestants import DECODER, LINES, LOOP, OURS
from tests.bench.figures import By, Figures
from tests.bench.plan import LONG, RATE, SHORT

HALF = 0.5
"""Most that a token may cost, next to one of the openai library's loop."""
LONGER = 1.2
"""Most that a token of a long stream may cost, next to one of a short one."""
ONCE = 1.3
"""Most bytes of memory for each byte of text and raw bytes, where these are there once.

An array of Python's has up to an eighth in reserve, and a chunk a time and an end: 16 bytes beside some 340.
"""

CURL = "sfstream curl"


def report(figures: Figures) -> Iterator[str]:
    """The lines of the report."""
    for part in (_speed, _lengths, _memory, _claims):
        yield from part(figures)
        yield ""


def _speed(figures: Figures) -> Iterator[str]:
    tasks, plan = figures.tasks, figures.tasks.plan
    yield "CPU for each token in microseconds: median, least to most, and the median next to the openai loop's"
    yield _row("", f"{RATE} tokens/s", "", "to the loop", "full speed", "", "to the loop")
    for who in (LOOP, LINES, *OURS):
        yield _row(who, *_compared(figures, tasks.slow, who), *_compared(figures, tasks.fast, who))
    slow, fast = (figures.cost(by, CURL, children=False).median for by in (tasks.slow, tasks.fast))
    yield f"curl's own process is counted; sfstream without it: {slow:.0f} and {fast:.1f}"
    yield f"streams of {plan.rate_tokens:,} and {plan.fast_tokens:,} tokens"


def _compared(figures: Figures, by: By, who: str) -> tuple[str, str, str]:
    cost = figures.cost(by, who)
    return f"{cost.median:.1f}", f"{cost.least:.1f}-{cost.most:.1f}", f"{figures.to_loop(by, who):.2f}"


def _lengths(figures: Figures) -> Iterator[str]:
    tasks = figures.tasks
    yield f"CPU for each token at full speed in microseconds: of a stream of {LONG:,}, of streams of {SHORT:,}"
    yield _row("", f"{LONG:,}", f"{SHORT:,}", "ratio", "a call", f"bare {LONG:,}", f"bare {SHORT:,}", "ratio")
    for who in (*OURS, DECODER):
        costs = [figures.cost(by, who).median for by in (tasks.long, tasks.short, tasks.call)]
        bare = [figures.bare(by, who) for by in (tasks.long, tasks.short)]
        yield _row(
            who,
            *(f"{costs[0]:.1f}", f"{costs[1]:.1f}", f"{figures.lengths(who):.2f}", f"{costs[2]:.0f}"),
            *(f"{bare[0]:.1f}", f"{bare[1]:.1f}", f"{figures.bare_lengths(who):.2f}"),
        )
    yield "a call is an answer of one token; bare is without it"


def _memory(figures: Figures) -> Iterator[str]:
    tasks = figures.tasks
    yield "Memory in kB, as Python allocates it: held with the answer, and the most on the way"
    yield _row("", "tokens", "text", "raw bytes", "held", "of raw", "most", "of raw")
    for who in OURS:
        for by in (tasks.small, tasks.large):
            found = figures.memory(by, who)
            text, raw, held, peak = (f"{size / 1e3:,.0f}" for size in (found.text, found.raw, found.kept, found.peak))
            of_raw = f"{found.kept / found.raw:.2f}", f"{found.peak / found.raw:.2f}"
            yield _row(who, f"{by(who).tokens:,}", text, raw, held, of_raw[0], peak, of_raw[1])
    yield "For each further byte of text and raw bytes, and whatever the length:"
    for who in OURS:
        growth = figures.growth(who)
        yield _row(who, f"held {growth.held:.2f}", f"most {growth.peak:.2f}", f"{growth.constant / 1e3:,.0f} kB")


def _claims(figures: Figures) -> Iterator[str]:
    tasks = figures.tasks
    half = f"a token costs at most {HALF:g} of one of the openai loop"
    yield _claim(f"{half} at {RATE} tokens/s", lambda who: figures.to_loop(tasks.slow, who), HALF)
    yield _claim(f"{half} at full speed", lambda who: figures.to_loop(tasks.fast, who), HALF)
    longer = f"a token of {LONG:,} costs at most {LONGER:g} of one of {SHORT:,}"
    yield _claim(longer, figures.lengths, LONGER)
    yield _claim(f"{longer}, both bare", figures.bare_lengths, LONGER)
    once = f"is the text and the raw bytes once (at most {ONCE:g}) and a constant"
    yield _claim(f"the memory held {once}", lambda who: figures.growth(who).held, ONCE)
    yield _claim(f"the most on the way {once}", lambda who: figures.growth(who).peak, ONCE)


def _claim(claim: str, of: Callable[[str], float], most: float) -> str:
    found = {via: of(who) for who, via in OURS.items()}
    verdict = "holds" if max(found.values()) <= most else "does not hold"
    return f"{verdict}: {claim}: " + ", ".join(f"{via} {value:.2f}" for via, value in found.items())


def _row(name: str, *cells: str) -> str:
    return f"  {name:<18}" + "".join(f"{cell:>13}" for cell in cells)

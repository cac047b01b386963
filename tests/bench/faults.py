"""``python -m tests.bench faults``: more than ten thousand runs through faults.

First a cut at every single byte of the response for every transport, then random schedules. Whatever does not hold
is printed with the schedule, which plays it again.
"""

from __future__ import annotations

import argparse
import faulthandler
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator

from sfstream.wire.transport import VIA
from tests.faults.schedule import Schedule, any_schedule
from tests.faults.server import FaultServer
from tests.faults.truth import truth
from tests.faults.verdict import tried

HANGS = 60
"""Seconds without an end of a run after which the stacks of all threads are printed, and it is over."""
RANDOM = 1_500
"""Random schedules for each transport."""


def main(arguments: list[str]) -> int:
    """Make the runs; 0 where all held."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench faults", description="Every fault, many times.")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32), help="of the random schedules")
    parser.add_argument("--random", type=int, default=RANDOM, help="random schedules for each transport")
    parser.add_argument("--every", type=int, default=1, help="cut at every Nth byte")
    parser.add_argument("--via", choices=[*VIA], action="append", help="only through this; else through all")
    given = parser.parse_args(arguments)
    print(f"seed {given.seed}", flush=True)
    dice = random.Random(given.seed)
    drawn = [any_schedule(dice) for _ in range(given.random)]
    cuts = [Schedule("cut", place) for place in range(0, len(truth("frames").data), given.every)]
    failures = sum([_all_of(via, [*cuts, *drawn]) for via in given.via or VIA])
    print("all held" if not failures else f"{failures} runs went wrong")
    return 1 if failures else 0


def _all_of(via: str, schedules: list[Schedule]) -> int:
    """The runs of one transport; how many of them went wrong."""
    ends, failures, slowest, started = Counter[str](), 0, 0.0, time.monotonic()
    with FaultServer() as server:
        tried(via, server, Schedule())  # imports what it needs
        for schedule in _watched(schedules):
            verdict = tried(via, server, schedule)
            ends[f"{verdict.reply.status} {type(verdict.reply.error).__name__}"] += 1
            slowest = max(slowest, verdict.seconds)
            failures += bool(verdict.complaints)
            for complaint in verdict.complaints:
                print(f"{via}: {complaint}\n    {schedule!r}", flush=True)
    seconds = time.monotonic() - started
    print(f"{via}: {len(schedules):,} runs in {seconds:.0f} s, the slowest {slowest:.2f} s; {failures} went wrong")
    print("".join(f"    {count:6,} {end}\n" for end, count in ends.most_common()), end="", flush=True)
    return failures


def _watched(schedules: Iterable[Schedule]) -> Iterator[Schedule]:
    for schedule in schedules:
        faulthandler.dump_traceback_later(HANGS, exit=True)
        yield schedule
    faulthandler.cancel_dump_traceback_later()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""``python -m tests.fuzz decoder|recording|markdown --minutes 10``: what is found is printed, as small as it goes."""

from __future__ import annotations

import argparse
import importlib
import random
import sys
import time
import traceback
from itertools import count

from hypothesis import HealthCheck, seed, settings

from tests.home import own_home

TARGETS = ("decoder", "recording", "markdown")
ROUND = 1_000
"""Examples of a round, which has a seed of its own."""


def main() -> int:
    """Try until the time is over, or something is found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32), help="of the first round")
    given = parser.parse_args()
    examples, started = count(), time.monotonic()
    target = importlib.import_module(f"tests.fuzz.{given.target}").target
    for number in count(given.seed):
        try:
            seed(number)(settings(FUZZING, max_examples=ROUND)(target(lambda: next(examples))))()
        except Exception:
            traceback.print_exc()
            print(f"{given.target}: found with --seed {number} after {time.monotonic() - started:.0f} s")
            return 1
        if time.monotonic() - started > 60 * given.minutes:
            break
    minutes = (time.monotonic() - started) / 60
    print(f"{given.target}: nothing found in {next(examples):,} examples, {minutes:.1f} minutes, --seed {given.seed}")
    return 0


FUZZING = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
"""No time limit of its own, and no memory of earlier finds."""


if __name__ == "__main__":
    with own_home():
        sys.exit(main())

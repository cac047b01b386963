"""``python -m tests.bench``: CPU and memory of a token, ours beside the loops that people write.

``python -m tests.bench faults``, ``interrupts`` and ``kills`` do many times what the tests do sometimes.
Everything is on this machine: a server of prepared streams in one process, each measurement in a fresh one. The
exit status is 0 unless something broke: a claim that does not hold is said, and is no failure.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import version

from tests.bench import faults, interrupts, kills
from tests.bench.children import running_server
from tests.bench.figures import Figures
from tests.bench.plan import QUICK, Plan, Tasks, measured
from tests.bench.report import report

OTHERS = {"faults": faults.main, "interrupts": interrupts.main, "kills": kills.main}
"""Benchmarks of what must hold, by the word that asks for them."""


def main() -> int:
    """Measure, and print the report; or hand over to one of the others."""
    if sys.argv[1:2] and sys.argv[1] in OTHERS:
        return OTHERS[sys.argv[1]](sys.argv[2:])
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="What a token costs, beside peers.")
    parser.add_argument("--quick", action="store_true", help="about a minute, and rough; else some five minutes")
    plan = QUICK if parser.parse_args().quick else Plan()
    start = time.monotonic()
    print(_machine(), flush=True)
    try:
        with running_server() as base_url:
            tasks = Tasks(plan, base_url)
            results = measured(tasks)
    except subprocess.SubprocessError as error:
        print(f"A measurement broke: {error}", file=sys.stderr)
        return 1
    print(f"measured in {time.monotonic() - start:.0f} s, {_load()}\n")
    print("\n".join(report(Figures(tasks, results))).rstrip())
    return 0


def _machine() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in ("openai", "requests", "jiter"))
    return f"Python {platform.python_version()}, {versions}; {os.cpu_count()} cores, {_load()}"


def _load() -> str:
    """How busy the machine is: above 2 or so, measure again."""
    return f"load {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    sys.exit(main())

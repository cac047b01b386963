"""``python -m tests.bench``: what a token costs, ours beside what people write; ``tokens`` or ``display`` for one part.

``python -m tests.bench faults``, ``interrupts`` and ``kills`` do many times what the tests do sometimes, ``sizes``
says what an answer takes on disk, ``log`` what a log of 10,000 answers costs, ``schema`` the parsing of JSON, and
``replay`` how exactly a replay keeps the gaps.
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
from collections.abc import Iterator
from importlib.metadata import version

from tests.bench import faults, gaps, interrupts, kills, log_of_many, sizes, structured
from tests.bench.children import running_server
from tests.bench.figures import Figures
from tests.bench.plan import QUICK, Plan, Tasks, measured
from tests.bench.report import report
from tests.home import own_home

OTHERS = {
    "faults": faults.main,
    "interrupts": interrupts.main,
    "kills": kills.main,
    "log": log_of_many.main,
    "replay": gaps.main,
    "schema": structured.main,
    "sizes": sizes.main,
}
"""Benchmarks apart from the report, by the word that asks for them."""


def main() -> int:
    """Measure, and print the report; or hand over to one of the others."""
    if sys.argv[1:2] and sys.argv[1] in OTHERS:
        return OTHERS[sys.argv[1]](sys.argv[2:])
    arguments = _parser().parse_args()
    print(_machine(), flush=True)
    for part in (arguments.part,) if arguments.part else PARTS:
        start = time.monotonic()
        try:
            lines = list(PARTS[part](quick=arguments.quick))
        except subprocess.SubprocessError as error:
            print(f"A measurement broke: {error}", file=sys.stderr)
            return 1
        print(f"{part} measured in {time.monotonic() - start:.0f} s, {_load()}\n")
        print("\n".join(lines).rstrip() + "\n", flush=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="What a token costs, beside peers.",
        epilog=f"Others: {', '.join(OTHERS)}; each has a --help of its own.",
    )
    parser.add_argument(
        "part",
        nargs="?",
        choices=list(PARTS),
        help="only this part: the CPU and memory of a token, or its way to the screen of JupyterLab",
    )
    parser.add_argument("--quick", action="store_true", help="some four minutes, and rough; else over half an hour")
    return parser


def _tokens(*, quick: bool) -> Iterator[str]:
    with running_server() as base_url:
        tasks = Tasks(QUICK if quick else Plan(), base_url)
        results = measured(tasks)
    yield from report(Figures(tasks, results))


def _display(*, quick: bool) -> Iterator[str]:
    from tests.bench.lab.measure import displayed  # needs a browser, as the other part does not

    return displayed(quick=quick)


PARTS = {"tokens": _tokens, "display": _display}


def _machine() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in ("openai", "requests", "jiter"))
    return f"Python {platform.python_version()}, {versions}; {os.cpu_count()} cores, {_load()}"


def _load() -> str:
    """How busy the machine is: above 2 or so, measure again."""
    return f"load {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    with own_home():
        sys.exit(main())

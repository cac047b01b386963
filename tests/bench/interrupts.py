"""``python -m tests.bench interrupts``: 200 interrupts at random moments in a real kernel, half of them double.

Half of the cells have ``await`` in them. After each the variables must be whole and the next cell must work.
"""

from __future__ import annotations

import argparse
import os
import queue
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass

from sfstream.demo.server import DemoServer
from sfstream.wire.transport import VIA
from tests.kernel import Kernel, Result
from tests.notebook.test_kernel import CELLS

MODELS = ("rate-200", "rate-50", "stall-before-headers", "stall-after-headers", "stall-after-5", "reasoning", "long")
LATEST = 0.6
"""Seconds after its start in which a cell is interrupted; some have ended by then, some have not begun."""
SLOW = 3.0
"""Seconds from the interrupt to the end of the cell that are too many, on a busy machine too."""
SEEN = "print((sf_reply.status, sf_content == sf_reply.content, sf_reasoning == sf_reply.reasoning))"


@dataclass
class Tally:
    """What came of them.

    Attributes:
        seconds: from each interrupt to the end of its cell.
        stopped: how many answers were stopped.
        before: how many interrupts came before the answer had begun to run, or after its end.
        lost: how many interrupts hit ipykernel itself, which then forgets to say that the cell has ended.
        failures: what went wrong.
    """

    seconds: list[float]
    stopped: int
    before: int
    lost: int
    failures: list[str]


def main(arguments: list[str]) -> int:
    """Interrupt; 0 where all held."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench interrupts", description="Interrupts, many times.")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32), help="of the moments")
    parser.add_argument("--runs", type=int, default=200, help="how many")
    given = parser.parse_args(arguments)
    print(f"seed {given.seed}", flush=True)
    tally = Tally([], 0, 0, 0, [])
    with tempfile.TemporaryDirectory() as home, DemoServer() as demo:
        theirs = {"HOME": home, "XDG_DATA_HOME": home, "SILICONFLOW_BASE_URL": demo.base_url, "PYTHONPATH": os.getcwd()}
        with Kernel(**theirs) as kernel:
            kernel.run("%load_ext sfstream\nimport asyncio")
            _interrupted(kernel, random.Random(given.seed), given.runs, tally)
    return _told(tally)


def _interrupted(kernel: Kernel, dice: random.Random, runs: int, tally: Tally) -> None:
    for number in range(runs):
        code = CELLS[dice.randrange(2)].format(model=f"demo/{dice.choice(MODELS)}", via=dice.choice([*VIA]))
        kernel.run("sf_reply = sf_content = sf_reasoning = None")
        cell = kernel.start(code)
        time.sleep(dice.uniform(0, LATEST))  # the random moment
        started = time.monotonic()
        kernel.interrupt()
        if number % 2:
            time.sleep(dice.uniform(0, 0.3))
            kernel.interrupt()
        try:
            result = kernel.result(cell, seconds=SLOW)
        except queue.Empty:  # it came between the end of the cell and the kernel's own answer, and took that away
            tally.lost += 1
            tally.failures += _wrong_after_a_lost_answer(kernel, number)
            continue
        tally.seconds.append(time.monotonic() - started)
        tally.failures += [f"{number}: {what}: {code!r}" for what in _wrong(kernel, result, tally)]


def _wrong(kernel: Kernel, result: Result, tally: Tally) -> list[str]:
    """What does not hold after a cell."""
    wrong = [f"took {tally.seconds[-1]:.2f} s"] if tally.seconds[-1] > SLOW else []
    bound = kernel.run("print(sf_reply is not None)")
    if bound.stdout != "True\n":  # it was over before there was an answer to keep
        tally.before += 1
        return wrong + ([] if bound.stdout == "False\n" else [f"the next cell gave {bound.error or bound.stdout!r}"])
    seen = kernel.run(SEEN)
    was_stopped = result.error.startswith("Stopped: ")
    tally.stopped += was_stopped
    tally.before += not was_stopped
    wanted = "stopped" if was_stopped else "complete"
    if seen.stdout != f"{(wanted, True, True)}\n":
        wrong.append(f"{result.error or result.status}, and then {seen.error or seen.stdout!r}")
    return wrong


def _wrong_after_a_lost_answer(kernel: Kernel, number: int) -> list[str]:
    """What does not hold where the cell is over but nothing says how."""
    seen = kernel.run("print(sf_reply is None or (sf_content, sf_reasoning) == (sf_reply.content, sf_reply.reasoning))")
    return [] if seen.stdout == "True\n" else [f"{number}: the next cell gave {seen.error or seen.stdout!r}"]


def _told(tally: Tally) -> int:
    print("\n".join(tally.failures) or "all held")
    ordered = sorted(tally.seconds)
    middle, most = statistics.median(ordered), ordered[-1]
    print(f"{len(ordered) + tally.lost} interrupts: {tally.stopped} answers stopped, {tally.before} beside an answer")
    print(f"{tally.lost} in ipykernel's own work")
    print(f"to the end of the cell: {middle:.3f} s in the middle, {most:.3f} s at most, the second click included")
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

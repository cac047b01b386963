"""One measurement, in a fresh process: its imports, connections and memory are nobody else's.

``python -m tests.bench.measure JSON`` runs the `Task` that the JSON is, and prints a `Result` as JSON.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
import tracemalloc
from dataclasses import asdict, dataclass

from tests.bench import server
from tests.bench.contestants import DECODER, Contestant, Said, contestant

WARM = 20
"""Tokens of the first stream, which is not measured."""


@dataclass(frozen=True)
class Task:
    """What to measure.

    Attributes:
        who: the contestant.
        tokens: of each stream.
        base_url: of the server.
        streams: how many, one after the other.
        rate: tokens a second; 0 for as fast as it goes.
        memory: to measure memory, not time.
    """

    who: str
    tokens: int
    base_url: str
    streams: int = 1
    rate: int = 0
    memory: bool = False


@dataclass(frozen=True)
class Result:
    """What was measured.

    Attributes:
        cpu: seconds of CPU for a stream, of all threads of the process, in user mode and in the system.
        children: the same of its children (curl).
        kept: bytes allocated while the answer is held.
        peak: most bytes allocated on the way.
        text: bytes of the text.
        raw: bytes of the recording.
    """

    cpu: float = 0.0
    children: float = 0.0
    kept: int = 0
    peak: int = 0
    text: int = 0
    raw: int = 0


def measure(task: Task) -> Result:
    """Warm up with a short stream and measure."""
    ask = contestant(task.who, task.base_url)
    model = server.model(task.tokens, task.rate)
    if task.who == DECODER:
        server.frames(task.tokens)  # made before, not on the way
    _checked(ask(server.model(WARM)), WARM)
    gc.collect()
    return _memory(ask, model, task.tokens) if task.memory else _time(ask, model, task)


def _time(ask: Contestant, model: str, task: Task) -> Result:
    own, children = time.process_time(), _of_children()
    for _ in range(task.streams):
        _checked(ask(model), task.tokens)
    return Result(cpu=(time.process_time() - own) / task.streams, children=(_of_children() - children) / task.streams)


def _memory(ask: Contestant, model: str, tokens: int) -> Result:
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    said = _checked(ask(model), tokens)
    gc.collect()
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return Result(kept=kept - before, peak=peak - before, text=len(said.text.encode()), raw=said.raw)


def _checked(said: Said, tokens: int) -> Said:
    """A measurement of less than the whole answer would be worth nothing."""
    assert said.tokens == tokens, f"asked for {tokens} tokens, got {said.tokens}"
    assert len(said.text) >= tokens
    return said


def _of_children() -> float:
    """Seconds of CPU of the children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    print(json.dumps(asdict(measure(Task(**json.loads(sys.argv[1]))))))

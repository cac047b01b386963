"""``python -m tests.bench kills``: a process is killed at a random moment while its answer streams, 200 times.

What the log gives back is held against the times at which the server had sent its bytes: all that had gone out
100 ms before the kill must be there, and nothing else may be.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import random
import socket
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from itertools import accumulate

from sfstream import log
from sfstream.core.recording import Recording
from sfstream.wire.transport import VIA
from tests.bench.server import frames

BEHIND = 0.1
"""Seconds that the log may be behind the wire."""
LATEST = 0.5
"""Seconds after the first byte of the answer in which the process is killed."""
PAUSE = 0.003
"""Seconds between two frames."""
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


@dataclass
class Sender:
    """Answers one request with a frame every few milliseconds, and notes when each went out.

    Attributes:
        sent: the time of each.
        begun: set once the first is sent.
    """

    count: int
    sent: list[float] = field(default_factory=list)
    begun: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        connection, _ = self._socket.accept()
        with connection, contextlib.suppress(OSError):  # the client is killed
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            data = b""
            while b"Hello" not in data:
                data += connection.recv(65536)
            connection.sendall(_HEAD)
            for frame in frames(self.count):
                connection.sendall(frame)
                self.sent.append(time.monotonic())
                self.begun.set()
                time.sleep(PAUSE)


def ask(port: int, via: str, busy: int) -> None:
    """What the process does that is killed, beside so many threads that keep Python busy."""
    import sfstream

    for _ in range(busy):
        threading.Thread(target=_spin, daemon=True).start()
    os.environ["SILICONFLOW_BASE_URL"] = f"http://127.0.0.1:{port}/v1"
    with contextlib.suppress(sfstream.errors.SfStreamError):
        sfstream.chat("Hello", model="m", via=via, display="off")


def _spin() -> None:
    while True:
        pass


def main(arguments: list[str]) -> int:
    """Kill; 0 where all held."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench kills", description="Killed processes, many times.")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32), help="of the moments")
    parser.add_argument("--runs", type=int, default=200, help="how many")
    parser.add_argument("--busy", type=int, default=0, help="threads that keep Python busy beside the answer")
    given = parser.parse_args(arguments)
    print(f"seed {given.seed}", flush=True)
    dice, lags, whole, failures = random.Random(given.seed), list[float](), 0, 0
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(HOME=home, XDG_DATA_HOME=home)  # before the processes start, which inherit them
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["sfstream.api", "openai", "requests", "tests.bench.kills"])
        for number in range(given.runs):
            via, count = dice.choice([*VIA]), dice.choice((30, 100, 300))
            lag, problem = _killed(context, via, count, given.busy, dice.uniform(0, LATEST))
            lags.append(lag)
            whole += bool(log.count()) and log.last().status == "complete"
            failures += bool(problem)
            if problem:
                print(f"{number}: {via}, {count} frames: {problem}", flush=True)
    print(f"{given.runs} kills, {whole} of them after the end; {failures} went wrong")
    late = [lag for lag in lags if lag]
    print(f"the log was behind the wire {len(late)} times, by {1000 * max(late, default=0):.0f} ms at most")
    return 1 if failures else 0


def _killed(
    context: multiprocessing.context.ForkServerContext, via: str, count: int, busy: int, after: float
) -> tuple[float, str]:
    """Ask in a process, kill it; the seconds that the log was behind, and what is wrong with it."""
    sender, before = Sender(count), log.count()
    process = context.Process(target=ask, args=(sender.port, via, busy))
    process.start()
    if not sender.begun.wait(60):
        return 0.0, "it never asked"
    time.sleep(after)  # the random moment
    killed = time.monotonic()
    process.kill()
    process.join()
    sender.close()
    if log.count() == before:
        lag = killed - sender.sent[0]
        return lag, f"nothing is in the log after {1000 * lag:.0f} ms" if lag > BEHIND else ""
    recording = log.last().recording
    assert isinstance(recording, Recording)
    return _compared(recording.data, frames(count), [sent for sent in sender.sent if sent < killed], killed)


def _compared(kept: bytes, wanted: tuple[bytes, ...], sent: list[float], killed: float) -> tuple[float, str]:
    if not b"".join(wanted).startswith(kept):
        return 0.0, "what is in the log was not sent"
    ends = accumulate(map(len, wanted))
    missing = [time for time, end in zip(sent, ends, strict=False) if end > len(kept)]
    lag = killed - missing[0] if missing else 0.0
    return lag, f"the log is {1000 * lag:.0f} ms behind" if lag > BEHIND else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

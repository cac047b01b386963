"""``python -m tests.bench replay``: how exactly ``--replay`` and the player keep the gaps of a recording.

The same answer, of tokens at random times and with a pause in which the model thinks, is replayed in this process while
a widget shows it, and played in a browser from the page of ``save("answer.html")`` with all panes open. The error of a
gap is the difference between the gap as it was played and as it was recorded.
"""

from __future__ import annotations

import argparse
import itertools
import math
import os
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from sfstream import StreamView
from sfstream.core.events import Chunk
from sfstream.core.message import Message
from sfstream.core.recording import End, Head, Recording
from sfstream.core.request import ChatRequest
from sfstream.demo.compose import Script, frames_of
from sfstream.demo.prepared import text
from sfstream.log.entries import reply_of
from sfstream.run.consume import consume
from sfstream.run.loop import Run
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.replay import ReplayTransport
from tests.bench.server import ASKED
from tests.bench.sizes import tokens_like
from tests.browser.page import browser

PACE = 50
"""Tokens a second, on average."""
THINKING = 3.0
"""Seconds of the pause."""
MOST = 20.0
"""Milliseconds of error that one gap in a hundred may exceed."""
_PLAY = """() => new Promise((done) => {
  const player = document.querySelector(".sfstream-player");
  const last = Number(player.querySelector("[type=range]").max);
  const times = [];
  player.addEventListener("sfstream-frame", ({ detail }) => {
    times.push(performance.now() / 1000);
    if (detail.frame === last) done(times);
  });
  player.querySelector(".sfstream-play").click();
})"""


def main(arguments: list[str]) -> int:
    """Play both, and print the distribution of their errors."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench replay", description="Error of the gaps of a replay.")
    parser.add_argument("--tokens", type=int, default=1000, help="of the answer")
    parser.add_argument("--pace", type=float, default=PACE, help="tokens a second, on average")
    given = parser.parse_args(arguments)
    recording = recorded(given.tokens, given.pace)
    recorded_gaps = gaps([chunk.t for chunk in recording.chunks])
    print(f"{given.tokens:,} tokens, {given.pace:g} a second; load {os.getloadavg()[0]:.1f}\n")
    print(f"{'milliseconds':32}{'median':>10}{'p90':>10}{'p99':>10}{'max':>10}")
    print(_row("gaps as recorded", recorded_gaps), flush=True)
    for name, times in (("--replay, in Python", replayed(recording)), ("the player, in Chromium", played(recording))):
        errors = [abs(one - other) for one, other in zip(gaps(times), recorded_gaps, strict=True)]
        held = "" if quantile(errors, 0.99) * 1000 <= MOST else f"   p99 is above {MOST:g} ms"
        print(_row(f"error of {name}", errors) + held, flush=True)
    print(f"load {os.getloadavg()[0]:.1f}")
    return 0


def recorded(tokens: int, pace: float) -> Recording:
    """Return an answer whose tokens came at random times, and a long pause in its middle."""
    dice, t, chunks = random.Random(7), 0.4, []
    for number, data in enumerate(frames_of(ASKED, Script(tokens_like(text("long"), 4, tokens)))):
        chunks.append(Chunk(t, data))
        t += dice.expovariate(pace) + (THINKING if number == tokens // 2 else 0)
    return Recording(Head(ASKED), chunks, End("complete"))


class _Arrivals:
    """Sink that notes when each chunk arrived."""

    warning: Message | None = None

    def __init__(self) -> None:
        self.times: list[float] = []

    def begin(self, head: Head) -> None:
        """See `Sink.begin`."""

    def add(self, _: Chunk) -> None:
        """See `Sink.add`."""
        self.times.append(time.perf_counter())

    def end(self, end: End) -> None:
        """See `Sink.end`."""


def replayed(recording: Recording) -> list[float]:
    """Return when the chunks of a replay arrived, while a widget showed the answer."""
    arrivals = _Arrivals()
    request, endpoint = ChatRequest.from_body(recording.request), Endpoint("http://127.0.0.1:9/v1", None)
    consume(Run(request, ReplayTransport(recording), endpoint, sinks=[arrivals]), StreamView())
    return arrivals.times


def played(recording: Recording) -> list[float]:
    """Return when the player passed the frames, which are as many as the chunks."""
    with tempfile.TemporaryDirectory() as folder, browser() as page:
        path = Path(folder, "answer.html")
        reply_of(recording).save(path)
        page.goto(path.as_uri())
        page.locator(".sfstream-player").wait_for()
        times: list[float] = page.evaluate(_PLAY)
    return times


def gaps(times: Sequence[float]) -> list[float]:
    """Return the seconds between each two times."""
    return [later - earlier for earlier, later in itertools.pairwise(times)]


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of all does not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def _row(name: str, seconds: Sequence[float]) -> str:
    figures = [quantile(seconds, share) * 1000 for share in (0.5, 0.9, 0.99, 1)]
    return f"{name:32}" + "".join(f"{figure:>10.2f}" for figure in figures)

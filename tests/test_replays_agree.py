"""Live, replayed and in the player, an answer is the same: for every answer and every fault of the demo server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

import sfstream
from sfstream.core import config
from sfstream.core.events import Event
from sfstream.core.inspection import Traced
from sfstream.core.reply import Reply
from sfstream.demo.models import MODELS
from sfstream.demo.server import DemoServer
from sfstream.display.player_data import player_data
from sfstream.errors import SfStreamError, StreamStalled
from sfstream.markdown.stream import balanced
from sfstream.wire.inspect import traced
from tests.display.view_page import Page
from tests.markdown.growing import unbroken

NO_STREAM = "status- stall-before close-without redirect busy- retry-after echo-key no-json json-in rate- slow"
"""Beginnings of the names of models that send no stream at all, or that of another model at another pace."""
NAMES = [
    name.replace("fast-1000", "fast-100")
    for model in MODELS
    if not (name := model.name.removeprefix("demo/")).startswith(tuple(NO_STREAM.split()))
]


@dataclass
class Seen:
    """What is known of an answer at its end, and what was on the screen."""

    events: list[Event]
    reply: dict[str, Any]
    about: list[str]
    display: dict[str, str]


@pytest.fixture(autouse=True)
def impatient() -> None:
    """Nothing is sent again, and a silence is soon over."""
    config.settings.update(retries=0, first_byte=0.6, between=0.3, log=False)


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """The events that replies are made of meanwhile."""
    noted: list[Event] = []
    add = Reply.add

    def note(reply: Reply, event: Event, t: float) -> None:
        noted.append(event)
        add(reply, event, t)

    monkeypatch.setattr(Reply, "add", note)
    return noted


def ask(**how: Any) -> Reply:
    """Return the reply, however it ends."""
    try:
        return sfstream.chat("Hello", **how)
    except SfStreamError as error:
        return cast("Reply", error.reply)


def facts(reply: Reply) -> dict[str, Any]:
    """What a reply says of itself, but for where it came from."""
    names = ["content", "reasoning", "tool_calls", "finish_reason", "status", "usage", "model", "trace_id", "source"]
    return {name: getattr(reply, name) for name in names} | {
        "notes": [*map(str, reply.notes)],
        "error": type(reply.error),
    }


def arrivals(reply: Reply) -> list[float]:
    """When the first token, the first content and the last byte came, which a recording rounds."""
    timing = reply.timing
    return [t or 0.0 for t in (timing.first_token, timing.first_content, timing.total)]


def shown(events: list[Event], pages: list[Page], **how: Any) -> tuple[Reply, Seen]:
    """Ask with a live view, and return what it showed at last."""
    events.clear()
    reply = ask(into=sfstream.StreamView(), **how)
    page = pages[-1]
    display = {name: unbroken(balanced(*page.shown(name))) for name in ("reasoning", "content")}
    captions = [update["captions"] for update in page.of("update") if "captions" in update][-1]
    display |= {name: captions[name] for name in ("calls", "summary")}
    return reply, Seen([*events], facts(reply), captions["lines"], display)


def played(made: Traced) -> Seen:
    """Return what the player shows after its last update, applied as its script does."""
    data = player_data([made], ["answer"])["replies"][0]
    parts: dict[str, tuple[list[Any], bytes]] = {"reasoning": ([], b""), "content": ([], b"")}
    around = {"calls": "", "summary": ""}
    for _, update in data["updates"]:
        around |= {name: update[name] for name in around if name in update}
        for name, part in update.get("parts", {}).items():
            steps, rest = parts[name]
            rest = rest[: 2 * part["keep"]] + part["text"].encode("utf-16-le")
            assert 2 * part["length"] == len(rest)
            parts[name] = [*steps, *part["steps"]], rest
    display = {
        name: unbroken(balanced(steps, rest.decode("utf-16-le"))) for name, (steps, rest) in parts.items()
    } | around
    frames = made.inspection.frames
    return Seen(
        [*(event for frame in frames for event in frame.events), *made.inspection.late],
        facts(made.reply),
        data["about"],
        display,
    )


def as_live(replayed: Seen, reply: Reply) -> Seen:
    """Return what was seen of a replay without what it says of itself. A recording does not say why it was cut."""
    replayed.about[0] = re.sub(r" · played from a recording of \S+, \S+ \S+", "", replayed.about[0])
    if isinstance(reply.error, StreamStalled):
        replayed.reply["error"] = StreamStalled
    return replayed


@pytest.mark.sampled
@pytest.mark.parametrize("name", NAMES)
def test_an_answer_is_the_same_however_it_comes(
    name: str, asking_demo: DemoServer, pages: list[Page], events: list[Event], tmp_path: Path
) -> None:
    """Its events, texts, status, usage and notes, and what is on the screen at the end."""
    file = tmp_path / "answer.jsonl"
    reply, live = shown(events, pages, model=f"demo/{name}", via="requests", record=file)
    again, replayed = shown(events, pages, replay=file, speed="max")
    assert live == played(traced(reply))
    assert live == as_live(replayed, reply)
    if reply.recording and reply.recording.chunks:
        assert arrivals(reply) == pytest.approx(arrivals(again), abs=1e-5)

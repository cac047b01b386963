"""Pages with the player of a recording, which are opened from a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

from sfstream.core.events import Chunk
from sfstream.core.inspection import Traced
from sfstream.core.recording import Head, Recording
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.display.component import PANES, component
from sfstream.wire.inspect import traced

THOUGHTS = ["Let me ", "think **hard**."]
WORDS = ["# Hello\n", "\nThe ", "**answer** ", "你好", "😀 ", "is $5.\n", "\n- one\n", "- two"]


def frame(finish: str | None = None, **delta: str) -> bytes:
    """An SSE message with a delta."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return f"data: {json.dumps({'id': '1', 'choices': [choice]}, ensure_ascii=False)}\n\n".encode()


def frames(thoughts: Sequence[str] = THOUGHTS, words: Sequence[str] = WORDS) -> list[bytes]:
    """The messages of an answer."""
    return [
        *(frame(reasoning_content=text) for text in thoughts),
        b": keep-alive\n\n",
        *(frame(content=text) for text in words),
        frame("stop", content=""),
        b"data: [DONE]\n\n",
    ]


def recorded(chunks: Sequence[bytes], gap: float = 0.02, model: str = "a/model") -> Traced:
    """A reply whose chunks arrived at equal times."""
    recording = Recording(
        Head({"model": model}), [Chunk(round(gap * (i + 1), 4), data) for i, data in enumerate(chunks)]
    )
    reply = Reply(ChatRequest(model=model, messages=({"role": "user", "content": "hi"},)), via="replay")
    reply.recording = recording
    taken = traced(reply)
    for each in taken.inspection.frames:
        for event in each.events:
            reply.add(event, taken.inspection.chunks[each.chunk].t)
    reply.end(gap * len(chunks), None)
    return taken


def open_players(page: Page, folder: Path, *components: str) -> list[Locator]:
    """Open a page with these components, each with a static form; give where they stand."""
    place = '<div class="sfstream-recording"><div class="sfstream-static">static</div>{}</div>'
    path = folder / "player.html"
    path.write_text('<!doctype html><meta charset="utf-8">' + "".join(map(place.format, components)), "utf-8")
    page.goto(path.as_uri())
    return page.locator(".sfstream-recording").all()


def open_player(page: Page, folder: Path, taken: Traced, **asked: Any) -> Locator:
    """Open a page with one player, all panes open; give it."""
    [place] = open_players(page, folder, component([taken], asked.get("panes", PANES)))
    player = place.locator(".sfstream-player")
    player.wait_for()
    return player

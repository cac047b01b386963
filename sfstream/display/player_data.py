"""The data of the player: replies and their recordings as JSON can hold them. ``page/player.js`` shows it. No I/O.

The HTML is made and sanitised here, by the renderer of the live view, so that the display after each frame equals what
the live view shows after the same text. Everything else is plain text.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sfstream.core.events import Chunk, ContentWasReasoning, Delta, Event, Finish, ToolCallDelta, Usage
from sfstream.core.inspection import Frame, Inspection, Traced, became
from sfstream.core.message import Message
from sfstream.core.reply import Reply
from sfstream.display.captions import captions, closing_lines, final_captions
from sfstream.display.ending import ending
from sfstream.display.mimebundle import calls_block
from sfstream.display.player_labels import player_labels
from sfstream.display.translations import translate
from sfstream.markdown.patch import Growth

VERSION = 1
COARSE = 100
"""An update is left out while less than one part in COARSE has been added to the paragraph: each one renders it anew. A
paragraph of 2,000 tokens took 12 s without this, and takes 1 s."""


def player_data(traced: Sequence[Traced], panes: Sequence[str]) -> dict[str, Any]:
    """Return what the player shows.

    Args:
        traced: the replies with their recordings. The first is played; the others are lanes of the timeline, so of them
            neither the bytes nor the display are included.
        panes: the panes that are open at the start.
    """
    replies = [_reply(each, is_played=not place) for place, each in enumerate(traced)]
    return {"version": VERSION, "open": list(panes), "labels": player_labels(), "replies": replies}


def _reply(traced: Traced, *, is_played: bool) -> dict[str, Any]:
    reply, inspection = traced
    return {
        "model": reply.model,
        "ending": end.html() if (end := ending(reply)) else "",
        "about": closing_lines(reply),
        "chunks": [_chunk(chunk) if is_played else [_rounded(chunk.t), ""] for chunk in inspection.chunks],
        "frames": [
            [frame.end, frame.chunk, frame.kind, pairs]
            for frame, pairs in zip(inspection.frames, _became(inspection), strict=True)
        ],
        "marks": _marks(inspection.frames),
        "updates": list(_updates(traced)) if is_played else [],
    }


def _chunk(chunk: Chunk) -> list[Any]:
    """Return the time and the bytes of a chunk, as in the file of a recording."""
    try:
        return [_rounded(chunk.t), chunk.data.decode()]
    except UnicodeDecodeError:
        return [_rounded(chunk.t), {"base64": base64.b64encode(chunk.data).decode()}]


def _rounded(t: float) -> float:
    return round(t, 4)  # more digits are noise, which no compression makes smaller


def _became(inspection: Inspection) -> list[list[tuple[str, str]]]:
    """Return what each frame became. The last frame has what the end of the stream brought, too."""
    of_frames = [became(frame.events, translate(frame.explanation)) for frame in inspection.frames]
    if of_frames:
        of_frames[-1] += became(inspection.late, translate(inspection.explanation))
    return of_frames


def _marks(frames: Sequence[Frame]) -> dict[str, int]:
    """Return the frames that a reader may want to jump to, by name."""
    marks: dict[str, int] = {}
    for number, frame in enumerate(frames):
        for event in frame.events:
            if isinstance(event, Delta | ToolCallDelta):
                marks.setdefault("first token", number)
            if isinstance(event, Delta) and event.content:
                marks.setdefault("first content", number)
            if isinstance(event, ContentWasReasoning):
                marks.pop("first content", None)
            if isinstance(event, Finish):
                marks.setdefault("finish", number)
    return marks


def _updates(traced: Traced) -> Iterator[list[Any]]:
    """Yield the updates of the display: the number of a frame, and what is new after it."""
    reply, inspection = traced
    display, last = _Display(reply), len(inspection.frames) - 1
    shown = _shown_choice(inspection)
    for number, frame in enumerate(inspection.frames):
        events = frame.events + (inspection.late if number == last else ())
        own = [event for event in events if isinstance(event, Usage) or event.index == shown]
        t = inspection.chunks[frame.chunk].t
        if update := display.update(own, t, last=number == last):
            yield [number, update]


def _shown_choice(inspection: Inspection) -> int:
    """Return the index of the choice that the reply shows in the end: of several, the first."""
    events = [*(event for frame in inspection.frames for event in frame.events), *inspection.late]
    indices = {event.index for event in events if not isinstance(event, Usage)}
    return 0 if 0 in indices else min(indices, default=0)


class _Display:
    """The display of a reply while it grows again, event by event."""

    def __init__(self, reply: Reply) -> None:
        self._ended = reply
        self._reply = Reply(reply.request, via=reply.via)
        self._growth = Growth(reply.format)
        self._around = {"calls": "", "summary": ""}
        self._shown = 0  # characters of both texts at the last update

    def update(self, events: Sequence[Event], t: float, *, last: bool) -> dict[str, Any]:
        """Add events, and return what they change; empty if nothing.

        Args:
            events: the events of one frame.
            t: when it arrived.
            last: whether nothing more comes.
        """
        for event in events:
            self._reply.add(event, t)
        if not last and all(isinstance(event, Usage | Finish) for event in events):
            return {}
        texts = {"reasoning": self._reply.reasoning, "content": self._reply.content}
        now = final_captions(self._ended) if last else captions(self._reply, Message(""), int(t))
        around = {"calls": calls_block(now.calls), "summary": now.summary}
        changed = {name: text for name, text in around.items() if text != self._around[name]}
        is_other = not self._growth.is_start_of(texts)  # what was content has become reasoning
        if not (last or changed or is_other or self._is_worth_showing(texts)):
            return {}
        self._around, self._shown = around, sum(map(len, texts.values()))
        if is_other:
            self._growth = Growth(self._reply.format)
        parts = self._growth.frame(texts, last=last)
        return ({"parts": parts} if parts else {}) | ({"again": True} if is_other else {}) | changed

    def _is_worth_showing(self, texts: Mapping[str, str]) -> bool:
        growing = texts["content"] or texts["reasoning"]
        paragraph = len(growing) - growing.rfind("\n\n")
        return COARSE * (sum(map(len, texts.values())) - self._shown) >= paragraph

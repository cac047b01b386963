"""What a recording holds at three levels: chunks, frames, and what each frame became. Values only.

`sfstream.wire.inspect` fills them; the views of a recording in `sfstream.display` show them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from sfstream.core.events import Chunk, Delta, Event, Finish, ToolCallDelta, Usage
from sfstream.core.message import NOTHING, Message
from sfstream.core.reply import Reply
from sfstream.core.text import as_json

Kind: TypeAlias = Literal[
    "reasoning", "content", "tool call", "usage", "finish", "role", "keep-alive", "done", "error", "incomplete", "other"
]
"""What a frame is, by the most telling thing in it: ``role`` has a delta without text; ``keep-alive`` has no data;
``done`` is ``[DONE]``; ``incomplete`` is what the stream ended in; ``other`` is no event, was not understood, or came
after ``[DONE]`` or an error."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message of the SSE stream, or the bytes between two of them.

    Attributes:
        start: offset of its first byte in the body.
        end: offset after its last byte, the blank line included. The frames of a body follow each other without a gap.
        chunk: index of the chunk that completed it; its arrival is the arrival of the frame. A server that sends no
            blank lines between its frames completes them all at the end.
        kind: what it is.
        data: its ``data`` field, or the lines of a body that is no event stream; empty for a keep-alive.
        events: what it became. A withheld piece, such as half of an emoji, belongs to the frame that completes it.
        explanation: the message of the error that it raised; empty if none.
    """

    start: int
    end: int
    chunk: int
    kind: Kind
    data: str = ""
    events: tuple[Event, ...] = ()
    explanation: Message = NOTHING

    @property
    def error(self) -> str:
        """The explanation as an English text."""
        return str(self.explanation)

    @property
    def became(self) -> list[tuple[str, str]]:
        """What it became, as pairs of a name and a text: see `became`."""
        return became(self.events, self.error)


@dataclass(frozen=True)
class Inspection:
    """A recording, taken apart.

    Attributes:
        chunks: the chunks, as they arrived.
        frames: the frames, which hold every byte of the chunks.
        late: events that only the end of the stream brought.
        explanation: the message of the error that the end of the stream raised; empty if none.
    """

    chunks: Sequence[Chunk]
    frames: Sequence[Frame]
    late: tuple[Event, ...] = ()
    explanation: Message = NOTHING

    @property
    def error(self) -> str:
        """The explanation as an English text."""
        return str(self.explanation)


def became(events: Iterable[Event], error: str = "") -> list[tuple[str, str]]:
    """Return events and an error as pairs of a name and a text.

    The names are ``reasoning``, ``content``, ``content was reasoning``, ``tool call``, ``usage``, ``finish`` and
    ``error``.
    """
    named = [pair for event in events for pair in _named(event)]
    return [*named, ("error", error)] if error else named


def _named(event: Event) -> Iterator[tuple[str, str]]:
    if isinstance(event, Delta):
        yield from (pair for pair in (("reasoning", event.reasoning), ("content", event.content)) if pair[1])
    elif isinstance(event, ToolCallDelta):
        yield "tool call", event.name + event.arguments
    elif isinstance(event, Usage):
        yield "usage", as_json(event.counts)
    elif isinstance(event, Finish):
        yield "finish", event.reason
    else:
        yield "content was reasoning", ""


class Traced(NamedTuple):
    """A reply together with its recording, taken apart: what the views of a recording show."""

    reply: Reply
    inspection: Inspection

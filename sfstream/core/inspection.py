"""What a recording holds at three levels: chunks, frames, and what each frame became. Values only.

`sfstream.wire.inspect` fills them; the views of a recording in `sfstream.display` show them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from sfstream.core.events import Chunk, Event
from sfstream.core.reply import Reply

Kind: TypeAlias = Literal[
    "reasoning", "content", "tool call", "usage", "finish", "role", "keep-alive", "done", "error", "incomplete", "other"
]
"""What a frame is, by the most telling thing in it: ``role`` has a delta without text; ``done`` is ``[DONE]``;
``incomplete`` is what the stream ended in; ``other`` was not understood, or came after ``[DONE]``."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message of the SSE stream, or the bytes between two of them.

    Attributes:
        start: offset of its first byte in the body.
        end: offset after its last byte, the blank line included. The frames of a body follow each other without a gap.
        chunk: index of the chunk that completed it; its arrival is the arrival of the frame.
        kind: what it is.
        data: its ``data`` field, as the decoder takes it; empty for a keep-alive.
        events: what it became. A withheld piece, such as half of an emoji, belongs to the frame that completes it.
        error: text of the error that it raised; empty if none.
    """

    start: int
    end: int
    chunk: int
    kind: Kind
    data: str = ""
    events: tuple[Event, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class Inspection:
    """A recording, taken apart.

    Attributes:
        chunks: the chunks, as they arrived.
        frames: the frames, which hold every byte of the chunks.
        late: events that only the end of the stream brought.
        error: text of the error that the end of the stream raised; empty if none.
    """

    chunks: Sequence[Chunk]
    frames: Sequence[Frame]
    late: tuple[Event, ...] = ()
    error: str = ""


class Traced(NamedTuple):
    """A reply together with its recording, taken apart: what the views of a recording show."""

    reply: Reply
    inspection: Inspection

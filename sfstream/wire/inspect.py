"""Take a recording apart: its frames, the chunks that completed them, and what each became. No I/O.

There is no second decoder here. The bytes go through `CompletionDecoder`, as they do while an answer streams, but frame
by frame instead of chunk by chunk, so that it is known which frame brought which event.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from sfstream.core.events import Chunk, ContentWasReasoning, Delta, Event, Finish, Usage
from sfstream.core.inspection import Frame, Inspection, Kind, Traced
from sfstream.core.message import NOTHING, Message, joined, message
from sfstream.core.recording import Recording
from sfstream.core.reply import Reply
from sfstream.errors import MalformedStream, RecordingError, SfStreamError, ValueProblem
from sfstream.wire.completion import CompletionDecoder, choices_asked, is_readable, parsed, separated
from sfstream.wire.sse import ServerSentEvent, SSEDecoder, StrayLine

_Items: TypeAlias = Sequence[ServerSentEvent | StrayLine]

_BLANK = b"\n\n"
r"""Ends a frame, also after a ``\r``, which is one line end with the first ``\n``. A further blank line is ignored."""


def inspect(recording: Recording) -> Inspection:
    """Return a recording, taken apart into frames. They hold every byte, and their events are those of the stream.

    Example:
        >>> [frame.kind for frame in inspect(reply.recording).frames]
        ['role', 'content', 'content', 'finish', 'done']
    """
    inspector = _Inspector(tuple(recording.chunks), recording.head.trace_id, choices_asked(recording.request))
    for lines in _messages(b"".join(chunk.data for chunk in inspector.chunks)):
        inspector.add(lines)
    return inspector.ended()


def traced(reply: Reply) -> Traced:
    """Return a reply together with its recording, taken apart.

    The error at the end of the stream is the reply's: the bytes alone do not show that it was stopped, for example.

    Raises:
        RecordingError: the reply has no recording.
    """
    if reply.recording is None:
        raise RecordingError(
            message(
                "wire(), timeline() and play() need the bytes of a stream, and this reply has none: it was made from "
                "objects passed to show()."
            )
        )
    inspection = inspect(reply.recording)
    error = NOTHING if reply.error is None or isinstance(reply.error, ValueProblem) else joined(reply.error.text)
    is_shown = any(frame.error for frame in inspection.frames)
    return Traced(reply, replace(inspection, explanation=NOTHING if is_shown else error))


class _Inspector:
    """Collects the frames of one recording.

    Attributes:
        chunks: the chunks.
    """

    def __init__(self, chunks: Sequence[Chunk], trace_id: str | None, asked: int) -> None:
        self.chunks = chunks
        self._decoder = CompletionDecoder(trace_id=trace_id, asked=asked)
        self._frames: list[Frame] = []
        self._at = 0  # offset in the body
        self._chunk, self._chunk_end = 0, len(chunks[0].data) if chunks else 0
        self._has_failed = False

    def add(self, lines: list[bytes]) -> None:
        """Decode the lines up to a blank line, or those that the body ends in."""
        is_closed = _is_blank(lines[-1])
        end = self._at + sum(map(len, lines))
        # The decoder takes a line at its \r. The \n may be in the next chunk.
        chunk = self._chunk_at(end - lines[-1].endswith(b"\r\n")) if is_closed else len(self.chunks) - 1
        if _is_blank(lines[0]) and self._frames and self._frames[-1].chunk == chunk:
            self._frames[-1] = replace(self._frames[-1], end=end)  # more than one blank line
            self._at = end
            return
        *before, last = _parts(lines)
        for part in before:
            self._take(b"".join(part), chunk, is_closed=True)
        self._take(b"".join(last), chunk, is_closed=is_closed)

    def ended(self) -> Inspection:
        """End the stream, and return all that was found."""
        late: list[Event] = []
        error = NOTHING if self._has_failed else _collect(self._decoder.flush(), late)
        return Inspection(self.chunks, self._frames, tuple(late), error)

    def _take(self, raw: bytes, chunk: int, *, is_closed: bool) -> None:
        """Decode one frame. At the end of the stream, the decoder accepts one that lacks only its blank line."""
        items = _items(raw)
        is_whole = is_closed or _is_readable(_items(raw + _BLANK))
        kind: Kind = "other"
        events: list[Event] = []
        error = NOTHING
        if not (self._has_failed or self._decoder.done):
            before = self._decoder.skipped.count
            error = _collect(self._decoder.feed(raw + _BLANK if is_whole else raw), events)
            self._has_failed = bool(error)
            is_skipped = not events and self._decoder.skipped.count > before
            if not is_skipped or error:
                kind = "error" if error else "done" if self._decoder.done else _kind(raw, items, events, is_whole)
        start, self._at = self._at, self._at + len(raw)
        self._frames.append(Frame(start, self._at, chunk, kind, _data(items), tuple(events), error))

    def _chunk_at(self, offset: int) -> int:
        """Return the index of the first chunk that ends there or later. The offset never decreases."""
        while self._chunk_end < offset:
            self._chunk += 1
            self._chunk_end += len(self.chunks[self._chunk].data)
        return self._chunk


def _messages(body: bytes) -> Iterator[list[bytes]]:
    """Yield the lines of each message, with the blank line that ends it."""
    lines: list[bytes] = []
    for line in body.splitlines(keepends=True):  # of bytes: at \n, \r and \r\n only, as the decoder does
        lines.append(line)
        if _is_blank(line):
            yield lines
            lines = []
    if lines:
        yield lines


def _is_blank(line: bytes) -> bool:
    return line in (b"\n", b"\r\n", b"\r")


def _parts(lines: list[bytes]) -> list[list[bytes]]:
    """Return the lines of each frame: some servers send no blank lines between them."""
    if not _is_joined(lines):
        return [lines]
    parts: list[list[bytes]] = []
    for line in lines:
        if line.startswith(b"data") or not parts:
            parts.append([])
        parts[-1].append(line)
    return parts


def _is_joined(lines: list[bytes]) -> bool:
    """Return whether the decoder takes the lines up to a blank line for several events."""
    data = sum(line.startswith(b"data") for line in lines)
    if data < 2 or any(line.startswith(b"event") for line in lines):
        return False
    items = _items(b"".join(lines))
    return len(items) == 1 and isinstance(items[0], ServerSentEvent) and len(separated(items[0])) == data


def _items(raw: bytes) -> _Items:
    """Return what the bytes of one frame hold, also where the stream ended in it; nothing where they are too many."""
    decoder = SSEDecoder()
    with contextlib.suppress(MalformedStream):
        return [*decoder.feed(raw), *decoder.flush()]
    return []


def _data(items: _Items) -> str:
    return "\n".join(item.data if isinstance(item, ServerSentEvent) else item.text for item in items)


def _is_readable(items: _Items) -> bool:
    """Return whether all items are events that the decoder accepts without their blank line."""
    events = [item for item in items if isinstance(item, ServerSentEvent) and is_readable(item)]
    return 0 < len(events) == len(items)


def _collect(decoded: Iterator[Event], events: list[Event]) -> Message:
    """Append the events, and return the message of the error that ended them; empty if none."""
    try:
        for event in decoded:
            events.append(event)
    except SfStreamError as error:
        return joined(error.text)
    return NOTHING


def _kind(raw: bytes, items: _Items, events: Sequence[Event], is_whole: bool) -> Kind:
    """Return what a frame without an error is.

    Args:
        raw: its bytes.
        items: what they hold.
        events: what it became.
        is_whole: whether nothing of it is missing.
    """
    if kind := _most_telling(events):
        return kind
    if any(isinstance(item, StrayLine) for item in items):
        return "other"
    if not items:
        return "keep-alive" if is_whole or raw.startswith(b":") else "incomplete"
    return _without_text(parsed(_data(items)), has_usage=bool(events)) if is_whole else "incomplete"


def _most_telling(events: Iterable[Event]) -> Kind | None:
    """Return the kind by the events: most servers send the finish reason once, and the usage with each frame."""
    found: set[Kind] = set()
    for event in events:
        if isinstance(event, Delta):
            found |= {"content"} if event.content else {"reasoning"}
        elif isinstance(event, ContentWasReasoning):
            found |= {"reasoning"}
        elif not isinstance(event, Usage):
            found |= {"finish"} if isinstance(event, Finish) else {"tool call"}
    order: tuple[Kind, ...] = "finish", "tool call", "content", "reasoning"
    return next((kind for kind in order if kind in found), None)


def _without_text(value: object, *, has_usage: bool) -> Kind:
    """Return the kind of a frame that brought no text. It may hold half a character, which is withheld."""
    choices = value.get("choices") if isinstance(value, Mapping) else None
    choices = [choice for choice in choices if isinstance(choice, Mapping)] if isinstance(choices, list) else []
    deltas = [delta for choice in choices if isinstance(delta := choice.get("delta") or {}, Mapping)]
    if any(delta.get("content") for delta in deltas):
        return "content"
    if any(delta.get("reasoning_content") for delta in deltas):
        return "reasoning"
    return "role" if deltas else "usage" if has_usage else "other"

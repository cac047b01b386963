"""Decode the chunks that a reader has collected into the reply, in batches, so that the view can paint in between."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sfstream.core.config import Timeouts
from sfstream.core.events import Delta, Event, ToolCallDelta
from sfstream.core.finish import status_of
from sfstream.core.message import Message
from sfstream.core.reply import Reply
from sfstream.errors import SfStreamError, Stopped, StreamCut
from sfstream.wire.completion import CompletionDecoder, choices_asked
from sfstream.wire.connect import clock
from sfstream.wire.kept import note_kept
from sfstream.wire.reader import Reader

BATCH = 0.05
"""Maximum number of seconds that the decoding of a batch takes."""


class Decoding:
    """Decoding of one answer.

    Attributes:
        taken: number of decoded chunks.
    """

    def __init__(self, reader: Reader, reply: Reply, content_type: str, limits: Timeouts) -> None:
        self.taken = 0
        self._reader = reader
        self._reply = reply
        asked = choices_asked(reader.recording.request)
        self._decoder = CompletionDecoder(content_type, reply.trace_id, asked=asked)
        self._limits = limits
        self._quiet = 0.0  # time of the last check that found the answer finished and nothing added since

    @property
    def is_done(self) -> bool:
        """Whether ``[DONE]`` has arrived."""
        return self._decoder.done

    @property
    def is_finished(self) -> bool:
        """Whether the finish reason of each choice has arrived."""
        return self._decoder.finished

    @property
    def notes(self) -> list[Message]:
        """Note for the user on what was not understood; empty if all was."""
        return self._decoder.skipped.notes

    @property
    def arrived(self) -> int:
        """Number of chunks that have arrived."""
        return len(self._reader.recording.chunks)

    @property
    def is_behind(self) -> bool:
        """Whether chunks wait to be decoded."""
        return self.taken < self.arrived and not self.is_done

    @property
    def patience(self) -> float:
        """Seconds of silence after which the answer has stalled. After the finish reason, `is_over` ends it instead."""
        if self._decoder.finished:
            return math.inf
        return self._limits.between if self.taken else self._limits.first_byte

    @property
    def is_over(self) -> bool:
        """Whether nothing was added for so long after the finish reason that ``[DONE]`` is not expected any more.

        Keep-alives may go on for ever, and some servers send a finish reason with every delta.
        """
        if not self.is_finished:
            return False
        self._quiet = self._quiet or clock()
        return clock() - self._quiet > (self._limits.between if self._may_go_on else self._limits.after_finish)

    @property
    def _may_go_on(self) -> bool:
        """Whether the answer may go on after its finish reason.

        Some servers run the tools themselves. Others send a finish reason with every thought, before the content.
        """
        reason = self._reply.finish_reason
        is_calling = reason in ("tool_calls", "function_call")
        return is_calling or (not self._reply.content and status_of(reason) == "complete")

    def batch(self, *, ended: bool) -> tuple[list[Event], SfStreamError | Stopped | None]:
        """Decode the chunks that have arrived since the last batch.

        Args:
            ended: whether no more chunks will arrive, so that the decoder is flushed after the last one.

        Returns:
            the events up to an error, and the error.
        """
        events = []
        try:
            for event in self._decoded(ended, clock() + BATCH):
                events.append(event)
        except (SfStreamError, Stopped) as error:
            return events, error
        return events, None

    def _decoded(self, ended: bool, until: float) -> Iterator[Event]:
        chunks = self._reader.recording.chunks
        count = len(chunks)  # chunks that arrive meanwhile belong to the next batch
        while self.taken < count and not self.is_done:
            if clock() > until:
                return
            chunk = chunks[self.taken]
            self.taken += 1
            yield from self._added(self._decoder.feed(chunk.data), chunk.t)
        if count < len(chunks) and not self.is_done:
            return
        if self.is_done or ended:
            yield from self._added(self._flushed(), chunks[-1].t if chunks else 0.0)

    def _flushed(self) -> Iterator[Event]:
        """Flush the decoder. A lost connection is the better explanation of a missing end."""
        lost = self._reader.error
        if lost and not self.taken:
            raise lost
        try:
            yield from self._decoder.flush()
        except StreamCut:
            if self.is_done or self.is_finished or not lost:
                raise
        else:
            return
        if self._reply.has_begun:
            note_kept(lost, is_foreign=self._reply.is_foreign)
        raise lost

    def _added(self, events: Iterator[Event], t: float) -> Iterator[Event]:
        for event in events:
            if isinstance(event, Delta | ToolCallDelta):
                self._quiet = 0.0
            self._reply.add(event, t)
            yield event

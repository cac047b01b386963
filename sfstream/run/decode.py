"""What a reader has collected, decoded into the reply; in batches, so that a view can paint and a stop be heard."""

from __future__ import annotations

from collections.abc import Iterator

from sfstream.core.config import Timeouts
from sfstream.core.events import Delta, Event, ToolCallDelta
from sfstream.core.reply import Reply
from sfstream.errors import SfStreamError, Stopped, StreamCut
from sfstream.wire.completion import CompletionDecoder
from sfstream.wire.reader import Reader
from sfstream.wire.transport import clock

BATCH = 0.05
"""Seconds of decoding after which a batch is given, however much more has come."""


class Decoding:
    """The decoding of one answer.

    Attributes:
        taken: chunks that are decoded.
    """

    def __init__(self, reader: Reader, reply: Reply, content_type: str, limits: Timeouts) -> None:
        """
        Args:
            reader: what collects the chunks.
            reply: what they make.
            content_type: of the answer.
            limits: how long ``[DONE]`` has to come once the finish reason is there.
        """
        self.taken = 0
        self._reader = reader
        self._reply = reply
        self._decoder = CompletionDecoder(content_type, reply.trace_id)
        self._limits = limits
        self._quiet = 0.0  # since when nothing was added, once the finish reason had come

    @property
    def is_done(self) -> bool:
        """Whether the end of the stream has come."""
        return self._decoder.done

    @property
    def is_finished(self) -> bool:
        """Whether the finish reason has come, of each choice."""
        return self._decoder.finished

    @property
    def arrived(self) -> int:
        """How many chunks have arrived."""
        return len(self._reader.recording.chunks)

    @property
    def is_behind(self) -> bool:
        """Whether there is more to decode."""
        return self.taken < self.arrived and not self.is_done

    @property
    def is_over(self) -> bool:
        """Whether nothing was added for so long after the finish reason that ``[DONE]`` will not come: keep-alives may
        go on for ever. Some servers give a finish reason with every delta."""
        if not self.is_finished:
            return False
        self._quiet = self._quiet or clock()
        # Some servers run the tools themselves, and go on with the answer.
        is_calling = self._reply.finish_reason in ("tool_calls", "function_call")
        return clock() - self._quiet > (self._limits.between if is_calling else self._limits.after_finish)

    def batch(self, *, ended: bool) -> tuple[list[Event], SfStreamError | Stopped | None]:
        """Decode what has come since the last time; at the end, what is held back.

        Args:
            ended: whether nothing more comes.

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
        count = len(chunks)  # what comes meanwhile is the next batch's
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
        """What was held back. Where the connection was lost that says more than that there is no end."""
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
        raise lost

    def _added(self, events: Iterator[Event], t: float) -> Iterator[Event]:
        for event in events:
            if isinstance(event, Delta | ToolCallDelta):
                self._quiet = 0.0
            self._reply.add(event, t)
            yield event

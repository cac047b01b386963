"""The one loop: transport, decoder, Reply; with retries, stalls and stops.

A `Run` is one question on its way. `Run.batches` gives the events as they come; `sfstream.run.consume` paints them.
"""

from __future__ import annotations

import contextlib
import math
import queue
from collections.abc import Generator, Iterator, Sequence

from sfstream.core.config import NO_TIMEOUT, Timeouts
from sfstream.core.events import Chunk, Event
from sfstream.core.recording import End, Recording, Sink
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.errors import ConnectionFailed, ServerRefusal, SfStreamError, Stopped, StreamError, StreamStalled
from sfstream.run.decode import Decoding
from sfstream.run.retry import seconds_before_retry
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.reader import Reader, head_of
from sfstream.wire.server_errors import retry_after
from sfstream.wire.transport import Response, Transport, clock

TICK = 0.25
"""Seconds between two looks at the clock while nothing comes."""
KEEP_ALIVE_GRACE = 0.05
"""Seconds that a body has to end after ``[DONE]``, so that its connection can be used again."""
LONG_END = 1.0
"""Seconds of decoding after a stop from which on the view says that it goes on."""
MAX_REFUSAL = 64 * 1024
"""Bytes read of a refusal."""
LONGEST_REFUSAL = 10.0
"""Seconds that one is read, be it one byte at a time."""


class Run:
    """One question on its way.

    Attributes:
        reply: what has come.
        doing: what it waits for, in a few words; empty while the answer comes.
    """

    def __init__(
        self,
        request: ChatRequest,
        transport: Transport,
        endpoint: Endpoint,
        limits: Timeouts | None = None,
        sinks: Sequence[Sink] = (),
    ) -> None:
        self.reply = Reply(request, via=transport.name)
        self.reply.recording = Recording(head_of(request, endpoint))
        self.doing = "connecting"
        self._ask = (transport, request, endpoint)
        self._endpoint = endpoint
        self._limits = limits or Timeouts()
        self._sinks = sinks
        # A SimpleQueue, since a signal handler may put into it while this very thread waits on it.
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._stopping = False
        self._stopped_at = 0.0
        self._reader: Reader | None = None
        self._taken = 0  # chunks that are decoded
        self._decoding: Decoding | None = None

    def stop(self) -> None:
        """End the run soon. May be called from any thread and from a signal handler."""
        self._stopped_at = self._stopped_at or clock()
        self._stopping = True
        self._wake.put(None)

    def batches(self, pause: float) -> Generator[list[Event], None, None]:
        """The events as they come, several at a time; an empty list is a sign of life while nothing comes.

        Never raises what ends the stream: see ``reply.status`` and ``reply.error``.

        Args:
            pause: seconds to let events gather after each batch.
        """
        started = clock()
        try:
            yield from self._attempts(pause)
        except (SfStreamError, Stopped) as error:
            self._end(started, error)
        except GeneratorExit:  # whoever iterates has gone
            self._end(started, Stopped(_stopped_after(self.reply)), drain=True)
            raise
        except BaseException:  # a third interrupt
            self._end(started, Stopped(_stopped_after(self.reply)))
            raise
        else:
            self._end(started, None)

    def _attempts(self, pause: float) -> Iterator[list[Event]]:
        for attempt in range(self._limits.retries + 1):
            self.doing = "connecting" if attempt == 0 else f"trying again ({attempt} of {self._limits.retries})"
            try:
                yield from self._attempt(pause)
                return
            except (ConnectionFailed, ServerRefusal) as error:
                if (wait := seconds_before_retry(error, attempt, self._limits.retries)) is None:
                    raise
                why = self._endpoint.redact(str(error).partition("\n")[0])
            yield from self._wait(wait, why)

    @property
    def _patience(self) -> float:
        """Seconds of silence that are put up with now."""
        return self._limits.between if self._taken else self._limits.first_byte

    def _attempt(self, pause: float) -> Iterator[list[Event]]:
        transport, request, endpoint = self._ask
        self._reader = reader = Reader(transport, request, endpoint, lambda: self._wake.put(None), self._sinks)
        self._taken, self._decoding = 0, None
        self.reply.recording = reader.recording
        reader.start()
        while not (reader.response or reader.ended):
            yield []
            self._heed_stop()
            self._idle(reader, self._limits.first_byte)
        if reader.response is None:
            raise reader.error or ConnectionFailed("The connection ended before it began.")
        self._note_head(reader, reader.response)
        if not reader.response.is_success:
            yield from self._refused(reader, reader.response)
        yield from self._stream(reader, reader.response, pause)

    def _note_head(self, reader: Reader, response: Response) -> None:
        self.doing = "waiting for the first token"
        self.reply.trace_id = response.trace_id and self._endpoint.redact(response.trace_id)
        self.reply.source = reader.recording.head.source
        if response.recorded:
            self.reply.model = str(response.recorded.request.get("model", self.reply.model))

    def _stream(self, reader: Reader, response: Response, pause: float) -> Iterator[list[Event]]:
        limits = NO_TIMEOUT if response.recorded else self._limits
        self._decoding = decoding = Decoding(reader, self.reply, self._endpoint.redact(response.content_type), limits)
        is_over = False
        while True:
            begun, stopping = clock(), self._stopping
            ended = reader.ended and not reader.handle.is_aborted  # looked at before the chunks, so that none is missed
            if stopping or is_over:
                reader.close()  # nothing more is read; all that has arrived is decoded
            events, error = decoding.batch(ended=ended or stopping or is_over)
            self._taken, behind = decoding.taken, decoding.is_behind
            if self.reply.has_begun:
                self.doing = self._progress(decoding) if stopping and behind else ""
            yield events
            if error:
                raise Stopped(_stopped_after(self.reply)) if stopping and isinstance(error, StreamError) else error
            if decoding.is_done or ((ended or is_over) and not behind):
                break
            if stopping and not behind:
                raise Stopped(_stopped_after(self.reply))
            is_over = is_over or decoding.is_over  # a flood after the end must not be decoded for ever
            if stopping or is_over:
                continue
            if self.reply.has_begun and (events or behind):
                # What came during the decoding is no reason to paint more often.
                self._gather(reader, (begun if behind else clock()) + pause)
            elif not behind:
                self._idle(reader, math.inf if decoding.is_finished else self._patience)
        if not decoding.is_done:
            self.reply.notes.append("The stream ended without [DONE].")

    def _refused(self, reader: Reader, response: Response) -> Iterator[list[Event]]:
        """Read what the server says, within bounds, and raise it."""
        patience, until = self._limits.after_finish, clock() + LONGEST_REFUSAL
        while (
            not reader.ended
            and len(reader.recording.data) < MAX_REFUSAL
            and clock() < min(until, reader.last + patience)
        ):
            yield []
            self._heed_stop()
            self._taken = len(reader.recording.chunks)
            self._idle(reader, math.inf)
        reader.close()
        body = self._endpoint.redact(reader.recording.data[:MAX_REFUSAL].decode("utf-8", "replace"))
        wait = retry_after(response.headers.get("retry-after"))
        raise self._endpoint.refusal(response.status_code, body, trace_id=self.reply.trace_id, retry_after=wait)

    def _idle(self, reader: Reader, limit: float) -> None:
        """Wait for the next chunk, but not for long: the view's clock goes on.

        Raises:
            StreamStalled: nothing came for ``limit`` seconds.
        """
        reader.wake_me = True
        if not (reader.ended or len(reader.recording.chunks) > self._taken or self._stopping):
            self._sleep(TICK)
        is_replay = bool(reader.response and reader.response.recorded)
        if clock() - reader.last > limit and not (is_replay or reader.ended):
            raise StreamStalled(
                f"Nothing came from {self._endpoint.host} for {limit:g} s. What had come is kept; asking again is a "
                "new request. A slow model may need %config SfChat.first_byte or SfChat.between."
            )

    def _gather(self, reader: Reader, until: float) -> None:
        """Let chunks gather; a wake-up that an earlier wait has left behind does not cut it short."""
        while (left := until - clock()) > 0 and not (reader.ended or self._stopping):
            self._sleep(left)

    def _heed_stop(self) -> None:
        if self._stopping:
            raise Stopped(_stopped_after(self.reply))

    def _wait(self, seconds: float, why: str) -> Iterator[list[Event]]:
        self.doing = f"Trying again in {seconds:.1f} s: {why}"  # in this order, since a terminal cuts it
        until = clock() + seconds
        while (left := until - clock()) > 0:
            self._heed_stop()
            yield []
            self._sleep(min(TICK, left))

    def _sleep(self, seconds: float) -> None:
        with contextlib.suppress(queue.Empty):
            self._wake.get(timeout=seconds) if seconds else None

    def _progress(self, decoding: Decoding) -> str:
        """Say that the answer which has arrived is still being decoded after a stop, once that takes long."""
        seconds = clock() - self._stopped_at
        return f"stopping: {decoding.taken:,} of {decoding.arrived:,} chunks are decoded" if seconds > LONG_END else ""

    def _end(self, started: float, error: SfStreamError | Stopped | None, *, drain: bool = False) -> None:
        reader = self._reader
        chunks: Sequence[Chunk] = ()
        if reader:
            reader.close(0 if error else KEEP_ALIVE_GRACE)
            chunks = reader.recording.chunks
        while drain and self._decoding and self._decoding.is_behind and not self._decoding.batch(ended=True)[1]:
            continue
        if error:
            error.redact(self._endpoint.redact)
        self.doing = ""
        self.reply.end(chunks[-1].t if chunks else clock() - started, error)
        if reader:
            reader.end(End(self.reply.status, self.reply.usage))
            self.reply.notes += [str(sink.warning) for sink in self._sinks if sink.warning]


def _stopped_after(reply: Reply) -> str:
    tokens = f" after {reply.tokens:,} token{'s' if reply.tokens > 1 else ''}" if reply.tokens else ""
    return f"Stopped by you{tokens}. What had come is kept."

"""Run one request: send it, decode the answer into a Reply, repeat a failed request, detect silence, and stop.

`sfstream.run.consume` paints the answer. `sfstream.run.retry` decides whether a request is sent again.
"""

from __future__ import annotations

import contextlib
import logging
import math
import queue
from collections.abc import Generator, Iterator, Sequence

from sfstream.core.config import NO_TIMEOUT, Timeouts
from sfstream.core.events import Event
from sfstream.core.message import Message, message
from sfstream.core.recording import End, Recording, Sink
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.errors import ConnectionFailed, ServerRefusal, SfStreamError, Stopped, StreamError, StreamStalled
from sfstream.run.decode import Decoding
from sfstream.run.json_ladder import JsonLadder
from sfstream.run.messages import NO_DONE, before_sending, decoded, nothing_arrived, once_sent, stopped_after
from sfstream.run.retry import first_line, refuses_json_mode, seconds_before_retry, time_left
from sfstream.run.suggest import suggesting_models
from sfstream.wire.connect import clock
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.reader import Reader, head_of
from sfstream.wire.server_errors import retry_after
from sfstream.wire.transport import Response, Transport

TICK = 0.25
"""Seconds between two empty batches while nothing arrives."""
KEEP_ALIVE_GRACE = 0.05
"""Seconds to wait for the end of the body after ``[DONE]``, so that the connection can be used again."""
LONG_END = 1.0
"""Seconds of decoding after a stop until the view shows the progress."""
MAX_REFUSAL = 64 * 1024
"""Maximum number of bytes read of an error response."""
LONGEST_REFUSAL = 10.0
"""Maximum number of seconds in which an error response is read."""

_log = logging.getLogger("sfstream")


class Run:
    """One request from start to end.

    Attributes:
        reply: the answer so far.
        doing: what the run waits for; empty while the answer streams.
        pause: minimum number of seconds between two batches.
    """

    def __init__(
        self,
        request: ChatRequest,
        transport: Transport,
        endpoint: Endpoint,
        limits: Timeouts | None = None,
        sinks: Sequence[Sink] = (),
        reply: Reply | None = None,
        ladder: JsonLadder | None = None,
    ) -> None:
        self.reply = reply or Reply(request, via=transport.name)
        self.reply.recording = Recording(head_of(request, endpoint))
        self.doing = before_sending(transport.name)
        self.pause = 0.0
        self._transport = transport
        self._endpoint = endpoint
        self._limits = limits or Timeouts()
        self._sinks = sinks
        self._ladder = ladder
        # A SimpleQueue, because a signal handler may put into it while the same thread waits on it.
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._stopping = False
        self._stopped_at = 0.0
        self._reader: Reader | None = None
        self._decoding: Decoding | None = None

    def stop(self) -> None:
        """End the run soon. Any thread and any signal handler may call this."""
        self._stopped_at = self._stopped_at or clock()
        self._stopping = True
        self._wake.put(None)

    def batches(self, pause: float = 0.0) -> Generator[list[Event], None, None]:
        """Return an iterator over lists of events, which are empty from time to time while nothing arrives.

        An error that ends the stream is not raised: see ``reply.status`` and ``reply.error``.
        """
        self.pause = pause
        return self._batches()

    def _batches(self) -> Generator[list[Event], None, None]:
        try:
            yield from self._attempts()
        except (SfStreamError, Stopped) as error:
            self._end(error)
        except GeneratorExit:  # the caller has stopped iterating
            self._end(self._stopped(), drain=True)
            raise
        except BaseException:  # the third interrupt: end at once
            self._end(self._stopped())
            raise
        else:
            self._end(None)

    def _attempts(self) -> Iterator[list[Event]]:
        retries, attempt = self._limits.retries, 0
        while True:
            if attempt:
                self.doing = message("trying again ({attempt} of {attempts})", attempt=attempt, attempts=retries)
            try:
                yield from self._attempt(attempt)
                return
            except (ConnectionFailed, ServerRefusal) as error:
                if self._ladder and refuses_json_mode(error) and self._ladder.step_down(self.reply):
                    continue
                if (wait := seconds_before_retry(error, attempt, retries)) is None:
                    yield from self._wait(suggesting_models(error, self.reply, self._endpoint))
                    raise
                reason = first_line(error, self._endpoint.redact)
            _log.debug("Trying again in %.1f s: %s", wait, reason)
            # The seconds come first, because a terminal cuts the end of a long sentence.
            self.doing = message("Trying again in {seconds} s: {reason}", seconds=f"{wait:.1f}", reason=reason)
            yield from self._wait(time_left(wait))
            attempt += 1

    def _attempt(self, attempt: int) -> Iterator[list[Event]]:
        transport, request, endpoint = self._transport, self.reply.request, self._endpoint
        values = endpoint.chat_url, transport.name, request.model, attempt + 1
        _log.debug("POST %s via %s, model %s, attempt %d", *values)
        self._reader = reader = Reader(transport, request, endpoint, lambda: self._wake.put(None), self._sinks)
        self._decoding = None
        self.reply.recording = reader.recording
        reader.start()
        while not (reader.response or reader.ended):
            yield []
            self._raise_if_stopped()
            self._idle(reader, self._limits.first_byte)
            self.doing = once_sent(self.doing) if reader.handle.sent else self.doing
        if reader.response is None:
            raise reader.error or ConnectionFailed(message("The connection ended before the answer began."))
        self._take_head(reader, reader.response)
        if not reader.response.is_success:
            yield from self._refused(reader, reader.response)
        yield from self._stream(reader, reader.response)

    def _take_head(self, reader: Reader, response: Response) -> None:
        self.doing = message("waiting for the first token")
        self.reply.trace_id = response.trace_id and self._endpoint.redact(response.trace_id)
        self.reply.source = reader.recording.head.source
        if response.recorded:
            self.reply.model = str(response.recorded.request.get("model", self.reply.model))
        values = response.status_code, clock() - reader.started, self.reply.trace_id
        _log.debug("HTTP %d after %.3f s, trace id %s", *values)

    def _stream(self, reader: Reader, response: Response) -> Iterator[list[Event]]:
        limits = NO_TIMEOUT if response.recorded else self._limits
        self._decoding = decoding = Decoding(reader, self.reply, self._endpoint.redact(response.content_type), limits)
        is_over = False
        while True:
            begun, stopping = clock(), self._stopping
            ended = reader.ended and not reader.handle.is_aborted  # read before the chunks, so that none is missed
            if stopping or is_over:
                reader.close()  # nothing more is read; everything that has arrived is decoded
            events, error = decoding.batch(ended=ended or stopping or is_over)
            behind = decoding.is_behind
            if self.reply.has_begun:
                is_slow = stopping and behind and clock() - self._stopped_at >= LONG_END
                self.doing = decoded(decoding.taken, decoding.arrived) if is_slow else Message("")
            yield events
            if error:
                raise self._stopped() if stopping and isinstance(error, StreamError) else error
            if decoding.is_done or ((ended or is_over) and not behind):
                break
            if stopping and not behind:
                raise self._stopped()
            is_over = is_over or decoding.is_over
            if stopping or is_over:
                continue
            if self.reply.has_begun and (events or behind):
                # Chunks that arrived during the decoding do not shorten the pause.
                self._gather(reader, (begun if behind else clock()) + self.pause)
            elif not behind:
                self._idle(reader, decoding.patience, decoding.taken)
        if response.is_raw and is_over and not (ended or decoding.is_done):  # the server kept the connection open
            self.reply.notes.append(NO_DONE)

    def _refused(self, reader: Reader, response: Response) -> Iterator[list[Event]]:
        """Read the body of an error response, within bounds, and raise the error that it means."""
        patience, until, count = self._limits.after_finish, clock() + LONGEST_REFUSAL, 0
        while not reader.ended and clock() < min(until, reader.last + patience):
            if len(reader.recording.data) >= MAX_REFUSAL:
                break
            yield []
            self._raise_if_stopped()
            self._idle(reader, math.inf, count)
            count = len(reader.recording.chunks)
        reader.close()
        body = self._endpoint.redact(reader.recording.data[:MAX_REFUSAL].decode("utf-8", "replace"))
        wait, trace = retry_after(response.headers.get("retry-after")), self.reply.trace_id
        raise self._endpoint.refusal(response.status_code, body, self.reply.request, trace_id=trace, retry_after=wait)

    def _idle(self, reader: Reader, limit: float, taken: int = 0) -> None:
        """Wait for a chunk after the first ``taken``, for at most `TICK` seconds: the view counts seconds.

        Raises:
            StreamStalled: nothing arrived for ``limit`` seconds.
        """
        reader.wake_me = True
        if not (reader.ended or len(reader.recording.chunks) > taken or self._stopping):
            self._sleep(TICK)
        is_replay = bool(reader.response and reader.response.recorded)
        if clock() - max(reader.started, reader.last) > limit and not (is_replay or reader.ended):
            raise StreamStalled(nothing_arrived(self._endpoint.place, limit, has_begun=self.reply.has_begun))

    def _gather(self, reader: Reader, until: float) -> None:
        """Wait while chunks gather. A wake-up that is left over from an earlier wait does not end this wait."""
        while (left := until - clock()) > 0 and not (reader.ended or self._stopping):
            self._sleep(left)

    def _wait(self, times: Iterator[float]) -> Iterator[list[Event]]:
        for seconds in times:
            self._raise_if_stopped()
            yield []
            self._sleep(min(TICK, seconds))

    def _sleep(self, seconds: float) -> None:
        with contextlib.suppress(queue.Empty):
            self._wake.get(timeout=seconds) if seconds else None

    def _raise_if_stopped(self) -> None:
        if self._stopping:
            raise self._stopped()

    def _stopped(self) -> Stopped:
        return Stopped(stopped_after(self.reply.tokens, has_begun=self.reply.has_begun))

    def _end(self, error: SfStreamError | Stopped | None, *, drain: bool = False) -> None:
        """End the reply and the recording; with ``drain``, decode the remaining chunks first."""
        if reader := self._reader:
            reader.close(0 if error else KEEP_ALIVE_GRACE)
        while drain and self._decoding and self._decoding.is_behind and not self._decoding.batch(ended=True)[1]:
            continue
        if error:
            error.redact(self._endpoint.redact)
        self.doing = Message("")
        chunks = reader.recording.chunks if reader else []
        self.reply.end(seconds := chunks[-1].t if chunks else clock() - reader.started if reader else 0.0, error)
        self.reply.notes += self._decoding.notes if self._decoding else []
        if reader:
            reader.end(End(self.reply.status, self.reply.usage))
            self.reply.notes += [sink.warning for sink in self._sinks if sink.warning]
            if reader.response and not reader.response.is_raw:
                self.reply.recording = None
        _log.debug("Ended as %s after %.3f s, %d chunks: %r", self.reply.status, seconds, len(chunks), error)

"""One attempt at an answer, read in a thread of its own.

The thread appends chunks to a list, and nothing else: whoever consumes them looks when it suits it,
and asks to be woken only when it has nothing to do. Waking it for each chunk would cost more than
reading the chunk does.
"""

from __future__ import annotations

import contextlib
import contextvars
import json
import logging
import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace

from sfstream.core.events import Chunk
from sfstream.core.recording import End, Head, Recording, Sink
from sfstream.core.request import ChatRequest
from sfstream.core.text import excerpt
from sfstream.errors import ConnectionFailed, SfStreamError, Stopped, StreamCut, UnexpectedError
from sfstream.wire.connect import AbortHandle
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.transport import SOURCE_HEADER, Response, Transport, clock

_log = logging.getLogger("sfstream")

LEAVE = 0.1
"""Seconds that a thread has to end after an abort. Nothing can wake it within a name lookup; it ends by itself then."""


def head_of(request: ChatRequest, endpoint: Endpoint) -> Head:
    """Return the head of a recording of the request. A key that was typed into a prompt is redacted."""
    return Head(json.loads(endpoint.redact(request.encode().decode())))


class Reader:
    """Sends a request and collects the chunks of the answer.

    Attributes:
        response: the head of the answer; None until it is there.
        recording: what came so far.
        error: what ended it early; None while it runs, and after a body that ended by itself.
        ended: True when nothing more will come. Read it before looking for chunks, so as to miss none.
        started: when the request was sent, a time of `clock`.
        last: when something was last heard of the server, a time of `clock`.
        wake_me: set it to have ``wake`` called at the next chunk, once.
    """

    def __init__(
        self,
        transport: Transport,
        request: ChatRequest,
        endpoint: Endpoint,
        wake: Callable[[], None],
        sinks: Sequence[Sink] = (),
    ) -> None:
        """
        Args:
            transport: what to send with.
            request: what to ask.
            endpoint: whom to ask.
            wake: called when the attempt ends, and as `wake_me` says; from the thread.
            sinks: where to store the chunks as they come.
        """
        self.handle = AbortHandle()
        self.recording = Recording(head_of(request, endpoint))
        self.response: Response | None = None
        self.error: SfStreamError | Stopped | None = None
        self.ended = self.wake_me = self._is_closed = False
        self.started = self.last = clock()
        self._call = (transport, request, endpoint)
        self._redactor = endpoint.redactor()
        self._wake = wake
        self._sinks = sinks
        # In a copy of the cell's context: output of the thread, if ever there is any, belongs to that cell.
        context = contextvars.copy_context()
        self._thread = threading.Thread(target=context.run, args=(self._run,), name="sfstream reader", daemon=True)

    def start(self) -> None:
        """Begin.

        Raises:
            ConnectionFailed: the system gives no more threads.
        """
        try:
            self._thread.start()
        except RuntimeError as error:
            self.ended = True
            raise ConnectionFailed(f"No thread could be started to read the answer: {error}.") from None

    def close(self, grace: float = 0.0) -> None:
        """Leave no thread and no connection behind.

        Args:
            grace: seconds to wait for the body's own end, which lets the connection be used again.
        """
        if self._thread.ident is None:  # it could not be started
            return
        if self._thread is threading.current_thread():  # the collector may let go of a stream anywhere
            self.handle.abort()
            return
        self._thread.join(grace)
        if self._thread.is_alive():
            self.handle.abort()
            self._thread.join(LEAVE)
        self._is_closed = True  # whatever a thread that hangs may still receive is in neither reply nor recording

    def end(self, end: End) -> None:
        """Say how it ended, in the recording and in its sinks. Call it after `close`."""
        self.recording.end = end
        for sink in self._sinks:
            sink.end(end)

    def _run(self) -> None:
        transport, request, endpoint = self._call
        try:
            response = transport.open(request, endpoint, self.handle)
            self._begin(response)
            with contextlib.closing(response.chunks) as chunks:
                for chunk in chunks:
                    self._take(chunk)
                    if self.handle.is_aborted:  # what a server goes on sending can still be read
                        break
        except (SfStreamError, Stopped) as error:
            self.error = self._named(error)
        except Exception as error:
            self.error = self._unexpected(error, transport.name)
        finally:
            self.handle.close()
            if rest := self._redactor.flush():  # after a cut too: it was no key
                self._keep(Chunk(clock() - self.started, rest))
            self.ended = True
            self._wake()

    def _begin(self, response: Response) -> None:
        redact = self._call[2].redact  # a server may echo the key in its headers too
        source = redact(response.headers.get(SOURCE_HEADER, self.recording.head.source))
        trace_id = redact(response.trace_id) if response.trace_id else None
        head = replace(self.recording.head, trace_id=trace_id, source=source)
        self.recording.head = response.recorded or head
        for sink in self._sinks if response.is_success else ():
            sink.begin(self.recording.head)
        self.last = clock()
        self.response = response

    def _take(self, chunk: Chunk) -> None:
        self.last = clock()
        if data := self._redactor.feed(chunk.data):
            self._keep(chunk if data is chunk.data else Chunk(chunk.t, data))

    def _keep(self, chunk: Chunk) -> None:
        if self._is_closed:
            return
        for sink in self._sinks:  # first, so that whatever has been shown can be found again
            sink.add(chunk)
        self.recording.chunks.append(chunk)
        if self.wake_me:
            self.wake_me = False
            self._wake()

    def _unexpected(self, error: Exception, transport: str) -> SfStreamError:
        """Log the traceback of a programming error, and return the error that ends the answer.

        After the line was shut it is no more than what a library makes of that.
        """
        redact = self._call[2].redact
        trace = redact("".join(traceback.format_exception(error)))
        if self.handle.is_aborted:
            _log.debug("The transport %s raised this after it was stopped:\n%s", transport, trace)
            return StreamCut("The stream was stopped.")
        _log.warning("The transport %s raised an unexpected exception:\n%s", transport, trace)
        unexpected = UnexpectedError(
            f"The transport {transport!r} raised {type(error).__name__}: {excerpt(redact(str(error)))}\n"
            "This is a programming error and not a lost connection, so the request is not repeated."
        )
        unexpected.__cause__ = error
        return unexpected

    def _named(self, error: SfStreamError | Stopped) -> SfStreamError | Stopped:
        """The error, where a connection that was lost in mid-answer is a cut."""
        if isinstance(error, ConnectionFailed) and self.response:
            cut = StreamCut(
                f"The stream was cut off. {error}\nThe partial answer is kept; asking again is billed again."
            )
            cut.__cause__ = error.__cause__
            return cut
        return error

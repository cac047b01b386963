"""Read one response in a separate thread.

The thread appends the chunks to a list. The consumer looks at the list when it is ready, and asks to be woken only
when it has nothing to do: waking it for each chunk costs more than reading the chunk.
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
from sfstream.core.message import joined, message
from sfstream.core.recording import End, Head, Recording, Sink
from sfstream.core.request import ChatRequest
from sfstream.core.text import excerpt
from sfstream.errors import ConnectionFailed, SfStreamError, Stopped, StreamCut, UnexpectedError
from sfstream.wire.connect import AbortHandle, clock
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.transport import SOURCE_HEADER, Response, Transport

_log = logging.getLogger("sfstream")

LEAVE = 0.1
"""Seconds to wait for the thread after an abort. Nothing can interrupt a name lookup, after which it ends by itself."""


def head_of(request: ChatRequest, endpoint: Endpoint) -> Head:
    """Return the head of a recording of the request. The request of a stream that the user opened may hold its key,
    which is redacted; sfstream sends none that does (`sfstream.wire.own_key`)."""
    return Head(json.loads(endpoint.redact(request.encode().decode())))


class Reader:
    """Sends a request and collects the chunks of the answer.

    Attributes:
        response: the head of the answer; None until it arrives.
        recording: the chunks so far.
        error: the error that ended the response early; None if there is none.
        ended: whether no more chunks will arrive. Read it before the chunks, so that none is missed.
        last: when the last byte arrived, a time of `clock`.
        wake_me: set it to True to have ``wake`` called once, at the next chunk.
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
            transport: sends the request.
            request: the request.
            endpoint: the server and the key.
            wake: called in the thread when the response ends, and at the next chunk if `wake_me` is set.
            sinks: store the chunks as they arrive.
        """
        self.handle = AbortHandle()
        self.recording = Recording(head_of(request, endpoint))
        self.response: Response | None = None
        self.error: SfStreamError | Stopped | None = None
        self.ended = self.wake_me = self._is_closed = False
        self.last = self._made = clock()
        self._call = (transport, request, endpoint)
        self._redactor = endpoint.redactor()
        self._wake = wake
        self._sinks = sinks
        # A copy of the cell's context: output of the thread belongs to that cell.
        context = contextvars.copy_context()
        self._thread = threading.Thread(target=context.run, args=(self._run,), name="sfstream reader", daemon=True)

    @property
    def started(self) -> float:
        """When the request was sent, a time of `clock`; until then, when the reader was made."""
        return self.handle.sent or self._made

    def start(self) -> None:
        """Send the request."""
        self._thread.start()

    def close(self, grace: float = 0.0) -> None:
        """End the thread and the connection.

        Args:
            grace: seconds to wait for the end of the body, after which the connection can be used again.
        """
        if self._thread.ident is None:  # it was not started
            return
        if self._thread is threading.current_thread():  # an abandoned stream is collected in any thread
            self.handle.abort()
            return
        self._thread.join(grace)
        if self._thread.is_alive():
            self.handle.abort()
            self._thread.join(LEAVE)
        self._is_closed = True  # chunks that a hanging thread still receives are ignored

    def end(self, end: End) -> None:
        """Store how the answer ended, in the recording and in the sinks. Call it after `close`."""
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
                    self._receive(chunk)
                    if self.handle.is_aborted:  # the server may still be sending
                        break
        except (SfStreamError, Stopped) as error:
            self.error = self._with_stage(error)
        except Exception as error:
            self.error = self._unexpected(error, transport.name)
        finally:
            self.handle.close()
            if rest := self._redactor.flush():  # the beginning of a key, but no key
                self._store(Chunk(clock() - self.started, rest))
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

    def _receive(self, chunk: Chunk) -> None:
        self.last = clock()
        if data := self._redactor.feed(chunk.data):
            self._store(chunk if data is chunk.data else Chunk(chunk.t, data))

    def _store(self, chunk: Chunk) -> None:
        if self._is_closed:
            return
        for sink in self._sinks:  # first, so that all that is shown is stored
            sink.add(chunk)
        self.recording.chunks.append(chunk)
        if self.wake_me:
            self.wake_me = False
            self._wake()

    def _unexpected(self, error: Exception, transport: str) -> SfStreamError:
        """Log the traceback of a programming error, and return the error that ends the answer.

        After an abort, any exception is a library's reaction to the closed socket.
        """
        redact = self._call[2].redact
        trace = redact("".join(traceback.format_exception(error)))
        if self.handle.is_aborted:
            _log.debug("The transport %s raised an exception after it was stopped:\n%s", transport, trace)
            return StreamCut(message("The stream was stopped."))
        _log.warning("The transport %s raised an unexpected exception:\n%s", transport, trace)
        unexpected = UnexpectedError(
            message(
                "The transport {transport} raised {name}: {reason}\n"
                "This is a programming error and not a lost connection, so the request is not repeated.",
                transport=repr(transport),
                name=type(error).__name__,
                reason=excerpt(redact(str(error))),
            )
        )
        unexpected.__cause__ = error
        return unexpected

    def _with_stage(self, error: SfStreamError | Stopped) -> SfStreamError | Stopped:
        """Return the error; a `StreamCut` instead if the connection was lost after the answer had begun."""
        if isinstance(error, ConnectionFailed) and self.response:
            cut = StreamCut(joined(message("The stream was cut off."), error.text))
            cut.__cause__ = error.__cause__
            return cut
        return error

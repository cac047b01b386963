"""A stream that somebody else has opened, as a transport: its pieces are fetched in a thread that may be left behind.

Whether an iterator that waits can be interrupted, nobody knows. So it waits in a thread of its own, and a stop does not
wait for that thread: it ends, and closes the iterator, with the next piece.
"""

from __future__ import annotations

import contextvars
import queue
import socket
import threading
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sfstream.core.events import Chunk
from sfstream.core.request import ChatRequest
from sfstream.errors import SfStreamError, StreamCut
from sfstream.wire.connect import AbortHandle
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.transport import Response, clock

_LOST = {"OSError", "TransportError", "APIConnectionError", "HTTPError"}
"""Names of the exceptions of the usual libraries, or of their bases, that mean a lost connection."""


@dataclass
class GivenTransport:
    """Gives the bytes of a stream that is open already. Asked once.

    Attributes:
        name: of what opened it.
        body: its bytes, as they come.
        holder: what is to be closed at the end.
        status_code: of HTTP.
        headers: with names in lower case.
        socket: of its connection, where it is known: shutting it wakes a thread that reads from it.
        failure: what the body raised.
    """

    name: str
    body: Iterator[bytes]
    holder: object
    status_code: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    socket: socket.socket | None = None
    failure: BaseException | None = None

    def open(self, request: ChatRequest, endpoint: Endpoint, handle: AbortHandle) -> Response:
        """See `sfstream.wire.transport.Transport.open`."""
        if self.socket is not None:
            handle.track(self.socket)
        return Response(self.status_code, self.headers, self._chunks(handle))

    def _chunks(self, handle: AbortHandle) -> Generator[Chunk, None, None]:
        start = clock()
        pieces: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        leaving = threading.Event()
        context = contextvars.copy_context()  # what the iterator prints belongs to the cell that shows it
        threading.Thread(
            target=context.run, args=(self._fetch, pieces, leaving), name="sfstream given stream", daemon=True
        ).start()
        handle.on_abort(lambda: pieces.put(None))
        try:
            while (piece := pieces.get()) is not None:
                yield Chunk(clock() - start, piece)
        finally:
            leaving.set()
        if self.failure:
            raise _named(self.failure)

    def _fetch(self, pieces: queue.SimpleQueue[bytes | None], leaving: threading.Event) -> None:
        try:
            for piece in self.body:
                if leaving.is_set():
                    break
                if piece:
                    pieces.put(piece)
        except BaseException as error:  # a thread must not die in silence
            self.failure = None if leaving.is_set() else error
        finally:
            pieces.put(None)
            _close(self.holder)


def _close(holder: Any) -> None:
    try:
        holder.close()
    except Exception:  # it may have no such thing, or be closed already: nothing more is wanted of it
        return


def _named(error: BaseException) -> SfStreamError:
    if isinstance(error, SfStreamError):
        return error
    what = f"The stream raised {type(error).__name__}{f': {error}' if str(error) else ''}"
    if _LOST & {kind.__name__ for kind in type(error).__mro__}:
        return StreamCut(f"The stream was cut off. {what}\nThe partial answer is kept.")
    return SfStreamError(f"{what}\nThe partial answer is kept.")

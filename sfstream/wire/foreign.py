"""Transport for a stream that the user has opened with another library, or for an iterator of pieces of an answer.

The bytes go through the same decoder as those of every other transport. An iterator that waits cannot be interrupted,
so a separate thread iterates. A stop does not wait for that thread: it shuts the connection down, or where none can be
found, it closes the iterator after the next piece.

However the answer ends, its connection is shut down. The pool of a library, which would keep it open, notices that
and opens another one for the next request.
"""

from __future__ import annotations

import contextlib
import contextvars
import inspect
import json
import queue
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sfstream.core.events import Chunk
from sfstream.core.message import joined, message
from sfstream.core.request import ChatRequest
from sfstream.errors import ConfigurationError, SfStreamError, StreamCut
from sfstream.wire.connect import AbortHandle, clock
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.foreign_pieces import event_stream
from sfstream.wire.foreign_sockets import sockets_behind
from sfstream.wire.transport import READ_SIZE, Response

_LOST = {"OSError", "TransportError", "APIConnectionError", "HTTPError"}
"""Names of exceptions of the usual libraries, or of their base classes, that mean a lost connection."""
_LOCALHOST = "http://localhost"
_CALLS = {
    "requests": "requests.post(…, stream=True)",
    "httpx": "httpx.stream(…)",
    "openai": "client.chat.completions.create(…, stream=True)",
}
_EXPECTED = message(
    "expected chunks of the openai library, a response opened with stream=True, or an iterator of texts; "
    "none of them asynchronous."
)


@dataclass
class ForeignTransport:
    """Transport that yields the bytes of a stream that is open already. It can be used once.

    Attributes:
        name: library that opened the stream, or ``given`` for an iterator of pieces.
        body: the bytes as they arrive.
        holder: object to close at the end.
        response: HTTP response that the bytes come from; None for an iterator of pieces.
        on_model: called with the name of the model that the first piece with a model names.
    """

    name: str
    body: Iterator[bytes]
    holder: Any
    response: Any = None
    on_model: Callable[[str], None] | None = None

    @property
    def request(self) -> ChatRequest | None:
        """The request that the stream answers; None if it is unknown."""
        if self.response is None:
            return None
        request = self.response.request
        try:
            return ChatRequest.from_body(json.loads(request.body if self.name == "requests" else request.read()))
        except (ValueError, TypeError, AttributeError):  # the body is no chat request
            return None

    @property
    def endpoint(self) -> Endpoint:
        """Endpoint of the request with the key that was sent, so that a key that the server echoes is redacted."""
        if self.response is None:
            return Endpoint(_LOCALHOST)
        request = self.response.request
        key = str(request.headers.get("Authorization") or "").rpartition(" ")[2] or None
        parts = urlsplit(str(request.url))
        try:
            return Endpoint(f"{parts.scheme}://{parts.netloc}{parts.path.removesuffix('/chat/completions')}", key)
        except ConfigurationError:  # sfstream would not send a key there, such as over http to another host
            return Endpoint(_LOCALHOST, key)

    def open(self, request: ChatRequest, endpoint: Endpoint, handle: AbortHandle) -> Response:
        """See `sfstream.wire.transport.Transport.open`."""
        self._track(handle)
        if self.response is None:
            return Response(200, {}, self._chunks(handle), is_raw=False)
        headers = {name.lower(): value for name, value in self.response.headers.items()}
        return Response(self.response.status_code, headers, self._chunks(handle))

    def _chunks(self, handle: AbortHandle) -> Generator[Chunk, None, None]:
        start = clock()
        pieces: queue.SimpleQueue[bytes | BaseException | None] = queue.SimpleQueue()
        leaving = threading.Event()
        context = contextvars.copy_context()  # output of the iterator belongs to the cell that shows the stream
        arguments = (self._fetch, pieces, leaving, handle)
        threading.Thread(target=context.run, args=arguments, name="sfstream foreign stream", daemon=True).start()
        handle.on_abort(lambda: pieces.put(None))
        try:
            while isinstance(piece := pieces.get(), bytes):
                yield Chunk(clock() - start, piece)
        finally:
            leaving.set()
        if piece:
            raise _translated(piece)

    def _track(self, handle: AbortHandle) -> None:
        for number in sockets_behind(self.response, self.holder):
            handle.track_number(number)

    def _fetch(
        self,
        pieces: queue.SimpleQueue[bytes | BaseException | None],
        leaving: threading.Event,
        handle: AbortHandle,
    ) -> None:
        failure = None
        try:
            for number, piece in enumerate(self.body):
                if leaving.is_set():
                    break
                if number == 0:  # a generator may open its response only when it begins
                    self._track(handle)
                if piece:
                    pieces.put(piece)
        except BaseException as error:  # raised in the reader's thread instead
            failure = error
        handle.hang_up()  # at once: the next request of the user's client must not get this connection
        pieces.put(failure)
        with contextlib.suppress(Exception):  # not every iterator can be closed, or closed twice
            self.holder.close()


def foreign_transport(stream: Any) -> ForeignTransport:
    """Return the transport for a stream that `sfstream.show` accepts.

    Raises:
        ConfigurationError: the object is no stream, or was read already.
    """
    stream = getattr(stream, "_raw_stream", stream)  # the openai library's helper repeats each chunk as other events
    # The library's streams and responses hold a response of httpx, whose bytes say more than the library's chunks.
    response = getattr(stream, "http_response", getattr(stream, "response", stream))
    library = type(response).__module__.partition(".")[0]
    if library == "requests":
        return _of_requests(response)
    if library in ("httpx", "httpx2") and (response is stream or response.is_closed or not response.is_stream_consumed):
        return _of_httpx(response, stream)
    _check(stream)
    transport = ForeignTransport("given", iter(()), stream)
    transport.body = event_stream(stream, lambda model: transport.on_model and transport.on_model(model))
    return transport


def _check(stream: Any) -> None:
    if isinstance(stream, str | bytes | bytearray):
        raise ConfigurationError(joined(message("The stream is a text that is complete already;"), _EXPECTED))
    if isinstance(stream, Mapping) or hasattr(stream, "choices"):
        raise ConfigurationError(
            message("The stream is a finished completion: pass stream=True to create() to stream it.")
        )
    if inspect.isgenerator(stream) and stream.gi_frame is None:
        raise ConfigurationError(message("The stream was read already, to its end; create it again."))
    if not isinstance(stream, Iterable):
        raise ConfigurationError(joined(message("The stream is {stream};", stream=f"{stream!r:.60}"), _EXPECTED))


def _of_requests(response: Any) -> ForeignTransport:
    raw = response.raw
    if raw.closed or raw.tell() or raw.chunk_left:
        raise _was_read("requests")
    return ForeignTransport("requests", _pieces_of(raw), response, response)


def _pieces_of(raw: Any) -> Iterator[bytes]:
    while data := raw.read1(READ_SIZE, decode_content=True):
        yield data


def _of_httpx(response: Any, holder: Any) -> ForeignTransport:
    name = "httpx" if response is holder else "openai"
    if response.is_stream_consumed or response.is_closed:
        raise _was_read(name)
    if not isinstance(response.stream, Iterable):
        what = message("The stream is {stream}, of an asynchronous client;", stream=f"{response!r:.60}")
        raise ConfigurationError(joined(what, _EXPECTED))
    return ForeignTransport(name, response.iter_bytes(), holder, response)


def _was_read(name: str) -> ConfigurationError:
    return ConfigurationError(
        message(
            "The stream was read already, all or some of it; open it with {call} and pass it unread.",
            call=_CALLS[name],
        )
    )


def _translated(error: BaseException) -> SfStreamError:
    """Return the error that ends the reply, with the exception of the user's stream as its cause."""
    if isinstance(error, SfStreamError):
        return error
    reason = f"{type(error).__name__}{f': {error}' if str(error) else ''}"
    what = message("The stream raised {reason}", reason=reason)
    is_lost = bool(_LOST & {kind.__name__ for kind in type(error).__mro__})
    translated = StreamCut(joined(message("The stream was cut off."), what)) if is_lost else SfStreamError(what)
    translated.__cause__ = error
    return translated

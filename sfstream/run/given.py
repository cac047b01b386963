"""A stream that a user already has, as a run: what it is, what was asked, and where its bytes come from."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from sfstream.core.config import NO_TIMEOUT, Timeouts
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.errors import ConfigurationError
from sfstream.run.loop import Run
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.foreign import ForeignTransport, frames
from sfstream.wire.transport import READ_SIZE

_OF_A_SERVER = replace(NO_TIMEOUT, after_finish=Timeouts.after_finish)
"""One that keeps its connection open after the finish reason has nothing more to say."""
_NOTHING = ChatRequest(model="unknown", messages=[{"role": "user", "content": ""}])
"""What was asked, where nothing says it."""
_CALLS = {
    "requests": "requests.post(…, stream=True)",
    "httpx": "httpx.stream(…)",
    "openai": "client.chat.completions.create(…, stream=True)",
}
_EXPECTED = "expected chunks of the openai library, a response opened with stream=True, or an iterator of texts."


@dataclass(frozen=True)
class Given:
    """A stream that is ready to be watched.

    Attributes:
        run: it as a run.
        transport: where its bytes come from.
        is_raw: whether these are what a server sent, so that a recording of them means something.
    """

    run: Run
    transport: ForeignTransport
    is_raw: bool

    def __post_init__(self) -> None:
        self.run.reply.is_given = True

    def settle(self, reply: Reply) -> None:
        """Say what only the stream itself knows, once it has ended."""
        if not self.is_raw:
            reply.recording = None
        if reply.error and self.transport.failure is not reply.error:
            reply.error.__cause__ = self.transport.failure


def given(stream: Any) -> Given:
    """The stream as a run.

    Raises:
        ConfigurationError: it is no stream, or one that was read already.
    """
    stream = getattr(stream, "_raw_stream", stream)  # below the openai library's own events, which say all twice
    # The library's streams and responses hold one of httpx, whose bytes tell more than the library does.
    response = getattr(stream, "http_response", getattr(stream, "response", stream))
    library = type(response).__module__.partition(".")[0]
    if library == "requests":
        return _of_requests(response)
    if library in ("httpx", "httpx2") and (response is stream or response.is_closed or not response.is_stream_consumed):
        return _of_httpx(response, stream, "httpx" if response is stream else "openai")
    _check(stream)
    run: list[Run] = []
    body = frames(stream, lambda model: setattr(run[0].reply, "model", model))
    transport = ForeignTransport("given", body, stream)
    run.append(Run(_NOTHING, transport, Endpoint("http://localhost"), NO_TIMEOUT))
    run[0].reply.model = ""
    return Given(run[0], transport, is_raw=False)


def _check(stream: Any) -> None:
    """Say of what is often given by mistake what it is."""
    if isinstance(stream, str | bytes | bytearray):
        raise ConfigurationError(f"The stream is a text, whole already; {_EXPECTED}")
    if isinstance(stream, Reply):
        raise ConfigurationError("The stream is a Reply already; as the value of a cell it shows itself.")
    if isinstance(stream, Mapping) or hasattr(stream, "choices"):
        raise ConfigurationError("The stream is a finished completion: ask with stream=True to have it streamed.")
    if isinstance(stream, Sequence) and stream and isinstance(stream[0], Mapping) and "role" in stream[0]:
        raise ConfigurationError("The stream is a list of messages: chat() sends them, and shows the answer.")
    if inspect.isgenerator(stream) and stream.gi_frame is None:
        raise ConfigurationError("The stream was read already, to its end; make it anew.")
    if not isinstance(stream, Iterable):
        if hasattr(stream, "__aiter__") or hasattr(stream, "__await__"):
            raise ConfigurationError(
                f"The stream is asynchronous ({type(stream).__name__}), and show() is not; {_EXPECTED}"
            )
        raise ConfigurationError(f"The stream is {stream!r:.60}; {_EXPECTED}")


def _of_requests(response: Any) -> Given:
    if _is_begun(response):
        raise _was_read("requests")

    def body() -> Any:
        while data := response.raw.read1(READ_SIZE, decode_content=True):
            yield data

    # Where nothing says how to read what is there and no more, it comes as the library gives it.
    pieces = body() if hasattr(response.raw, "read1") else response.iter_content(None)
    connection = getattr(response.raw, "_connection", None)
    socket = getattr(connection, "sock", None)
    transport = ForeignTransport("requests", pieces, response, response.status_code, _lower(response.headers), socket)
    return _raw(transport, response.request, getattr(response.request, "body", None))


def _is_begun(response: Any) -> bool:
    """Whether somebody has read of it, and holds what came first; as far as it can be seen."""
    raw = response.raw
    if response._content is not False or raw is None:  # private; `content` itself would read it all
        return True
    return bool(getattr(raw, "closed", False) or getattr(raw, "tell", int)() or getattr(raw, "chunk_left", None))


def _of_httpx(response: Any, holder: Any, name: str) -> Given:
    if response.is_stream_consumed or response.is_closed:
        raise _was_read(name)
    if not hasattr(response.stream, "__iter__"):
        raise ConfigurationError(f"The stream is asynchronous, and show() is not; {_EXPECTED}")
    network = response.extensions.get("network_stream")
    socket = network.get_extra_info("socket") if network else None
    headers = _lower(response.headers)
    transport = ForeignTransport(name, response.iter_bytes(), holder, response.status_code, headers, socket)
    return _raw(transport, response.request, response.request.read())


def _raw(transport: ForeignTransport, asked: Any, body: str | bytes | None) -> Given:
    run = Run(_request(body), transport, _server(asked), _OF_A_SERVER)
    if run.reply.request is _NOTHING:
        run.reply.model = ""
    return Given(run, transport, is_raw=True)


def _request(body: str | bytes | None) -> ChatRequest:
    try:
        return ChatRequest.from_body(json.loads(body or ""))
    except (ValueError, AttributeError):  # a ConfigurationError is a ValueError
        return _NOTHING


def _server(asked: Any) -> Endpoint:
    """Who was asked, with the key that was sent: so that a key which the server echoes is taken out."""
    parts = urlsplit(str(asked.url))
    base_url = f"{parts.scheme}://{parts.netloc}{parts.path.removesuffix('/chat/completions')}"
    key = str(asked.headers.get("Authorization") or "").removeprefix("Bearer ")
    for url in (base_url, "http://localhost"):
        try:
            return Endpoint(url, key or None)
        except ConfigurationError:  # an address that we would not have sent it to
            continue
    return Endpoint("http://localhost")


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _was_read(name: str) -> ConfigurationError:
    call = f"open it with {_CALLS[name]}, and give it unread."
    return ConfigurationError(f"The stream was read already, all or some of it; {call}")

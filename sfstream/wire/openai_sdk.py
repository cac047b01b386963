"""Through the openai library: its connection, its authentication, its parameters; the bytes as they are.

`with_streaming_response` gives the bytes before the library's own iterator sees them: that iterator
ends silently on a cut stream, on a page of HTML and on SiliconFlow's error frames (openai 3.54.0).
"""

from __future__ import annotations

import atexit
import importlib
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sfstream.core.request import ChatRequest
from sfstream.errors import ConfigurationError, NoTransport
from sfstream.wire import connect as sockets
from sfstream.wire.connect import AbortHandle
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.library_logs import keep_key_out
from sfstream.wire.proxies import proxy_of, without_password
from sfstream.wire.transport import CONNECT_TIMEOUT, Response, clock, connection_failed, timed

if TYPE_CHECKING:
    import openai

_OURS = ("host", "connection", "content-", "accept", "user-agent", "x-stainless-")
"""Beginnings of the headers that are let through. The rest the library takes from ``OPENAI_*`` variables."""


_STATUS = "sfstream.status_code"
"""Where the true status of a response is kept."""


class OpenAITransport:
    """Keeps one client for each server and proxy, so that the connection is used again."""

    name = "openai"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clients: dict[tuple[Endpoint, str | None], openai.OpenAI] = {}

    def open(self, request: ChatRequest, endpoint: Endpoint, handle: AbortHandle) -> Response:
        """See `Transport.open`."""
        import openai

        start = clock()
        client = self._client(endpoint)
        body = request.body()
        model, messages = body.pop("model"), body.pop("messages")
        del body["stream"]
        with handle.in_this_thread():
            try:
                manager = client.chat.completions.with_streaming_response.create(
                    model=model, messages=messages, stream=True, extra_body=body
                )
                response = manager.__enter__()
            except (openai.OpenAIError, OSError) as error:
                raise connection_failed(error, endpoint) from None
        status_code = response.http_response.extensions[_STATUS]
        return Response(status_code, dict(response.headers), timed(_body(manager, response, endpoint), start))

    def _client(self, endpoint: Endpoint) -> openai.OpenAI:
        proxy = proxy_of(endpoint)
        with self._lock:
            if (endpoint, proxy) not in self._clients:
                self._clients[endpoint, proxy] = _new_client(endpoint, proxy)
            return self._clients[endpoint, proxy]


def make() -> OpenAITransport:
    return OpenAITransport()


def _new_client(endpoint: Endpoint, proxy: str | None) -> openai.OpenAI:
    import openai

    httpx = _http_library("httpx")
    try:
        everyone = httpx.Limits(max_connections=None, max_keepalive_connections=20)  # none waits for another to end
        transport = httpx.HTTPTransport(proxy=httpx.Proxy(proxy) if proxy else None, limits=everyone)
    except OSError as error:
        raise ConfigurationError(
            f"The certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read: {error.strerror or error}. "
            "Put it right, or take it out of the environment."
        ) from None
    except (
        ImportError,
        ValueError,
        httpx.InvalidURL,
    ) as error:  # socks needs a package more; the address may hold a password
        why = without_password(str(error), endpoint)
        raise ConfigurationError(f"The proxy of the environment cannot be used by the openai library: {why}") from None
    # Private: no public way leads from a client to a socket that is still connecting. Where it is missing one day,
    # everything works but a stop while connecting, and the test of that stop fails.
    transport._pool._network_backend = _backend()
    keep_key_out(endpoint, f"{_http_library('httpcore').__name__}.http11", httpx.__name__, "openai._base_client")
    headers = endpoint.headers()

    def only_ours(outgoing: Any) -> None:
        for name in list(outgoing.headers):
            if not name.lower().startswith(_OURS):
                del outgoing.headers[name]
        outgoing.headers.update(headers)

    def not_yet(answer: Any) -> None:
        # The library would read the whole body of a refusal before it raises it: one without an end took 1.8 GB in
        # 3 s. So it sees a success, and the body is read like any other; the status goes along beside it.
        answer.extensions[_STATUS], answer.status_code = answer.status_code, 200

    client = httpx.Client(
        transport=transport,
        timeout=httpx.Timeout(None, connect=CONNECT_TIMEOUT),
        follow_redirects=False,
        event_hooks={"request": [only_ours], "response": [not_yet]},
    )
    atexit.register(client.close)
    # The hook writes the key; the library, which insists on one, is given a word in its place.
    return openai.OpenAI(base_url=endpoint.base_url, api_key="in-the-hook", max_retries=0, http_client=client)


def _http_library(name: str) -> Any:
    """httpx or httpcore as this openai uses it: since its version 3 they are called httpx2 and httpcore2."""
    import openai

    return importlib.import_module(f"{name}2" if int(openai.__version__.split(".")[0]) >= 3 else name)


def _body(manager: Any, response: Any, endpoint: Endpoint) -> Iterator[bytes]:
    httpx = _http_library("httpx")
    try:
        yield from response.iter_bytes()
    except (httpx.HTTPError, OSError) as error:
        raise connection_failed(error, endpoint) from None
    finally:
        manager.__exit__(None, None, None)


def _backend() -> Any:
    """A network backend whose sockets the line holds, while they connect and whenever they are written to."""
    httpcore: Any = _http_library("httpcore")
    try:
        plain = importlib.import_module(f"{httpcore.__name__}._backends.sync")
    except ImportError:
        raise NoTransport(
            "The openai library stands on an httpcore that is too old here; expected 0.17.3 or newer.\n"
            "Run %pip install -U httpx httpcore and restart the kernel, or take --via requests."
        ) from None

    class HeldStream(httpcore.NetworkStream):
        def __init__(self, stream: Any) -> None:
            self._stream = stream

        def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
            data: bytes = self._stream.read(max_bytes, timeout)
            return data

        def write(self, buffer: bytes, timeout: float | None = None) -> None:
            sockets.track(self._stream.get_extra_info("socket"))
            self._stream.write(buffer, timeout)

        def close(self) -> None:
            self._stream.close()

        def start_tls(self, *args: Any, **keywords: Any) -> HeldStream:
            return HeldStream(self._stream.start_tls(*args, **keywords))

        def get_extra_info(self, info: str) -> Any:
            return self._stream.get_extra_info(info)

    class HeldBackend(httpcore.SyncBackend):
        def connect_tcp(
            self,
            host: str,
            port: int,
            timeout: float | None = None,
            local_address: str | None = None,
            socket_options: Iterable[tuple[int, int, int | bytes]] | None = None,
        ) -> HeldStream:
            source = (local_address, 0) if local_address else None
            return HeldStream(plain.SyncStream(sockets.connect(host, port, timeout, source, socket_options or ())))

    return HeldBackend()

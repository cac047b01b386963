"""The transport that sends with the openai library: its connections and its parameters, and the bytes as they arrive.

`with_streaming_response` gives the bytes before the library's own iterator interprets them. That iterator ends
silently on a cut stream, on an HTML page and on SiliconFlow's error frames (openai 3.54.0).
"""

from __future__ import annotations

import importlib
import os
import threading
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from sfstream.core.message import message
from sfstream.core.request import ChatRequest
from sfstream.errors import ConfigurationError
from sfstream.wire.connect import AbortHandle, network_backend
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.library_errors import fail
from sfstream.wire.proxies import proxy_of, without_password
from sfstream.wire.transport import CONNECT_TIMEOUT, Response, timed

_LIBRARY_HEADERS = ("host", "connection", "content-", "accept", "user-agent", "x-stainless-")
"""Prefixes of the library's headers that are sent. It takes others from ``OPENAI_*`` variables."""
_STATUS = "sfstream.status_code"
"""Name of the response extension with the true status code."""

_headers: ContextVar[Mapping[str, str]] = ContextVar("headers of the request that this thread sends")


class OpenAITransport:
    """Sends with the openai library. Keeps an HTTP client for each proxy and each file of certificates, so that
    connections are used again.

    A client serves every endpoint, and holds no key.
    """

    name = "openai"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clients: dict[tuple[str | None, ...], Any] = {}

    def open(self, request: ChatRequest, endpoint: Endpoint, handle: AbortHandle) -> Response:
        """See `Transport.open`."""
        import openai

        # The hook writes the key. The library, which insists on one, gets a placeholder.
        client = openai.OpenAI(
            base_url=endpoint.base_url, api_key="in-the-hook", max_retries=0, http_client=self._client(endpoint)
        )
        body = request.body()
        model, messages = body.pop("model"), body.pop("messages")
        del body["stream"]
        before = _headers.set(endpoint.headers())
        try:
            with handle.in_this_thread():
                manager = client.chat.completions.with_streaming_response.create(
                    model=model, messages=messages, stream=True, extra_body=body
                )
                response = manager.__enter__()
        except (openai.OpenAIError, OSError) as error:
            fail(error, endpoint)
        finally:
            _headers.reset(before)
        status_code = response.http_response.extensions[_STATUS]
        return Response(status_code, dict(response.headers), timed(_body(manager, response, endpoint), handle))

    def _client(self, endpoint: Endpoint) -> Any:
        proxy = proxy_of(endpoint)
        kind = (proxy, os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
        with self._lock:
            if kind not in self._clients:
                self._clients[kind] = _new_client(endpoint, proxy)
            return self._clients[kind]


def _new_client(endpoint: Endpoint, proxy: str | None) -> Any:
    httpx = _http_library("httpx")
    try:
        unlimited = httpx.Limits(max_connections=None, max_keepalive_connections=20)  # no call waits for another
        transport = httpx.HTTPTransport(proxy=httpx.Proxy(proxy) if proxy else None, limits=unlimited)
    except OSError as error:
        raise ConfigurationError(
            message(
                "The certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read: {reason}. "
                "Correct the variable, or remove it from the environment.",
                reason=error.strerror or str(error),
            )
        ) from error
    except (ImportError, ValueError, httpx.InvalidURL) as error:  # SOCKS needs a package; the URL may hold a password
        why = without_password(str(error), endpoint)
        raise ConfigurationError(
            message("The openai library cannot use the proxy of the environment: {reason}", reason=why)
        ) from None
    # Private: there is no public way from a client to a socket that is still connecting; see `network_backend`.
    transport._pool._network_backend = network_backend(_http_library("httpcore"))
    return httpx.Client(
        transport=transport,
        timeout=httpx.Timeout(None, connect=CONNECT_TIMEOUT),
        follow_redirects=False,
        event_hooks={"request": [_replace_headers], "response": [_hide_status]},
    )


def _replace_headers(outgoing: Any) -> None:
    for name in list(outgoing.headers):
        if not name.lower().startswith(_LIBRARY_HEADERS):
            del outgoing.headers[name]
    outgoing.headers.update(_headers.get())


def _hide_status(answer: Any) -> None:
    """Let the library see a success. It reads the whole body of a refusal before it raises: 1.8 GB in 3 s of one that
    never ended."""
    answer.extensions[_STATUS], answer.status_code = answer.status_code, 200


def _http_library(name: str) -> Any:
    """Return httpx or httpcore as this openai imports it: since openai 3 they are called httpx2 and httpcore2."""
    import openai

    return importlib.import_module(f"{name}2" if int(openai.__version__.split(".")[0]) >= 3 else name)


def _body(manager: Any, response: Any, endpoint: Endpoint) -> Iterator[bytes]:
    httpx = _http_library("httpx")
    try:
        yield from response.iter_bytes()
    except (httpx.HTTPError, OSError) as error:
        fail(error, endpoint, has_begun=True)
    finally:
        manager.__exit__(None, None, None)

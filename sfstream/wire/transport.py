"""The Transport protocol: send one request and return the head and the bytes of the answer.

It also translates the exceptions of the HTTP libraries into `ConnectionFailed`.
"""

from __future__ import annotations

import functools
import importlib
import logging
import socket
import ssl
import time
import traceback
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from http.client import BadStatusLine, HTTPException, IncompleteRead, RemoteDisconnected
from typing import NoReturn, Protocol

from sfstream.core.events import Chunk
from sfstream.core.recording import Head
from sfstream.core.request import ChatRequest
from sfstream.core.text import excerpt
from sfstream.errors import ConfigurationError, ConnectionFailed, NotTrusted
from sfstream.wire.connect import AbortHandle
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.proxies import in_between, without_password

CONNECT_TIMEOUT = 10.0
"""Seconds to connect to one address of the server. For the time after that, see `sfstream.core.config.Timeouts`."""
READ_SIZE = 65536
"""Most bytes read at once."""

VIA = {
    "openai": "openai_sdk.OpenAITransport",
    "requests": "requests_http.RequestsTransport",
    "curl": "curl.CurlTransport",
}
"""Names of the transports, and their classes in this package."""

clock = time.monotonic
"""The clock of all times."""

_log = logging.getLogger("sfstream")

TRACE_HEADER = "x-siliconcloud-trace-id"
SOURCE_HEADER = "x-sfstream-source"
"""Header with which the demo server marks its answers; see `sfstream.core.recording.Head.source`."""


@dataclass(frozen=True)
class Response:
    """The head of an answer, and its body as it arrives.

    Attributes:
        status_code: the HTTP status.
        headers: the headers, with names in lower case.
        chunks: the body as it arrives, with times. It ends with the body, and raises `ConnectionFailed` if the body
            is cut.
        recorded: the head of the recording that is replayed; None for a live answer.
        is_raw: whether the chunks are the bytes that a server sent; False where sfstream made them from objects.
    """

    status_code: int
    headers: Mapping[str, str]
    chunks: Generator[Chunk, None, None]
    recorded: Head | None = None
    is_raw: bool = True

    @property
    def trace_id(self) -> str | None:
        """SiliconFlow's identifier of this call, which its support asks for."""
        return self.headers.get(TRACE_HEADER)

    @property
    def is_success(self) -> bool:
        return 200 <= self.status_code < 300

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


def timed(body: Iterable[bytes], start: float) -> Generator[Chunk, None, None]:
    """Yield the pieces of a body with the seconds since ``start``, a time of `clock`."""
    for data in body:
        yield Chunk(clock() - start, data)


class Transport(Protocol):
    """Sends requests. It is thread-safe; each call has its own `AbortHandle`."""

    name: str

    def open(self, request: ChatRequest, endpoint: Endpoint, handle: AbortHandle) -> Response:
        """Send the request and wait for the head of the answer.

        A status other than 200 is a response like any other.

        Args:
            request: the request to send.
            endpoint: the server and its key.
            handle: aborts the call and the body, from any thread.

        Raises:
            ConnectionFailed: no answer came.
            NoTransport: the library or program that sends is missing on this machine.
        """
        ...


@functools.cache
def transport(via: str) -> Transport:
    """Return the one transport with the name ``via``. Its module is imported on first use.

    Raises:
        ConfigurationError: there is no transport with this name.
    """
    if via not in VIA:
        raise ConfigurationError(f"via is {via!r:.60}; expected one of {', '.join(VIA)}.")
    module, name = VIA[via].split(".")
    made: Transport = getattr(importlib.import_module(f"sfstream.wire.{module}"), name)()
    return made


def fail(error: Exception, endpoint: Endpoint) -> NoReturn:
    """Raise the `ConnectionFailed` that a library's exception means.

    Its cause is the root of that exception. The exceptions around the root stay behind, since the request with the
    key can be reached from them; their traceback is in the log.
    """
    root = _root(error)
    text = without_password(endpoint.redact(str(root)), endpoint)
    if _log.isEnabledFor(logging.DEBUG):
        trace = without_password(endpoint.redact("".join(traceback.format_exception(error))), endpoint)
        _log.debug("The connection to %s failed:\n%s", endpoint.host, trace)
    failed = connection_failed(root, text, endpoint)
    # Exceptions of the interpreter hold nothing but their text; others may hold the request, or what a server sent.
    is_plain = isinstance(root, OSError) and type(root).__module__ in ("builtins", "socket", "ssl")
    raise failed from (root if is_plain else ConnectionError(f"{type(root).__name__}: {text}"))


def connection_failed(root: BaseException, text: str, endpoint: Endpoint) -> ConnectionFailed:
    """Return the error that an exception means.

    Args:
        root: the root cause of what a library raised.
        text: its text, redacted.
        endpoint: the server to which the request went.
    """
    host, proxy = endpoint.host, in_between(endpoint)
    if isinstance(root, socket.gaierror) and not proxy:
        what = f"The host {host} was not found. Is the base URL {endpoint.base_url} right, and is there a network?"
    elif isinstance(root, ConnectionRefusedError) and not proxy:
        what = f"{host} refused the connection. Is a server running at {endpoint.base_url}?"
    elif isinstance(root, ssl.SSLCertVerificationError):
        return NotTrusted(
            f"The certificate of {host} cannot be trusted: {root.verify_message.rstrip('.')}. Is the base URL "
            f"{endpoint.base_url} right? Behind a proxy that decrypts, its certificate must be trusted here too."
        )
    elif isinstance(root, ssl.SSLError):
        what = f"No encrypted connection to {host}: {root.reason or text}. Is https right for {endpoint.base_url}?"
    elif isinstance(root, IncompleteRead):
        what = f"The connection to {host} failed: the body was cut off."
    elif type(root) is BadStatusLine:
        what = f"The connection to {host} failed: the answer is not HTTP: {excerpt(text)}"
    else:
        what = f"The connection to {host} failed: {excerpt(text).rstrip('.') or type(root).__name__}."
    failed = ConnectionFailed(what + proxy)
    failed.is_unreadable = _is_unreadable(root)
    return failed


def _root(error: BaseException) -> BaseException:
    while not isinstance(error, HTTPException) and (inner := error.__cause__ or error.__context__ or _wrapped(error)):
        error = inner
    return error


def _wrapped(error: BaseException) -> BaseException | None:
    """Return the exception in another's arguments: urllib3 passes on those of TLS without raising from them."""
    return next((each for each in error.args if isinstance(each, BaseException)), None)


def _is_unreadable(root: BaseException) -> bool:
    """Return whether the library cannot parse the head of the answer, or the address of a proxy."""
    if isinstance(root, RemoteDisconnected | IncompleteRead):
        return False
    return isinstance(root, HTTPException | ValueError) or type(root).__module__.partition(".")[0] == "h11"

"""What every transport is: one method that sends a request and gives the bytes of the answer."""

from __future__ import annotations

import functools
import importlib
import os
import socket
import ssl
import time
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from http.client import BadStatusLine, HTTPException, IncompleteRead, RemoteDisconnected
from typing import Protocol

from sfstream.core.events import Chunk
from sfstream.core.recording import Head
from sfstream.core.request import ChatRequest
from sfstream.core.text import excerpt
from sfstream.errors import ConfigurationError, ConnectionFailed, NotTrusted
from sfstream.wire.connect import AbortHandle
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.proxies import in_between, without_password

CONNECT_TIMEOUT = 10.0
"""Seconds to reach one address of the server. How long it may stay silent after: `sfstream.core.config.Timeouts`."""
READ_SIZE = 65536
"""Most bytes taken at once."""

VIA = {"openai": "openai_sdk", "requests": "requests_http", "curl": "curl"}
"""The transports that `transport` knows, and their modules."""

clock = time.monotonic
"""The clock of all times."""

TRACE_HEADER = "x-siliconcloud-trace-id"
SOURCE_HEADER = "x-sfstream-source"
"""What the demo server says of its answers; see `sfstream.core.recording.Head.source`."""


@dataclass(frozen=True)
class Response:
    """The head of an answer, and its body as it arrives.

    Attributes:
        status_code: of HTTP.
        headers: with names in lower case.
        chunks: the body as it arrives, timed; it ends when the body does, and raises `ConnectionFailed` when it is
            cut.
        recorded: the head of the recording that this is played from; None for an answer that comes now.
    """

    status_code: int
    headers: Mapping[str, str]
    chunks: Generator[Chunk, None, None]
    recorded: Head | None = None

    @property
    def trace_id(self) -> str | None:
        """SiliconFlow's name for this call, which its support asks for."""
        return self.headers.get(TRACE_HEADER)

    @property
    def is_success(self) -> bool:
        return 200 <= self.status_code < 300

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


def timed(body: Iterable[bytes], start: float) -> Generator[Chunk, None, None]:
    """The pieces of a body with the seconds since ``start``, a time of `clock`."""
    for data in body:
        yield Chunk(clock() - start, data)


class Transport(Protocol):
    """Sends a request. Several threads may do so at once, each with a line of its own."""

    name: str

    def open(self, request: ChatRequest, endpoint: Endpoint, handle: AbortHandle) -> Response:
        """Send the request and wait for the head of the answer.

        Whatever the transport connects is held by ``handle``: shutting it ends this call and the body.
        A status other than 200 is a response like any other.

        Raises:
            ConnectionFailed: no answer came.
            NoTransport: what is needed to send is not on this machine.
        """
        ...


def transport(via: str) -> Transport:
    """The transport of that name. Its module is imported when it is first asked for.

    Raises:
        ConfigurationError: there is none of that name.
    """
    if not (isinstance(via, str) and via in VIA):
        raise ConfigurationError(f"via is {via!r:.60}; expected one of {', '.join(VIA)}.")
    return _made(via)


@functools.cache
def _made(via: str) -> Transport:
    made: Transport = importlib.import_module(f"sfstream.wire.{VIA[via]}").make()
    return made


if hasattr(os, "register_at_fork"):
    # A fork has the connections that wait to be used again in common with its parent, and with its siblings.
    os.register_at_fork(after_in_child=_made.cache_clear)


def connection_failed(error: BaseException, endpoint: Endpoint) -> ConnectionFailed:
    """Say what lies at the root of a library's exception. The exception itself, which may hold the key, is let go."""
    root = error
    while not isinstance(root, HTTPException) and (inner := root.__cause__ or root.__context__ or _wrapped(root)):
        root = inner
    host, proxy, said = endpoint.host, in_between(endpoint), without_password(endpoint.redact(str(root)), endpoint)
    if isinstance(root, socket.gaierror):
        what = f"The host {host} was not found. Is the base URL {endpoint.base_url} right, and is there a network?"
        what = "The proxy was not found." if proxy else what
    elif isinstance(root, ConnectionRefusedError):
        what = f"{host} refused the connection. Is a server running at {endpoint.base_url}?"
        what = "The proxy refused the connection." if proxy else what
    elif isinstance(root, ssl.SSLCertVerificationError):
        return NotTrusted(
            f"The certificate of {host} cannot be trusted: {root.verify_message.rstrip('.')}. Is the base URL "
            f"{endpoint.base_url} right? Behind a proxy that reads along, its certificate must be known here too."
        )
    elif isinstance(root, ssl.SSLError):
        what = f"No encrypted connection to {host}: {root.reason or root}. Is https right for {endpoint.base_url}?"
    elif isinstance(root, TimeoutError):
        what = f"{host} could not be reached within {CONNECT_TIMEOUT:g} s."
    elif isinstance(root, IncompleteRead):
        what = f"The connection to {host} failed: the body was cut off."
    elif type(root) is BadStatusLine:
        what = f"The connection to {host} failed: what came is no answer of HTTP: {excerpt(said)}"
    else:  # the words of a library, which may hold the server's
        what = f"The connection to {host} failed: {excerpt(said).rstrip('.') or type(root).__name__}."
    failed = ConnectionFailed(what + proxy)
    failed.retriable = not _is_unreadable(root)
    return failed


def _is_unreadable(root: BaseException) -> bool:
    """Whether the library cannot read an answer's head, or a proxy's address: neither is better when asked again, and
    the answer would be paid again."""
    if isinstance(root, RemoteDisconnected | IncompleteRead):
        return False
    return isinstance(root, HTTPException | ValueError) or type(root).__module__.partition(".")[0] == "h11"


def _wrapped(error: BaseException) -> BaseException | None:
    """What an error was made of without having been raised from it, as urllib3 does with those of TLS."""
    return next((each for each in error.args if isinstance(each, BaseException)), None)

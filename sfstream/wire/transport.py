"""The Transport protocol: send one request and return the head and the bytes of the answer."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from sfstream.core.checks import check_value
from sfstream.core.events import Chunk
from sfstream.core.parameters import BY_NAME
from sfstream.core.recording import Head
from sfstream.core.request import ChatRequest
from sfstream.wire.connect import AbortHandle, clock
from sfstream.wire.endpoint import Endpoint

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


def timed(body: Iterable[bytes], handle: AbortHandle) -> Generator[Chunk, None, None]:
    """Yield the pieces of a body with the seconds since the request was sent."""
    start = handle.sent or clock()
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
            handle: aborts the call and the body, from any thread, and notes when the request was sent.

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
    check_value(BY_NAME["via"], via)
    module, name = VIA[via].split(".")
    made: Transport = getattr(importlib.import_module(f"sfstream.wire.{module}"), name)()
    return made

"""Through requests: a kept session, and bytes as they arrive.

Not `iter_lines`: it waits for 512 bytes on some bodies, and splits at U+2028, which is no line end here.
"""

from __future__ import annotations

import atexit
import http
import http.client
import socket
from collections.abc import Generator
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from sfstream.core.request import ChatRequest
from sfstream.wire import connect as sockets
from sfstream.wire.connect import AbortHandle
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.library_logs import keep_key_out
from sfstream.wire.transport import CONNECT_TIMEOUT, READ_SIZE, Response, clock, connection_failed, timed

LOGGERS = (urllib3.connection.__name__, urllib3.connectionpool.__name__)
"""Which of the libraries' loggers say what a server says."""


class RequestsTransport:
    """Keeps one session, so that the connection is used again."""

    name = "requests"

    def __init__(self) -> None:
        self._session = new_session()
        atexit.register(self._session.close)

    def open(self, request: ChatRequest, endpoint: Endpoint, handle: AbortHandle) -> Response:
        """See `Transport.open`."""
        start = clock()
        keep_key_out(endpoint, *LOGGERS)
        with handle.in_this_thread():
            try:
                response = self._session.post(
                    endpoint.chat_url,
                    data=request.encode(),
                    headers=endpoint.headers(),
                    auth=_leave_as_it_is,
                    proxies={"no_proxy": endpoint.host} if endpoint.is_loopback else None,
                    stream=True,
                    timeout=(CONNECT_TIMEOUT, None),
                    allow_redirects=False,
                )
            except (requests.RequestException, OSError, ValueError) as error:  # a ValueError of a proxy's address
                raise connection_failed(error, endpoint) from None
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Response(response.status_code, headers, timed(body_of(response, endpoint), start))


def new_session() -> requests.Session:
    """A session whose sockets a line can hold, and that prints no header."""
    session = _Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(pool_maxsize=32))
    return session


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: also where it is not to follow a redirect, requests reads all of its body and looks where it leads."""


def make() -> RequestsTransport:
    return RequestsTransport()


def _leave_as_it_is(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    """Given as ``auth``: without one, requests puts what ~/.netrc holds for the host in place of our key."""
    return prepared


def body_of(response: requests.Response, endpoint: Endpoint) -> Generator[bytes]:
    """The bytes of a body as they arrive, unpacked; the connection is closed when it is left.

    Raises:
        ConnectionFailed: it is lost in the middle.
    """
    try:
        while data := response.raw.read1(READ_SIZE, decode_content=True):
            yield data
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise connection_failed(error, endpoint) from None
    finally:
        response.close()


class _Head:
    """What the head of an answer is read from. http.client takes the end of a connection for the end of the headers."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.close = file.close

    def readline(self, limit: int) -> bytes:
        line: bytes = self._file.readline(limit)
        if not line.endswith(b"\n") and len(line) < limit:
            raise http.client.RemoteDisconnected("the server hung up before its answer began")
        return line


class _Answer(http.client.HTTPResponse):
    def _read_status(self) -> tuple[str, int, str]:
        """Let every head that is only provisional, such as 103, be passed over like 100, the one that it knows."""
        version, status, reason = super()._read_status()  # type: ignore[misc]  # private, and so not in its types
        return version, http.HTTPStatus.CONTINUE if 101 < status < 200 else status, reason

    def begin(self) -> None:
        file: Any = self.fp
        head: Any = _Head(file)
        self.fp = head
        try:
            super().begin()
        finally:
            if self.fp is head:  # else it was no answer, and is closed
                self.fp = file


class _Connection(urllib3.connection.HTTPConnection):
    response_class = _Answer
    debuglevel = 0  # with http.client.HTTPConnection.debuglevel = 1 it would print all headers, the key's too

    def _new_conn(self) -> socket.socket:
        # urllib3 asks subclasses to override this; it makes its own errors of what is raised here.
        try:
            return sockets.connect(
                self._dns_host, self.port, CONNECT_TIMEOUT, self.source_address, self.socket_options or ()
            )
        except OSError as error:
            raise urllib3.exceptions.NewConnectionError(self, str(error)) from error

    def send(self, data: Any) -> None:
        if self.sock is not None:
            sockets.track(self.sock)  # a connection that is used again belongs to this call's line now
        super().send(data)


class _TLSConnection(_Connection, urllib3.connection.HTTPSConnection):
    pass


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _TLSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


_POOLS = {"http": _Pool, "https": _TLSPool}


class _Adapter(HTTPAdapter):
    """Makes connections whose sockets the line holds, with a proxy or without."""

    def init_poolmanager(self, *args: Any, **keywords: Any) -> None:
        super().init_poolmanager(*args, **keywords)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: Any, **keywords: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **keywords)
        manager.pool_classes_by_scheme = _POOLS
        return manager

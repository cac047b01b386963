"""The transport that sends with requests: one session for all calls, and the bytes as they arrive.

The bytes do not come from `iter_lines`, which waits for 512 bytes on some bodies.
"""

from __future__ import annotations

import socket
from collections.abc import Generator
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from sfstream.core.request import ChatRequest
from sfstream.wire.connect import AbortHandle, connect, track
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.library_errors import fail
from sfstream.wire.transport import CONNECT_TIMEOUT, READ_SIZE, Response, timed


class RequestsTransport:
    """Sends with requests. Keeps one session, so that connections are used again."""

    name = "requests"

    def __init__(self) -> None:
        self._session = new_session()

    def open(self, request: ChatRequest, endpoint: Endpoint, handle: AbortHandle) -> Response:
        """See `Transport.open`."""
        try:
            with handle.in_this_thread():
                response = self._session.post(
                    endpoint.chat_url,
                    data=request.encode(),
                    timeout=(CONNECT_TIMEOUT, None),
                    **options(endpoint, endpoint.headers()),
                )
        except (requests.RequestException, OSError, ValueError) as error:  # ValueError: the address of a proxy
            fail(error, endpoint)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Response(response.status_code, headers, timed(body_of(response, endpoint), handle))


def options(endpoint: Endpoint, headers: dict[str, str]) -> dict[str, Any]:
    """Return the keyword arguments of every request that sfstream sends with requests."""
    return {
        "headers": headers,
        "auth": lambda prepared: prepared,  # without it, requests replaces our key by what ~/.netrc has for the host
        "proxies": {"no_proxy": endpoint.host} if endpoint.is_loopback else None,
        "stream": True,
        "allow_redirects": False,
    }


def new_session() -> requests.Session:
    """Return a session whose sockets are tracked."""
    session = _Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(pool_maxsize=32))
    return session


def body_of(response: requests.Response, endpoint: Endpoint) -> Generator[bytes]:
    """Yield the bytes of a body as they arrive, decompressed; the connection is closed if the body is not read whole.

    Raises:
        ConnectionFailed: the connection was lost.
    """
    try:
        while data := response.raw.read1(READ_SIZE, decode_content=True):
            yield data
    except (urllib3.exceptions.HTTPError, OSError) as error:
        fail(error, endpoint, has_begun=True)
    finally:
        response.close()


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return None. Even if redirects are not allowed, requests reads the body of one and parses its target."""


class _Connection(urllib3.connection.HTTPConnection):
    debuglevel = 0  # http.client.HTTPConnection.debuglevel = 1, the usual advice, would print the key into the cell

    def _new_conn(self) -> socket.socket:
        # urllib3 asks subclasses to override this; it translates what is raised here.
        try:
            return connect(self._dns_host, self.port, CONNECT_TIMEOUT)
        except OSError as error:
            raise urllib3.exceptions.NewConnectionError(self, str(error)) from error

    def send(self, data: Any) -> None:
        if self.sock is not None:
            track(self.sock)  # the connection may be used again, and belongs to this call now
        super().send(data)


class _TLSConnection(_Connection, urllib3.connection.HTTPSConnection):
    pass


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _TLSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


_POOLS = {"http": _Pool, "https": _TLSPool}


class _Adapter(HTTPAdapter):
    """Makes tracked connections, with a proxy or without."""

    def init_poolmanager(self, *args: Any, **keywords: Any) -> None:
        super().init_poolmanager(*args, **keywords)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: Any, **keywords: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **keywords)
        manager.pool_classes_by_scheme = _POOLS
        return manager

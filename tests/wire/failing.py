"""Servers and proxies on this machine that fail in one way each, before the answer or in the middle of it."""

from __future__ import annotations

import contextlib
import datetime
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeAlias

import trustme

from sfstream.core.config import settings
from sfstream.run.ask import ask
from sfstream.wire.transport import VIA

Server: TypeAlias = Callable[[], AbstractContextManager[str]]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
FRAME = b'data: {"choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n'
PLAIN_400 = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
_RESET = struct.pack("ii", 1, 0)


@contextmanager
def serving(answer: Callable[[socket.socket], None], scheme: str = "http", host: str = "127.0.0.1") -> Iterator[str]:
    """A server that calls ``answer`` with each connection; its base URL. It serves until the end of the test."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection, contextlib.suppress(OSError):
                        connection.settimeout(10)
                        answer(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"{scheme}://{host}:{server.getsockname()[1]}/v1"
        server.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def read_request(connection: Any) -> None:
    """Read until the prompt, "Hello", has come: closing with anything unread would reset the connection."""
    data = b""
    while b"Hello" not in data and (more := connection.recv(65536)):
        data += more
    connection.settimeout(0.05)
    with contextlib.suppress(OSError):
        connection.recv(65536)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


def after_request(*pieces: bytes, resets: bool = False) -> Callable[[socket.socket], None]:
    """Read the request, send the pieces, and close or reset the connection."""

    def answer(connection: socket.socket) -> None:
        read_request(connection)
        for piece in pieces:
            connection.sendall(piece)
        if resets:
            threading.Event().wait(0.3)  # what was sent must have been read
            reset(connection)

    return answer


def at_once(data: bytes = b"", *, resets: bool = False) -> Callable[[socket.socket], None]:
    """Read something, send the data, and close or reset the connection, whatever is asked."""

    def answer(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(data)
        if resets:
            reset(connection)

    return answer


def with_tls(answer: Callable[[Any], None], **certificate: Any) -> Callable[[socket.socket], None]:
    """Speak TLS, with a certificate of an authority that nobody trusts unless `authority` is given."""
    authority = certificate.pop("authority", None) or trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(certificate.pop("name", "localhost"), "127.0.0.1", **certificate).configure_cert(context)

    def answered(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            answer(secure)

    return answered


def days_ago(days: int) -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days)


@contextmanager
def not_accepting() -> Iterator[str]:
    """A port that takes no connection, and refuses none: its queue is full."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"


@contextmanager
def at(url: str) -> Iterator[str]:
    yield url


def served(answer: Any, scheme: str = "http", host: str = "127.0.0.1") -> Server:
    return lambda: serving(answer, scheme, host)


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def failures(server: Server) -> dict[str, Any]:
    """The error of each transport."""
    found = {}
    with server() as url:
        for via in VIA:
            settings.update(base_url=url, retries=0, first_byte=30.0)
            found[via] = ask("Hello", model="m", via=via, display="off", log=False).error
    return found


def the_error(server: Server) -> tuple[Any, str]:
    """The error, which is the same for all transports; its text with placeholders for this run's port."""
    found = failures(server)
    said = {via: (type(error), str(error)) for via, error in found.items()}
    assert 1 == len(set(said.values())), said
    first = next(iter(found.values()))
    port = r"(?<=127\.0\.0\.1:)\d{2,}|(?<=localhost:)\d{2,}"
    return first, re.sub(port, "PORT", str(first))


def refused(url: str) -> str:
    place = url.split("/")[2]
    return f"No connection to {place}: it was refused, or the host cannot be reached. Is a server running at {url}?"

"""SiliconFlow's hosts on this machine: a proxy that takes connections to them, and speaks TLS in their names.

With it the whole way is tested, TLS and keys and regions, and nothing leaves the machine.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import ssl
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import trustme

FRAME = b'data: {"choices":[{"index":0,"delta":{"content":"word "}}]}\n\n'
END = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
_HEAD = "HTTP/1.1 {} X\r\nContent-Type: {}\r\nConnection: close\r\nx-siliconcloud-trace-id: trace-of-{}\r\n\r\n"


class Hosts:
    """The proxy; a context manager.

    Attributes:
        seen: host, request line and ``Authorization`` header of each request, in order.
        environ: what makes a client use the proxy and trust it.
    """

    def __init__(self, keys: Mapping[str, str], folder: Path, *, silent: bool = False) -> None:
        """
        Args:
            keys: the key that each host accepts.
            folder: for the certificate authority's certificate.
            silent: whether an answer stops after its first token.
        """
        self.seen: list[tuple[str, str, str]] = []
        self._keys, self._silent = keys, silent
        authority = trustme.CA()
        bundle = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(bundle))
        self._contexts = {host: _context(authority, host) for host in keys}
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        proxy = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
        self.environ = {"https_proxy": proxy} | dict.fromkeys(names, str(bundle))

    @property
    def port(self) -> int:
        port: int = self._socket.getsockname()[1]
        return port

    def __enter__(self) -> Hosts:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                with connection, contextlib.suppress(OSError):
                    self._connect(connection)

    def _connect(self, connection: socket.socket) -> None:
        host = _read_head(connection).split()[1].partition(":")[0]
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with self._contexts[host].wrap_socket(connection, server_side=True) as secure:
            self._answer(secure, host)

    def _answer(self, secure: ssl.SSLSocket, host: str) -> None:
        first, *headers = _read_head(secure).split("\r\n")
        given = {name.lower(): value for name, _, value in (line.partition(": ") for line in headers)}
        key = given.get("authorization", "")
        self.seen.append((host, first, key))
        if key != f"Bearer {self._keys[host]}":
            secure.sendall(_HEAD.format(401, "application/json", host).encode() + b'"Api key is invalid"')
        elif first.startswith("GET"):
            models = {"object": "list", "data": [{"id": f"model-of-{host}"}]}
            secure.sendall(_HEAD.format(200, "application/json", host).encode() + json.dumps(models).encode())
        else:
            secure.sendall(_HEAD.format(200, "text/event-stream", host).encode() + FRAME)
            while self._silent:
                if not secure.recv(65536):
                    return
            secure.sendall(END)


def _context(authority: trustme.CA, host: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return context


def _read_head(connection: socket.socket) -> str:
    """The head of a request; its body is read too, since closing with anything unread would reset the connection."""
    data = b""
    while b"\r\n\r\n" not in data and (more := connection.recv(65536)):
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length[1]) and (more := connection.recv(65536)):
        body += more
    return head.decode()

"""Find out which headers a transport sends, those that its library adds included. The server receives nothing."""

from __future__ import annotations

from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from sfstream.core.request import ChatRequest
from sfstream.wire.connect import AbortHandle
from sfstream.wire.endpoint import MASK, Endpoint
from sfstream.wire.transport import Transport

_POLL, _TIMEOUT = 0.02, 10.0
"""Seconds between two looks of the listener whether it is to end, and seconds of silence after which it hangs up."""


def sent_headers(transport: Transport, request: ChatRequest, endpoint: Endpoint) -> list[tuple[str, str]]:
    """Return the names and the values of the headers, in their order, without the key.

    The request is sent to a listener on this machine, with a placeholder for the key: what a library adds, and in which
    order it sends, has no public function. Over HTTP/2, which curl uses where a server offers it, the names are in
    lower case, and ``Host`` is called ``:authority``.

    Raises:
        NoTransport: the library or program that sends is missing on this machine.
    """
    listener = _Listener()
    Thread(target=listener.serve_forever, args=[_POLL], name="sfstream headers", daemon=True).start()
    key = "placeholder" if endpoint.key else None
    local = Endpoint(f"http://127.0.0.1:{listener.server_port}{endpoint.parts.path}", key)
    try:
        with closing(AbortHandle()) as handle:
            for _ in transport.open(request, local, handle).chunks:
                pass
    finally:
        listener.shutdown()
        listener.server_close()
    own = {"host": endpoint.origin.partition("://")[2], "authorization": f"Bearer {MASK}"}
    return [(name, own.get(name.lower(), value)) for name, value in listener.headers]


class _Listener(HTTPServer):
    """A server that answers with an empty body, and keeps the headers of the request."""

    def __init__(self) -> None:
        self.headers: list[tuple[str, str]] = []
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Listener
    timeout = _TIMEOUT

    def do_POST(self) -> None:
        self.server.headers = list(self.headers.items())
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing into the cell."""

"""A server on loopback that remembers whoever asks it for something."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a page that has gone does not read its answer."""


class LeakServer:
    """Answers everything with nothing, so that a page that is sent here stays where it is. A context manager.

    It is the proxy for all other hosts too, so that what is asked of them is remembered as well.

    Attributes:
        asked: each path that was asked for, of another host with the host before it.
        pages: the only paths under which there is something, and what; nobody remembers who asks for them.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.pages: dict[str, bytes] = {}
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.host = f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        leak = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = leak.pages.get(self.path)
                if page is None:
                    leak.asked.append(self.path)
                self.send_response(204 if page is None else 200)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(page or b"")

            do_POST = do_HEAD = do_OPTIONS = do_CONNECT = do_GET  # noqa: N815  # the names that the base class looks for

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name in the base class
                """Nothing: what was asked is remembered."""

        return Handler

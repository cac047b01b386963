"""The demo server: starts, answers on 127.0.0.1 from a thread of its own, and stops."""

from __future__ import annotations

import asyncio
import socket
import threading
from types import TracebackType
from typing import Self

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from sfstream.demo.handler import Handler, SeenRequest, Shared
from sfstream.errors import ConfigurationError

__all__ = ["DemoServer", "SeenRequest"]

HOST = "127.0.0.1"
MAX_BODY = 1 << 29
"""Bytes that a request may have: images of 200 MB are 267 MB in base64."""
KEPT = 1 << 29
"""Bytes of requests that are remembered; the oldest are forgotten first, but never the last one."""


class DemoServer:
    """A server on this machine that speaks SiliconFlow's wire.

    It has a thread and an event loop of its own, so it answers while a kernel is busy. Nothing but this machine can
    reach it.

    Attributes:
        requests: what has arrived, oldest first.
    """

    def __init__(self, *, speed: float = 1) -> None:
        """
        Args:
            speed: how many times as fast as recorded answers are played; ``float("inf")`` plays them without pauses.
                The pauses that are a fault's own (``demo/slow``, ``demo/rate-N``) stay as they are.

        Raises:
            ConfigurationError: the speed is not above 0.
        """
        if not speed > 0:
            raise ConfigurationError(f"speed is {speed!r}; expected a number above 0.")
        self.requests: list[SeenRequest] = []
        self._size = 0  # bytes of their bodies
        self._shared = Shared(speed, self._see)
        self._lock = threading.Lock()
        self._port = 0
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event

    @property
    def base_url(self) -> str:
        """Where it answers, such as ``http://127.0.0.1:8765/v1``.

        Raises:
            ConfigurationError: it does not run.
        """
        if not self._thread:
            raise ConfigurationError("The demo server does not run: call start() first.")
        return f"http://{HOST}:{self._port}/v1"

    @property
    def streams(self) -> int:
        """How many streams it is sending now; one that the client has left is none."""
        return len(self._shared.playing)

    def start(self) -> None:
        """Start it on a free port; when this returns it answers. A server that runs is left alone."""
        with self._lock:
            if self._thread:
                return
            sockets = bind_sockets(0, HOST)
            self._port = sockets[0].getsockname()[1]
            # Not the loop that Windows has by default: tornado would need another thread to watch sockets on it.
            self._loop, self._stopping = asyncio.SelectorEventLoop(), asyncio.Event()
            self._thread = threading.Thread(target=self._run, args=(sockets,), name="sfstream demo server", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Close its connections and end its thread; its port is free then. May be called twice."""
        with self._lock:
            if not self._thread:
                return
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()
            self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self, sockets: list[socket.socket]) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve(sockets))

    async def _serve(self, sockets: list[socket.socket]) -> None:
        shared = self._shared
        application = Application([(".*", Handler, {"shared": shared})], log_function=lambda _: None)
        server = HTTPServer(application, max_body_size=MAX_BODY)
        server.add_sockets(sockets)
        await self._stopping.wait()
        server.stop()
        await server.close_all_connections()
        while shared.playing:  # a request that is left behind here would be reported as destroyed
            for stream in shared.playing:
                stream.cancel()
            await asyncio.sleep(0.001)

    def _see(self, request: SeenRequest) -> None:
        self.requests.append(request)
        self._size += len(request.body)
        while self._size > KEPT and len(self.requests) > 1:
            self._size -= len(self.requests.pop(0).body)

"""The demo server: answers on 127.0.0.1 from a thread of its own. `start_demo` starts the one that `%sfdemo` uses."""

from __future__ import annotations

import asyncio
import socket
import threading
from types import TracebackType
from typing import Self

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from sfstream.core.message import message
from sfstream.demo.handler import Handler, SeenRequest, Shared
from sfstream.errors import ConfigurationError

__all__ = ["DemoServer", "SeenRequest", "is_demo", "start_demo", "stop_demo"]

HOST = "127.0.0.1"
MAX_BODY = 1 << 29
"""Largest request in bytes: images of 200 MB are 267 MB in base64."""
REMEMBERED = 1 << 29
"""Bytes of request bodies that are remembered. The oldest are forgotten first; the newest is always there."""


class DemoServer:
    """A server on this machine that speaks SiliconFlow's wire format. A context manager.

    It has its own thread and event loop, so it answers while a kernel is busy. Only this machine can reach it.

    Attributes:
        requests: the requests that have arrived, oldest first.

    Example:
        >>> with DemoServer(speed=10) as server:
        ...     print(requests.get(f"{server.base_url}/models").json())
    """

    def __init__(self, *, speed: float = 1) -> None:
        """
        Args:
            speed: factor by which prepared answers are played faster than their times; ``float("inf")`` plays them
                without pauses. The pauses of ``demo/slow`` and ``demo/rate-N`` stay as they are.

        Raises:
            ConfigurationError: the speed is not above 0.
        """
        if not speed > 0:
            expected = message("a number above {low}", low=0)
            raise ConfigurationError(
                message("{name} is {value}; expected {expected}.", name="speed", value=repr(speed), expected=expected)
            )
        self.requests: list[SeenRequest] = []
        self._size = 0  # bytes of the bodies in `requests`
        self._shared = Shared(speed, self._remember)
        self._lock = threading.Lock()
        self._port = 0
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event

    @property
    def base_url(self) -> str:
        """The base URL to ask, such as ``http://127.0.0.1:8765/v1``.

        Raises:
            ConfigurationError: the server is not running.
        """
        if not self._thread:
            raise ConfigurationError(message("The demo server is not running. Call start() first."))
        return f"http://{HOST}:{self._port}/v1"

    @property
    def streams(self) -> int:
        """Number of streams that are being sent now."""
        return len(self._shared.playing)

    def start(self) -> None:
        """Start the server on a free port. It answers when this returns. Does nothing if it is running."""
        with self._lock:
            if self._thread:
                return
            sockets = bind_sockets(0, HOST)
            self._port = sockets[0].getsockname()[1]
            # Not the default loop of Windows: tornado would need another thread to watch sockets on it.
            self._loop, self._stopping = asyncio.SelectorEventLoop(), asyncio.Event()
            self._thread = threading.Thread(target=self._run, args=(sockets,), name="sfstream demo server", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Close the connections, end the thread and free the port. Does nothing if the server is not running."""
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
        while shared.playing:  # asyncio would report a task that is left behind as destroyed
            for stream in shared.playing:
                stream.cancel()
            await asyncio.sleep(0.001)

    def _remember(self, request: SeenRequest) -> None:
        self.requests.append(request)
        self._size += len(request.body)
        while self._size > REMEMBERED and len(self.requests) > 1:
            self._size -= len(self.requests.pop(0).body)


_demo: list[DemoServer] = []


def start_demo() -> DemoServer:
    """Return the one demo server of this process, and start it if it is not running."""
    if not _demo:
        server = DemoServer()
        server.start()
        _demo.append(server)
    return _demo[0]


def stop_demo() -> bool:
    """Stop the demo server of this process, and return whether it was running."""
    if not _demo:
        return False
    _demo.pop().stop()
    return True


def is_demo(base_url: str | None) -> bool:
    """Return whether the demo server of this process answers at a base URL."""
    return bool(_demo) and base_url == _demo[0].base_url

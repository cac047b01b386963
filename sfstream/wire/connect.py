"""A line: one call's connection, which any thread may shut at any stage.

`Line.shut` ends a call that connects, waits for headers, or reads from a silent server, within
milliseconds. Closing a socket does not wake the thread that reads from it; shutting the connection
down does (``shutdown(2)``), so the line keeps a duplicate of the socket's descriptor: it works while
the library is still connecting or in the midst of a TLS handshake, when no other object is at hand,
and it cannot hit a descriptor that has been closed and given to something else.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator

_thread = threading.local()
_ABORT = struct.pack("ii", 1, 0)
"""Closing then resets the connection, on Linux: a server whose buffers are full would hear of a mere end only after
minutes."""


class Line:
    """One call's connection. Create it before the call, shut it from anywhere, close it after."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: dict[object, Callable[[], None]] = {}
        self._sockets: dict[int, socket.socket] = {}
        self.is_shut = False

    def on_shut(self, end: Callable[[], None]) -> None:
        """Call ``end`` when the line is shut; at once if it is shut already."""
        with self._lock:
            self._ends[end] = end
            already = self.is_shut
        if already:
            end()

    def hold(self, sock: socket.socket) -> None:
        """Take the socket that the call uses now, or is about to connect."""
        number = sock.fileno()
        with self._lock:
            if number < 0 or number in self._sockets:
                return
            self._sockets[number] = socket.socket(fileno=os.dup(number))
            already = self.is_shut
        if already:
            self.shut()

    def drop(self, sock: socket.socket) -> None:
        """Let go of a socket that is about to be closed."""
        with self._lock:
            if copy := self._sockets.pop(sock.fileno(), None):
                copy.close()

    def shut(self) -> None:
        """End the call, whatever it is doing. May be called from any thread, any number of times."""
        with self._lock:
            self.is_shut = True
            for sock in self._sockets.values():
                with contextlib.suppress(OSError):  # it may have ended by itself
                    sock.shutdown(socket.SHUT_RDWR)
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
            ends = list(self._ends.values())
        for end in ends:
            end()

    def close(self) -> None:
        """The call is over: let go of everything."""
        with self._lock:
            for sock in self._sockets.values():
                sock.close()
            self._sockets.clear()
            self._ends.clear()

    @contextlib.contextmanager
    def used_here(self) -> Iterator[None]:
        """Within this, the sockets that this thread connects or writes to are held by this line."""
        _thread.line = self
        try:
            yield
        finally:
            _thread.line = None


def hold(sock: socket.socket) -> None:
    """Let the line that this thread serves hold the socket; nothing where it serves none."""
    if line := getattr(_thread, "line", None):
        line.hold(sock)


def connect(
    host: str,
    port: int,
    timeout: float | None,
    source: tuple[str, int] | None = None,
    options: Iterable[tuple[int, int, int | bytes]] = (),
) -> socket.socket:
    """Connect by TCP, as ``socket.create_connection`` does, on a socket that the line holds from the start.

    Args:
        host: a name or an address.
        port: the port.
        timeout: seconds for each address of the host; None for no limit.
        source: the address to come from.
        options: for ``setsockopt``.

    Raises:
        OSError: no address of the host could be reached; the last failure.
    """
    line: Line = getattr(_thread, "line", None) or Line()
    failure: OSError = OSError(f"{host} has no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM):
        sock = socket.socket(family, kind, protocol)
        try:
            line.hold(sock)
            if line.is_shut:
                raise ConnectionAbortedError("stopped")
            sock.settimeout(timeout)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for option in options:
                sock.setsockopt(*option)
            if source:
                sock.bind(source)
            sock.connect(address)
            return sock
        except OSError as error:
            failure = error
            line.drop(sock)
            sock.close()
            if line.is_shut:
                break
    raise failure

"""Cancellation handle for one HTTP call: any thread can shut its sockets down at any stage.

`AbortHandle.abort` ends a call that connects, waits for headers, or reads from a silent server, within
milliseconds. Closing a socket does not wake the thread that reads from it; shutting the connection
down does (``shutdown(2)``), so the handle keeps a duplicate of the socket's descriptor: it works while
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


class AbortHandle:
    """Cancellation handle for one HTTP call. Any thread may abort it.

    Create it before the call and close it afterwards.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: dict[object, Callable[[], None]] = {}
        self._sockets: dict[int, socket.socket] = {}
        self.is_aborted = False

    def on_abort(self, end: Callable[[], None]) -> None:
        """Call ``end`` when the handle is aborted; at once if it is already aborted."""
        with self._lock:
            self._ends[end] = end
            already = self.is_aborted
        if already:
            end()

    def track(self, sock: socket.socket) -> None:
        """Take the socket that the call uses now, or is about to connect."""
        number = sock.fileno()
        with self._lock:
            if number < 0 or number in self._sockets:
                return
            self._sockets[number] = socket.socket(fileno=os.dup(number))
            already = self.is_aborted
        if already:
            self.abort()

    def untrack(self, sock: socket.socket) -> None:
        """Let go of a socket that is about to be closed."""
        with self._lock:
            if copy := self._sockets.pop(sock.fileno(), None):
                copy.close()

    def abort(self) -> None:
        """End the call, whatever it is doing. May be called from any thread, any number of times."""
        with self._lock:
            self.is_aborted = True
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
    def in_this_thread(self) -> Iterator[None]:
        """Within this, the sockets that this thread connects or writes to are held by this handle."""
        _thread.handle = self
        try:
            yield
        finally:
            _thread.handle = None


def track(sock: socket.socket) -> None:
    """Let the handle of this thread track the socket; nothing where it serves none."""
    if handle := getattr(_thread, "handle", None):
        handle.track(sock)


def connect(
    host: str,
    port: int,
    timeout: float | None,
    source: tuple[str, int] | None = None,
    options: Iterable[tuple[int, int, int | bytes]] = (),
) -> socket.socket:
    """Connect by TCP, as ``socket.create_connection`` does, on a socket that the handle tracks from the start.

    Args:
        host: a name or an address.
        port: the port.
        timeout: seconds for each address of the host; None for no limit.
        source: the address to come from.
        options: for ``setsockopt``.

    Raises:
        OSError: no address of the host could be reached; the last failure.
    """
    handle: AbortHandle = getattr(_thread, "handle", None) or AbortHandle()
    failure: OSError = OSError(f"{host} has no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM):
        sock = socket.socket(family, kind, protocol)
        try:
            handle.track(sock)
            if handle.is_aborted:
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
            handle.untrack(sock)
            sock.close()
            if handle.is_aborted:
                break
    raise failure

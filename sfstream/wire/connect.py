"""Abort an HTTP call from another thread, at every stage: while it connects, in the TLS handshake, and while it waits.

Closing a socket does not wake the thread that reads from it; ``shutdown(2)`` does. An `AbortHandle` therefore keeps a
duplicate of the descriptor of each socket of the call. The duplicate is valid while the library still connects, and it
cannot refer to another file after the library has closed its own.
"""

from __future__ import annotations

import contextlib
import importlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

clock = time.monotonic
"""The clock of all times."""

_thread = threading.local()
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER value with which closing sends a reset: a server whose buffers are full notices a plain end of the
connection only after minutes."""


class AbortHandle:
    """Cancellation handle for one HTTP call. Any thread can shut the call's sockets down.

    Create it before the call and close it afterwards.

    Attributes:
        is_aborted: whether `abort` was called.
        sent: when the request was sent, a time of `clock`; None before that.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []
        self._sockets: dict[int, socket.socket] = {}
        self.is_aborted = False
        self.sent: float | None = None

    def note_sent(self) -> None:
        """Set `sent`, unless it is set. Call it before the first use of the network: all times count from it.

        Connecting counts, as the user waits for it; imports and other preparations before it do not.
        """
        self.sent = clock() if self.sent is None else self.sent

    def on_abort(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` when the call is aborted; at once if it is already aborted."""
        with self._lock:
            self._callbacks.append(callback)
            already = self.is_aborted
        if already:
            callback()

    def track(self, sock: socket.socket) -> None:
        """Shut ``sock`` down too when the call is aborted. It may be about to connect, or be in use again."""
        self.track_number(sock.fileno(), sock.family, sock.type)

    def track_number(self, number: int, family: int = socket.AF_INET, kind: int = socket.SOCK_STREAM) -> None:
        """Do what `track` does for the socket with that file descriptor. Shutting down works whatever the family."""
        with self._lock:
            if number < 0 or number in self._sockets:
                return
            # Not sock.dup(), which TLS sockets refuse, and not os.dup, which on Windows does not take a socket.
            self._sockets[number] = socket.fromfd(number, family, kind)
            already = self.is_aborted
        if already:
            self.abort()

    def untrack(self, sock: socket.socket) -> None:
        """Stop tracking a socket that is about to be closed."""
        with self._lock:
            if copy := self._sockets.pop(sock.fileno(), None):
                copy.close()

    def abort(self) -> None:
        """End the call, whatever it is doing. Any thread may call this, any number of times."""
        with self._lock:
            self.is_aborted = True
            self._shut_down(reset=True)
            callbacks = list(self._callbacks)
        for callback in callbacks:
            callback()

    def hang_up(self) -> None:
        """Shut the tracked connections down after the answer. The call counts as ended, not as aborted."""
        with self._lock:
            self._shut_down(reset=False)

    def _shut_down(self, *, reset: bool) -> None:
        for sock in self._sockets.values():
            with contextlib.suppress(OSError):  # the connection may have ended by itself
                sock.shutdown(socket.SHUT_RDWR)
                if reset:
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)

    def close(self) -> None:
        """Release everything that is tracked; the call is over."""
        with self._lock:
            for sock in self._sockets.values():
                sock.close()
            self._sockets.clear()
            self._callbacks.clear()

    @contextlib.contextmanager
    def in_this_thread(self) -> Iterator[None]:
        """Track every socket that this thread connects or writes to within the ``with`` block."""
        _thread.handle = self
        try:
            yield
        finally:
            _thread.handle = None


def track(sock: socket.socket) -> None:
    """Let the handle of this thread's call track ``sock``, which it writes to; do nothing outside of a call."""
    if handle := getattr(_thread, "handle", None):
        handle.note_sent()
        handle.track(sock)


def connect(host: str, port: int, timeout: float | None) -> socket.socket:
    """Connect by TCP, as ``socket.create_connection`` does, on a socket that is tracked before it connects.

    Args:
        host: a name or an address.
        port: the port.
        timeout: seconds for each address of the host; None for no limit.

    Raises:
        OSError: no address of the host could be reached; the last failure.
    """
    handle: AbortHandle = getattr(_thread, "handle", None) or AbortHandle()
    failure: OSError = OSError(f"{host} has no address")
    handle.note_sent()
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM):
        sock = socket.socket(family, kind, protocol)
        try:
            handle.track(sock)
            if handle.is_aborted:
                raise ConnectionAbortedError("stopped")
            sock.settimeout(timeout)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.connect(address)
            return sock
        except OSError as error:
            failure = error
            handle.untrack(sock)
            sock.close()
            if handle.is_aborted:
                break
    raise failure


def network_backend(httpcore: Any) -> Any:
    """Return a network backend for ``httpcore`` whose sockets are tracked.

    The public ``trace`` and ``network_stream`` extensions do not suffice (measured with httpcore2 2.16.2): a new
    connection shows its socket only once it is connected, and a connection that is used again shows none before the
    headers of the answer have arrived. An abort would then wait for the server.
    """
    plain = importlib.import_module(f"{httpcore.__name__}._backends.sync")

    class TrackedStream(httpcore.NetworkStream):
        def __init__(self, stream: Any) -> None:
            self._stream = stream
            self.read, self.close, self.get_extra_info = stream.read, stream.close, stream.get_extra_info

        def write(self, buffer: bytes, timeout: float | None = None) -> None:
            track(self.get_extra_info("socket"))  # the connection may be used again, and belongs to this call now
            self._stream.write(buffer, timeout)

        def start_tls(self, *args: Any, **keywords: Any) -> TrackedStream:
            return TrackedStream(self._stream.start_tls(*args, **keywords))

    class TrackedBackend(httpcore.SyncBackend):
        def connect_tcp(self, host: str, port: int, timeout: float | None = None, **_: Any) -> TrackedStream:
            return TrackedStream(plain.SyncStream(connect(host, port, timeout)))

    return TrackedBackend()

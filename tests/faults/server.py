"""A loopback server that answers every request as its schedule says."""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import threading
import time
from types import TracebackType

import psutil

from tests.faults.schedule import PAUSE, Schedule

PATIENCE = 20.0
"""Seconds after which a client that says nothing more is left, so that a test that fails does end."""


class FaultServer:
    """A context manager.

    Attributes:
        schedule: what the next request gets.
        asked: how many requests came.
        open: how many connections are.
        handles: of this process, before the first request.
    """

    def __init__(self) -> None:
        self.schedule = Schedule()
        self.asked = self.open = self.handles = 0
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._thread = threading.Thread(target=self._accept, name="fault server")
        self._connections: dict[socket.socket, threading.Thread] = {}

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"

    def __enter__(self) -> FaultServer:
        self._thread.start()
        self.handles = psutil.Process().num_fds()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()
        for connection, thread in list(self._connections.items()):
            with contextlib.suppress(OSError):  # it may have ended by itself
                connection.shutdown(socket.SHUT_RDWR)
            thread.join()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # no more: the socket is shut
            while True:
                connection, _ = self._socket.accept()
                thread = threading.Thread(target=self._serve, args=(connection,), name="fault connection")
                with self._lock:
                    self.open += 1
                    self._connections[connection] = thread
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(PATIENCE)
            while _read_request(connection):
                self.asked += 1
                if not _play(connection, self.schedule):
                    break
        with self._lock:
            self.open -= 1
            del self._connections[connection]


def _play(connection: socket.socket, schedule: Schedule) -> bool:
    """Send the answer and its end; tell whether another request may follow on the connection."""
    for number, piece in enumerate(schedule.sends()):
        if number and not schedule.size:
            time.sleep(PAUSE)  # the fault itself, and not a wait for something
        connection.sendall(piece)
    if schedule.end == "silence":
        return bool(
            connection.recv(1, socket.MSG_PEEK)
        )  # the client goes, or takes the answer for whole and asks again
    if schedule.end == "reset":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return schedule.is_kept


def _read_request(connection: socket.socket) -> bytes:
    """The body of a request; empty where none comes. All is read: a close with something unread would be a reset."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length[1]) and (more := connection.recv(65536)):
        body += more
    return body

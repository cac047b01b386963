"""A stop stops: at every stage, for every transport, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from sfstream.core.config import Timeouts
from sfstream.core.request import ChatRequest
from sfstream.run.loop import Run
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.transport import VIA, transport
from tests.waiting import until

REQUEST = ChatRequest(model="any", messages=[{"role": "user", "content": "Hello"}])
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
FRAME = b'data: {"choices":[{"index":0,"delta":{"content":"word "}}]}\n\n'
CHUNK = b"%x\r\n%s\r\n" % (len(FRAME), FRAME)


class Listener:
    """A loopback server that takes one connection after another, and says to each what it is told to say.

    Attributes:
        reached: set when the stage that is tested has been reached.
    """

    def __init__(self, answer: bytes | None, *, trickle: bytes = b"") -> None:
        self.reached = threading.Event()
        self._answer, self._trickle = answer, trickle
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                with connection, contextlib.suppress(OSError):
                    self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        connection.recv(65536)
        if self._answer is not None:
            connection.sendall(self._answer)
        self.reached.set()
        connection.settimeout(0.02)
        while True:
            try:
                if not connection.recv(65536):
                    return  # the client has gone
            except TimeoutError:
                connection.sendall(self._trickle)


@contextlib.contextmanager
def full() -> Iterator[tuple[int, Callable[[], bool]]]:
    """A port whose queue is full: a connection to it hangs."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        port = server.getsockname()[1]
        stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        mine = psutil.Process()

        def connecting() -> bool:
            return any(
                each.status == psutil.CONN_SYN_SENT and each.raddr and each.raddr.port == port
                for process in [mine, *mine.children()]
                for each in process.net_connections("tcp")
            )

        yield port, connecting


def stopped(run: Run, at: Callable[[], object]) -> float:
    """Start the run, stop it when ``at`` says so, and give the seconds from the stop to its end."""
    thread = threading.Thread(target=lambda: list(run.batches(0)))
    thread.start()
    until(lambda: at() or not thread.is_alive())
    assert thread.is_alive(), f"it ended by itself: {run.reply.error!r}"
    started = time.monotonic()
    run.stop()
    thread.join(5)
    assert not thread.is_alive()
    return time.monotonic() - started


def left_behind(port: int) -> list[object]:
    """Threads, children and connections of ours that a run has left."""
    me = psutil.Process()
    return [
        *(thread for thread in threading.enumerate() if thread.name == "sfstream reader"),
        *me.children(recursive=True),
        *(each for each in me.net_connections("tcp") if each.raddr and each.raddr.port == port),
    ]


def asked(via: str, port: int, scheme: str = "http") -> Run:
    return Run(REQUEST, transport(via), Endpoint(f"{scheme}://127.0.0.1:{port}/v1"), Timeouts(retries=0))


@pytest.mark.parametrize("via", VIA)
@pytest.mark.parametrize(
    ("answer", "trickle", "scheme"),
    [
        pytest.param(None, b"", "http", id="waiting-for-headers"),
        pytest.param(None, b"", "https", id="in-the-tls-handshake"),
        pytest.param(HEAD, b"", "http", id="waiting-for-the-first-byte"),
        pytest.param(HEAD + CHUNK, b"", "http", id="silent-in-mid-stream"),
        pytest.param(HEAD + CHUNK, CHUNK, "http", id="while-tokens-come"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + FRAME, FRAME, "http", id="without-length"
        ),
        pytest.param(b"HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\n", b"", "http", id="inside-a-refusal"),
    ],
)
def test_a_stop_ends_the_run_at_every_stage(via: str, answer: bytes | None, trickle: bytes, scheme: str) -> None:
    """Within a second the run has ended, and no thread, child or connection is left."""
    listener = Listener(answer, trickle=trickle)
    try:
        run = asked(via, listener.port, scheme)
        seconds = stopped(run, listener.reached.is_set)
        assert seconds < 1
        assert run.reply.status == "stopped"
        until(lambda: not left_behind(listener.port), seconds=1)
    finally:
        listener.close()


@pytest.mark.parametrize("via", VIA)
def test_a_stop_ends_the_run_while_it_connects(via: str) -> None:
    """A server that does not take the connection is left at once."""
    with full() as (port, connecting):
        before = left_behind(port)  # the connection that fills the queue
        run = asked(via, port)
        assert stopped(run, connecting) < 1
        assert run.reply.status == "stopped"
        until(lambda: left_behind(port) == before, seconds=1)


@pytest.mark.parametrize("via", ["openai", "requests"])
def test_a_stop_ends_a_run_on_a_connection_that_is_used_again(via: str) -> None:
    """The line holds a kept connection too, although nothing connects."""
    done = HEAD + CHUNK + b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n"
    asked_again = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                _read_request(connection)
                connection.sendall(done)
                _read_request(connection)
                asked_again.set()
                connection.recv(65536)

        thread = threading.Thread(target=serve)
        thread.start()
        first, second = asked(via, port), asked(via, port)
        assert list(first.batches(0))
        assert first.reply.status == "complete"
        assert stopped(second, asked_again.is_set) < 1
        until(lambda: not left_behind(port), seconds=1)
        thread.join()


def _read_request(connection: socket.socket) -> None:
    data = b""
    while b"Hello" not in data:
        data += connection.recv(65536)

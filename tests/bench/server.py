"""A server of prepared streams, in a process of its own: its work is nobody's measured cost.

``python -m tests.bench.server`` prints its base URL and ends when its standard input does. The model asked says how
long the stream is and how fast: ``bench/20000`` as fast as it goes, ``bench/1000-at-200`` 200 tokens a second.
"""

from __future__ import annotations

import functools
import itertools
import json
import re
import socketserver
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler

from sfstream.demo.compose import Script, frames_of, pieces
from sfstream.demo.prepared import text

HOST = "127.0.0.1"
MOST = 200_000
"""Tokens of the longest stream."""
SLOWEST = 10
"""Tokens a second of the slowest."""
ASKED = {"model": "deepseek-ai/DeepSeek-V4-Flash", "messages": [{"role": "user", "content": "What is streaming?"}]}
"""What the frames say was asked, whatever was."""

_NAME = re.compile(r"bench/(\d+)(?:-at-(\d+))?")


def model(tokens: int, rate: int = 0) -> str:
    """The name of a stream: so many tokens, so many of them a second; 0 for as fast as it goes."""
    return f"bench/{tokens}-at-{rate}" if rate else f"bench/{tokens}"


@functools.cache
def frames(tokens: int) -> tuple[bytes, ...]:
    """The frames of a stream as SiliconFlow documents them: a token and the usage in each, ``[DONE]`` last."""
    words = itertools.cycle(pieces(text("english")) + pieces(text("chinese")))
    return tuple(frames_of(ASKED, Script(itertools.islice(words, tokens))))


@functools.cache
def _wire(tokens: int) -> tuple[bytes, ...]:
    return tuple(wire(frames(tokens)))


def wire(frames: Iterable[bytes]) -> Iterator[bytes]:
    """Each frame as one chunk of HTTP, and the chunk that ends the body."""
    for frame in frames:
        yield b"%x\r\n%b\r\n" % (len(frame), frame)
    yield b"0\r\n\r\n"


class Handler(BaseHTTPRequestHandler):
    """Answers every POST with the stream that its model names. One write for each frame."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 120

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        chunks = self.chunks(body["model"])
        if chunks is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for chunk in chunks:
            self.wfile.write(chunk)

    def chunks(self, name: str) -> Iterable[bytes] | None:
        """The chunks of HTTP that a stream is, each when it is due; None where no stream has that name."""
        named = _NAME.fullmatch(name)
        tokens, rate = (int(number or 0) for number in named.groups()) if named else (0, 0)
        if not 0 < tokens <= MOST or 0 < rate < SLOWEST:
            return None
        return _paced(_wire(tokens), rate) if rate else _wire(tokens)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name in the base class
        """Nothing: the output is the base URL."""


def _paced(chunks: tuple[bytes, ...], rate: int) -> Iterator[bytes]:
    start = time.monotonic()
    for number, chunk in enumerate(chunks):
        time.sleep(max(0.0, start + number / rate - time.monotonic()))
        yield chunk


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a client that has gone says for itself why."""


def main(handler: type[Handler] = Handler) -> None:
    """Print the base URL and serve until nobody holds the other end of standard input."""
    with _Server((HOST, 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"http://{HOST}:{server.server_address[1]}/v1", flush=True)
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main()

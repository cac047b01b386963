"""Plain clients of the demo server: requests, and a socket where requests would hide what matters."""

from __future__ import annotations

import json
import socket
from types import TracebackType
from typing import Any, Self

import requests

from sfstream.core.events import Delta, ToolCallDelta
from sfstream.demo import prepared
from sfstream.demo.compose import DONE
from sfstream.demo.server import DemoServer
from sfstream.wire.completion import CompletionDecoder

WAIT = 10  # seconds after which a test gives up


QUIET = 0.2  # seconds without a byte that are a silence: the server sends these streams without pauses


class Wire:
    """One request on a socket, and what comes back, chunk by chunk."""

    def __init__(self, server: DemoServer, model: str) -> None:
        host, port = server.base_url.removeprefix("http://").removesuffix("/v1").split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=WAIT)
        self._buffer = b""
        body = json.dumps(asked(model)).encode()
        head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n\r\n"
        self.socket.sendall(head.encode() + body)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def head(self) -> str:
        return self._until(b"\r\n\r\n").decode()

    def chunk(self) -> bytes:
        """The next chunk; empty for the one that ends the body."""
        size = int(self._until(b"\r\n"), 16)
        while len(self._buffer) < size + 2:
            self._more()
        data, self._buffer = self._buffer[:size], self._buffer[size + 2 :]
        return data

    def is_silent(self) -> bool:
        self.socket.settimeout(QUIET)
        try:
            self._more()
        except TimeoutError:
            return not self._buffer
        return False

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._buffer:
            self._more()
        before, _, self._buffer = self._buffer.partition(mark)
        return before

    def _more(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise EOFError
        self._buffer += data


def asked(model: str, prompt: str = "Hello", *, stream: bool = True) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": prompt}], "stream": stream}


def post(server: DemoServer, body: object, **headers: str) -> requests.Response:
    return requests.post(
        f"{server.base_url}/chat/completions", json=body, headers=headers, timeout=WAIT, allow_redirects=False
    )


def ask(server: DemoServer, model: str, prompt: str = "Hello", **headers: str) -> requests.Response:
    return post(server, asked(model, prompt), **headers)


def frames_in(body: bytes) -> list[bytes]:
    assert body.endswith(b"\n\n")
    return [part + b"\n\n" for part in body.split(b"\n\n")[:-1]]


def values_in(body: bytes) -> list[Any]:
    """The JSON of each frame but ``[DONE]``."""
    return [json.loads(part.removeprefix(b"data: ")) for part in frames_in(body) if part != DONE]


def text_in(body: bytes, field: str = "content") -> str:
    return "".join(choice["delta"].get(field) or "" for value in values_in(body) for choice in value["choices"])


def decoded(body: bytes) -> tuple[str, str, str]:
    """The content, the reasoning and the arguments of the tool call, as the package's own decoder has them."""
    decoder = CompletionDecoder()
    events = [*decoder.feed(body), *decoder.flush()]
    deltas = [event for event in events if isinstance(event, Delta)]
    calls = [event for event in events if isinstance(event, ToolCallDelta)]
    return (
        "".join(delta.content for delta in deltas),
        "".join(delta.reasoning for delta in deltas),
        "".join(call.arguments for call in calls),
    )


def english() -> list[bytes]:
    return [chunk.data for chunk in prepared.recording("english").chunks]


def deltas_of(body: bytes) -> int:
    return sum(1 for value in values_in(body) if value["choices"][0]["delta"]["content"])

"""The HTTP side of the demo server: requests in, answers out."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tornado.http1connection import HTTP1Connection
from tornado.iostream import IOStream, StreamClosedError
from tornado.web import RequestHandler

from sfstream.demo import refusals
from sfstream.demo.answer import Answer, Asked, At, Ending, Step
from sfstream.demo.compose import dump
from sfstream.demo.models import MODELS, find
from sfstream.wire.transport import SOURCE_HEADER, TRACE_HEADER


@dataclass(frozen=True)
class SeenRequest:
    """A request as it arrived.

    Attributes:
        path: with the query.
        headers: with names in lower case. They may hold a key, so they are not shown.
        body: the bytes.
    """

    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass
class Shared:
    """What all requests to one server share; only its own thread touches it.

    Attributes:
        speed: how many times as fast as recorded.
        see: takes each request as it arrives.
        attempts: the requests for each model so far.
        playing: the streams that are being sent, each until its request has noticed its end.
    """

    speed: float
    see: Callable[[SeenRequest], None]
    attempts: Counter[str] = field(default_factory=Counter)
    playing: set[asyncio.Task[None]] = field(default_factory=set)


class Handler(RequestHandler):
    """One request, whatever its path."""

    def initialize(self, shared: Shared) -> None:
        self._shared = shared
        self._playing: asyncio.Task[None] | None = None

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header(SOURCE_HEADER, "written by hand")
        given = self.request.headers.get("X-Trace-Id", "")
        self.set_header(TRACE_HEADER, given if re.fullmatch(r"[!-~]{1,128}", given) else uuid.uuid4().hex)

    def prepare(self) -> None:
        headers = {name.lower(): value for name, value in self.request.headers.items()}
        self._shared.see(SeenRequest(self.request.uri or "", headers, self.request.body))

    async def get(self) -> None:
        if self.request.path != "/v1/models":
            await self._send(refusals.not_found())
            return
        kind, use = self.get_query_argument("type", ""), self.get_query_argument("sub_type", "")
        listed = MODELS if kind in ("", "text") and use in ("", "chat") else ()
        data = [{"id": model.name, "object": "model", "created": 0, "owned_by": ""} for model in listed]
        await self._send(Answer(dump({"object": "list", "data": data}).encode()))

    async def post(self) -> None:
        await self._send(self._answer() if self.request.path == "/v1/chat/completions" else refusals.not_found())

    def write_error(self, status_code: int, **_: Any) -> None:
        """A method that is not served looks like a path that is not."""
        self.set_status(404 if status_code == 405 else status_code)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(refusals.NOT_FOUND if status_code == 405 else f"{status_code} {self._reason}")

    def on_connection_close(self) -> None:
        """The client is gone: stop sending."""
        if self._playing:
            self._playing.cancel()

    def _answer(self) -> Answer:
        try:
            body = json.loads(self.request.body)
        except (ValueError, RecursionError):
            return refusals.no_request("The request is not JSON.")
        messages = body.get("messages") if isinstance(body, dict) else None
        if not isinstance(messages, list) or not messages:
            return refusals.no_request("Field required: messages")
        name = body.get("model")
        found = find(name) if isinstance(name, str) else None
        if not found:
            return refusals.no_such_model()
        self._shared.attempts[name] += 1
        authorization = self.request.headers.get("Authorization", "")
        model, number = found
        return model.answer(Asked(name, number, self._shared.attempts[name], body, authorization, self._shared.speed))

    async def _send(self, answer: Answer) -> None:
        self._head(answer)
        if isinstance(answer.body, bytes):
            self.finish(answer.body)
            return
        playing = self._playing = asyncio.ensure_future(self._play(answer.body))
        self._shared.playing.add(playing)
        # Not awaited itself: when the client goes it is cancelled, and this request is not.
        await asyncio.wait([playing])
        self._shared.playing.discard(playing)
        if not playing.cancelled():
            playing.result()

    def _head(self, answer: Answer) -> None:
        self.set_status(answer.status)
        self.set_header("Content-Type", answer.content_type)
        for name, value in answer.headers.items():
            self.set_header(name, value)

    async def _play(self, steps: Iterable[Step]) -> None:
        stream = _stream(self)
        if stream.closed():
            return
        stream.set_nodelay(True)  # else the system holds small chunks back for up to 40 ms
        now = asyncio.get_running_loop().time
        start = now()
        try:
            for step in steps:
                if isinstance(step, bytes):
                    self.write(step)
                    await self.flush()
                    await asyncio.sleep(0)  # flush returns at once while the system takes it all: let others live
                elif isinstance(step, At):
                    await asyncio.sleep(max(0, start + step.seconds - now()))
                else:
                    await _end(step, stream)
        except StreamClosedError:
            pass  # the client is gone


def _stream(handler: Handler) -> IOStream:
    connection = handler.request.connection
    assert isinstance(connection, HTTP1Connection)  # for the type: the server speaks nothing else
    return connection.stream


async def _end(ending: Ending, stream: IOStream) -> None:
    if ending is Ending.SILENCE:
        await asyncio.get_running_loop().create_future()  # until the client goes
    if ending is Ending.RESET:
        # Lingering for 0 s: closing then sends a reset in place of an orderly end.
        stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    stream.close()

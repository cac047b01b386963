"""The HTTP side of the demo server: takes requests and sends answers."""

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
from sfstream.demo.answer import Answer, Call
from sfstream.demo.compose import SOURCE, dump
from sfstream.demo.models import MODELS, find
from sfstream.demo.physics import split
from sfstream.demo.steps import Ending, Step, WaitUntil
from sfstream.wire.transport import SOURCE_HEADER, TRACE_HEADER


@dataclass(frozen=True)
class SeenRequest:
    """A request as it arrived. Its repr leaves out the headers, which may hold a key, and the body.

    Attributes:
        path: with the query.
        headers: with names in lower case.
        body: the bytes.
    """

    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass
class Shared:
    """State of all requests to one server. Only the server's thread uses it.

    Attributes:
        speed: factor by which prepared answers are played faster than their times.
        on_request: callback for each request.
        attempts: number of requests for each model name so far.
        playing: the streams that are being sent.
    """

    speed: float
    on_request: Callable[[SeenRequest], None]
    attempts: Counter[str] = field(default_factory=Counter)
    playing: set[asyncio.Task[None]] = field(default_factory=set)


class Handler(RequestHandler):
    """One request, whatever its path."""

    def initialize(self, shared: Shared) -> None:
        self._shared = shared
        self._start = asyncio.get_running_loop().time()  # of the answer, before it is composed
        self._playing: asyncio.Task[None] | None = None

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header(SOURCE_HEADER, SOURCE)
        trace_id = self.request.headers.get("X-Trace-Id", "")
        self.set_header(TRACE_HEADER, trace_id if re.fullmatch(r"[!-~]{1,128}", trace_id) else uuid.uuid4().hex)

    def prepare(self) -> None:
        headers = {name.lower(): value for name, value in self.request.headers.items()}
        self._shared.on_request(SeenRequest(self.request.uri or "", headers, self.request.body))

    async def get(self) -> None:
        await self._send(self._model_list() if self.request.path == "/v1/models" else refusals.not_found())

    async def post(self) -> None:
        await self._send(self._completion() if self.request.path == "/v1/chat/completions" else refusals.not_found())

    def write_error(self, status_code: int, **_: Any) -> None:
        """Answer an unsupported method like an unknown path."""
        self.set_status(404 if status_code == 405 else status_code)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(refusals.NOT_FOUND if status_code == 405 else f"{status_code} {self._reason}")

    def on_connection_close(self) -> None:
        """Stop sending when the client has closed the connection."""
        if self._playing:
            self._playing.cancel()

    def _model_list(self) -> Answer:
        kind, use = self.get_query_argument("type", ""), self.get_query_argument("sub_type", "")
        listed = MODELS if kind in ("", "text") and use in ("", "chat") else ()
        data = [{"id": model.name, "object": "model", "created": 0, "owned_by": ""} for model in listed]
        return Answer(dump({"object": "list", "data": data}).encode())

    def _completion(self) -> Answer:
        try:
            body = json.loads(self.request.body)
        except (ValueError, RecursionError):
            return refusals.bad_request("The request is not JSON.")
        messages = body.get("messages") if isinstance(body, dict) else None
        if not isinstance(messages, list) or not messages:
            return refusals.bad_request("Field required: messages")
        name = body.get("model")
        return self._answer(name, body) if isinstance(name, str) else refusals.no_such_model()

    def _answer(self, name: str, body: Mapping[str, Any]) -> Answer:
        try:
            base, physics = split(name)
        except ValueError as problem:
            return refusals.no_such_model(str(problem))
        found = find(base)
        if not found:
            return refusals.no_such_model()
        model, number = found
        shared, authorization = self._shared, self.request.headers.get("Authorization", "")
        shared.attempts[name] += 1
        return model.answer(Call(name, number, shared.attempts[name], body, authorization, shared.speed, physics))

    async def _send(self, answer: Answer) -> None:
        self.set_status(answer.status)
        self.set_header("Content-Type", answer.content_type)
        for name, value in answer.headers.items():
            self.set_header(name, value)
        if isinstance(answer.body, bytes):
            self.finish(answer.body)
            return
        playing = self._playing = asyncio.ensure_future(self._play(answer.body))
        self._shared.playing.add(playing)
        # Waited for from outside: when the client goes, the task is cancelled and this request is not.
        await asyncio.wait([playing])
        self._shared.playing.discard(playing)
        if not playing.cancelled():
            playing.result()

    async def _play(self, steps: Iterable[Step]) -> None:
        assert isinstance(self.request.connection, HTTP1Connection)  # for the type: the server has no other
        stream = self.request.connection.stream
        if stream.closed():
            return
        stream.set_nodelay(True)  # otherwise the system holds small chunks back for up to 40 ms
        now = asyncio.get_running_loop().time
        try:
            for step in steps:
                if isinstance(step, bytes):
                    self.write(step)
                    await self.flush()
                    await asyncio.sleep(0)  # flush does not yield while the system takes everything at once
                elif isinstance(step, WaitUntil):
                    await asyncio.sleep(max(0, self._start + step.seconds - now()))
                else:
                    await _end(step, stream)
        except StreamClosedError:
            pass  # the client has closed the connection


async def _end(ending: Ending, stream: IOStream) -> None:
    if ending is Ending.SILENCE:
        await asyncio.get_running_loop().create_future()  # until it is cancelled
    if ending is Ending.RESET:
        # With a linger time of 0 s, closing sends a reset instead of an orderly end.
        stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    stream.close()

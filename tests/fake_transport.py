"""A transport that is told what to answer, step by step."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from sfstream.core.config import Timeouts
from sfstream.core.events import Chunk
from sfstream.core.recording import Sink
from sfstream.core.request import ChatRequest
from sfstream.errors import SfStreamError
from sfstream.log.writer import RecordingFile
from sfstream.run.loop import Run
from sfstream.wire.connect import AbortHandle, clock
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.transport import Response

REQUEST = ChatRequest(model="fake", messages=[{"role": "user", "content": "Hello"}])
HERE = "http://127.0.0.1:9/v1"
DONE = b"data: [DONE]\n\n"

Step: TypeAlias = bytes | SfStreamError | Callable[[], object]
"""Bytes that come, an error that ends the body, or something to do, such as to wait."""


@dataclass
class Answer:
    """What comes back.

    Attributes:
        steps: of the body.
        status: of HTTP.
        headers: with names in lower case.
        silent: whether nothing more comes after the steps, until the line is shut.
        first: done before the head comes.
    """

    steps: tuple[Step, ...] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "text/event-stream"})
    silent: bool = False
    first: Callable[[], object] = lambda: None


class FakeTransport:
    """Gives one answer after the other, the last one again and again.

    Attributes:
        asked: how often it was asked.
    """

    name = "fake"

    def __init__(self, *answers: Answer | SfStreamError) -> None:
        self.asked = 0
        self._answers = answers

    def open(self, request: ChatRequest, endpoint: Endpoint, handle: AbortHandle) -> Response:
        """See `sfstream.wire.transport.Transport.open`."""
        answer = self._answers[min(self.asked, len(self._answers) - 1)]
        self.asked += 1
        if isinstance(answer, SfStreamError):
            raise answer
        answer.first()
        shut = threading.Event()
        handle.on_abort(shut.set)
        return Response(answer.status, answer.headers, _chunks(answer, shut))


def streaming(*steps: Step) -> Answer:
    """A stream of these steps, after which the body ends."""
    return Answer(steps)


def silent(*steps: Step) -> Answer:
    """A stream of these steps, after which nothing comes."""
    return Answer(steps, silent=True)


def word(text: str, finish: str | None = None) -> bytes:
    """A frame that adds to the content."""
    return frame({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]})


def frame(value: object) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()


def run_of(
    *answers: Answer | SfStreamError,
    limits: Timeouts | None = None,
    key: str | None = None,
    record: str | None = None,
    log: Sink | None = None,
) -> Run:
    """A run that gets these answers."""
    sinks: list[Sink] = [RecordingFile(record)] if record else []
    return Run(REQUEST, FakeTransport(*answers), Endpoint(HERE, key), limits, [*sinks, log] if log else sinks)


def ended(run: Run) -> Run:
    """The same run, at its end."""
    for _ in run.batches(0):
        pass
    return run


def _chunks(answer: Answer, shut: threading.Event) -> Generator[Chunk, None, None]:
    start = clock()
    for step in answer.steps:
        if isinstance(step, bytes):
            yield Chunk(clock() - start, step)
        elif isinstance(step, SfStreamError):
            raise step
        else:
            step()
    if answer.silent:
        shut.wait()

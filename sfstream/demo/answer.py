"""Calls to the demo server, its models and their answers, as plain values. No I/O.

The body of an answer is bytes, or the steps of a stream (`sfstream.demo.steps`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sfstream.core.events import Delta, Finish, ToolCallDelta, Usage
from sfstream.core.recording import Recording
from sfstream.demo.compose import CREATED, answer_id, dump, message_text
from sfstream.demo.physics import AS_IT_IS, Physics
from sfstream.demo.steps import Step, WaitUntil
from sfstream.wire.completion import CompletionDecoder

JSON = "application/json; charset=utf-8"
EVENTS = "text/event-stream"


@dataclass(frozen=True)
class Answer:
    """A response of the server.

    Attributes:
        body: the whole body, or the steps of a stream.
        status: HTTP status.
        content_type: of the body.
        headers: further headers.
    """

    body: bytes | Iterable[Step]
    status: int = 200
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """A request for a chat completion.

    Attributes:
        model: name of the model, as sent.
        number: the N in that name; 0 if it has none.
        attempt: number of requests that the server has had for this model name, this one included.
        body: the JSON body.
        authorization: the ``Authorization`` header; empty if there is none.
        speed: factor by which prepared answers are played faster than their times.
        physics: how a stream is played, from the name of the model.
    """

    model: str
    number: int
    attempt: int
    body: Mapping[str, Any]
    authorization: str
    speed: float
    physics: Physics = AS_IT_IS

    @property
    def is_stream(self) -> bool:
        """Whether a stream is asked for."""
        return self.body.get("stream") is True

    def shaped(self, steps: Iterable[Step]) -> Iterator[Step]:
        """Return the steps of a stream with the physics that are asked for."""
        return self.physics.shape(steps, seed=answer_id(self.body))

    @property
    def prompt(self) -> str:
        """The text of the user's last message."""
        messages = [message for message in self.body["messages"] if _role(message) == "user"]
        return message_text(messages[-1]) if messages else ""

    @property
    def tool_result(self) -> str | None:
        """The result of a tool, if that is the last message."""
        last = self.body["messages"][-1]
        return message_text(last) if _role(last) == "tool" else None


Respond: TypeAlias = Callable[[Call], Answer]


@dataclass(frozen=True)
class Model:
    """A model of the demo server.

    Attributes:
        pattern: its name; an ``N`` at the end stands for a number.
        description: what it does, in one sentence.
        answer: makes its answer to a call.
        example: a value for N.
    """

    pattern: str
    description: str
    answer: Respond
    example: int = 5

    @property
    def name(self) -> str:
        """A name that can be asked for: the pattern with N replaced by the example."""
        return re.sub(r"\bN$", str(self.example), self.pattern)

    def number_in(self, name: str) -> int | None:
        """Return the number in a name that matches the pattern, 0 if the pattern has none; None for another name."""
        if name == self.pattern and self.name == self.pattern:
            return 0
        match = re.fullmatch(re.sub(r"\bN$", r"([0-9]{1,9})", self.pattern), name)
        return int(match[1]) if match and match.groups() else None


def play(recording: Recording, call: Call) -> Answer:
    """Answer with a recording, in the name of the model that is asked: as a stream, or as one plain completion.

    The plain completion comes when the stream would have ended: a model sends it when it has written all of it.
    """
    steps = call.shaped(_at_their_times(recording, call))
    if call.is_stream:
        return Answer(steps, content_type=EVENTS)
    last = max(step.seconds for step in steps if isinstance(step, WaitUntil))
    return Answer([WaitUntil(last), plain(recording, call.model)])


def frames(recording: Recording, call: Call) -> list[bytes]:
    """Return the frames of a recording, in the name of the model that is asked."""
    return [_rename(chunk.data, call.model) for chunk in recording.chunks]


def plain(recording: Recording, model: str) -> bytes:
    """Return the answer of a recording as the body of one plain completion."""
    decoder = CompletionDecoder()
    events = [*decoder.feed(recording.data), *decoder.flush()]
    deltas = [event for event in events if isinstance(event, Delta)]
    message: dict[str, Any] = {"role": "assistant", "content": "".join(delta.content for delta in deltas)}
    if reasoning := "".join(delta.reasoning for delta in deltas):
        message["reasoning_content"] = reasoning
    if calls := [event for event in events if isinstance(event, ToolCallDelta)]:
        function = {"name": calls[0].name, "arguments": "".join(call.arguments for call in calls)}
        message["tool_calls"] = [{"id": calls[0].id, "type": "function", "function": function}]
    finish = [event.reason for event in events if isinstance(event, Finish)]
    completion = {
        "id": answer_id(recording.head.request),
        "object": "chat.completion",
        "created": CREATED,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": finish[-1]}],
        "usage": [event.counts for event in events if isinstance(event, Usage)][-1],
        "system_fingerprint": "",
    }
    return dump(completion).encode()


def _at_their_times(recording: Recording, call: Call) -> Iterator[Step]:
    for chunk in recording.chunks:
        yield WaitUntil(chunk.t / call.speed)
        yield _rename(chunk.data, call.model)


def _rename(data: bytes, model: str) -> bytes:
    # Inside a JSON string the quotes would be escaped, so only the name itself matches.
    return re.sub(rb'"model":"[^"]*"', lambda _: f'"model":{dump(model)}'.encode(), data, count=1)


def _role(message: object) -> object:
    return message.get("role") if isinstance(message, Mapping) else None

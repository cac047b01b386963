"""What the demo server is asked, and what it is to do about it, as plain values. No I/O.

An answer's body is bytes, or the steps of a stream: bytes to send now, a time to wait for, an ending.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, TypeAlias

from sfstream.core.events import Chunk, Delta, Finish, ToolCallDelta, Usage
from sfstream.core.recording import Recording
from sfstream.demo.compose import CREATED, dump, name_of, words_of
from sfstream.wire.completion import CompletionDecoder

JSON = "application/json; charset=utf-8"
EVENTS = "text/event-stream"


@dataclass(frozen=True, slots=True)
class At:
    """Wait until so many seconds after the answer began."""

    seconds: float


class Ending(Enum):
    """What happens to the connection in place of a proper end of the body."""

    SILENCE = auto()
    """Nothing more comes, and the connection stays open until the client closes it."""
    CLOSE = auto()
    """The server closes it."""
    RESET = auto()
    """The server resets it: the client sees "connection reset by peer"."""


Step: TypeAlias = bytes | At | Ending
"""The head of the response goes out with the first bytes, even empty ones."""


@dataclass(frozen=True)
class Answer:
    """What the server does.

    Attributes:
        body: the whole body, or the steps of a stream.
        status: of HTTP.
        content_type: of the body.
        headers: the further ones.
    """

    body: bytes | Iterable[Step]
    status: int = 200
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A request for an answer.

    Attributes:
        model: the model's name, as sent.
        number: the N in that name; 0 where it has none.
        attempt: how many requests for this model the server has had, this one included.
        body: the JSON body.
        authorization: the ``Authorization`` header; empty where there is none.
        speed: how many times as fast as recorded an answer is to be played.
    """

    model: str
    number: int
    attempt: int
    body: Mapping[str, Any]
    authorization: str
    speed: float

    @property
    def stream(self) -> bool:
        return self.body.get("stream") is True

    @property
    def prompt(self) -> str:
        """The text of the user's last message."""
        said = [message for message in self.body["messages"] if _role(message) == "user"]
        return words_of(said[-1]) if said else ""

    @property
    def tool_result(self) -> str | None:
        """What a tool gave, where that is the last message."""
        last = self.body["messages"][-1]
        return words_of(last) if _role(last) == "tool" else None


@dataclass(frozen=True)
class Model:
    """A model of the demo server.

    Attributes:
        pattern: its name; an ``N`` at the end stands for a number.
        says: what it does, in one sentence.
        answer: what it does.
        example: a number to take for N.
    """

    pattern: str
    says: str
    answer: Callable[[Asked], Answer]
    example: int = 5

    @property
    def name(self) -> str:
        """A name that can be asked for: the pattern with the example in the place of N."""
        return re.sub(r"\bN$", str(self.example), self.pattern)

    def number_in(self, name: str) -> int | None:
        """The number in a name that fits the pattern, 0 where the pattern has none; None for a name that does not."""
        if name == self.pattern and self.name == self.pattern:
            return 0
        match = re.fullmatch(re.sub(r"\bN$", r"([0-9]{1,9})", self.pattern), name)
        return int(match[1]) if match and match.groups() else None


def play(chunks: Iterable[Chunk], speed: float) -> Iterator[Step]:
    """The steps that send chunks at their times."""
    for chunk in chunks:
        yield At(chunk.t / speed)
        yield chunk.data


def played(recording: Recording, asked: Asked) -> Answer:
    """A recording as the answer: played where a stream is asked for, else as one plain completion."""
    if not asked.stream:
        return Answer(plain(recording, asked.model))
    chunks = (Chunk(chunk.t, as_model(chunk.data, asked.model)) for chunk in recording.chunks)
    return Answer(play(chunks, asked.speed), content_type=EVENTS)


def as_model(frame: bytes, model: str) -> bytes:
    """A frame that names another model: inside a JSON text the quotes would be escaped, so only the name fits."""
    return re.sub(rb'"model":"[^"]*"', lambda _: f'"model":{dump(model)}'.encode(), frame, count=1)


def plain(recording: Recording, model: str) -> bytes:
    """The same answer as one plain completion."""
    decoder = CompletionDecoder()
    events = [*decoder.feed(recording.data), *decoder.flush()]
    deltas = [event for event in events if isinstance(event, Delta)]
    message: dict[str, Any] = {"role": "assistant", "content": "".join(delta.content for delta in deltas)}
    if reasoning := "".join(delta.reasoning for delta in deltas):
        message["reasoning_content"] = reasoning
    if calls := [event for event in events if isinstance(event, ToolCallDelta)]:
        message["tool_calls"] = [_tool_call(calls)]
    finish = [event.reason for event in events if isinstance(event, Finish)]
    completion = {
        "id": name_of(recording.head.request),
        "object": "chat.completion",
        "created": CREATED,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": finish[-1]}],
        "usage": [event.counts for event in events if isinstance(event, Usage)][-1],
        "system_fingerprint": "",
    }
    return dump(completion).encode()


def _tool_call(pieces: list[ToolCallDelta]) -> dict[str, Any]:
    function = {"name": pieces[0].name, "arguments": "".join(piece.arguments for piece in pieces)}
    return {"id": pieces[0].id, "type": "function", "function": function}


def _role(message: object) -> object:
    return message.get("role") if isinstance(message, Mapping) else None

"""Compose the frames of a stream from texts, as SiliconFlow sends them.

The form is that of the documentation (https://docs.siliconflow.cn/docs/api/chat-completions-post) and of captured
streams: every delta has ``content`` and ``reasoning_content``, and the one that does not grow is null; the usage is
cumulative and part of every chunk; the last frame is ``[DONE]``. The same texts give the same bytes and times.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sfstream.core.events import Chunk
from sfstream.core.recording import End, Head, Recording
from sfstream.core.text import encodable

CREATED = 1767225600
"""``created`` of every composed answer: the beginning of 2026, in seconds since 1970."""
TIME = "2026-01-01T00:00:00.000+00:00"
"""The same time as the head of a recording has it."""
SOURCE = "written by hand"
DONE = b"data: [DONE]\n\n"

_FIRST_FRAME = 0.3  # seconds
_PIECE = re.compile(r"[\u3400-\u9fff]{1,2}| ?[^\W\u3400-\u9fff]{1,12}| ?[^\w\s]{1,3}|\s+")
_ENCODE = {ascii_only: json.JSONEncoder(ensure_ascii=ascii_only, separators=(",", ":")) for ascii_only in (True, False)}


@dataclass(frozen=True)
class Script:
    """What an answer contains.

    Attributes:
        content: pieces of the answer, one for each delta.
        reasoning: pieces of the reasoning that precedes the answer.
        function: name of the function that is called; empty for no tool call.
        arguments: pieces of the JSON text of the call's arguments.
        finish: the finish reason.
    """

    content: Iterable[str] = ()
    reasoning: Sequence[str] = ()
    function: str = ""
    arguments: Iterable[str] = ()
    finish: str = "stop"


def pieces(text: str) -> list[str]:
    """Cut a text roughly as a tokenizer does: words with the space before them, Chinese characters in pairs."""
    return _PIECE.findall(text)


def compose(request: Mapping[str, Any], script: Script) -> Recording:
    """Return the recording of an answer to a request."""
    frames = list(frames_of(request, script))
    usage = json.loads(frames[-2].removeprefix(b"data: "))["usage"]
    head = Head(request, time=TIME, trace_id=answer_id(request), source=SOURCE)
    return Recording(head, list(timed(frames)), End("complete", usage))


def frames_of(request: Mapping[str, Any], script: Script) -> Iterator[bytes]:
    """Yield the frames of an answer to a request, ``[DONE]`` last. They are made one by one."""
    maker = FrameMaker(request)
    if script.reasoning:
        yield maker.reasoning("", tokens=0)
    for piece in script.reasoning:
        yield maker.reasoning(piece)
    if not script.reasoning:
        yield maker.content("", tokens=0, role=True)
    for piece in script.content:
        yield maker.content(piece)
    if script.function:
        yield maker.tool_call({"name": script.function, "arguments": ""}, f"functions.{script.function}:0")
        for piece in script.arguments:
            yield maker.tool_call({"arguments": piece})
    yield maker.content("", tokens=0, finish=script.finish)
    yield DONE


def timed(frames: Iterable[bytes]) -> Iterator[Chunk]:
    """Give frames their times: the first after 0.3 s, then one every 0.02 s on average, unevenly."""
    t = _FIRST_FRAME
    for number, data in enumerate(frames):
        yield Chunk(round(t, 3), data)
        t += 0 if data == DONE else 0.01 + 0.02 * (number * 7 % 11) / 10


def answer_id(request: Mapping[str, Any]) -> str:
    """Return 32 hexadecimal digits that depend on the request alone."""
    text = json.dumps(request, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def message_text(message: object) -> str:
    """Return the text of a message, without images and other parts."""
    content = message.get("content") if isinstance(message, Mapping) else None
    if isinstance(content, str):
        return content
    parts = [part for part in content or () if isinstance(part, Mapping)] if isinstance(content, list) else []
    return "\n".join(part["text"] for part in parts if isinstance(part.get("text"), str))


class FrameMaker:
    """Makes the frames of one answer and counts their tokens."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        messages = request.get("messages")
        prompt = "".join(map(message_text, messages if isinstance(messages, list) else ()))
        self._id = answer_id(request)
        self._model = request.get("model", "")
        self._prompt_tokens = len(pieces(prompt))
        self._tokens = self._reasoning_tokens = 0
        self._is_thinking = False

    def content(
        self, text: str, *, tokens: int = 1, role: bool = False, finish: str | None = None, escaped: bool = False
    ) -> bytes:
        """Return a frame with a piece of the answer.

        Args:
            text: the piece.
            tokens: how many tokens it counts for.
            role: whether the delta names the role; after reasoning it does in any case, as in captured streams.
            finish: the finish reason, in the last frame.
            escaped: whether characters outside ASCII are written as ``\\u`` escapes.
        """
        self._tokens += tokens
        delta = {"content": text, "reasoning_content": None}
        if role or (self._is_thinking and finish is None):
            delta["role"] = "assistant"
        return self._frame(delta, finish, escaped)

    def reasoning(self, text: str, *, tokens: int = 1) -> bytes:
        """Return a frame with a piece of the reasoning."""
        self._is_thinking = True
        self._tokens += tokens
        self._reasoning_tokens += tokens
        return self._frame({"content": None, "reasoning_content": text, "role": "assistant"})

    def tool_call(self, function: Mapping[str, str], call_id: str | None = None) -> bytes:
        """Return a frame with a piece of a tool call. Only the first piece has an id and a type."""
        self._tokens += 1
        call = {"index": 0, "id": call_id, "type": "function" if call_id else None, "function": function}
        return self._frame({"content": None, "reasoning_content": None, "role": "assistant", "tool_calls": [call]})

    def _usage(self) -> dict[str, Any]:
        counts: dict[str, Any] = {
            "prompt_tokens": self._prompt_tokens,
            "completion_tokens": self._tokens,
            "total_tokens": self._prompt_tokens + self._tokens,
        }
        if self._reasoning_tokens:
            counts["completion_tokens_details"] = {"reasoning_tokens": self._reasoning_tokens}
        return counts

    def _frame(self, delta: Mapping[str, Any], finish: str | None = None, escaped: bool = False) -> bytes:
        value = {
            "id": self._id,
            "object": "chat.completion.chunk",
            "created": CREATED,
            "model": self._model,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
            "system_fingerprint": "",
            "usage": self._usage(),
        }
        return frame(value, escaped=escaped)


def frame(value: object, *, escaped: bool = False) -> bytes:
    """Return a value as one frame of the stream."""
    return f"data: {encodable(dump(value, escaped=escaped))}\n\n".encode()


def dump(value: object, *, escaped: bool = False) -> str:
    """Return a value as JSON without spaces, as SiliconFlow writes it."""
    return _ENCODE[escaped].encode(value)

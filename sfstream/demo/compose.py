"""Texts to the frames of a stream, as SiliconFlow sends them.

The form is that of the documentation (https://docs.siliconflow.cn/docs/api/chat-completions-post) and
of captured streams: ``content`` and ``reasoning_content`` stand in every delta, the one that does not
grow as null; the usage is cumulative and comes with every chunk; the last frame is ``[DONE]``.
Nothing here is random: the same texts give the same bytes and the same times.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sfstream.core.events import Chunk
from sfstream.core.recording import End, Head, Recording
from sfstream.core.text import encodable

CREATED = 1767225600
"""Seconds since 1970 of every composed answer: the beginning of 2026."""
TIME = "2026-01-01T00:00:00.000+00:00"
"""The same, as a recording says it."""
SOURCE = "written by hand"
DONE = b"data: [DONE]\n\n"

_FIRST = 0.3  # seconds to the first frame
_PIECE = re.compile(r"[\u3400-\u9fff]{1,2}| ?[^\W\u3400-\u9fff]{1,12}| ?[^\w\s]{1,3}|\s+")


@dataclass(frozen=True)
class Script:
    """What an answer says.

    Attributes:
        content: the pieces of the answer, one for each delta.
        reasoning: the pieces of the reasoning before it.
        function: the function that a tool call names; empty for none.
        arguments: the pieces of its arguments, which are JSON text when joined.
        finish: the finish reason.
    """

    content: Iterable[str] = ()
    reasoning: Iterable[str] = ()
    function: str = ""
    arguments: Iterable[str] = ()
    finish: str = "stop"


def pieces(text: str) -> list[str]:
    """Cut a text as a model's tokens would: words with the space before them, Chinese characters by twos.

    Returns:
        the pieces; joined they are the text.
    """
    return _PIECE.findall(text)


def compose(request: Mapping[str, Any], script: Script) -> Recording:
    """Make the recording of an answer to a request."""
    head = Head(request, time=TIME, trace_id=name_of(request), source=SOURCE)
    frames = list(frames_of(request, script))
    usage = json.loads(frames[-2].removeprefix(b"data: "))["usage"]
    return Recording(head, list(timed(frames)), End("complete", usage))


def frames_of(request: Mapping[str, Any], script: Script) -> Iterator[bytes]:
    """The frames of an answer to a request, each whole, ``[DONE]`` last. They are made as they are asked for."""
    maker = FrameMaker(request)
    for number, piece in enumerate(_with_opening(script.reasoning)):
        yield maker.reasoning(piece, tokens=min(number, 1))
    if not maker.is_thinking:
        yield maker.content("", tokens=0, role=True)
    for piece in script.content:
        yield maker.content(piece)
    if script.function:
        yield from _tool_call(maker, script)
    yield maker.content("", tokens=0, finish=script.finish)
    yield DONE


def timed(frames: Iterable[bytes]) -> Iterator[Chunk]:
    """Give frames their times: the first after 0.3 s, then one every 0.02 s, sometimes sooner, sometimes later."""
    t = _FIRST
    for number, frame in enumerate(frames):
        yield Chunk(round(t, 3), frame)
        t += 0 if frame == DONE else 0.01 + 0.02 * (number * 7 % 11) / 10


def name_of(request: Mapping[str, Any]) -> str:
    """An id of 32 hexadecimal digits for the answer to a request, always the same one."""
    text = json.dumps(request, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def words_of(message: object) -> str:
    """The text of a message, without the images and the rest that may be among its parts."""
    content = message.get("content") if isinstance(message, Mapping) else None
    if isinstance(content, str):
        return content
    parts = [part for part in content or () if isinstance(part, Mapping)] if isinstance(content, list) else []
    return "\n".join(part["text"] for part in parts if isinstance(part.get("text"), str))


class FrameMaker:
    """Makes the frames of one answer and counts their tokens.

    Attributes:
        is_thinking: a frame with reasoning was made; the frames after it repeat the role, as captured ones do.
    """

    def __init__(self, request: Mapping[str, Any]) -> None:
        self.is_thinking = False
        self._id = name_of(request)
        self._model = request.get("model", "")
        messages = request.get("messages")
        prompt = "".join(map(words_of, messages if isinstance(messages, list) else ()))
        self._prompt_tokens = len(pieces(prompt))
        self._tokens = self._reasoning_tokens = 0

    def content(
        self, text: str, *, tokens: int = 1, role: bool = False, finish: str | None = None, escaped: bool = False
    ) -> bytes:
        """A frame with a piece of the answer.

        Args:
            text: the piece.
            tokens: how many tokens it counts for.
            role: whether the frame names the role.
            finish: the finish reason, in the last frame.
            escaped: whether all but ASCII is written as ``\\u`` escapes.
        """
        self._tokens += tokens
        delta = {"content": text, "reasoning_content": None}
        if role or (self.is_thinking and finish is None):
            delta["role"] = "assistant"
        return self._frame(delta, finish, escaped)

    def reasoning(self, text: str, *, tokens: int = 1) -> bytes:
        """A frame with a piece of the reasoning."""
        self.is_thinking = True
        self._tokens += tokens
        self._reasoning_tokens += tokens
        return self._frame({"content": None, "reasoning_content": text, "role": "assistant"})

    def tool_call(self, function: Mapping[str, str], call_id: str | None = None) -> bytes:
        """A frame with a piece of a tool call: the first one has the id, the others have null for it."""
        self._tokens += 1
        kind = "function" if call_id else None
        call = {"index": 0, "id": call_id, "type": kind, "function": function}
        return self._frame({"content": None, "reasoning_content": None, "role": "assistant", "tool_calls": [call]})

    def usage(self) -> dict[str, Any]:
        """The tokens so far."""
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
            "usage": self.usage(),
        }
        return frame(value, escaped=escaped)


def frame(value: object, *, escaped: bool = False) -> bytes:
    """A value as one frame of the stream."""
    return f"data: {encodable(dump(value, escaped=escaped))}\n\n".encode()


def dump(value: object, *, escaped: bool = False) -> str:
    """A value as JSON, spaced as SiliconFlow spaces it."""
    return json.dumps(value, ensure_ascii=escaped, separators=(",", ":"))


def _with_opening(reasoning: Iterable[str]) -> Iterator[str]:
    """The pieces after the empty one that reasoning begins with on the wire; nothing where there are none."""
    for number, piece in enumerate(reasoning):
        if not number:
            yield ""
        yield piece


def _tool_call(maker: FrameMaker, script: Script) -> Iterator[bytes]:
    yield maker.tool_call({"name": script.function, "arguments": ""}, f"functions.{script.function}:0")
    for piece in script.arguments:
        yield maker.tool_call({"arguments": piece})

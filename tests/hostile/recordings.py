"""Recordings in which every text that somebody can write into the file is hostile."""

from __future__ import annotations

import json
from typing import Any

from sfstream.core.events import Chunk
from sfstream.core.recording import End, Head, Recording


def recording(text: str, other: str, *, is_refused: bool) -> Recording:
    """Return the recording of an answer with one of two such texts in each place.

    Args:
        text: what the model thinks and calls, and half of what the file says.
        other: what the user asks and the model answers, how it ends, and the other half.
        is_refused: whether it ends with an error instead of a finish reason.
    """
    messages = [{"role": "system", "content": text}, {"role": "user", "content": other}]
    end = {"error": {"message": other, "code": text}} if is_refused else _chunk({}, finish=other)
    frames = [*_deltas(text, other), end]
    data = [f"data: {json.dumps(frame)}\n\n".encode() for frame in frames]
    data += [f": {' '.join(text.split())}\n\n".encode("utf-8", "replace"), b"data: [DONE]\n\n"]
    head = Head({"model": other, "messages": messages}, time=text, trace_id=other, source=text)
    return Recording(head, [Chunk(number / 20, each) for number, each in enumerate(data)], End(text, {text: other}))


def _deltas(text: str, other: str) -> list[dict[str, Any]]:
    """Return frames that bring the one as reasoning, the other as content, each in two halves, and then a tool call."""
    call = {"index": 0, "id": text, "function": {"name": text, "arguments": other}}
    return [
        *(_chunk({"reasoning_content": half}) for half in _halves(text)),
        *(_chunk({"content": half}) for half in _halves(other)),
        _chunk({"tool_calls": [call]}),
    ]


def _halves(text: str) -> tuple[str, str]:
    return text[: len(text) // 2], text[len(text) // 2 :]


def _chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}], "usage": {"completion_tokens": 9}}

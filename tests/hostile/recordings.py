"""Recordings in which every text that somebody can write into the file is hostile."""

from __future__ import annotations

import json
from typing import Any

from sfstream.core.events import Chunk
from sfstream.core.recording import End, Head, Recording


def recording(text: str, *, is_refused: bool) -> Recording:
    """Return the recording of an answer with such a text in all places.

    Args:
        is_refused: whether it ends with an error, which says the text, instead of the finish reason.
    """
    messages = [{"role": role, "content": text} for role in ("system", "user")]
    frames = [*_deltas(text), {"error": {"message": text, "code": text}} if is_refused else _chunk({}, finish=text)]
    data = [f"data: {json.dumps(frame)}\n\n".encode() for frame in frames]
    data += [f": {' '.join(text.split())}\n\n".encode("utf-8", "replace"), b"data: [DONE]\n\n"]
    head = Head({"model": text, "messages": messages}, time=text, trace_id=text, source=text)
    return Recording(head, [Chunk(number / 20, each) for number, each in enumerate(data)], End(text, {text: text}))


def _deltas(text: str) -> list[dict[str, Any]]:
    """Return frames that bring the text in two halves as reasoning and content, and then as a tool call."""
    middle = len(text) // 2
    halves = text[:middle], text[middle:]
    call = {"index": 0, "id": text, "function": {"name": text, "arguments": text}}
    return [
        *(_chunk({"reasoning_content": half}) for half in halves),
        *(_chunk({"content": half}) for half in halves),
        _chunk({"tool_calls": [call]}),
    ]


def _chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}], "usage": {"completion_tokens": 9}}

"""Find what can be used in a frame that is not one chunk with one choice. No I/O."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_METADATA = {"id", "object", "created", "model", "usage", "x_groq", "system_fingerprint", "service_tier"}
"""Members of a frame that holds no choices and is understood."""
_HEARTBEATS = {"", "ping", "pong", "heartbeat", "keep-alive", "keepalive", "keep alive"}
"""Texts that keep a connection open, in lower case."""
_DECODER = json.JSONDecoder()
_GAP = re.compile(r"\s*(data:)?\s*")
_CHOICE = {"delta", "message", "text"}
"""Members of a choice, one of which an object has that stands where the list of choices is expected."""


def objects_in(data: str) -> list[object]:
    """Return the objects of JSON that stand in a text one after the other, and None for the rest of the text."""
    found: list[object] = []
    at = 0
    while (at := _end_of_gap(data, at)) < len(data) and data[at] == "{":
        try:
            value, at = _DECODER.raw_decode(data, at)
        except (ValueError, RecursionError):
            break
        found.append(value)
    return found if at == len(data) else [*found, None]


def _end_of_gap(data: str, at: int) -> int:
    found = _GAP.match(data, at)
    return found.end() if found else at


def unwrapped(frame: object) -> object:
    """Return the chunk in a frame that holds it as JSON in a string, or in a list, or else the frame."""
    if isinstance(frame, str) and frame.lstrip()[:1] == "{":
        try:
            frame = json.loads(frame)
        except (ValueError, RecursionError):
            return frame
    if isinstance(frame, list) and all(usable_choices(each) for each in frame) and frame:
        return {**frame[-1], "choices": [choice for each in frame for choice in usable_choices(each)]}
    return frame


def usable_choices(frame: object) -> list[Mapping[str, Any]]:
    """Return the choices of a frame that are objects, and not empty."""
    choices = frame.get("choices") if isinstance(frame, Mapping) else None
    if isinstance(choices, Mapping):
        return [choices] if _CHOICE & choices.keys() else []
    return [each for each in choices if isinstance(each, Mapping) and each] if isinstance(choices, list) else []


def is_understood(frame: object) -> bool:
    """Return whether nothing of a frame is lost if its usable choices are read, and its usage."""
    if not (isinstance(frame, Mapping) and frame):
        return False
    choices = frame.get("choices")
    if choices:
        return isinstance(choices, list) and len(choices) == len(usable_choices(frame))
    is_chunk = str(frame.get("object")).startswith("chat.completion") or frame.keys() <= _METADATA
    return choices == [] or (choices is None and (is_chunk or "choices" in frame))


def is_heartbeat(frame: object) -> bool:
    """Return whether a frame is a text that only keeps the connection open, such as a comment."""
    return isinstance(frame, str) and (frame.lstrip()[:1] == ":" or frame.strip().lower() in _HEARTBEATS)

"""The texts that a delta adds, in the shapes that servers give them. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfstream.core.text import as_json, excerpt
from sfstream.errors import MalformedStream


def texts_of(delta: Mapping[str, Any]) -> tuple[str, str]:
    """Return the content and the reasoning that a delta adds."""
    reasoning = text_of(delta, "reasoning_content") or text_of(delta, "reasoning")
    content = delta.get("content")
    if isinstance(content, list) and all(isinstance(part, Mapping) for part in content):  # Mistral
        thoughts = [text for part in content for text in list_of(part, "thinking")]
        return _joined(content), reasoning or _joined(thoughts)
    return text_of(delta, "content") or text_of(delta, "refusal"), reasoning


def _joined(parts: list[Any]) -> str:
    return "".join(text_of(part, "text") for part in parts if isinstance(part, Mapping))


def text_of(holder: Mapping[str, Any], name: str) -> str:
    """Return a member that is text, null or absent.

    Raises:
        MalformedStream: the member is something else.
    """
    value = holder.get(name)
    if value is None or isinstance(value, str):
        return value or ""
    raise unexpected(f"text as {name}", value)


def list_of(holder: Mapping[str, Any], name: str) -> list[Any]:
    """Return a member that is a list, null or absent.

    Raises:
        MalformedStream: the member is something else.
    """
    value = holder.get(name)
    if value is None or isinstance(value, list):
        return value or []
    raise unexpected(f"a list as {name}", value)


def unexpected(wanted: str, value: object) -> MalformedStream:
    """Return the error for a member of another type than expected."""
    return MalformedStream(
        f"Expected {wanted} in the stream, got: {excerpt(as_json(value))}\nThe partial answer is kept."
    )

"""Fields of a server's JSON, each of the type that it should have. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfstream.core.text import as_json, excerpt
from sfstream.errors import MalformedStream


def text_of(holder: Mapping[str, Any], name: str) -> str:
    """A field that is text, null or absent.

    Raises:
        MalformedStream: it is something else.
    """
    value = holder.get(name)
    if value is None or isinstance(value, str):
        return value or ""
    raise unexpected(f"text as {name}", value)


def list_of(holder: Mapping[str, Any], name: str) -> list[Any]:
    """A field that is a list, null or absent.

    Raises:
        MalformedStream: it is something else.
    """
    value = holder.get(name)
    if value is None or isinstance(value, list):
        return value or []
    raise unexpected(f"a list as {name}", value)


def unexpected(wanted: str, value: object) -> MalformedStream:
    """The error that something else was wanted."""
    return MalformedStream(
        f"Expected {wanted} in the stream, got: {excerpt(as_json(value))}\nWhat had come before is kept."
    )

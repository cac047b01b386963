"""Refuse a request that holds the very key that it would be sent with, before anything is sent, logged or looked up."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from sfstream.core.message import Message, message
from sfstream.core.request import ChatRequest
from sfstream.errors import ConfigurationError
from sfstream.wire.credentials import without_frames
from sfstream.wire.endpoint import Endpoint

_ESCAPE = re.compile(r"\\(?:u[\da-f]{4}|[^u])", re.IGNORECASE)


@without_frames
def refuse_own_key(request: ChatRequest, endpoint: Endpoint) -> None:
    """Check that the request does not hold the key of the endpoint.

    A key that is a word, such as "ollama", may stand in a prompt.

    Raises:
        ConfigurationError: it does. The message says where, without the key.
    """
    if endpoint.key is None:
        return
    for place, text in _texts(request.body()):
        if any(endpoint.redact(each) != each for each in _readings(text)):
            raise ConfigurationError(
                message(
                    "The request holds the API key that it would be sent with, {where}. "
                    "Nothing was sent. Remove the key there: the server gets it anyway, and a model must not see it.",
                    where=_named(place, request, endpoint),
                )
            )


def _texts(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield each text and each number in a JSON value with its place; a name has the place of its object."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield place, str(name)
            yield from _texts(inner, (*place, str(name)))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*place, number))
    elif value is not None:
        yield place, str(value)


def _readings(text: str) -> Iterator[str]:
    """Yield the text, and as it reads without the escapes of JSON, URLs and HTML."""
    yield text
    if "\\" in text:
        yield _ESCAPE.sub(_unescaped, text)
    if "%" in text:
        yield unquote(text)
    if "&" in text:
        yield html.unescape(text)


def _unescaped(escape: re.Match[str]) -> str:
    try:
        return str(json.loads(f'"{escape[0]}"'))
    except ValueError:
        return escape[0]


def _named(place: Sequence[str | int], request: ChatRequest, endpoint: Endpoint) -> Message:
    """Return the place as an expression of Python, such as ``messages[1]["content"]``, and whose message it is."""
    steps = "".join(f"[{json.dumps(step)}]" for step in place[1:])
    if not place:
        return message("as the name of a parameter")
    path = endpoint.redact(f"{place[0]}{steps}")
    if place[:1] != ("messages",) or len(place) < 2:
        return message("in {path}", path=path)
    role = str(request.messages[int(place[1])]["role"])
    return message("in {path} (role {role})", path=path, role=endpoint.redact(role))

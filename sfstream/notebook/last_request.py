"""What each cell asked last in this session, and what a new request changes."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from sfstream.core.reply import Reply
from sfstream.core.turns import message_text
from sfstream.display.frontend import cell_id
from sfstream.display.translations import translate

WIDTH = 110
"""Characters after which a line is parted, so that a change in a long one can be seen."""
MOST = 60
"""Maximum number of lines of a difference."""
_URL = 200
"""Maximum length of the URL of an image that is shown in full."""

_bodies: dict[str, Mapping[str, Any]] = {}
"""The body of the last request of each cell, by the front-end's name for the cell."""


def note_request(reply: Reply) -> None:
    """Remember what the cell that runs has asked."""
    if (cell := cell_id()) and reply.via != "replay":
        _bodies[cell] = readable(reply.request.body())


def forget_requests() -> None:
    """Forget all requests."""
    _bodies.clear()


def changes(body: Mapping[str, Any]) -> list[str] | None:
    """Return the lines in which a request differs from the last one of this cell, with ``-`` and ``+`` before them.

    Args:
        body: of the new request, as `readable` returns it.

    Returns:
        None if the cell has asked nothing before, or the front-end does not tell its cells apart.
    """
    last = _bodies.get(cell_id())
    return None if last is None else list(_cut(_difference(list(_lines(last)), list(_lines(body)))))


def readable(value: Any) -> Any:
    """Return the JSON of a request with the data of each image replaced by its length and a few digits of its hash."""
    if isinstance(value, Mapping):
        return {key: readable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [readable(inner) for inner in value]
    if isinstance(value, str) and value.startswith("data:") and len(value) > _URL:
        digits = hashlib.sha256(value.encode()).hexdigest()[:8]
        size = translate("{count} characters", count=f"{len(value):,}")
        return f"{value[:40]}… ({size}, SHA-256 {digits}…)"
    return value


def _difference(before: list[str], after: list[str]) -> Iterator[str]:
    for line in list(difflib.unified_diff(before, after, n=1, lineterm=""))[3:]:
        yield "  …" if line.startswith("@@") else f"{line[0]} {line[1:]}".rstrip()


def _cut(lines: Iterator[str]) -> Iterator[str]:
    listed = list(lines)
    yield from listed[:MOST]
    if len(listed) > MOST:
        yield f"  … {translate('{count} more lines', count=f'{len(listed) - MOST:,}')}"


def _lines(body: Mapping[str, Any]) -> Iterator[str]:
    for name, value in body.items():
        if name not in ("messages", "stream"):
            yield f"{name}: {json.dumps(value, ensure_ascii=False)}"
    for message in body["messages"]:
        yield f"{message.get('role')}:"
        for line in message_text(message).splitlines():
            yield from (f"    {part}" for part in _parted(line))
        yield from (f"    {line}" for line in _others(message))


def _parted(line: str) -> list[str]:
    """Return a line in sentences and, where these are long as well, in parts of them."""
    if len(line) <= WIDTH:
        return [line]
    sentences = re.split(r"(?<=[.!?;])\s+|(?<=[。！？；])", line)
    return [part for sentence in sentences for part in textwrap.wrap(sentence, WIDTH)]


def _others(message: Mapping[str, Any]) -> list[str]:
    """Return the parts of a message that are no text, such as images, one line each."""
    content = message.get("content")
    parts = [part for part in content if part.get("type") != "text"] if isinstance(content, list) else []
    return [json.dumps(part, ensure_ascii=False) for part in parts]

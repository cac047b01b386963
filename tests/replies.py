"""Replies made of events, without a server."""

from __future__ import annotations

from typing import Any

from sfstream.core.events import Event
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.errors import SfStreamError, Stopped


def grown(*events: Event, model: str = "a/model", **asked: Any) -> Reply:
    """A reply of these events, one a second, that grows still."""
    request = ChatRequest(model=model, messages=[{"role": "user", "content": "Hello"}], **asked)
    reply = Reply(request, via="requests")
    for number, event in enumerate(events, 1):
        reply.add(event, float(number))
    return reply


def ended(*events: Event, error: SfStreamError | Stopped | None = None, **asked: Any) -> Reply:
    """The same at its end."""
    reply = grown(*events, **asked)
    reply.end(9.0, error)
    return reply

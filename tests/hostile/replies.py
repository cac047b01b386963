"""Replies in which every text that a server can send is hostile."""

from __future__ import annotations

from sfstream.events import Delta, Event, Finish, ToolCallDelta
from sfstream.reply import Reply
from sfstream.request import ChatRequest


def replies(text: str) -> dict[str, Reply]:
    """Replies with such a text in all places where it may stand, by the names of the places."""
    call, end = ToolCallDelta(name=text, arguments=text), Finish(0, text)
    return {
        "everything": ended(Delta(content=text, reasoning=text), call, end, model=text),
        "reasoning alone": ended(Delta(reasoning=text)),
        "call after a list": ended(Delta(content="- x\n  1. y"), call),
    }


def ended(*events: Event, model: str = "a/model") -> Reply:
    """A reply of these events, at its end."""
    request = ChatRequest(model=model, messages=[{"role": "user", "content": "Hello"}])
    reply = Reply(request, via="requests")
    for number, event in enumerate(events, 1):
        reply.add(event, float(number))
    reply.end(9.0)
    return reply

"""Replies in which every text that a server can send is hostile."""

from __future__ import annotations

from sfstream.core.events import Delta, Finish, ToolCallDelta
from sfstream.core.reply import Reply
from tests.replies import ended


def replies(text: str) -> dict[str, Reply]:
    """Replies with such a text in all places where it may stand, by the names of the places."""
    call, end = ToolCallDelta(name=text, arguments=text), Finish(0, text)
    return {
        "everything": ended(Delta(content=text, reasoning=text), call, end, model=text),
        "reasoning alone": ended(Delta(reasoning=text)),
        "call after a list": ended(Delta(content="- x\n  1. y"), call),
    }

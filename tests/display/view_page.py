"""The other end of a StreamView's comm, as a page without a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import comm
import pytest
from comm.base_comm import BaseComm

from sfstream.core.events import Delta
from sfstream.core.message import Message
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.display import frontend, translations
from sfstream.display.widget import StreamView


class Page(BaseComm):
    """The other end of the comm: keeps what it is sent, and reads it as the page's script does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.messages: list[dict[str, Any]] = []
        self.state: dict[str, Any] = {}
        super().__init__(*args, **kwargs)

    def publish_msg(self, msg_type: str, data: Any = None, *_: Any, **__: Any) -> None:
        data = json.loads(json.dumps(data))
        self.state |= data.get("state", {})
        if data.get("method") == "custom":
            self.messages.append(data["content"])

    def say(self, **content: Any) -> None:
        """Send a message to Python."""
        self.handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The messages of a kind."""
        return [message for message in self.messages if message["kind"] == kind]

    def shown(self, name: str = "content") -> tuple[list[Any], str]:
        """The steps and the rest that the frames make, each checked as the page checks it."""
        steps: list[Any] = []
        rest = b""
        for n, frame in enumerate(self.of("update"), 1):
            assert n == frame["n"]
            if part := frame["parts"].get(name):
                steps += [tuple(step) for step in part["steps"]]
                rest = rest[: 2 * part["keep"]] + part["text"].encode("utf-16-le")
                assert 2 * part["length"] == len(rest)
        return steps, rest.decode("utf-16-le")


@contextmanager
def recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Page]]:
    """The pages of all widgets made meanwhile, in their order; that of a widget comes after that of its layout."""
    made: list[Page] = []

    def create(*args: Any, **kwargs: Any) -> Page:
        made.append(Page(*args, **kwargs))
        return made[-1]

    monkeypatch.setattr(comm, "create_comm", create)
    for pages in ("_pages_with_widgets", "_pages_without_widgets", "_probe"):
        monkeypatch.setattr(frontend, pages, type(getattr(frontend, pages))())
    monkeypatch.setattr(translations, "page_language", "")
    yield made


def reply_of(*content: str, reasoning: str = "") -> Reply:
    """A reply that has come so far."""
    reply = Reply(ChatRequest(model="m", messages=({"role": "user", "content": "hi"},)), via="openai")
    grow(reply, *content, reasoning=reasoning)
    return reply


def grow(reply: Reply, *content: str, reasoning: str = "") -> None:
    """Let more of it come."""
    if reasoning:
        reply.add(Delta(index=0, content="", reasoning=reasoning), 0.1)
    for text in content:
        reply.add(Delta(index=0, content=text, reasoning=""), 0.2)


def paint(view: StreamView, reply: Reply) -> None:
    """Paint, however short a time ago the last frame was."""
    view._due = 0.0
    view.paint(reply, Message(""))


def painted(view: StreamView, *texts: str) -> Reply:
    """A reply painted after each text that comes."""
    reply = reply_of()
    for text in texts:
        grow(reply, text)
        paint(view, reply)
    return reply


def html_of(steps: list[Any], rest: str) -> str:
    """All the HTML, the tags that steps open included, without the ends of those that are open."""
    return "".join(html for kind, html in steps if kind != "close") + rest

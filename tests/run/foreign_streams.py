"""What the tests of `show` are given, and what they give."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from typing import Any

from sfstream.core.reply import Reply

# httpx is called httpx2 since version 3 of the openai library, which brings it.
httpx2: Any = importlib.import_module("httpx2" if importlib.util.find_spec("httpx2") else "httpx")


class Collected:
    """A view that keeps what it was painted."""

    def __init__(self) -> None:
        self.stop: Callable[[], None] = lambda: None
        self.contents: list[str] = []
        self.doings: list[str] = []

    def begin(self, stop: Callable[[], None]) -> None:
        self.stop = stop

    def paint(self, reply: Reply, doing: Any) -> None:
        self.contents.append(reply.content)
        self.doings.append(str(doing))

    def finish(self, reply: Reply) -> None:
        self.contents.append(reply.content)


def body(model: str) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": "Hello"}], "stream": True}

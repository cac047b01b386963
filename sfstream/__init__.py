"""Streaming chat of SiliconFlow and other OpenAI-compatible servers in Jupyter.

In a notebook: ``%load_ext sfstream``, then ``%%sfchat`` and a prompt. In Python: `chat`, `stream` and `show`.
All names but the exceptions are imported on first use, so that ``import sfstream`` takes next to no time.
"""

from __future__ import annotations

import importlib
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from sfstream.errors import SfStreamError, Stopped

if TYPE_CHECKING:
    from sfstream import log
    from sfstream.api import chat, models, show, stream
    from sfstream.core.conversation import conversations
    from sfstream.core.reply import Reply
    from sfstream.core.request import ChatRequest
    from sfstream.display.widget import StreamView
    from sfstream.run.stream import Stream

__all__ = [
    "ChatRequest",
    "Reply",
    "SfStreamError",
    "Stopped",
    "Stream",
    "StreamView",
    "chat",
    "conversations",
    "load_ipython_extension",
    "log",
    "models",
    "show",
    "stream",
    "unload_ipython_extension",
]

_HOMES = {
    "ChatRequest": "sfstream.core.request",
    "Reply": "sfstream.core.reply",
    "Stream": "sfstream.run.stream",
    "StreamView": "sfstream.display.widget",
    "chat": "sfstream.api",
    "conversations": "sfstream.core.conversation",
    "models": "sfstream.api",
    "show": "sfstream.api",
    "stream": "sfstream.api",
}


def load_ipython_extension(shell: Any) -> None:
    """Register the magics and settings. IPython calls this for ``%load_ext sfstream``."""
    from sfstream.notebook import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Undo `load_ipython_extension`. IPython calls this for ``%unload_ext sfstream``."""
    from sfstream.notebook import unload

    unload(shell)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return version("sfstream")
    if name == "log":
        return importlib.import_module("sfstream.log")
    if home := _HOMES.get(name):
        return getattr(importlib.import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

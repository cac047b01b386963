"""The display of an answer without a widget: one output that is updated in place, or shown once at the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from IPython.display import DisplayHandle, display

from sfstream.core.message import Message
from sfstream.core.reply import Reply
from sfstream.display.captions import Clock, notes, status_line, waiting
from sfstream.display.mimebundle import bundle, metadata, page
from sfstream.display.translations import translate
from sfstream.markdown.stream import Markdown
from sfstream.markdown.verbatim import Growing, growing

INTERVAL = 0.1
"""Minimum seconds between two updates, each of which carries the whole text."""
SHARE = 4
"""Wait at least SHARE times the duration of the last update before sending the next."""
HINT_AFTER = 5.0
"""Seconds before the hint is shown. Until then a busy machine may still load the widget, so it could be wrong."""


def hint() -> str:
    """Return what to install for the live view. The page loads only the version of anywidget that the kernel has."""
    return translate(
        "For the live view, run pip install anywidget=={version} where the Jupyter server runs, and reload this page.",
        version=version("anywidget"),
    )


class StaticView:
    """Shows the static answer at the end, and nothing before."""

    def begin(self, stop: Callable[[], None]) -> None:
        """See `View.begin`."""

    def paint(self, reply: Reply, doing: Message) -> None:
        """See `View.paint`."""

    def finish(self, reply: Reply) -> None:
        """See `View.finish`."""
        display(bundle(reply), raw=True, metadata=metadata(reply))


class HtmlView:
    """Shows the answer as HTML that is sent again as it grows, and the static answer at the end.

    Args:
        handle: an existing output to update; None to create one.
        hints: whether a line says, after a while and until the end, what to install for the live view.
    """

    def __init__(self, handle: DisplayHandle | None = None, *, hints: bool = False) -> None:
        self._handle = handle
        self._hint = [hint()] if hints else []
        self._texts: dict[str, _Text] = {}
        self._due = 0.0
        self._shown: tuple[Any, ...] = ()
        self._has_text = False
        self._clock = Clock()
        self._began = time.monotonic()

    def begin(self, stop: Callable[[], None]) -> None:
        """See `View.begin`. The answer can be stopped by an interrupt only."""

    def paint(self, reply: Reply, doing: Message) -> None:
        """See `View.paint`."""
        seconds, silence = self._clock.read(reply, doing)
        line = waiting(doing, seconds) if doing else status_line(reply, silence)
        state = (len(reply.reasoning), len(reply.content), len(reply.tool_calls), line, self._is_hinting)
        if state == self._shown or (self._has_text and time.monotonic() < self._due):
            return
        self._shown, self._has_text = state, reply.has_begun  # the first token is sent at once
        started = time.monotonic()
        self._send({"text/html": self._page(reply, line), "text/plain": line})
        self._wait_after(started)

    def finish(self, reply: Reply) -> None:
        """See `View.finish`."""
        self._send(bundle(reply), metadata(reply))

    @property
    def _is_hinting(self) -> bool:
        return bool(self._hint) and time.monotonic() - self._began > HINT_AFTER

    def _page(self, reply: Reply, line: str) -> str:
        if not self._texts:
            self._texts["reasoning"] = _Text(lambda: Markdown("tex", breaks=True))
            self._texts["content"] = _Text(lambda: growing(reply.format, "tex"))
        reasoning = self._texts["reasoning"].html(reply.reasoning)
        content = self._texts["content"].html(reply.content)
        lines = [line, *notes(reply), *(self._hint if self._is_hinting else [])]
        return page(reply, reasoning, content, lines, thinking=not reply.content)

    def _send(self, data: dict[str, str], about: dict[str, Any] | None = None) -> None:
        if self._handle:
            self._handle.update(data, raw=True, metadata=about or {})
        else:
            self._handle = display(data, raw=True, metadata=about or {}, display_id=True)

    def _wait_after(self, started: float) -> None:
        now = time.monotonic()
        self._due = now + max(INTERVAL, SHARE * (now - started))


class _Text:
    """A growing text and its HTML."""

    def __init__(self, make: Callable[[], Growing]) -> None:
        self._make = make
        self._renderer = make()
        self._fed = ""

    def html(self, text: str) -> str:
        """Return the text so far as safe HTML. What was content may have become reasoning."""
        if not text.startswith(self._fed):
            self._renderer, self._fed = self._make(), ""
        if len(text) > len(self._fed):
            self._renderer.feed(text[len(self._fed) :])
            self._fed = text
        self._renderer.change()
        return self._renderer.html

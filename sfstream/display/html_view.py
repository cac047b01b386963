"""Where there is no widget: one output of a notebook, updated in place a few times a second, or shown once."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from IPython.display import DisplayHandle, display

from sfstream.core.reply import Reply
from sfstream.display.mimebundle import bundle, metadata, page
from sfstream.display.status import notes, status_line, waiting
from sfstream.display.translations import say
from sfstream.markdown.stream import Markdown

INTERVAL = 0.1
"""Seconds between two updates. Each carries the whole text, so more of them would cost more than they show."""
_HINT = "For the live view: pip install anywidget=={} where the Jupyter server runs, and reload this page."
"""What to do where the page does not load the widget: it takes the version that the kernel has, and no other."""
HINT_AFTER = 5.0
"""Seconds before the hint is shown: until then a busy machine may yet load the widget, and it would be wrong."""
SHARE = 4
"""An update is followed by a pause of at least so many times what it took: where one is slow, fewer come."""


def hint() -> str:
    """What to install for the full view."""
    return say(_HINT, version("anywidget"))


class OnceView:
    """The static answer when it has ended, and nothing before: nobody is there to watch."""

    def begin(self, stop: Callable[[], None]) -> None:
        """See `sfstream.display.View.begin`."""

    def paint(self, reply: Reply, doing: str) -> None:
        """See `sfstream.display.View.paint`."""

    def finish(self, reply: Reply) -> None:
        """See `sfstream.display.View.finish`."""
        display(bundle(reply), raw=True, metadata=metadata(reply))


class HtmlView:
    """The answer as HTML, sent anew as it grows, and the static answer at the end.

    Args:
        handle: an output that there is already, to be taken over.
        hints: whether a line says, after a while and until the end, what to install for the full view.
    """

    def __init__(self, handle: DisplayHandle | None = None, *, hints: bool = False) -> None:
        self._handle = handle
        self._hint = [hint()] if hints else []
        self._texts = {"reasoning": _Text(breaks=True), "content": _Text()}
        self._due = 0.0
        self._shown: tuple[Any, ...] = ()
        self._has_text = False
        self._doing = ""
        self._began = self._since = time.monotonic()

    def begin(self, stop: Callable[[], None]) -> None:
        """See `sfstream.display.View.begin`: the interrupt is the only stop here."""

    def paint(self, reply: Reply, doing: str) -> None:
        """See `sfstream.display.View.paint`."""
        if doing != self._doing:
            self._doing, self._since = doing, time.monotonic()
        line = waiting(doing, time.monotonic() - self._since) if doing else status_line(reply)
        state = (len(reply.reasoning), len(reply.content), len(reply.tool_calls), line, self._is_hinting)
        if state == self._shown or (self._has_text and time.monotonic() < self._due):
            return
        self._shown, self._has_text = state, reply.has_begun  # so that the first token is sent at once
        started = time.monotonic()
        self._send({"text/html": self._page(reply, line), "text/plain": line})
        self._wait_after(started)

    def finish(self, reply: Reply) -> None:
        """See `sfstream.display.View.finish`."""
        self._send(bundle(reply), metadata(reply))

    @property
    def _is_hinting(self) -> bool:
        return bool(self._hint) and time.monotonic() - self._began > HINT_AFTER

    def _page(self, reply: Reply, line: str) -> str:
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
    """One growing text, rendered as it grows."""

    def __init__(self, *, breaks: bool = False) -> None:
        self._markdown = Markdown("tex", breaks=breaks)
        self._fed = 0

    def html(self, text: str) -> str:
        """All of it so far, as safe HTML."""
        if len(text) > self._fed:
            self._markdown.feed(text[self._fed :])
            self._fed = len(text)
        self._markdown.change()
        return self._markdown.html

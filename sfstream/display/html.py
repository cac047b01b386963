"""Where there is no widget: one output of a notebook, updated in place a few times a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from IPython.display import DisplayHandle, display

from sfstream.display.static import bundle
from sfstream.reply import Reply

INTERVAL = 0.1
"""Seconds between two updates. Each carries the whole text, so more of them would cost more than they show."""


class HtmlView:
    """Escaped text that is sent anew as it grows, and a static answer at the end."""

    def __init__(self) -> None:
        self._handle: DisplayHandle | None = None
        self._due = 0.0
        self._shown: tuple[Any, ...] = ()
        self._doing = ""
        self._since = time.monotonic()

    def begin(self, stop: Callable[[], None]) -> None:
        """See `View.begin`: the interrupt is the only stop here."""

    def paint(self, reply: Reply, doing: str) -> None:
        """See `View.paint`."""
        if doing != self._doing:
            self._doing, self._since = doing, time.monotonic()
        seconds = int(time.monotonic() - self._since)
        state = (
            len(reply.reasoning),
            len(reply.content),
            len(reply.tool_calls),
            reply.tokens,
            doing,
            doing and seconds,
        )
        if state == self._shown or (self._shown[:2] != (0, 0) and time.monotonic() < self._due):
            return
        self._shown = state
        self._send(bundle(reply, f"{doing} … {seconds} s" if doing else "streaming …"))

    def finish(self, reply: Reply) -> None:
        """See `View.finish`."""
        self._send(bundle(reply))

    def _send(self, data: dict[str, str]) -> None:
        started = time.monotonic()
        if self._handle:
            self._handle.update(data, raw=True)
        else:
            self._handle = display(data, raw=True, display_id=True)
        now = time.monotonic()
        self._due = now + max(INTERVAL, 4 * (now - started))  # where an update is slow, fewer of them, never less text

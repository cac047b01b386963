"""The live display of one answer in a notebook: a widget while it streams, in whose place the static answer stays."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from IPython.display import DisplayHandle, display

from sfstream.core.reply import Reply
from sfstream.display import View, layout
from sfstream.display.frontend import when_idle
from sfstream.display.hello import Heard
from sfstream.display.html_view import hint
from sfstream.display.mimebundle import bundle, metadata
from sfstream.display.translations import say
from sfstream.display.widget import StreamView

WIDGET = "application/vnd.jupyter.widget-view+json"
PATIENCE = 0.3
"""Seconds that a front-end has to say hello, where none has done so before in this kernel; then the answer is shown
without the widget until it does."""
KEPT = 20
"""Widgets kept for pages that have not told that they are gone; each holds its whole answer."""
GRACE = 10.0
"""Seconds without a cell running after which a widget that is gone is closed: another page, opened in mid-stream, asks
for it when the kernel is free."""


class LiveView:
    """Shows a reply in the output of the cell that runs.

    Args:
        otherwise: makes the view that takes over the output while the front-end has not shown that it runs widgets;
            None where it is known to.
    """

    def __init__(self, otherwise: Callable[[DisplayHandle], View] | None = None) -> None:
        self._otherwise = None if Heard.hello else otherwise
        self._other: View | None = None

    def begin(self, stop: Callable[[], None]) -> None:
        """See `View.begin`."""
        self._stop = stop
        self._widget = _Passing()
        self._handle = display(_placeholder(self._widget), raw=True, display_id=True)
        self._widget.begin(stop)
        self._until = time.monotonic() + PATIENCE

    def paint(self, reply: Reply, doing: str) -> None:
        """See `View.paint`."""
        if self._otherwise:
            self._choose(self._otherwise)
        (self._other or self._widget).paint(reply, doing)

    def finish(self, reply: Reply) -> None:
        """See `View.finish`."""
        if self._other:
            self._other.finish(reply)
        else:
            self._widget.finish(reply)
            self._handle.update(bundle(reply, is_open=self._widget.is_open), raw=True, metadata=metadata(reply))
        self._widget.retire()

    def _choose(self, otherwise: Callable[[DisplayHandle], View]) -> None:
        """The other view when the time for a hello is over, and the widget again when it comes late."""
        if Heard.hello:
            self._otherwise = None
            if self._other:
                self._other = None
                self._handle.update(_placeholder(self._widget), raw=True)
        elif not self._other and time.monotonic() > self._until:
            self._other = otherwise(self._handle)
            self._other.begin(self._stop)


def _placeholder(widget: StreamView) -> dict[str, Any]:
    """What is shown of a widget: in a front-end without widgets, and in a notebook that was saved in mid-stream or from
    a page that was loaded in it, two lines."""
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    lines = [say("A live view of an answer, which %sflog last shows again."), hint()]
    return {WIDGET: view, "text/html": layout.answer(layout.about(lines)), "text/plain": "\n".join(lines)}


retired: deque[_Passing] = deque()
"""Widgets that have been replaced, and that a page may show still; the oldest first."""


class _Passing(StreamView):
    """A widget in whose place something else comes. It is closed when no page shows it any more: one that is loaded in
    mid-stream never gets what comes in its place, and shows the widget for good."""

    def __init__(self) -> None:
        super().__init__(_passing=True)
        self._is_retired = self._is_gone = False

    def retire(self) -> None:
        """Close it as soon as it is gone, or when many others have been retired since."""
        self._is_retired = True
        retired.append(self)
        self._look()
        if len(retired) > KEPT:
            retired[0]._let_go()

    def on_gone(self) -> None:
        """See `StreamView.on_gone`."""
        self._is_gone = True
        self._look()

    def _look(self) -> None:
        if self._is_retired and self._is_gone and not self.drawn:
            when_idle(GRACE, self._let_go_unless_drawn)

    def _let_go_unless_drawn(self) -> None:
        if not self.drawn:
            self._let_go()

    def _let_go(self) -> None:
        with contextlib.suppress(ValueError):
            retired.remove(self)
        self.layout.close()  # a widget of its own, which would stay for ever
        self.close()

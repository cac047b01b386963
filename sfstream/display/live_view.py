"""The live display of one answer in a notebook: a widget while it streams, which the static answer then replaces."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections import deque
from collections.abc import Callable
from typing import Any

from IPython.display import display

from sfstream.core.message import Message
from sfstream.core.reply import Reply
from sfstream.display.frontend import note_fallback, runs_widgets, session, when_idle
from sfstream.display.html_view import HtmlView, hint
from sfstream.display.mimebundle import about, answer, bundle, metadata
from sfstream.display.translations import translate
from sfstream.display.widget import StreamView

WIDGET = "application/vnd.jupyter.widget-view+json"
PATIENCE = 0.3
"""Seconds that a front-end which has not loaded a widget before has to do so, until the answer is shown as HTML."""
MAX_RETIRED = 20
"""Maximum number of finished widgets kept open for pages that have not yet reported disposal."""
GRACE = 10.0
"""Seconds without a running cell before a widget is closed that no page shows: a page that was opened in mid-stream
asks for it when the kernel is idle."""


class LiveView:
    """Shows a reply in the output of the current cell.

    Args:
        fallback: whether HTML replaces the widget where the front-end has not loaded it in time. A hello that comes
            later brings the widget back.
    """

    def __init__(self, *, fallback: bool = True) -> None:
        self._may_fall_back = fallback and not runs_widgets()
        self._html: HtmlView | None = None

    def begin(self, stop: Callable[[], None]) -> None:
        """See `View.begin`."""
        self._stop = stop
        self._session = session()
        self._widget = _TemporaryWidget()
        self._handle = display(_placeholder(self._widget), raw=True, display_id=True)
        self._widget.begin(stop)
        self._until = time.monotonic() + PATIENCE

    def paint(self, reply: Reply, doing: Message) -> None:
        """See `View.paint`."""
        if self._may_fall_back:
            self._choose()
        (self._html or self._widget).paint(reply, doing)

    def finish(self, reply: Reply) -> None:
        """See `View.finish`."""
        if self._html:
            self._html.finish(reply)
        else:
            self._widget.finish(reply)
            self._handle.update(bundle(reply, is_open=self._widget.is_open), raw=True, metadata=metadata(reply))
        self._widget.retire()

    def _choose(self) -> None:
        if self._session in self._widget.sessions:
            self._may_fall_back = False
            if self._html:
                self._html = None
                self._handle.update(_placeholder(self._widget), raw=True)
        elif not self._html and time.monotonic() > self._until:
            note_fallback()
            self._html = HtmlView(self._handle, hints=True)
            self._html.begin(self._stop)


class InlineWidget(StreamView):
    """A widget that displays itself and stays: in an ``ipywidgets.Output`` nothing can replace it."""

    def begin(self, stop: Callable[[], None]) -> None:
        """See `View.begin`."""
        display(self)
        super().begin(stop)


retired: deque[_TemporaryWidget] = deque()
"""Widgets that have been replaced and that a page may still show; the oldest first."""


class _TemporaryWidget(StreamView):
    """A widget that the static answer replaces, and that is closed when no page shows it.

    A page that was loaded in mid-stream does not receive the static answer, and shows the widget for good.
    """

    def __init__(self) -> None:
        name = uuid.uuid4().hex
        super().__init__(model_id=name, _replaced=name)
        self._is_retired = self._is_gone = False

    def retire(self) -> None:
        """Close the widget once no page shows it, or once many others have been retired since."""
        self._is_retired = True
        retired.append(self)
        self._close_when_idle()
        if len(retired) > MAX_RETIRED:
            retired[0].close_all()

    def on_gone(self) -> None:
        """See `StreamView.on_gone`."""
        self._is_gone = True
        self._close_when_idle()

    def close_all(self) -> None:
        """Close the widget, and its layout, which is a widget of its own and would stay open otherwise."""
        with contextlib.suppress(ValueError):
            retired.remove(self)
        self.layout.close()
        self.close()

    def _close_when_idle(self) -> None:
        if self._is_retired and self._is_gone and not self.drawn:
            when_idle(GRACE, self._close_unless_drawn)

    def _close_unless_drawn(self) -> None:
        if not self.drawn:
            self.close_all()


def _placeholder(widget: StreamView) -> dict[str, Any]:
    """Return the bundle of a widget, with two lines for front-ends without widgets. A notebook that was saved in
    mid-stream shows them too."""
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    lines = [translate("A live view of an answer. Run %sflog last to show the answer again."), hint()]
    return {WIDGET: view, "text/html": answer(about(lines)), "text/plain": "\n".join(lines)}

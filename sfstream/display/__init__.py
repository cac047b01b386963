"""Showing a Reply while it grows and when it is done. Knows nothing of transports."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from sfstream.core.reply import Reply
from sfstream.display import frontend as front_end
from sfstream.display.frontend import SET, Choice, choose, in_output_widget
from sfstream.errors import ConfigurationError


@runtime_checkable
class View(Protocol):
    """Something that shows one reply."""

    def begin(self, stop: Callable[[], None]) -> None:
        """Called once, before anything is painted.

        Args:
            stop: ends the run soon; may be called from any thread.
        """
        ...

    def paint(self, reply: Reply, doing: str) -> None:
        """Show what there is.

        Args:
            reply: as far as it has come.
            doing: what is waited for, in a few words; empty while the answer comes.
        """
        ...

    def finish(self, reply: Reply) -> None:
        """Show it as it stays. Called once, however the reply ended."""
        ...


class Silent:
    """Shows nothing."""

    def begin(self, stop: Callable[[], None]) -> None: ...

    def paint(self, reply: Reply, doing: str) -> None: ...

    def finish(self, reply: Reply) -> None: ...


def view_for(mode: str = "auto", *, into: View | None = None, closing: bool = True) -> View:
    """The view for a display mode, here.

    Args:
        mode: see `sfstream.display.frontend.choose`.
        into: a view that there is already; then the mode does not count.
        closing: whether plain text ends with the status line; False where the reply's repr, which is that line,
            is shown after it anyway.

    Raises:
        ConfigurationError: there is no such mode, or ``into`` is no view.
    """
    if into is None:
        return _view(choose(mode), closing)
    if isinstance(into, type) or not isinstance(into, View):
        raise ConfigurationError(f"into is {into!r:.60}; expected a view, such as sfstream.StreamView().")
    return into


def _view(choice: Choice, closing: bool) -> View:
    # Each is imported when it is needed: a terminal needs no widget, and %load_ext none of them.
    if choice.kind == "off" or (choice.kind == "text" and sys.stdout is None):  # as print() does where there is none
        return Silent()
    if choice.kind == "text":
        from sfstream.display.text_view import TextView

        return TextView(closing=closing, remark=f"Shown as text: {choice.why}." if choice.refused else "")
    from sfstream.display.html_view import HtmlView, OnceView

    is_fixed = in_output_widget()
    if choice.kind == "once" or (choice.kind == "html" and is_fixed):
        return OnceView()
    if choice.kind == "html":
        return HtmlView(hints=choice.why != SET)
    return _live(is_set=choice.why == SET, is_fixed=is_fixed)


def _live(*, is_set: bool, is_fixed: bool) -> View:
    """The widget: who asked for it gets it, and else it is given up where the front-end does not run it.

    Args:
        is_set: whether it was asked for.
        is_fixed: whether nothing can be shown in its place.
    """
    from sfstream.display.hello import Heard
    from sfstream.display.html_view import OnceView
    from sfstream.display.live_view import LiveView
    from sfstream.display.staying import Staying

    if is_fixed:
        return Staying() if is_set or Heard.hello else OnceView()
    return LiveView(None if is_set else _without_widget)


def _without_widget(handle: Any) -> View:
    """What takes over the output of a widget that no page has loaded."""
    from sfstream.display.html_view import HtmlView

    front_end.no_widget = True
    return HtmlView(handle, hints=True)

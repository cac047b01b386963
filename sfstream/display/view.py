"""The `View` protocol, and the choice of the view for a display mode and the front-end that runs the cell."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from sfstream.core.message import Message, message
from sfstream.core.reply import Reply
from sfstream.display.frontend import Choice, choose, in_output_widget, runs_widgets
from sfstream.display.translations import translate
from sfstream.errors import ConfigurationError


@runtime_checkable
class View(Protocol):
    """Something that shows one reply."""

    def begin(self, stop: Callable[[], None]) -> None:
        """Prepare to show a reply. Called once, before the first `paint`.

        Args:
            stop: ends the run soon; can be called from any thread.
        """
        ...

    def paint(self, reply: Reply, doing: Message) -> None:
        """Show the reply as far as it has come.

        Args:
            reply: the growing reply.
            doing: what the run waits for; empty while the answer streams.
        """
        ...

    def finish(self, reply: Reply) -> None:
        """Show the reply in its final form. Called once, however the reply ended."""
        ...


class Silent:
    """A view that shows nothing."""

    def begin(self, stop: Callable[[], None]) -> None: ...

    def paint(self, reply: Reply, doing: Message) -> None: ...

    def finish(self, reply: Reply) -> None: ...


def view_for(mode: str = "auto", *, into: View | None = None, closing: bool = True) -> View:
    """Return the view for a display mode in the current front-end.

    Args:
        mode: see `sfstream.display.frontend.choose`.
        into: an existing view to use instead; the mode is then ignored.
        closing: whether plain text ends with the status line. False where the reply's repr, which is the same line,
            is shown anyway.

    Raises:
        ConfigurationError: there is no such mode, or ``into`` is not a view.
    """
    if into is None:
        return _view(choose(mode), closing)
    if isinstance(into, type) or not isinstance(into, View):
        expected = message("a view, such as sfstream.StreamView()")
        raise ConfigurationError(
            message("{name} is {value}; expected {expected}.", name="into", value=f"{into!r:.60}", expected=expected)
        )
    return into


def _view(choice: Choice, closing: bool) -> View:
    # Imported here, because a terminal needs no widget, and %load_ext needs no view at all.
    if choice.kind == "off" or (choice.kind == "text" and sys.stdout is None):  # print() writes nothing there either
        return Silent()
    if choice.kind == "text":
        from sfstream.display.text_view import TextView

        remark = translate("Shown as text: {reason}.", reason=choice.why) if choice.refused else ""
        return TextView(closing=closing, remark=remark)
    from sfstream.display.html_view import HtmlView, StaticView

    is_fixed = in_output_widget()  # what is shown there cannot be replaced
    if choice.kind == "static" or (choice.kind == "html" and is_fixed):
        return StaticView()
    if choice.kind == "html":
        return HtmlView(hints=not choice.is_set)
    from sfstream.display.live_view import InlineWidget, LiveView

    if is_fixed:
        return InlineWidget() if choice.is_set or runs_widgets() else StaticView()
    return LiveView(fallback=not choice.is_set)

"""Ask, and show the answer: what `sfstream.chat`, `sfstream.show` and the magics have in common."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from sfstream.core.config import configured
from sfstream.core.conversation import session
from sfstream.core.events import Event
from sfstream.core.message import message
from sfstream.core.reply import Reply
from sfstream.display.mimebundle import note_shown
from sfstream.display.view import Silent, View, view_for
from sfstream.errors import ConfigurationError
from sfstream.run.consume import consume
from sfstream.run.continuing import here
from sfstream.run.loop import Run
from sfstream.run.prepare import Prompt, prepare_run


def ask(
    prompt: Prompt = "", *, display: str | None = None, into: View | None = None, closing: bool = True, **keywords: Any
) -> Reply:
    """Do what `sfstream.chat` does, but return the Reply also if its stream ended with an error: ``reply.error``.

    Args:
        closing: whether the status line is shown (`sfstream.display.view.view_for`).
    """
    view = choose_view(display, into, closing)
    return show_run(prepare_run(prompt, **keywords), view)


def choose_view(display: str | None, into: View | None, closing: bool = True) -> View:
    """Return where to show an answer.

    Raises:
        ConfigurationError: both are given, or one cannot be used.
    """
    if display is not None and into is not None:
        raise ConfigurationError(message("display and into both say where to show the answer: leave one of them out."))
    return view_for(configured(display, "display", "auto"), into=into, closing=closing)


def show_run(run: Run, view: View, batches: Generator[list[Event], None, None] | None = None) -> Reply:
    """Run to the end on a view, and remember the reply as the last one and as shown in this cell."""
    session.note(run.reply, here())
    reply = consume(run, view, batches)
    if not isinstance(view, Silent):
        note_shown(reply)
    return reply

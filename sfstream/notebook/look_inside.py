"""``--wire`` and ``--timeline``: show what arrived, and when, below the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sfstream.core.reply import Reply
from sfstream.notebook.settings import SfChat

VIEWS = ("timeline", "wire")
"""The options, in the order in which their views are shown."""


def views_asked(options: dict[str, Any], settings: SfChat) -> list[str]:
    """Remove the options from those of the line, and return which of them the line or the settings ask for."""
    return [name for name in VIEWS if options.pop(name, False) or getattr(settings, name)]


def look_inside(reply: Reply, views: Sequence[str]) -> None:
    """Show these views of a reply, as one component; one sentence where not a single byte came."""
    from IPython.display import display

    from sfstream.display.recording_view import Together
    from sfstream.display.translations import translate

    if not (reply.recording and reply.recording.chunks):
        print(translate("No stream came, so there is nothing to look into."))  # noqa: T201  # the output of the cell
        return
    made = [getattr(reply, view)() for view in views]
    display(made[0] if len(made) == 1 else Together(made))

"""The interactive component of a recording: its data and the script of the page, as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from sfstream.core.inspection import Traced

PANES = ("answer", "timeline", "wire")
"""The panes of the component, in their order."""


def component(traced: Sequence[Traced], panes: Sequence[str]) -> str:  # noqa: ARG001  # the script is not there yet
    """Return the style, the data and the script, without the static form that the script replaces.

    Args:
        traced: the replies with their recordings, taken apart; the first is the one that is played.
        panes: which of `PANES` are open at the start.
    """
    return ""

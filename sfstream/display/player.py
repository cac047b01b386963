"""The player: the answer of a recording, which grows again as it did when it was recorded."""

from __future__ import annotations

from collections.abc import Sequence

from sfstream.display.mimebundle import bundle
from sfstream.display.recording_view import RecordingView


class Player(RecordingView):
    """View of a recording that plays the answer. Its static form is the static answer.

    Example:
        >>> Player([traced(reply)])  # doctest: +SKIP
    """

    panes: Sequence[str] = ("answer",)

    def static_html(self) -> str:
        """See `RecordingView.static_html`."""
        return bundle(self.traced[0].reply)["text/html"]

    def static_text(self) -> str:
        """See `RecordingView.static_text`."""
        return bundle(self.traced[0].reply)["text/plain"]

"""The player: the answer of a recording, which grows again as it did when it was recorded."""

from __future__ import annotations

from collections.abc import Sequence

from sfstream.display.captions import notes
from sfstream.display.mimebundle import bundle, page
from sfstream.display.recording_view import RecordingView
from sfstream.display.timeline import Timeline
from sfstream.markdown.renderer import Maths, rendered
from sfstream.markdown.verbatim import as_html


class Player(RecordingView):
    """View of a recording that plays the answer. Its static form is the static answer, and the timeline below it.

    Example:
        >>> Player([traced(reply)])  # doctest: +SKIP
    """

    panes: Sequence[str] = ("answer",)
    maths: Maths = "tex"
    """What becomes of formulas in the static form: see `sfstream.display.mimebundle`."""

    def static_html(self) -> str:
        """See `RecordingView.static_html`. The timeline says the status."""
        reply = self.traced[0].reply
        reasoning = "".join(rendered(reply.reasoning, self.maths, breaks=True))
        content = as_html(reply.content, reply.format, self.maths)
        return page(reply, reasoning, content, notes(reply)) + Timeline(self.traced).static_html()

    def static_text(self) -> str:
        """See `RecordingView.static_text`."""
        return f"{bundle(self.traced[0].reply)['text/plain']}\n\n{Timeline(self.traced).static_text()}"

"""The live display of one answer in an ``ipywidgets.Output``: a widget that stays."""

from __future__ import annotations

from collections.abc import Callable

from IPython.display import display

from sfstream.display.widget import StreamView


class Staying(StreamView):
    """Shows itself where it is begun, and stays, as nothing can be put in its place there."""

    def begin(self, stop: Callable[[], None]) -> None:
        """See `sfstream.display.View.begin`."""
        display(self)
        super().begin(stop)

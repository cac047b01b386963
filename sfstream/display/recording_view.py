"""What the views of a recording have in common: a static form, and the interactive component that replaces it.

The static form is HTML with inline styles, which survives in an untrusted notebook and on GitHub, where scripts do not.
Where scripts run, the component puts itself in its place (`sfstream.display.component`). A terminal prints the text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sfstream.core.inspection import Traced
from sfstream.core.message import message
from sfstream.display.component import PANES, component
from sfstream.display.mimebundle import in_terminal, without_empty_lines
from sfstream.errors import ConfigurationError


class RecordingView:
    """Base class of the views of one or several recordings. Each is the value of a cell.

    A subclass names its panes, and returns its static form as HTML and as text.

    Args:
        traced: the replies with their recordings, taken apart; the first is the one that is played.

    Attributes:
        panes: which of `PANES` are open at the start.
    """

    panes: Sequence[str] = ()

    def __init__(self, traced: Sequence[Traced]) -> None:
        self.traced = tuple(traced)

    def static_html(self) -> str:
        """Return the static form as safe HTML: inline styles only, and no colours that a theme may contradict."""
        raise NotImplementedError

    def static_text(self) -> str:
        """Return the static form as text without control characters."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return self.static_text()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        text = {"text/plain": self.static_text()}
        return text if in_terminal() else {"text/html": self.html()} | text

    def html(self) -> str:
        """Return the view as HTML: the component after its static form."""
        # The classes tell MathJax to leave the text alone.
        static = f'<div class="sfstream-static">{without_empty_lines(self.static_html())}</div>'
        inner = static + component(self.traced, self.panes)
        return f'<div class="sfstream-recording tex2jax_ignore mathjax_ignore">{inner}</div>'


class Together(RecordingView):
    """Several views of the same recordings as one component with one cursor, in which the panes of all are open.

    Example:
        >>> Together([Timeline([traced]), WireView([traced])])
    """

    def __init__(self, views: Sequence[RecordingView]) -> None:
        super().__init__(views[0].traced)
        self._views = views
        self.panes = [pane for pane in PANES if any(pane in view.panes for view in views)]

    def static_html(self) -> str:
        return "".join(view.static_html() for view in self._views)

    def static_text(self) -> str:
        return "\n\n".join(view.static_text() for view in self._views)


def data_frame(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Any:
    """Return the rows as a pandas DataFrame.

    Args:
        columns: the names of the columns, also where there is no row.

    Raises:
        ConfigurationError: pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError:
        raise ConfigurationError(
            message("to_frame() needs pandas. Install it with: pip install 'sfstream[table]'")
        ) from None
    return pd.DataFrame(rows, columns=list(columns))

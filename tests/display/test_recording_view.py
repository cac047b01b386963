"""What the views of a recording have in common."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pytest

from sfstream.core.inspection import Traced
from sfstream.display import recording_view
from sfstream.display.recording_view import RecordingView, Together, data_frame
from sfstream.errors import ConfigurationError


class Upper(RecordingView):
    """A view whose static form has an empty line."""

    panes = ("wire",)

    def static_html(self) -> str:
        return "<pre>A\n\nB</pre>"

    def static_text(self) -> str:
        return "A\n\nB"


class Lower(Upper):
    """Another one."""

    panes = ("timeline",)

    def static_text(self) -> str:
        return "b"


def test_a_view_is_its_static_form_and_the_component(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without empty lines in the HTML, which would end it in a Markdown file; the text keeps them."""
    monkeypatch.setattr(recording_view, "component", lambda *_: "")
    bundle = Upper([])._repr_mimebundle_()
    assert bundle["text/html"].startswith('<div class="sfstream-recording')
    assert '<div class="sfstream-static"><pre>A&#10;\nB</pre></div>' in bundle["text/html"]
    assert bundle["text/plain"] == repr(Upper([])) == "A\n\nB"


def test_two_views_are_one_component(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their panes are in the order of the component, their static forms in that of the views."""
    asked: list[Sequence[str]] = []

    def component(_traced: Sequence[Traced], panes: Sequence[str]) -> str:
        asked.append(panes)
        return "<script></script>"

    monkeypatch.setattr(recording_view, "component", component)
    bundle = Together([Upper([]), Lower([])])._repr_mimebundle_()
    assert asked == [["timeline", "wire"]]
    assert 1 == bundle["text/html"].count("<script>") == bundle["text/html"].count("sfstream-static")
    assert bundle["text/plain"] == "A\n\nB\n\nb"


def test_a_data_frame_needs_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without rows it has its columns; without pandas the error says what to install."""
    assert ["t", "gap"] == list(data_frame([], ["t", "gap"]).columns)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'sfstream\[table\]'"):
        data_frame([], ["t"])

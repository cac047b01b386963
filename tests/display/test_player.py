"""``reply.play()``: the player as the value of a cell."""

from __future__ import annotations

import pytest

from sfstream.core.events import Delta
from sfstream.errors import RecordingError
from sfstream.log.entries import reply_of
from tests.display.test_component import unpacked
from tests.display.test_player_page import recording
from tests.replies import ended


def test_it_is_the_answer_and_its_timeline_until_the_script_runs() -> None:
    """As HTML and as text; the answer alone is open."""
    bundle = reply_of(recording("Hello", "It **is** ", "so.")).play()._repr_mimebundle_()
    assert ["text/html", "text/plain"] == [*bundle]
    static, _, _ = bundle["text/html"].partition("<style>")
    assert '<p dir="auto">It <strong>is</strong> so.</p>' in static
    assert "█" in static
    assert bundle["text/plain"].startswith("It **is** so.\n")
    assert "█" in bundle["text/plain"]
    assert ["answer"] == unpacked(bundle["text/html"])["open"]


def test_without_a_recording_there_is_nothing_to_play() -> None:
    """The error says why."""
    with pytest.raises(RecordingError, match=r"play\(\) need the bytes of a stream, and this reply has none"):
        ended(Delta(content="Hello")).play()

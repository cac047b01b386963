"""The line about an answer that is not complete: sign, colour, words and advice."""

from __future__ import annotations

import re
import sys
from itertools import product
from typing import Any

import pytest

from sfstream.core.config import settings
from sfstream.core.events import Delta, Event, Finish
from sfstream.core.reply import Reply
from sfstream.display.captions import status_line
from sfstream.display.ending import _KINDS, Ending, ending
from sfstream.errors import NotJson, ServerBusy, Stopped, StreamCut, StreamInterrupted, StreamStalled
from tests.replies import ended

A, CUT = Delta(content="a"), Finish(0, "length")
THOUGHT = Delta(reasoning="Hm.")


def line(*events: Event, error: Any = None, **asked: Any) -> str:
    made = ending(ended(*events, error=error, **asked))
    assert isinstance(made, Ending)
    return str(made)


@pytest.fixture
def magics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sfstream.notebook.magic", sys)


@pytest.fixture
def no_magics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "sfstream.notebook.magic", raising=False)


@pytest.mark.parametrize("events", [[A, Finish(0, "stop")], [Finish(0, "stop")], [THOUGHT, Finish(0, "tool_calls")]])
def test_a_complete_answer_has_no_line(events: list[Event]) -> None:
    """Nor has one that is growing."""
    assert ending(ended(*events)) is None
    assert ending(Reply(ended(A).request, via="openai")) is None


@pytest.mark.usefixtures("magics")
def test_what_to_do_in_a_notebook() -> None:
    """It is named as a cell would write it."""
    assert "▲ Reached max_tokens. Raise --max-tokens, or continue with %sfchat -c." == line(A, CUT, max_tokens=5)
    assert "▲ Reached the model's length limit. Continue with %sfchat -c." == line(A, CUT)
    assert "▲ Ended by the content filter. Rephrase the prompt." == line(A, Finish(0, "content_filter"))
    assert "■ Stopped. Ask again for the whole answer." == line(A, error=Stopped("x"))
    assert "▲ Cut off by the server. Ask again for the whole answer." == line(A, error=StreamCut("x"))
    assert "▲ The server stopped responding. Ask again for the whole answer." == line(A, error=StreamStalled("x"))
    assert "▲ Interrupted: its process ended first. Ask again for the whole answer." == line(
        A, error=StreamInterrupted("x")
    )
    assert "✗ Failed: ServerBusy. The error message says what to do." == line(error=ServerBusy("x"))


@pytest.mark.usefixtures("no_magics")
def test_what_to_do_in_a_script() -> None:
    """There are no magics, so the keywords are named."""
    assert "▲ Reached max_tokens. Raise max_tokens, or continue with after=reply." == line(A, CUT, max_tokens=5)
    assert "▲ Reached the model's length limit. Continue with after=reply." == line(A, CUT)
    other = line(A, CUT, params={"max_completion_tokens": 5})
    assert "▲ Reached max_completion_tokens. Raise max_completion_tokens, or continue with after=reply." == other


@pytest.mark.usefixtures("magics")
def test_what_cannot_be_continued_is_not() -> None:
    """Reasoning alone is not sent back, and half of a JSON text cannot be read."""
    assert "▲ Reached max_tokens. Raise --max-tokens." == line(THOUGHT, CUT, max_tokens=5)
    assert "▲ Reached the model's length limit. Ask for a shorter answer." == line(THOUGHT, CUT)
    broken = ended(A, CUT, max_tokens=5)
    broken.error = NotJson("x")
    assert "▲ Reached max_tokens. Raise --max-tokens." == str(ending(broken))


def test_it_speaks_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """With full stops of its own."""
    monkeypatch.setitem(settings, "language", "zh")
    assert "■ 已停止。要得到完整的回答，请重新提问。" == line(A, error=Stopped("x"))
    assert line(A, CUT, max_tokens=5).startswith("▲ 已达到 max_tokens。请调大 ")


def test_the_other_line_does_not_repeat_it() -> None:
    """Where nothing else says it, it does."""
    reply = ended(A, CUT, max_tokens=5)
    assert status_line(reply).endswith(" · reached max_tokens")
    assert not status_line(reply, is_apart=True).endswith("max_tokens")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("status", "page"), [*product(_KINDS, ["#ffffff", "#111111", "#1e1e1e"])])
def test_its_colour_is_seen_on_light_and_dark(status: str, page: str) -> None:
    """With the 3 to 1 of what is no text (WCAG 1.4.11); the text keeps the colour of the page."""
    kind = _KINDS[status]
    light, dark = sorted((luminance(kind.colour), luminance(page)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3
    shown = Ending(kind, "text").html()
    assert not re.search(r'[";]color:', shown)
    assert kind.colour in shown

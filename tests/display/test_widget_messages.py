"""StreamView without a browser: what a page asks, and what is answered."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from sfstream.core.message import Message
from sfstream.display.widget import StreamView
from tests.display.view_page import Page, html_of, painted, reply_of

KEY = "sk-not-to-be-seen"


def test_a_page_that_has_missed_something_gets_the_whole(view: StreamView, page: Page) -> None:
    """It alone is answered, with all that the frames so far make."""
    painted(view, "# Title\n\nA paragraph.\n\nThe last ", "one")
    page.say(kind="hello", view="v", **{"from": "reloaded"}, whole=True, language="en")
    [whole] = page.of("whole")
    assert ("reloaded", len(page.of("update")), 1) == (whole["to"], whole["n"], whole["run"])
    steps, rest = page.shown()
    assert (steps, rest) == (
        [tuple(step) for step in whole["parts"]["content"]["steps"]],
        whole["parts"]["content"]["rest"],
    )
    assert whole["captions"] == page.of("update")[-1].get("captions", page.of("update")[0]["captions"])


def test_a_view_that_has_everything_is_only_welcomed(view: StreamView, page: Page) -> None:
    """A second view in the page is drawn from the page's own memory."""
    painted(view, "word")
    page.say(kind="hello", view="v", **{"from": "here"}, whole=False, language="en")
    assert page.of("whole") == []
    assert [{"kind": "welcome", "to": "here", "run": 1, "foreground": True}] == page.of("welcome")


def test_stop_is_acknowledged_and_stops(pages: list[Page]) -> None:
    """The message that names the run ends it."""
    stopped = threading.Event()
    StreamView().begin(stopped.set)
    pages[-1].say(kind="stop", run=1)
    assert stopped.is_set()
    assert [{"kind": "ack", "run": 1}] == pages[-1].of("ack")


def test_a_stop_of_an_earlier_run_stops_nothing(pages: list[Page]) -> None:
    """A press that comes late does not end the next answer."""
    view, stopped = StreamView(), threading.Event()
    view.begin(lambda: None)
    view.finish(reply_of("one"))
    view.begin(stopped.set)
    pages[-1].say(kind="stop", run=1)
    assert not stopped.is_set()
    assert pages[-1].of("ack") == []


def test_a_view_can_be_used_again(view: StreamView, page: Page) -> None:
    """The next run begins with nothing of the one before."""
    painted(view, "first answer")
    view.finish(reply_of("first answer"))
    page.messages.clear()
    view.begin(lambda: None)
    painted(view, "second")
    assert [{"kind": "begin", "run": 2, "foreground": True}] == page.of("begin")
    assert "second" in html_of(*page.shown())
    assert "first" not in html_of(*page.shown())


def test_the_state_holds_no_text(view: StreamView, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a notebook may save of a widget has neither the answer nor a key; it can say what it is."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", KEY)
    reply = painted(view, "a secret thought")
    reply.end(1.0)
    view.finish(reply)
    state = json.dumps(page.state) + json.dumps(view.get_state(), default=str)
    assert "secret" not in state
    assert KEY not in state
    assert "kernel" in page.state["_labels"]["loading"]


def test_the_page_speaks_its_own_language(view: StreamView, page: Page) -> None:
    """A hello from a Chinese page makes the words Chinese."""
    assert page.state["_labels"]["stop"] == "Stop"
    page.say(kind="hello", view="v", **{"from": "here"}, language="zh-CN")
    assert page.state["_labels"]["stop"] == "停止"


def test_the_source_is_given_when_it_is_asked_for(view: StreamView, page: Page) -> None:
    """Copy gets the Markdown, as it has come so far."""
    painted(view, "some **bold", "** words")
    page.say(kind="source", **{"from": "here"})
    assert [{"kind": "source", "to": "here", "text": "some **bold** words"}] == page.of("source")


@pytest.mark.parametrize(
    "junk", [None, "text", [], {}, {"kind": None}, {"kind": "stop"}, {"kind": "hello"}, {"kind": "gone"}]
)
def test_what_is_no_message_is_left_alone(view: StreamView, page: Page, junk: Any) -> None:
    """Nothing that a page sends makes the view raise."""
    page.handle_msg({"content": {"data": {"method": "custom", "content": junk}}, "buffers": []})
    view.paint(reply_of("still there"), Message(""))
    assert "still there" in html_of(*page.shown())


def test_a_page_of_vscode_is_told_that_it_cannot_interrupt(pages: list[Page], monkeypatch: pytest.MonkeyPatch) -> None:
    """Then it draws Stop only when it has been answered, and messages reach the busy kernel."""
    for cell, can in (("vscode-notebook-cell:/home/a.ipynb#W0sZmlsZQ==", False), ("a-cell", True), ("", True)):
        monkeypatch.setattr("sfstream.display.frontend.cell_id", lambda cell=cell: cell)
        StreamView().begin(lambda: None)
        assert [can] == [message["foreground"] for message in pages[-1].of("begin")]

"""StreamView without a browser: what it sends of a reply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sfstream.core.events import Delta
from sfstream.core.message import Message
from sfstream.display.widget import StreamView
from tests.display.view_page import Page, grow, html_of, paint, painted, reply_of


def test_the_rest_is_sent_as_a_difference(view: StreamView, page: Page) -> None:
    """What a frame repeats is not sent again."""
    painted(view, "One **bold** word and ", "another")
    first, second = (frame["parts"]["content"] for frame in page.of("update"))
    assert "another" in second["text"]
    assert "bold" not in second["text"]
    assert first["length"] < second["length"]
    assert "another" in page.shown()[1]


@pytest.mark.parametrize(
    "texts", [("😀", "😀😁"), ("a😀", "b"), ("👩", "\u200d👧"), ("字", "😀字"), ("é", "\u0301", "𝒜")]
)
def test_the_difference_counts_as_javascript_does(view: StreamView, page: Page, texts: tuple[str, ...]) -> None:
    """No character outside the basic plane is cut in two, and nothing is counted wrong."""
    painted(view, *texts)
    steps, rest = page.shown()
    assert "".join(texts) in html_of(steps, rest)


def test_whole_characters_are_kept(view: StreamView, page: Page) -> None:
    """Two emoji that share their first half in UTF-16 differ as a whole."""
    from sfstream.markdown.patch import common_start

    assert common_start("x😀", "x😁") == 1
    assert common_start("", "x") == 0
    assert common_start("same", "same") == 4


def test_nothing_new_is_no_message(view: StreamView, page: Page) -> None:
    """Painting again what is shown already sends nothing."""
    reply = painted(view, "word")
    count = len(page.messages)
    paint(view, reply)
    assert count == len(page.messages)


def test_the_end_leaves_no_rest(view: StreamView, page: Page) -> None:
    """When the reply has ended, everything is finished and the closing line is said."""
    reply = painted(view, "A paragraph that ", "is cut **in the mid")
    reply.end(1.0)
    view.finish(reply)
    steps, rest = page.shown()
    assert rest == ""
    assert "is cut" in html_of(steps, rest)
    said = page.of("update")[-1]["captions"]
    assert said["ended"]
    assert "complete" in said["lines"][0]
    assert "complete" in said["announcement"]


def test_a_text_that_is_another_begins_anew(view: StreamView, page: Page) -> None:
    """Of several answers the second may come before the first, which is the one that is shown."""
    reply = reply_of()
    reply.add(Delta(index=1, content="the second", reasoning=""), 0.1)
    view.paint(reply, Message(""))
    page.messages.clear()
    reply.add(Delta(index=0, content="the first of all", reasoning=""), 0.2)
    paint(view, reply)
    assert page.messages[0]["kind"] == "begin"
    assert "the first of all" in html_of(*page.shown())


def test_blank_reasoning_draws_nothing(view: StreamView, page: Page) -> None:
    """Some models send white space as reasoning."""
    view.paint(reply_of("answer", reasoning="\n\n "), Message(""))
    assert page.of("update")[0]["captions"]["summary"] == ""


def test_reasoning_is_open_until_the_answer_comes(view: StreamView, page: Page) -> None:
    """Its summary runs, and then tells how long it took."""
    reply = reply_of(reasoning="I think")
    view.paint(reply, Message(""))
    grow(reply, "Yes.")
    paint(view, reply)
    first, second = (frame["captions"] for frame in page.of("update"))
    assert (True, False) == (first["open"], second["open"])
    assert "Thinking… 0 s" == first["summary"]
    assert "Thought for 0.1 s" == second["summary"]


def test_an_answer_that_is_only_reasoning_stays_open(view: StreamView, page: Page) -> None:
    """Otherwise there would be nothing to read."""
    reply = reply_of(reasoning="I only think")
    reply.end(1.0)
    view.finish(reply)
    said = page.of("update")[-1]["captions"]
    assert said["open"]
    assert "The answer came as reasoning only; its content is empty." in said["lines"]


def test_costly_frames_become_fewer(view: StreamView, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame that cost much is followed by a pause as long; what came meanwhile is in the next one."""
    now = 100.0
    monkeypatch.setattr("sfstream.display.widget.time.monotonic", lambda: now)
    cost: Callable[..., None] = view._update

    def slow(*args: Any, **kwargs: Any) -> None:
        nonlocal now
        cost(*args, **kwargs)
        now += 0.2

    monkeypatch.setattr(view, "_update", slow)
    reply = reply_of("one ")
    view.paint(reply, Message(""))
    grow(reply, "two ")
    now += 0.1
    view.paint(reply, Message(""))
    assert 1 == len(page.of("update"))
    now += 0.11
    view.paint(reply, Message(""))
    assert "two" in html_of(*page.shown())

"""Content that turns out to be reasoning: each view moves it."""

from __future__ import annotations

import contextlib
import io

import pytest
from IPython.utils.capture import capture_output

from sfstream.core.events import ContentWasReasoning, Delta, Event, Finish
from sfstream.core.message import Message
from sfstream.core.reply import Reply
from sfstream.display.arrivals import arrivals
from sfstream.display.html_view import HtmlView
from sfstream.display.mimebundle import bundle
from sfstream.display.text_view import TextView
from sfstream.display.widget import StreamView
from tests.display.test_player_data import played, traced
from tests.display.test_timeline import traced as timed
from tests.display.view_page import Page, grow, html_of, paint, painted, reply_of

THOUGHTS = "Let me *think*.\n\n- one\n"
EVENTS: tuple[Event, ...] = (
    Delta(content="Let me "),
    Delta(content="*think*.\n\n- one\n"),
    ContentWasReasoning(),
    Delta(content="It is "),
    Delta(content="**so**."),
    Finish(0, "stop"),
)


def moved(*after: str) -> Reply:
    """A reply that has come so far, with the answer after the move."""
    reply = reply_of(THOUGHTS)
    reply.add(ContentWasReasoning(), 0.3)
    grow(reply, *after)
    return reply


def test_the_reply_moves_it() -> None:
    """With the time of the first content, which is that of the answer."""
    reply = moved("It is so.")
    assert (THOUGHTS.strip(), "It is so.") == (reply.reasoning, reply.content)
    reply = moved()
    assert (THOUGHTS.strip(), "", 0.2, None) == (
        reply.reasoning,
        reply.content,
        reply.timing.first_token,
        reply.timing.first_content,
    )
    reply.end(1.0)
    assert ["The answer came as reasoning only; its content is empty."] == [*map(str, reply.notes)]


def test_of_several_choices_one_moves_it() -> None:
    """The others stay as they are."""
    reply = reply_of("first")
    reply.add(Delta(1, "second"), 0.2)
    reply.add(ContentWasReasoning(1), 0.3)
    assert ("first", "") == (reply.content, reply.reasoning)


def test_the_live_view_begins_anew(view: StreamView, page: Page) -> None:
    """Both texts are sent again, whole, in the next update."""
    reply = painted(view, *THOUGHTS)
    page.messages.clear()
    reply.add(ContentWasReasoning(), 0.3)
    grow(reply, "It is so.")
    paint(view, reply)
    begin, update = page.messages
    assert ("begin", "update", 1) == (begin["kind"], update["kind"], update["n"])
    assert "<em>think</em>" in str(update["parts"]["reasoning"])
    assert "It is so." in str(update["parts"]["content"])
    assert "think" not in str(update["parts"]["content"])
    assert update["captions"]["summary"].startswith("Thought for")


def test_the_live_view_goes_on_after_it(view: StreamView, page: Page) -> None:
    """While the answer has not begun, the model has been thinking; a page that comes now sees it so."""
    reply = painted(view, *THOUGHTS)
    reply.add(ContentWasReasoning(), 0.3)
    paint(view, reply)
    assert page.of("update")[-1]["captions"]["summary"].startswith("Thinking…")
    grow(reply, "It is so.")
    paint(view, reply)
    assert 2 == page.of("update")[-1]["n"]
    page.say(kind="hello", view="v", whole=True, **{"from": "p"})
    whole = page.of("whole")[-1]["parts"]
    assert "It is so." in html_of(**whole["content"])
    assert "think" not in html_of(**whole["content"])
    assert "<em>think</em>" in html_of(**whole["reasoning"])


@pytest.mark.usefixtures("bare_shell")
@pytest.mark.parametrize("answer", ["It", "It is a much longer answer than the thoughts were. " * 5])
def test_the_html_moves(answer: str) -> None:
    """Into the box of the reasoning, whichever of the two texts is longer."""
    reply, shown = reply_of(THOUGHTS), HtmlView()
    with capture_output() as captured:
        shown.paint(reply, Message(""))
        reply.add(ContentWasReasoning(), 0.3)
        grow(reply, answer)
        shown._due = 0.0
        shown.paint(reply, Message(""))
    box, content = captured.outputs[-1].data["text/html"].split("</details>")
    assert "<em>think</em>" in box
    assert answer.split()[0] in content
    assert "think" not in content
    assert answer.split()[0] not in box.partition("think")[2]


def printed(*batches: tuple[Event, ...]) -> str:
    """What is printed of a reply that is painted after each batch."""
    reply = reply_of()
    with contextlib.redirect_stdout(io.StringIO()) as out:
        shown = TextView(closing=False)
        for batch in batches:
            for event in batch:
                reply.add(event, 0.5)
            shown.paint(reply, Message(""))
        reply.end(1.0)
        shown.finish(reply)
    return out.getvalue()


def test_a_terminal_says_so() -> None:
    """What is printed cannot be taken back: a line says what it was, once."""
    line = "(The text above was reasoning. Thought for 0.0 s)"
    text = printed(*[(event,) for event in EVENTS])
    assert f"{THOUGHTS}\n{line}\n\nIt is **so**.\n" == text
    late = printed(EVENTS[:1], EVENTS[1:4], EVENTS[4:])
    assert f"{THOUGHTS.strip()}\n\n{line}\n\nIt is **so**.\n" == late


def test_a_terminal_that_had_shown_nothing_says_nothing() -> None:
    """The reasoning then comes as any other."""
    text = printed(EVENTS)
    assert f"{THOUGHTS.strip()}\n\n(Thought for 0.0 s)\n\nIt is **so**.\n" == text


def test_thoughts_alone_are_printed_once() -> None:
    """And their note comes after them."""
    text = printed(EVENTS[:2], EVENTS[2:3])
    assert f"{THOUGHTS}The answer came as reasoning only; its content is empty.\n" == text


def test_the_static_answer_has_it_apart() -> None:
    """In each of its types."""
    reply = moved("It is so.")
    reply.end(1.0)
    shown = bundle(reply)
    box, _, content = shown["text/html"].partition("</details>")
    assert ("<em>think</em>" in box, "It is so." in content, "think" in content) == (True, True, False)
    assert "It is so." in shown["text/markdown"]


def test_the_player_moves_it_where_it_was_moved() -> None:
    """The update says that both texts begin anew."""
    data = played(traced(*EVENTS))
    updates = dict(data["updates"])
    assert [False, False, True, False, False, False] == ["again" in updates.get(frame, {}) for frame in range(6)]
    assert "think" in str(updates[2]["parts"]["reasoning"])
    assert "content" not in updates[2]["parts"]
    assert {"first token": 0, "first content": 3, "finish": 5} == data["marks"]
    assert [("content was reasoning", "")] == data["frames"][2][3]


def test_the_lanes_have_it_as_reasoning() -> None:
    """As what it was, when it came."""
    made = timed((0.1, EVENTS[:1]), (0.2, EVENTS[1:2]), (0.3, [Delta(content="…"), *EVENTS[2:4]]), (0.4, EVENTS[4:]))
    kinds = [piece.kind for piece in arrivals(made.inspection)]
    assert ["reasoning"] * 3 + ["content"] * 2 == kinds

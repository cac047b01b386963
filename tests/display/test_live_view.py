"""The live display in a notebook, without a browser: what stands in the output, and when widgets are closed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest

from sfstream.core.message import Message
from sfstream.core.reply import Reply
from sfstream.display import frontend, widget
from sfstream.display import live_view as live
from sfstream.display.frontend import open_probe, runs_widgets
from sfstream.display.live_view import MAX_RETIRED, WIDGET, LiveView
from sfstream.display.mimebundle import bundle
from tests.display.view_page import Page, grow, html_of, reply_of


class Output:
    """The output of a cell: a display handle that keeps what it shows."""

    def __init__(self) -> None:
        self.shown: list[dict[str, Any]] = []
        self.metadata: dict[str, Any] = {}

    def update(self, data: dict[str, Any], *, raw: bool, metadata: dict[str, Any] | None = None) -> None:
        self.shown.append(data)
        self.metadata = metadata or {}


class Other:
    """A view without a widget, which takes an output over."""

    made: ClassVar[list[Other]] = []

    def __init__(self, handle: Any, *, hints: bool) -> None:
        self.handle = handle
        self.painted: list[str] = []
        self.made.append(self)

    def begin(self, stop: Callable[[], None]) -> None:
        self.stop = stop

    def paint(self, reply: Reply, doing: object) -> None:
        self.painted.append(reply.content)

    def finish(self, reply: Reply) -> None:
        self.painted.append("end")


waiting: list[Callable[[], None]] = []
"""What is done when the kernel has been idle for a while."""


def is_closed(page: Page) -> bool:
    """Whether it is, when the kernel has been idle for a while."""
    while waiting:
        waiting.pop()()
    return page._closed


@pytest.fixture
def output(pages: list[Page], monkeypatch: pytest.MonkeyPatch) -> Iterator[Output]:
    """What is displayed."""
    made = Output()

    def display(data: dict[str, Any], *, raw: bool, display_id: bool) -> Output:
        made.shown.append(data)
        return made

    monkeypatch.setattr(live, "display", display)
    monkeypatch.setattr(live, "HtmlView", Other)
    monkeypatch.setattr(Other, "made", [])
    monkeypatch.setattr(live, "when_idle", lambda seconds, call: waiting.append(call))
    yield made
    waiting.clear()
    live.retired.clear()


def begun(*, fallback: bool = False) -> LiveView:
    """A live view that has begun."""
    view = LiveView(fallback=fallback)
    view.begin(lambda: None)
    return view


def ended() -> Reply:
    """A reply that is complete."""
    reply = reply_of("the **answer**")
    reply.end(1.0)
    return reply


def test_the_static_answer_takes_the_place_of_the_widget(output: Output) -> None:
    """The output is the widget's, with a line for front-ends that have none, until the end."""
    view = begun()
    assert {WIDGET, "text/html", "text/plain"} == set(output.shown[0])
    assert "anywidget" in output.shown[0]["text/html"]
    reply = ended()
    view.paint(reply, Message(""))
    view.finish(reply)
    assert [bundle(reply)] == output.shown[1:]
    assert "complete" == output.metadata["sfstream"]["status"]


def test_reasoning_that_a_reader_has_opened_stays_open(output: Output, pages: list[Page]) -> None:
    """No line that is being read goes away when the static answer comes."""
    view, reply = begun(), reply_of("answer", reasoning="thought")
    reply.end(1.0)
    pages[-1].say(kind="open", open=True)
    view.finish(reply)
    assert "open>" in output.shown[-1]["text/html"]
    assert "open>" not in bundle(reply)["text/html"]


def test_a_widget_is_closed_when_its_page_tells_that_it_is_gone(output: Output, pages: list[Page]) -> None:
    """Not before: and its layout, a widget of its own, with it."""
    view, reply = begun(), ended()
    layout, page = pages
    page.say(kind="hello", view="v", **{"from": "here"})
    view.finish(reply)
    assert not is_closed(page)
    page.say(kind="gone", view="v")
    assert is_closed(page)
    assert layout._closed


def test_a_page_that_was_opened_meanwhile_finds_the_widget(output: Output, pages: list[Page]) -> None:
    """It asks when the kernel is free, which may be after the first page has told that its view is gone."""
    view, page = begun(), pages[-1]
    page.say(kind="hello", view="first", **{"from": "here"})
    view.finish(ended())
    page.say(kind="gone", view="first")
    assert not page._closed
    page.say(kind="hello", view="second", **{"from": "there"})
    assert not is_closed(page)
    page.say(kind="gone", view="second")
    assert is_closed(page)


def test_a_widget_whose_cell_is_cleared_goes_on(output: Output, pages: list[Page]) -> None:
    """It is closed at the end alone, since another page may show it yet."""
    view, reply = begun(), ended()
    page = pages[-1]
    page.say(kind="hello", view="v", **{"from": "here"})
    page.say(kind="gone", view="v")
    view.paint(reply, Message(""))
    assert page.of("update")
    assert not is_closed(page)
    view.finish(reply)
    assert is_closed(page)


def test_of_two_views_the_last_one_counts(output: Output, pages: list[Page]) -> None:
    """A second view of the same output may still be drawn when the first is gone."""
    view = begun()
    page = pages[-1]
    for name in "ab":
        page.say(kind="hello", view=name, **{"from": "here"})
    view.finish(ended())
    page.say(kind="gone", view="a")
    assert not is_closed(page)
    page.say(kind="gone", view="b")
    assert is_closed(page)


def test_widgets_that_no_page_reports_are_kept_for_a_while(output: Output, pages: list[Page]) -> None:
    """So many that a page loaded in mid-stream finds its own; the oldest are closed."""
    for _ in range(MAX_RETIRED + 1):
        begun().finish(ended())
    widgets = pages[1::2]
    assert [True] + [False] * MAX_RETIRED == [page._closed for page in widgets]


def test_without_a_hello_another_view_takes_over(output: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the same output, when the front-end has had its time."""
    view = begun(fallback=True)
    reply = ended()
    view.paint(reply, Message(""))
    assert Other.made == []
    later = time.monotonic() + live.PATIENCE + 1
    monkeypatch.setattr("sfstream.display.live_view.time.monotonic", lambda: later)
    view.paint(reply, Message(""))
    view.finish(reply)
    assert output is Other.made[0].handle
    assert ["the **answer**", "end"] == Other.made[0].painted


@pytest.mark.usefixtures("output")
@pytest.mark.parametrize("by", ["the probe", "the view"])
def test_a_hello_keeps_the_widget(by: str, pages: list[Page], monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the answer, or in time."""
    if by == "the probe":
        open_probe()
        pages[-1].say(kind="hello", language="en")
        assert runs_widgets()
    view = begun(fallback=True)
    if by == "the view":
        pages[-1].say(kind="hello", view="v", **{"from": "here"})
    later = time.monotonic() + live.PATIENCE + 1
    monkeypatch.setattr("sfstream.display.live_view.time.monotonic", lambda: later)
    view.paint(ended(), Message(""))
    assert pages[-1].of("update")


def test_a_late_hello_brings_the_widget_back(
    output: Output, pages: list[Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the same output, with all that has come meanwhile; and it is the widget that ends."""
    view = begun(fallback=True)
    reply = reply_of("early ")
    later = time.monotonic() + live.PATIENCE + 1
    monkeypatch.setattr("sfstream.display.live_view.time.monotonic", lambda: later)
    view.paint(reply, Message(""))
    pages[-1].say(kind="hello", view="", **{"from": "here"})
    grow(reply, "late")
    view.paint(reply, Message(""))
    assert output.shown[0] == output.shown[1]
    assert "early late" in html_of(*pages[-1].shown())
    pages[-1].say(kind="hello", view="v", **{"from": "here"})
    reply.end(1.0)
    view.finish(reply)
    assert ["early "] == Other.made[0].painted
    assert bundle(reply) == output.shown[-1]
    assert not is_closed(pages[-1])


def after_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the time pass that a page has to load the widget."""
    later = time.monotonic() + live.PATIENCE + 1
    monkeypatch.setattr("sfstream.display.live_view.time.monotonic", lambda: later)


def test_a_late_hello_is_for_the_next_answer(
    output: Output, pages: list[Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A front-end that was slow once is known from then on."""
    begun(fallback=True)
    pages[-1].say(kind="hello", view="v", **{"from": "here"})
    view = begun(fallback=True)
    after_patience(monkeypatch)
    view.paint(ended(), Message(""))
    assert Other.made == []


@pytest.mark.usefixtures("output")
def test_a_hello_is_for_the_page_that_said_it(pages: list[Page], monkeypatch: pytest.MonkeyPatch) -> None:
    """Another page of the same kernel, which has no widgets, gets the fallback: also if the first one says hello again,
    as it does for each widget of the kernel."""
    asking = "a page with widgets"
    for module in (frontend, live, widget):
        monkeypatch.setattr(module, "session", lambda: asking)
    begun(fallback=True)
    pages[-1].say(kind="hello", view="v", **{"from": "here"})
    assert runs_widgets()
    asking = "a page without widgets"
    assert not runs_widgets()
    view = begun(fallback=True)
    asking = "a page with widgets"
    pages[-1].say(kind="hello", view="", **{"from": "here"})
    asking = "a page without widgets"
    after_patience(monkeypatch)
    view.paint(ended(), Message(""))
    assert [["the **answer**"]] == [other.painted for other in Other.made]

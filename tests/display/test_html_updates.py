"""The answer as HTML is sent no oftener than it is seen, and to one output."""

from __future__ import annotations

import time
from importlib.metadata import version

import pytest
from IPython.display import DisplayHandle
from IPython.utils.capture import capture_output

from sfstream.core.events import Delta, Finish
from sfstream.core.message import Message
from sfstream.display.html_view import HINT_AFTER, INTERVAL, HtmlView
from sfstream.display.mimebundle import bundle, metadata
from tests.replies import grown


@pytest.mark.usefixtures("bare_shell")
def test_updates_are_few() -> None:
    """At most some ten updates a second, all of one output, and the last one holds everything."""
    reply, shown = grown(), HtmlView()
    started = time.monotonic()
    with capture_output() as captured:
        shown.paint(reply, Message("connecting"))
        while (seconds := time.monotonic() - started) < 0.5:
            reply.add(Delta(content="word "), seconds)
            shown.paint(reply, Message(""))
        reply.add(Delta(content="the end"), seconds)
        reply.add(Finish(0, "stop"), seconds)
        reply.end(seconds)
        shown.finish(reply)
    sent = captured.outputs
    assert 3 <= len(sent) <= (time.monotonic() - started) / INTERVAL + 4
    assert [False] + [True] * (len(sent) - 1) == [bool(output.update) for output in sent]
    assert 1 == len({output.transient["display_id"] for output in sent})
    assert (bundle(reply), metadata(reply)) == (sent[-1].data, sent[-1].metadata)


@pytest.mark.usefixtures("bare_shell")
def test_the_first_token_is_sent_at_once() -> None:
    """It does not wait for its turn, although an update was sent a moment before; the second token does."""
    reply, shown = grown(), HtmlView()
    with capture_output() as captured:
        shown.paint(reply, Message("waiting for the first token"))
        reply.add(Delta(content="Once"), 0.1)
        shown.paint(reply, Message(""))
        reply.add(Delta(content=" upon"), 0.1)
        shown.paint(reply, Message(""))
    texts = [output.data["text/html"] for output in captured.outputs]
    assert ["Once" in text for text in texts[:2]] == [False, True]
    assert "upon" not in texts[1]


@pytest.mark.usefixtures("bare_shell")
def test_it_takes_over_an_output_with_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a widget was given up, its output goes on, after a while with a line on what to install, since a busy
    machine may be slow to load the widget that it has; at the end that is gone."""
    reply = grown(Delta(content="word"))
    with capture_output() as captured:
        shown = HtmlView(DisplayHandle("here"), hints=True)
        shown.paint(reply, Message(""))
        later = time.monotonic() + HINT_AFTER
        monkeypatch.setattr("sfstream.display.html_view.time.monotonic", lambda: later)
        shown.paint(reply, Message(""))
        reply.end(9.0)
        shown.finish(reply)
    first, second, last = captured.outputs
    assert ["here"] * 3 == [output.transient["display_id"] for output in (first, second, last)]
    assert "pip install" not in str(first.data)
    assert f"pip install anywidget=={version('anywidget')}" in second.data["text/html"]  # another is not taken
    assert "pip install" not in str(last.data)


@pytest.mark.usefixtures("bare_shell")
def test_nothing_new_is_not_sent() -> None:
    """Painting the same again sends nothing."""
    reply, shown = grown(Delta(content="word")), HtmlView()
    with capture_output() as captured:
        for _ in range(5):
            shown.paint(reply, Message(""))
    assert 1 == len(captured.outputs)

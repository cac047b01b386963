"""A growing answer says how long nothing has come, and no longer when something comes."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable

import pytest
from IPython.utils.capture import capture_output

from sfstream.core.config import settings
from sfstream.core.events import Chunk, Delta
from sfstream.core.message import Message
from sfstream.core.recording import Head, Recording
from sfstream.core.reply import Reply
from sfstream.display.captions import SILENT_AFTER, Clock, captions, no_data
from sfstream.display.html_view import HtmlView
from sfstream.display.text_view import TextView
from tests.replies import grown

STREAMS = Message("")
Wait = Callable[[float], None]


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Wait:
    """Let time pass for the views."""
    now = [100.0]
    monkeypatch.setattr("sfstream.display.captions.time.monotonic", lambda: now[0])

    def passes(seconds: float) -> None:
        now[0] += seconds

    return passes


def recorded() -> Reply:
    reply = grown(Delta(content="A word"))
    reply.recording = Recording(Head({}), [Chunk(0.1, b"data: ...\n\n")])
    return reply


def line(reply: Reply, clock: Clock, doing: Message = STREAMS) -> str:
    return captions(reply, doing, *clock.read(reply, doing)).lines[0]


def test_the_live_view_says_so_until_a_byte_comes(wait: Wait) -> None:
    """A byte that is no part of the answer, such as a comment that keeps the connection open, is one too."""
    reply, clock = recorded(), Clock()
    assert "no data" not in line(reply, clock)
    wait(SILENT_AFTER - 0.1)
    assert "no data" not in line(reply, clock)
    wait(3.2)
    assert line(reply, clock).endswith(" · no data for 8 s")
    assert reply.recording
    reply.recording.chunks.append(Chunk(9.0, b": ping\n\n"))
    assert "no data" not in line(reply, clock)
    wait(SILENT_AFTER)
    assert line(reply, clock).endswith(" · no data for 5 s")


def test_text_that_is_decoded_late_is_no_silence(wait: Wait) -> None:
    """An answer that came at once is decoded in pieces."""
    reply, clock = recorded(), Clock()
    line(reply, clock)
    for _ in range(3):
        wait(3)
        reply.add(Delta(content="more"), 1.0)
        assert "no data" not in line(reply, clock)


def test_a_wait_counts_its_own_seconds(wait: Wait) -> None:
    """Before the first token, and between two attempts, the line says already what is waited for and how long."""
    reply, clock, doing = recorded(), Clock(), Message("waiting for the first token")
    line(reply, clock, doing)
    wait(9)
    assert "waiting for the first token … 9 s" == line(reply, clock, doing)


def test_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """It speaks the language of the display."""
    monkeypatch.setitem(settings, "language", "zh")
    assert "已 8 秒没有收到数据" == no_data(8)


@pytest.mark.usefixtures("bare_shell")
def test_html_is_sent_once_a_second(wait: Wait) -> None:
    """As long as nothing comes, and not at all before it says so."""
    reply = recorded()
    with capture_output() as captured:
        shown = HtmlView()
        for _ in range(10 * (SILENT_AFTER + 3)):
            shown.paint(reply, STREAMS)
            shown._due = 0.0
            wait(0.1)
    first, *others = [output.data["text/html"] for output in captured.outputs]
    assert "no data" not in first
    assert [f"no data for {SILENT_AFTER + i} s" in text for i, text in enumerate(others)] == [True] * 3


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_it_below_the_line_and_erases_it(wait: Wait) -> None:
    """The answer goes on behind its last word: what is printed without the escape sequences is the answer alone."""
    reply = recorded()
    with contextlib.redirect_stdout(_Terminal()) as out:
        shown = TextView()
        shown.paint(reply, STREAMS)
        for _ in range(4):  # four times a second
            wait(0.25 + SILENT_AFTER / 4)
            shown.paint(reply, STREAMS)
        below = out.getvalue()
        reply.add(Delta(content=" and more"), 9.0)
        shown.paint(reply, STREAMS)
    told = "\x1b7\x1b[B\r\x1b[K\x1b[2mno data for 6 s\x1b[0m\x1b8"
    assert below == f"A word\x1bD\x1b[A{told}"
    assert out.getvalue() == f"{below}\x1b7\x1b[B\r\x1b[K\x1b8 and more"


def test_a_full_line_of_a_terminal_is_left_alone(wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its cursor would not return to behind the last column, and the next word would overwrite one of the answer."""
    monkeypatch.setenv("COLUMNS", "6")
    reply = recorded()
    with contextlib.redirect_stdout(_Terminal()) as out:
        shown = TextView()
        for _ in range(2):
            shown.paint(reply, STREAMS)
            wait(9)
    assert "A word" == out.getvalue()


def test_elsewhere_nothing_is_printed(wait: Wait) -> None:
    """A file or a pipe would fill with lines that nobody can erase."""
    reply = recorded()
    with contextlib.redirect_stdout(io.StringIO()) as out:
        shown = TextView()
        for _ in range(9):
            shown.paint(reply, STREAMS)
            wait(2)
    assert "A word" == out.getvalue()

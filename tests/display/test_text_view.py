"""Plain text as it comes: apart, closed by a line, and harmless whatever the model says."""

from __future__ import annotations

import contextlib
import io
import re
import unicodedata
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfstream.core.events import Delta, Event, Finish, ToolCallDelta, Usage
from sfstream.core.message import Message
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.core.text import harmless
from sfstream.demo.server import DemoServer
from sfstream.display.frontend import in_kernel
from sfstream.display.text_view import TextView
from sfstream.display.view import Silent, view_for
from sfstream.errors import ConfigurationError, SfStreamError, Stopped, StreamCut, StreamStalled
from sfstream.run.ask import ask

REQUEST = ChatRequest(model="a/model", messages=[{"role": "user", "content": "Hello"}])
USAGE = Usage({"completion_tokens": 1001, "completion_tokens_details": {"reasoning_tokens": 7}})
OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def printed(
    *events: Event, error: SfStreamError | Stopped | None = None, closing: bool = True, doings: Iterable[str] = ()
) -> str:
    """What is printed of a reply that is painted at each event."""
    reply = Reply(REQUEST, via="requests")
    with contextlib.redirect_stdout(io.StringIO()) as out:
        shown = TextView(closing=closing)
        for doing in doings:
            shown.paint(reply, Message(doing))
        for number, event in enumerate(events, 1):
            reply.add(event, number / 2)
            shown.paint(reply, Message(""))
        reply.end(9.0, error)
        shown.finish(reply)
    return out.getvalue()


def drives(text: str) -> list[str]:
    """The characters that a terminal would act upon."""
    return [char for char in text if char in OVERRIDES or (unicodedata.category(char) == "Cc" and char not in "\n\t")]


HOSTILE = {
    "colour": "\x1b[31mred",
    "title": "\x1b]0;owned\x07",
    "clipboard": "\x1b]52;c;cm0gLXJm\x1b\\",
    "erase": "\x1b[2J\x1b[H",
    "eight-bit": "\x9b31m\x9d0;owned\x9c",
    "backspace": "rm -rf /\b\b\b\b\b\b\b\bls",
    "return": "harmless\rhidden",
    "nul": "a\0b",
    "delete": "a\x7fb",
    "override": "user\u202enimda\u202c",
    "isolate": "a\u2066b\u2069",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_of_the_model_drives_the_terminal(text: str) -> None:
    """In content, reasoning and tool calls control characters are shown, and not sent."""
    for events in (
        [Delta(content=text)],
        [Delta(reasoning=text)],
        [Delta(content=char) for char in text],
        [ToolCallDelta(name=text, arguments=text)],
        [Delta(content="a"), Finish(0, text)],
    ):
        assert [] == drives(printed(*events))


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_drives_the_terminal(text: str) -> None:
    """Whatever the model says, nothing that a terminal acts upon is printed, and no character is lost."""
    out = printed(Delta(content=text), Delta(reasoning=text)) if text else ""
    assert [] == drives(out)
    assert len(text.replace("\r\n", "\n")) == len(harmless(text))


@pytest.mark.parametrize(
    "text",
    ["plain", "Ünïcödé 你好 🙂👩‍🚀", "a\n\tb\n", "שלום עולם", "e\u0301"],
    ids=["plain", "many", "lines", "right-to-left", "accent"],
)
def test_honest_text_is_printed_as_it_is(text: str) -> None:
    """Line ends, tabs, and any language come through unchanged; CR LF is one line end."""
    assert text == harmless(text)
    assert "a\nb" == harmless("a\r\nb")


@pytest.mark.parametrize("pieces", [("one\r\n", "two"), ("one\r", "\ntwo"), ("one", "\r", "\n", "two")])
def test_the_end_of_a_line_may_come_in_two(pieces: tuple[str, ...]) -> None:
    """It is one end of a line, however it is cut; a return alone is shown as a sign, at the end too."""
    assert printed(*map(Delta, [0] * len(pieces), pieces)).startswith("one\ntwo\n")
    assert printed(Delta(0, "one\r"), Delta(0, "two\r")).startswith("one\u240dtwo\u240d\n")


def test_reasoning_stands_apart() -> None:
    """A line of its own says where it ends, also where nothing can be dim; each piece is printed once."""
    out = printed(Delta(reasoning="I "), Delta(reasoning="think."), Delta(content="So "), Delta(content="be it."))
    assert out.startswith("I think.\n\n(Thought for 1.0 s)\n\nSo be it.\n")


def test_reasoning_that_ends_its_line_stands_apart_too() -> None:
    """Where the reasoning ends with a line end, one more makes the blank line."""
    out = printed(Delta(reasoning="Hm.\n"), Delta(content="So."))
    assert out.startswith("Hm.\n\n(Thought for 0.5 s)\n\nSo.\n")


def test_white_space_is_no_thought() -> None:
    """A model that sends an empty line as its reasoning has not thought."""
    assert printed(Delta(reasoning="\n"), Delta(content="So."), Delta(content="\n")).startswith("So.\n")


@pytest.mark.parametrize(("encoding", "shown"), [("ascii", "na?ve ?? ?"), ("cp1252", "naïve ?? ?")])
def test_what_the_output_cannot_hold_is_a_question_mark(encoding: str, shown: str) -> None:
    """A pipe may be without Chinese, and half of a UTF-16 pair fits nowhere: all else is printed."""
    reply, raw = Reply(REQUEST, via="requests"), io.BytesIO()
    reply.add(Delta(content="naïve 你好 \ud83d"), 0.1)
    reply.end(9.0)
    with contextlib.redirect_stdout(io.TextIOWrapper(raw, encoding)) as out:
        TextView().finish(reply)
        out.flush()
    assert shown == raw.getvalue().decode(encoding).splitlines()[0]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_dumb_terminal_gets_no_escape_sequence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as a shell in Emacs, which shows them as they are."""
    monkeypatch.setenv("TERM", "dumb")
    with contextlib.redirect_stdout(_Terminal()) as out:
        TextView().paint(Reply(REQUEST, via="requests"), Message("connecting"))
    assert "" == out.getvalue()


def test_what_is_waited_for_takes_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Chinese character takes two columns: what is erased again must not have gone on to a second line."""
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "")
    with contextlib.redirect_stdout(_Terminal()) as out:
        TextView().paint(Reply(REQUEST, via="requests"), Message("服务器正忙，请稍后再试，或换一个模型"))
    assert "服务器正忙，请稍后" == out.getvalue().removeprefix("\r\x1b[K")


def test_the_closing_line_says_how_it_went() -> None:
    """Model, first token, speed, tokens and the end, in one line, which is the last."""
    out = printed(Delta(reasoning="Hm."), Delta(content="a"), Delta(content="b"), USAGE, Finish(0, "stop"))
    line = out.splitlines()[-1]
    parts = line.split(" · ")
    assert "a/model" == parts[0]
    assert "first token 0.50 s" == parts[1]
    assert "1,000.0 tokens/s" == parts[2]  # a thousand after the first, in the second from the first to the last
    assert "1,001 tokens (7 reasoning)" == parts[3]
    assert "complete" == parts[-1]


@pytest.mark.parametrize(
    ("events", "error", "end"),
    [
        pytest.param([Finish(0, "length")], None, "▲ Reached the model's length limit.", id="length"),
        pytest.param([Finish(0, "content_filter")], None, "▲ Ended by the content filter.", id="filtered"),
        pytest.param([], Stopped("x"), "■ Stopped.", id="stopped"),
        pytest.param([], StreamCut("x"), "▲ Cut off by the server.", id="cut"),
        pytest.param([], StreamStalled("x"), "▲ The server stopped responding.", id="stalled"),
        pytest.param([], SfStreamError("x"), "✗ Failed: SfStreamError.", id="failed"),
    ],
)
def test_every_end_is_said(events: list[Event], error: SfStreamError | Stopped | None, end: str) -> None:
    """In a line of its own below the text that had come, above the closing line."""
    first, line, closing = printed(Delta(content="word"), *events, error=error).splitlines()
    assert ("word", "a/model · first token 0.50 s") == (first, closing)
    assert line.startswith(f"{end} ")


def test_a_complete_answer_has_no_such_line() -> None:
    """Its closing line says it."""
    first, closing = printed(Delta(content="word"), Finish(0, "stop")).splitlines()
    assert ("word", "complete") == (first, closing.split(" · ")[-1])


def test_notes_follow_the_closing_line() -> None:
    """What else is to be said stands below it, a line for each."""
    *_, status, note = printed(Finish(0, "stop")).splitlines()
    assert status.endswith("complete")
    assert "The answer is empty: the model ended without a word." == note


def test_the_closing_line_can_be_left_out() -> None:
    """Where the reply's repr follows anyway the line is not printed, but after an error it is."""
    assert "word\n" == printed(Delta(content="word"), Finish(0, "stop"), closing=False)
    assert "a/model · first token" in printed(Delta(content="word"), error=StreamCut("x"), closing=False)


def test_tool_calls_are_shown() -> None:
    """Each call is a line, with the answer that may stand before it."""
    calls = [
        ToolCallDelta(name="f", arguments='{"a"'),
        ToolCallDelta(arguments=": 1}"),
        ToolCallDelta(call=1, name="g"),
    ]
    lines = printed(Delta(content="Let me see."), *calls, Finish(0, "tool_calls")).splitlines()
    assert ["Let me see.", 'f({"a": 1})', "g()"] == lines[:3]


@pytest.mark.parametrize("model", ["demo/status-401", "demo/html", "demo/nothing", "demo/nobody"])
def test_where_nothing_came_nothing_is_printed(
    asking_demo: DemoServer, capsys: pytest.CaptureFixture[str], model: str
) -> None:
    """An error that comes instead of an answer speaks for itself when it is raised."""
    reply = ask("Hello", model=model, via="requests", display="text")
    assert reply.error
    assert ("", "") == capsys.readouterr()


def test_a_stream_is_printed_once(asking_demo: DemoServer, capsys: pytest.CaptureFixture[str]) -> None:
    """The text as a whole, then the closing line; nothing on stderr, no escape sequence outside a terminal."""
    reply = ask("Hello", model="demo/long", via="requests", display="text")
    out, err = capsys.readouterr()
    assert out.startswith(reply.content.rstrip("\n") + "\n")
    assert 1 == out.removeprefix(reply.content).strip("\n").count("\n") + 1
    assert "" == err
    assert "\x1b" not in out


def test_off_prints_nothing(asking_demo: DemoServer, capsys: pytest.CaptureFixture[str]) -> None:
    """``display="off"`` shows nothing, and the reply is the same."""
    assert ask("Hello", model="demo/reasoning", via="requests", display="off").content
    assert ("", "") == capsys.readouterr()


def test_a_wait_is_said_once() -> None:
    """Why it waits is a line of its own; connecting and waiting for the first token are not worth one."""
    doings = ["connecting", "Trying again in 1 s: Busy.", "Trying again in 1 s: Busy.", "waiting for the first token"]
    out = printed(Delta(content="word"), Finish(0, "stop"), doings=doings)
    assert out.startswith("Trying again in 1 s: Busy.\nword\n")
    assert not re.search("connecting|waiting", out)


@pytest.mark.parametrize("mode", ["HTML", "Text", "none", "widget", ""])
def test_another_mode_is_refused(asking_demo: DemoServer, mode: str) -> None:
    """A mode that there is not names those that there are, before anything is sent."""
    before = len(asking_demo.requests)
    with pytest.raises(ConfigurationError, match="expected one of auto, live, html, text, off"):
        ask("Hello", display=mode)
    assert before == len(asking_demo.requests)


def test_each_mode_has_its_view() -> None:
    """Outside a kernel all is text that is not off."""
    assert not in_kernel()
    assert [TextView] * 4 + [Silent] == [type(view_for(mode)) for mode in ("auto", "text", "live", "html", "off")]

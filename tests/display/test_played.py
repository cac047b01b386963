"""A played answer says that it is played, from which model and when, or that it was written by hand."""

from __future__ import annotations

import html
from datetime import datetime
from pathlib import Path

import pytest

from sfstream.core.config import settings
from sfstream.core.events import Chunk
from sfstream.core.message import Message
from sfstream.core.recording import End, Head, Recording
from sfstream.core.reply import Reply
from sfstream.demo import prepared
from sfstream.display.captions import captions, final_captions
from sfstream.display.mimebundle import bundle
from sfstream.log.entries import reply_of
from sfstream.log.writer import save_recording
from sfstream.run.ask import ask
from tests.fake_transport import DONE, word

TIME = "2026-11-30T04:00:00.000+00:00"
LOCAL = f"{datetime.fromisoformat(TIME).astimezone():%Y-%m-%d %H:%M}"
PLAYED = f"played from a recording of demo/chat, {LOCAL}"
BY_HAND = "written for the demo, no model"


def recording(model: str = "demo/chat", time: str = TIME, source: str = "server") -> Recording:
    head = Head({"model": model, "messages": [{"role": "user", "content": "Hi"}]}, time=time, source=source)
    return Recording(head, [Chunk(0.1, word("Hello", "stop")), Chunk(0.2, DONE)], End("complete"))


def played(path: Path, what: Recording, display: str = "off") -> Reply:
    save_recording(what, path / "a.jsonl")
    return ask(replay=path / "a.jsonl", speed="max", display=display)


def test_the_saved_answer_says_it(tmp_path: Path) -> None:
    """In each of its types; so does an answer that the log shows again."""
    for reply in (played(tmp_path, recording()), reply_of(recording())):
        said = bundle(reply)
        assert {"text/html", "text/markdown", "text/plain"} == set(said)
        assert all(PLAYED in text.replace("\\", "") for text in said.values())
        assert all(BY_HAND not in text for text in said.values())


def test_the_live_views_say_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """While the answer grows and at its end; plain text at its end."""
    reply = played(tmp_path, recording(), "text")
    assert PLAYED in capsys.readouterr().out
    assert [PLAYED in line for line in captions(reply, Message(""), 1).lines] == [True]
    assert PLAYED in final_captions(reply).lines[0]


def test_an_answer_that_was_written_by_hand_is_called_so(tmp_path: Path) -> None:
    """When it is played, it says both."""
    reply = played(tmp_path, prepared.recording("english"))
    assert "played from a recording of demo/english, 202" in bundle(reply)["text/html"]
    assert all(BY_HAND in text for text in bundle(reply).values())


def test_it_speaks_chinese(tmp_path: Path) -> None:
    """In the same line."""
    settings["language"] = "zh"
    reply = played(tmp_path, recording(source="written by hand"))
    assert f"demo/chat 的录制回放（{LOCAL}） · 为演示编写，并非模型输出" in bundle(reply)["text/plain"]


@pytest.mark.parametrize("time", ["", "yesterday", "9999-12-31T23:59:59-23:00", "\x1b[2J<b>", "{0}"])
def test_a_time_that_is_none_is_left_out(tmp_path: Path, time: str) -> None:
    """It may be any text."""
    for text in bundle(played(tmp_path, recording(time=time))).values():
        assert "played from a recording of demo/chat · complete" in text.replace("\\", "")
        assert "\x1b" not in text


def test_a_hostile_model_is_text(tmp_path: Path) -> None:
    """Escaped, without control characters, on one line, and cut where it is long."""
    name = "\x1b[2J\u202e<img src=x onerror=alert(1)>{time}\n" + "m" * 100_000
    reply = played(tmp_path, recording(model=name))
    said = bundle(reply)
    for text in (*said.values(), *captions(reply, Message(""), 1).lines):
        assert not set(text) & set("\x1b\u202e")
        assert len(text) < 3000
    assert "<img" not in said["text/html"]
    assert html.escape("<img src=x onerror=alert(1)>{time} mmm") in said["text/html"]

"""`stream`, replays, and the Reply that comes of them."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from sfstream import errors
from sfstream.api import chat, stream
from sfstream.core.events import Chunk, Delta, Event, Finish
from sfstream.core.recording import End, Head, Recording
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.demo import prepared
from sfstream.demo.server import DemoServer
from sfstream.log.writer import save_recording
from sfstream.run.ask import ask
from sfstream.run.stream import Stream
from tests.fake_transport import DONE, word


def events_of(model: str, **keywords: Any) -> Stream:
    return stream("Hello", model=model, via="requests", **keywords)


@pytest.mark.parametrize("model", ["demo/english", "demo/reasoning", "demo/tool-call", "demo/length"])
def test_the_events_are_those_of_chat(asking_demo: DemoServer, model: str) -> None:
    """A reply that is made of the events of ``stream`` is the one that ``chat`` gives."""
    wanted = chat("Hello", model=model, via="requests", display="off")
    events = events_of(model)
    again = Reply(ChatRequest(model=model, messages=[{"role": "user", "content": "Hello"}]), via="here")
    for event in events:
        again.add(event, 0.0)
    again.end(0.0)
    for reply in (again, events.reply):
        for name in ("content", "reasoning", "tool_calls", "usage", "finish_reason", "status", "notes"):
            assert getattr(wanted, name) == getattr(reply, name), name


def test_the_reply_grows_with_the_events(asking_demo: DemoServer) -> None:
    """At each event the reply holds what has come so far, and it is streaming until the last one."""
    with events_of("demo/stall-after-3") as events:
        assert ("streaming", "") == (events.reply.status, events.reply.content)
        seen = ""
        while events.reply.tokens != 3 or seen != events.reply.content:
            event = next(events)
            seen += event.content if isinstance(event, Delta) else ""
            assert events.reply.content.startswith(seen)
            assert "streaming" == events.reply.status


def test_what_ends_a_stream_is_raised_after_its_events(asking_demo: DemoServer) -> None:
    """Iterating gives all that has come, and then raises what ``chat`` would."""
    events = events_of("demo/cut-after-5")
    seen: list[Event] = []
    with pytest.raises(errors.StreamCut) as caught:
        seen.extend(events)
    assert events.reply is caught.value.reply
    assert 5 == events.reply.tokens
    with pytest.raises(StopIteration):
        next(events)


def test_two_streams_side_by_side(asking_demo: DemoServer) -> None:
    """Streams that are read in turns do not disturb each other."""
    prompts = ("one", "two")
    both = [stream(prompt, model="demo/echo", via="requests") for prompt in prompts]
    for pair in zip(*both, strict=True):
        assert pair[0].__class__ is pair[1].__class__
    assert [f"\n\n{prompt}" for prompt in prompts] == [events.reply.content[-5:] for events in both]


# Replays


def recorded(path: Path, *data: bytes, end: End | None = None, gap: float = 0.1) -> Path:
    head = Head({"model": "of/recording", "messages": [{"role": "user", "content": "Why?"}], "top_k": 5, "x": 1})
    save_recording(Recording(head, [Chunk(gap * number, each) for number, each in enumerate(data, 1)], end), path)
    return path


WHOLE = (word("one "), word("two", "stop"), DONE)


def test_a_replay_needs_nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key, no network, no prompt: what was asked then is the request, and the model is its own."""
    monkeypatch.setenv("SILICONFLOW_BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("SILICONFLOW_MODEL", "of/environment")
    reply = chat(replay=recorded(tmp_path / "a.jsonl", *WHOLE, end=End("complete")), speed="max", display="off")
    assert ("complete", "one two", "of/recording", "replay") == (reply.status, reply.content, reply.model, reply.via)
    assert ({"x": 1}, 5, "Why?") == (reply.request.params, reply.request.top_k, reply.request.messages[0]["content"])


@pytest.mark.parametrize("name", prepared.PROMPTS)
def test_the_prepared_answers_play(tmp_path: Path, name: str) -> None:
    """Each ends as it did, through ``stream`` as through ``chat``."""
    save_recording(prepared.recording(name), tmp_path / "answer.jsonl")
    events = stream(replay=tmp_path / "answer.jsonl", speed="max")
    assert isinstance([event for event in events if isinstance(event, Finish)][-1], Finish)
    reply = chat(replay=tmp_path / "answer.jsonl", speed="max", display="off")
    assert (reply.content, reply.usage, "complete") == (events.reply.content, events.reply.usage, events.reply.status)


@pytest.mark.parametrize(
    ("speed", "least"), [(None, 0.3), (1, 0.3), ("2", 0.15), (0.5, 0.6)], ids=["as-it-was", "once", "double", "half"]
)
def test_a_replay_keeps_its_pace(tmp_path: Path, speed: float | str | None, least: float) -> None:
    """It takes as long as it took, or so many times less; its times are those of then."""
    path = recorded(tmp_path / "a.jsonl", *WHOLE, end=End("complete"))
    started = time.monotonic()
    reply = chat(replay=path, speed=speed, display="off")
    assert time.monotonic() - started >= least
    assert pytest.approx((0.1, 0.3)) == (reply.timing.first_token, reply.timing.total)


def test_max_does_not_wait(tmp_path: Path) -> None:
    """At ``max`` an answer of an hour takes no time."""
    path = recorded(tmp_path / "a.jsonl", *WHOLE, end=End("complete"), gap=1200)
    started = time.monotonic()
    assert 3600 == chat(replay=path, speed="max", display="off").timing.total
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    "speed",
    [0, -1, 1e-300, 1e9, 10**400, float("nan"), float("inf"), "1e999", "nan", "fast", "", [2]],
    ids=["zero", "negative", "slow", "fast", "huge", "nan", "infinite", "1e999", "nan-text", "word", "empty", "list"],
)
def test_a_speed_that_cannot_be_is_refused(tmp_path: Path, speed: Any) -> None:
    """Only a number in the range of the option, or max: a slower replay would seem to hang."""
    path = recorded(tmp_path / "a.jsonl", *WHOLE)
    with pytest.raises(errors.ConfigurationError, match=r"; expected a number from 0.01 to 1000, or max\.$"):
        chat(replay=path, speed=speed, display="off")


def test_a_recording_without_its_end_is_cut(tmp_path: Path) -> None:
    """A file whose writer was killed plays as far as it goes, and ends as a cut with what had come."""
    path = recorded(tmp_path / "a.jsonl", word("one "), word("two"))
    path.write_bytes(path.read_bytes() + b'[9.0,"data: {\\"choi')
    with pytest.raises(errors.StreamCut) as caught:
        chat(replay=path, speed="max", display="off")
    assert caught.value.reply
    assert ("cut", "one two") == (caught.value.reply.status, caught.value.reply.content)


def test_a_stopped_recording_is_stopped(tmp_path: Path) -> None:
    """An answer that the user stopped then is not called cut now."""
    reply = ask(replay=recorded(tmp_path / "a.jsonl", word("one "), end=End("stopped")), speed="max", display="off")
    assert ("stopped", "one ") == (reply.status, reply.content)
    assert isinstance(reply.error, errors.Stopped)


OTHER_FILES = {
    "empty": b"",
    "text": b"no json\n",
    "binary": bytes(range(256)),
    "notebook": b'{\n "cells": [],\n "nbformat": 4\n}\n',
    "notebook-on-a-line": b'{"cells": [], "nbformat": 4}\n',
    "no-request": b'{"version": 1}\n',
    "empty-request": b'{"version": 1, "request": {}}\n',
}


@pytest.mark.parametrize("name", OTHER_FILES)
def test_another_file_is_refused(tmp_path: Path, name: str) -> None:
    """In one line that names the file; nothing is sent."""
    path = tmp_path / "other"
    path.write_bytes(OTHER_FILES[name])
    with pytest.raises(errors.RecordingError, match=f"^{re.escape(repr(str(path)))} is not a recording: [^\n]+$"):
        chat(replay=path, display="off")


@pytest.mark.parametrize(
    ("name", "said"), [("", "cannot be read: Is a directory"), ("none.jsonl", "There is no recording at")]
)
def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path, name: str, said: str) -> None:
    """Each with its path."""
    with pytest.raises(errors.RecordingError, match=said) as caught:
        chat(replay=tmp_path / name, display="off")
    assert str(tmp_path) in str(caught.value)


def test_an_edited_recording_is_refused(tmp_path: Path) -> None:
    """Before anything is shown; an edit that leaves the form right is played as it stands."""
    path = recorded(tmp_path / "a.jsonl", *WHOLE, end=End("complete"))
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:2], lines[3], lines[2], *lines[4:]]))
    with pytest.raises(errors.RecordingError, match="time of line 4 is before"):
        chat(replay=path, display="off")
    path.write_text("".join(lines).replace("one ", "two "))
    assert "two two" == chat(replay=path, speed="max", display="off").content


def test_a_recording_with_broken_frames_ends_as_its_stream_would(tmp_path: Path) -> None:
    """What came around them is there, and a note tells of them; without anything else it fails."""
    path = recorded(tmp_path / "a.jsonl", WHOLE[0], b"data: {oops\n\n", DONE, end=End("complete"))
    reply = ask(replay=path, speed="max", display="off")
    assert ("complete", "one ", None) == (reply.status, reply.content, reply.error)
    assert ["1 frame was not understood."] == [*map(str, reply.notes)]
    path = recorded(tmp_path / "b.jsonl", b"data: {oops\n\n", DONE, end=End("complete"))
    reply = ask(replay=path, speed="max", display="off")
    assert isinstance(reply.error, errors.MalformedStream)
    assert "{oops" in str(reply.error)


# The reply


def test_a_reply_is_its_text(tmp_path: Path) -> None:
    """As text it is its content; it has no length of its own, so that an empty one is still something."""
    save_recording(prepared.recording("chinese"), tmp_path / "answer.jsonl")
    reply = chat(replay=tmp_path / "answer.jsonl", speed="max", display="off")
    assert reply.content == str(reply) == f"{reply}"
    assert bool(Reply(reply.request, via="here"))
    assert not hasattr(reply, "__len__")
    assert "complete" in repr(reply)
    assert reply.content not in repr(reply)

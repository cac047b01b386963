"""`stream`, replays, and the Reply that comes of them."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from sfstream import errors, log
from sfstream.api import ask, chat, stream
from sfstream.demo import bundle
from sfstream.demo.server import DemoServer
from sfstream.event_stream import Stream
from sfstream.events import Chunk, Delta, Event, Finish
from sfstream.reply import Reply
from sfstream.request import ChatRequest
from sfstream.wire.recorded_ends import End, Head
from sfstream.wire.recording import Recording
from tests.fake_transport import DONE, word
from tests.waiting import until


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


@pytest.mark.parametrize("model", ["demo/rate-100", "demo/fast-1000000", "demo/stall-after-3"])
@pytest.mark.parametrize("via", ["openai", "requests", "curl"])
def test_leaving_early_ends_the_servers_stream(asking_demo: DemoServer, model: str, via: str) -> None:
    """Whoever leaves the context leaves no connection, and keeps what had come."""
    until(lambda: asking_demo.streams == 0)
    with stream("Hello", model=model, via=via) as events:
        for event in events:
            if isinstance(event, Delta):
                break
        assert 1 == asking_demo.streams
    until(lambda: asking_demo.streams == 0)
    assert "stopped" == events.reply.status
    assert events.reply.content
    assert [] == list(events)
    events.close()


def test_another_thread_can_close_it(asking_demo: DemoServer) -> None:
    """While the first waits for the next event; that one hears of it."""
    until(lambda: asking_demo.streams == 0)
    events = events_of("demo/stall-after-3")
    raised: list[BaseException] = []

    def read() -> None:
        try:
            list(events)
        except errors.Stopped as error:
            raised.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    until(lambda: events.reply.tokens == 3)
    events.close()
    thread.join(5)
    assert not thread.is_alive()
    assert "stopped" == events.reply.status
    assert 1 == len(raised)
    until(lambda: asking_demo.streams == 0)


@pytest.mark.parametrize("attempt", range(10))
def test_a_thread_that_uses_an_event_meanwhile_hears_of_it_too(asking_demo: DemoServer, attempt: int) -> None:
    """Its loop does not end as if the answer were whole, whenever it is closed."""
    events = events_of("demo/rate-100")
    raised: list[BaseException] = []

    def read() -> None:
        try:
            for _ in events:
                time.sleep(0.002)
        except errors.Stopped as error:
            raised.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    until(lambda: events.reply.has_begun)
    time.sleep(attempt / 1000)
    events.close()
    thread.join(5)
    assert 1 == len(raised)
    assert "stopped" == events.reply.status


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork: run on Linux")
def test_a_fork_that_ends_leaves_the_answer_to_its_parent(asking_demo: DemoServer) -> None:
    """What is open in the parent goes on there, and is kept as a whole."""
    script = """
import os, sys, sfstream
events = sfstream.stream("Hello", model="demo/english", via="requests")
next(events)
if (child := os.fork()) == 0:
    sys.exit()
os.waitpid(child, 0)
list(events)
print(events.reply.status)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert "complete\n" == done.stdout
    assert ["complete"] == [entry.status for entry in log.entries()]


def test_a_stream_that_is_open_at_the_end_of_the_process_is_kept(asking_demo: DemoServer) -> None:
    """As stopped, and packed like any other; nothing is printed."""
    script = (
        "import sfstream; open_here = sfstream.stream('Hello', model='demo/rate-100', via='requests'); next(open_here)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert (0, "", "") == (done.returncode, done.stdout, done.stderr)
    assert ["stopped"] == [entry.status for entry in log.entries()]


def test_an_exception_ends_the_stream_too(asking_demo: DemoServer) -> None:
    """What is raised inside the context goes on its way, and the stream is closed."""
    events = events_of("demo/rate-100")
    with contextlib.suppress(ZeroDivisionError), events:
        next(events)
        raise ZeroDivisionError
    until(lambda: asking_demo.streams == 0)
    assert "stopped" == events.reply.status


def test_closing_before_the_first_event_asks_nothing(asking_demo: DemoServer) -> None:
    """A stream is asked for when its first event is; closed before, it never is."""
    before = len(asking_demo.requests)
    events = events_of("demo/english")
    events.close()
    events.close()
    assert [] == list(events)
    assert ("stopped", "") == (events.reply.status, events.reply.content)
    assert isinstance(events.reply.error, errors.Stopped)
    assert before == len(asking_demo.requests)


def test_a_reply_that_never_began_says_so_when_saved(asking_demo: DemoServer, tmp_path: Path) -> None:
    """There is nothing to save: an error of ours says so, or an empty recording is written."""
    events = events_of("demo/english")
    events.close()
    try:
        events.reply.save(tmp_path / "nothing.jsonl")
    except errors.RecordingError:
        return
    assert [] == Recording.open(tmp_path / "nothing.jsonl").chunks


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
    Recording(head, [Chunk(gap * number, each) for number, each in enumerate(data, 1)], end).save(path)
    return path


WHOLE = (word("one "), word("two", "stop"), DONE)


def test_a_replay_needs_nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key, no network, no prompt: what was asked then is the request, and the model is its own."""
    monkeypatch.setenv("SILICONFLOW_BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("SILICONFLOW_MODEL", "of/environment")
    reply = chat(replay=recorded(tmp_path / "a.jsonl", *WHOLE, end=End("complete")), speed="max", display="off")
    assert ("complete", "one two", "of/recording", "replay") == (reply.status, reply.content, reply.model, reply.via)
    assert ({"x": 1}, 5, "Why?") == (reply.request.params, reply.request.top_k, reply.request.messages[0]["content"])


@pytest.mark.parametrize("name", bundle.PROMPTS)
def test_the_bundled_recordings_play(name: str) -> None:
    """Each ends as it did, through ``stream`` as through ``chat``."""
    events = stream(replay=bundle.path_of(name), speed="max")
    assert isinstance([event for event in events if isinstance(event, Finish)][-1], Finish)
    reply = chat(replay=bundle.path_of(name), speed="max", display="off")
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
    [0, -1, float("nan"), float("inf"), "fast", "", [2]],
    ids=["zero", "negative", "nan", "infinite", "word", "empty", "list"],
)
def test_a_speed_that_cannot_be_is_refused(tmp_path: Path, speed: Any) -> None:
    """Only a number above 0, or max."""
    path = recorded(tmp_path / "a.jsonl", *WHOLE)
    with pytest.raises(errors.ConfigurationError, match="expected a number above 0, such as 2, or max"):
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


@pytest.mark.parametrize(
    "text",
    [None, "", "no json\n", '{"version": 1}\n', '{"version": 1, "request": {}}\n'],
    ids=["missing", "empty", "no-json", "no-request", "empty-request"],
)
def test_another_file_is_refused(tmp_path: Path, text: str | None) -> None:
    """A file that is missing or is no recording is told as such."""
    path = tmp_path / "other.jsonl"
    if text is not None:
        path.write_text(text)
    with pytest.raises(errors.RecordingError):
        chat(replay=path, display="off")


# The reply


def test_a_reply_is_its_text() -> None:
    """As text it is its content; it has no length of its own, so that an empty one is still something."""
    reply = chat(replay=bundle.path_of("chinese"), speed="max", display="off")
    assert reply.content == str(reply) == f"{reply}"
    assert bool(Reply(reply.request, via="here"))
    assert not hasattr(reply, "__len__")
    assert "complete" in repr(reply)
    assert reply.content not in repr(reply)

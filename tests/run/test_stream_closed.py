"""A stream that is left early, closed by whom it may be: what had come is kept, and nothing stays open."""

from __future__ import annotations

import contextlib
import gc
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sfstream import errors, log
from sfstream.api import stream
from sfstream.core.events import Delta
from sfstream.demo.server import DemoServer
from sfstream.log.format import open_recording
from tests.run.test_stream import events_of
from tests.waiting import until


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


def test_a_stream_that_is_open_at_the_end_of_the_process_is_kept(asking_demo: DemoServer) -> None:
    """As stopped or as interrupted; nothing is printed."""
    script = (
        "import sfstream; open_here = sfstream.stream('Hello', model='demo/rate-100', via='requests'); next(open_here)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert (0, "", "") == (done.returncode, done.stdout, done.stderr)
    assert {entry.status for entry in log.entries()} <= {"stopped", "cut"}


def test_a_stream_that_nobody_holds_ends(asking_demo: DemoServer) -> None:
    """As a generator does: a loop that is left without ``with`` is not paid to its end."""
    gc.disable()
    try:
        for _ in events_of("demo/rate-100"):
            break
        until(lambda: asking_demo.streams == 0)
        assert "stopped" == log.entries()[0].status
    finally:
        gc.enable()


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
    assert [] == open_recording(tmp_path / "nothing.jsonl").chunks

"""Ctrl-C: real interrupts to real processes, and the handler that is put back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from sfstream.demo.server import DemoServer
from tests.waiting import until

ROOT = Path(__file__).parents[2]

BEGIN = """
import os, signal, sys, time
import sfstream
from sfstream.run.interrupts import DOUBLE_CLICK

signal.signal(signal.SIGINT, signal.default_int_handler)  # not so where the tests were begun in the background

def say(*what):
    print("\\n>", *what, flush=True)

def interrupt():
    os.kill(os.getpid(), signal.SIGINT)

def ask(model="demo/rate-100", **keywords):
    return sfstream.chat("Hello", model=model, via="requests", **keywords)
"""


class Child:
    """A Python that runs a script, and is interrupted."""

    def __init__(self, process: subprocess.Popen[str], out: IO[str]) -> None:
        self.process = process
        self._out = out

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def shows(self, text: str) -> None:
        """Return when it has printed that."""
        seen = ""
        while text not in seen:
            more = self._out.read(1)
            assert more, f"it ended, and had printed {seen!r}"
            seen += more

    def says(self) -> str:
        """The next line that the script itself says."""
        for line in self._out:
            if line.startswith("> "):
                return line[2:].rstrip()
        return ""


@contextmanager
def child(demo: DemoServer, script: str) -> Iterator[Child]:
    until(lambda: demo.streams == 0)  # those of other tests
    environ = os.environ | {"SILICONFLOW_BASE_URL": demo.base_url, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", BEGIN + script]
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        try:
            yield Child(process, process.stdout)
        finally:
            process.kill()


def test_one_interrupt_stops_the_answer(demo: DemoServer) -> None:
    """``chat`` raises Stopped with what had come, nothing is left open, and Ctrl-C is what it was before."""
    script = """
before = signal.getsignal(signal.SIGINT)
try:
    ask(display="text")
except sfstream.Stopped as error:
    say(error.reply.status, len(error.reply.content) > 10, error.reply.error is error)
    say(str(error))
time.sleep(DOUBLE_CLICK)
try:
    interrupt()
except KeyboardInterrupt as error:
    say(type(error).__name__, signal.getsignal(signal.SIGINT) is before)
input()
"""
    with child(demo, script) as python:
        python.shows("What streaming is")
        python.interrupt()
        assert "stopped True True" == python.says()
        assert python.says().startswith("Stopped after ")
        assert "KeyboardInterrupt True" == python.says()
        until(lambda: demo.streams == 0)


def test_an_interrupt_ends_a_stream_where_a_handler_does_not(demo: DemoServer) -> None:
    """In a cell with ``await`` the kernel's own handler only takes note, and is heard after the stream."""
    script = """
signal.signal(signal.SIGINT, lambda *_: None)
before = signal.getsignal(signal.SIGINT)
text = ""
try:
    with sfstream.stream("Hello", model="demo/stall-after-3", via="requests") as events:
        for event in events:
            text += getattr(event, "content", "")
            say(events.reply.tokens)
except sfstream.Stopped as error:
    say(error.reply.status, error.reply.content == text, signal.getsignal(signal.SIGINT) is before)
input()
"""
    over = threading.Event()

    def interrupt() -> None:
        while not over.wait(1):  # again, since the first may fall between two events, where it is the script's own
            python.interrupt()

    with child(demo, script) as python:
        until(lambda: python.says() == "3")
        thread = threading.Thread(target=interrupt)
        thread.start()
        try:
            assert "stopped True True" == next(line for line in iter(python.says, "") if line != "3")
        finally:
            over.set()
            thread.join()
        until(lambda: demo.streams == 0)


def test_a_double_click_is_one_interrupt(demo: DemoServer) -> None:
    """A second interrupt, before the stop or just after it, is the same one, and what follows is not torn."""
    script = """
try:
    ask(display="text")
except sfstream.Stopped:
    interrupt()
    interrupt()
    say("after")
say("further on")
"""
    with child(demo, script) as python:
        python.shows("What streaming is")
        python.interrupt()
        python.interrupt()
        assert ["after", "further on"] == [python.says(), python.says()]
        assert 0 == python.process.wait(20)


@pytest.mark.parametrize("model", ["demo/stall-before-headers", "demo/stall-after-headers", "demo/stall-after-3"])
def test_a_silent_server_can_be_interrupted(demo: DemoServer, model: str) -> None:
    """Whatever is waited for, an interrupt ends it."""
    script = f"""
say("asking")
try:
    ask({model!r}, display="off")
except sfstream.Stopped as error:
    say(error.reply.status)
"""
    with child(demo, script) as python:
        assert "asking" == python.says()
        until(lambda: demo.streams == 1)
        python.interrupt()
        assert "stopped" == python.says()
        until(lambda: demo.streams == 0)


def test_a_wait_can_be_interrupted(demo: DemoServer) -> None:
    """So can the wait before another attempt."""
    script = """
try:
    ask("demo/status-503", display="text")
except sfstream.Stopped as error:
    say(error.reply.status)
"""
    with child(demo, script) as python:
        python.shows("Trying again in")
        python.interrupt()
        assert "stopped" == python.says()


def test_the_third_interrupt_is_raised_at_once(demo: DemoServer) -> None:
    """Where something does not end, the third interrupt falls where it is, as a plain KeyboardInterrupt."""
    script = """
from sfstream.run.prepare import prepare_run as run_of
from sfstream.display.view import Silent
from sfstream.run.consume import consume

class Endless(Silent):
    def begin(self, stop): ...

    def paint(self, reply, doing):
        while reply.content:
            interrupt()
            say("one more")

run = run_of("Hello", model="demo/rate-100", via="requests")
try:
    consume(run, Endless())
except KeyboardInterrupt as error:
    say(type(error).__name__, run.reply.status, run.reply.content != "")
input()
"""
    with child(demo, script) as python:
        assert ["one more", "one more"] == [python.says(), python.says()]
        assert "KeyboardInterrupt stopped True" == python.says()
        until(lambda: demo.streams == 0)


@pytest.mark.parametrize("model", ["demo/stall-before-headers", "demo/stall-after-headers"])
def test_an_interrupt_stops_a_stream_that_waits(demo: DemoServer, model: str) -> None:
    """It raises ``Stopped``, as ``chat`` does; the reply is stopped, and its connection closed."""
    script = f"""
events = sfstream.stream("Hello", model={model!r}, via="requests")
try:
    next(events)
except KeyboardInterrupt as error:
    say(type(error).__name__, events.reply.status)
input()
"""
    with child(demo, script) as python:
        until(lambda: demo.streams == 1)
        python.interrupt()
        assert "Stopped stopped" == python.says()
        until(lambda: demo.streams == 0)


def test_interrupts_are_counted_during_the_whole_wait(demo: DemoServer) -> None:
    """While a stream waits, no moment is left in which an interrupt would not end it."""
    script = """
import threading
handlers = []
def look():
    input()
    for _ in range(1000):
        if (handler := signal.getsignal(signal.SIGINT)) not in handlers:
            handlers.append(handler)
        time.sleep(0.001)
    say(len(handlers))
events = sfstream.stream("Hello", model="demo/stall-before-headers", via="requests")
threading.Thread(target=look).start()
try:
    next(events)
except KeyboardInterrupt as error:
    say(type(error).__name__, events.reply.status)
"""
    with child(demo, script) as python:
        until(lambda: demo.streams == 1)
        print(file=python.process.stdin, flush=True)
        assert "1" == python.says()
        python.interrupt()
        assert "Stopped stopped" == python.says()


def test_an_interrupt_at_the_end_of_a_stream_is_not_lost(demo: DemoServer) -> None:
    """Where the answer had ended before the stop was heard: it is whole, and the cell stops all the same."""
    script = """
from sfstream.run.loop import Run
ending = Run._end
def interrupted(run, error):
    interrupt()
    ending(run, error)
Run._end = interrupted
events = sfstream.stream("Hello", model="demo/english", via="requests")
try:
    list(events)
except KeyboardInterrupt as error:
    say(type(error).__name__, events.reply.status)
input()
"""
    with child(demo, script) as python:
        assert "KeyboardInterrupt complete" == python.says()


def test_a_second_click_is_ignored_by_what_is_held_next(demo: DemoServer) -> None:
    """A stream holds interrupts again and again, while it waits for more."""
    script = """
from sfstream.run.interrupts import InterruptGuard
with InterruptGuard.current() as guard:
    interrupt()
    guard.is_handled = True
for _ in range(20):
    with InterruptGuard.current():
        pass
interrupt()
say("quiet")
input()
"""
    with child(demo, script) as python:
        assert "quiet" == python.says()


def test_a_stream_is_interrupted_between_its_events(demo: DemoServer) -> None:
    """Where the interrupt falls into the code that uses the events, leaving the context closes the stream."""
    script = """
try:
    with sfstream.stream("Hello", model="demo/rate-100", via="requests") as events:
        for event in events:
            if events.reply.content:
                interrupt()
except KeyboardInterrupt as error:
    say(type(error).__name__, events.reply.status, events.reply.content != "")
input()
"""
    with child(demo, script) as python:
        assert "KeyboardInterrupt stopped True" == python.says()
        until(lambda: demo.streams == 0)

"""The handler of interrupts: ours while an answer comes, and whatever it was after."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable

import pytest

from sfstream.api import chat
from sfstream.core.reply import Reply
from sfstream.demo.server import DemoServer
from sfstream.errors import SfStreamError
from sfstream.run.ask import ask
from sfstream.run.consume import consume
from sfstream.run.interrupts import InterruptGuard
from tests.fake_transport import DONE, run_of, streaming, word


def handler() -> object:
    return signal.getsignal(signal.SIGINT)


class Looking:
    """A view that looks at the handler while the answer comes."""

    def __init__(self) -> None:
        self.seen: set[object] = set()

    def begin(self, stop: Callable[[], None]) -> None: ...

    def paint(self, reply: Reply, doing: object) -> None:
        self.seen.add(handler())

    def finish(self, reply: Reply) -> None:
        self.seen.add(handler())


@pytest.mark.parametrize(
    "model", ["demo/english", "demo/status-401", "demo/cut-after-5", "demo/error-code-after-5", "demo/html"]
)
def test_the_handler_is_put_back(asking_demo: DemoServer, model: str) -> None:
    """However the answer ends, the handler is the one from before."""
    before = handler()
    with contextlib.suppress(SfStreamError):
        chat("Hello", model=model, via="requests", display="off")
    assert before is handler()


def test_a_handler_of_ones_own_is_put_back() -> None:
    """Also one that somebody else has installed, and one that ignores interrupts."""
    former = handler()
    try:
        for mine in (lambda number, frame: None, signal.SIG_IGN):
            signal.signal(signal.SIGINT, mine)
            consume(run_of(streaming(word("a", "stop"), DONE)), Looking())
            assert mine is handler()
    finally:
        signal.signal(signal.SIGINT, former)  # type: ignore[arg-type]  # what getsignal gave


def test_the_handler_is_ours_while_the_answer_comes() -> None:
    """During the run a handler of our own takes note, and the same one throughout."""
    view = Looking()
    before = handler()
    consume(run_of(streaming(word("a"), word("b", "stop"), DONE)), view)
    (during,) = view.seen
    assert before is not during


def test_a_thread_installs_no_handler(asking_demo: DemoServer) -> None:
    """In a thread other than the main one the answer comes too, and interrupts are left alone."""
    view, before = Looking(), handler()
    replies: list[Reply] = []

    def both() -> None:
        replies.append(chat("Hello", model="demo/english", via="requests", display="off"))
        replies.append(consume(run_of(streaming(word("a"), word("b", "stop"), DONE)), view))

    thread = threading.Thread(target=both)
    thread.start()
    thread.join(20)
    assert ["complete", "complete"] == [reply.status for reply in replies]
    assert {before} == view.seen | {handler()}


def test_one_context_inside_another_is_the_same(asking_demo: DemoServer) -> None:
    """A run inside a guard place shares its handler, and does not put back what is not its own."""
    before = handler()
    with InterruptGuard.current() as outer:
        guard = handler()
        assert "complete" == ask("Hello", model="demo/english", via="requests", display="off").status
        assert InterruptGuard.current() is outer
        assert guard == handler() != before
    assert before is handler()

"""The loop: what comes is passed on in time, silence ends, and nothing beside the answer can lose it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from sfstream import errors
from sfstream.core import config
from sfstream.core.config import Timeouts
from sfstream.core.events import Delta, Event
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.demo.server import DemoServer
from sfstream.run.ask import ask
from sfstream.run.consume import consume
from sfstream.run.loop import Run
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.transport import VIA, transport
from tests.fake_transport import DONE, Answer, Step, ended, frame, run_of, silent, streaming, word
from tests.waiting import until

LONG = 30.0
"""Seconds that no test may take: where something comes at once, it comes long before."""


def told(demo: DemoServer, model: str, limits: Timeouts) -> Run:
    request = ChatRequest(model=model, messages=[{"role": "user", "content": "Hello"}])
    return ended(Run(request, transport("requests"), Endpoint(demo.base_url), limits))


def contents(batch: list[Event]) -> str:
    return "".join(event.content for event in batch if isinstance(event, Delta))


# In time


def test_a_finish_reason_with_each_delta_ends_nothing_early() -> None:
    """Some servers give it so; only silence after it counts."""
    steps: list[Step] = [step for number in range(5) for step in (word(f"{number} ", "stop"), lambda: time.sleep(0.2))]
    run = ended(run_of(streaming(*steps, DONE), limits=Timeouts(after_finish=0.5)))
    assert ("complete", "0 1 2 3 4 ", []) == (run.reply.status, run.reply.content, run.reply.notes)


def test_a_choice_that_has_finished_ends_no_other() -> None:
    """Nor does it make a cut a whole answer."""
    two = [{"index": 0, "delta": {"content": "a"}}, {"index": 1, "delta": {"content": "b"}, "finish_reason": "stop"}]
    steps: list[Step] = [frame({"choices": two}), lambda: time.sleep(0.5), word("c")]
    for last, status in ((word("d", "stop"), "complete"), (errors.ConnectionFailed("reset"), "cut")):
        run = ended(run_of(streaming(*steps, last), limits=Timeouts(after_finish=0.2)))
        assert (status, "ac") == (run.reply.status, run.reply.content[:2])


def test_the_first_events_come_at_once() -> None:
    """The first events do not wait for the next frame, however long a frame is."""
    run = run_of(silent(word("first")))
    started = time.monotonic()
    assert "first" == next(contents(batch) for batch in run.batches(pause=LONG) if batch)
    assert time.monotonic() - started < LONG / 3


def test_what_came_in_a_pause_comes_after_it() -> None:
    """Events that gather are passed on together when the pause is over, although nothing comes after them."""
    gathered = threading.Event()
    run = run_of(silent(word("a"), gathered.wait, word("b"), word("c")))
    seen = []
    for batch in filter(None, run.batches(pause=0.5)):
        seen.append(contents(batch))
        gathered.set()
        if "c" in seen[-1]:
            break
    assert ["a", "bc"] == seen


def test_an_end_is_not_waited_for() -> None:
    """When a stream ends in a pause, the pause ends too."""
    run = run_of(streaming(word("all", "stop"), DONE))
    started = time.monotonic()
    assert "all" == "".join(contents(batch) for batch in run.batches(pause=LONG))
    assert time.monotonic() - started < LONG / 3
    assert "complete" == run.reply.status


def test_silence_gives_signs_of_life() -> None:
    """While nothing comes, empty batches do, so that a view's clock goes on."""
    run = run_of(silent(), limits=Timeouts(first_byte=1))
    assert [[], []] == [batch for batch in run.batches(0) if not batch][:2]
    assert isinstance(run.reply.error, errors.StreamStalled)


# Silence


@pytest.mark.parametrize(
    ("model", "limits", "words"),
    [
        pytest.param("demo/stall-before-headers", Timeouts(first_byte=0.3), 0, id="no-head"),
        pytest.param("demo/stall-after-headers", Timeouts(first_byte=0.3), 0, id="no-body"),
        pytest.param("demo/stall-after-5", Timeouts(between=0.5), 5, id="mid-stream"),
    ],
)
def test_silence_is_a_stall(demo: DemoServer, model: str, limits: Timeouts, words: int) -> None:
    """A server that falls silent is left, once; what had come is kept, and its stream is over."""
    before = len(demo.requests)
    run = told(demo, model, limits)
    assert isinstance(run.reply.error, errors.StreamStalled)
    assert "cut" == run.reply.status
    assert f"Nothing arrived from {demo.base_url.split('/')[2]} for 0." in str(run.reply.error)
    assert bool(words) == bool(run.reply.content)
    assert (words or None) == run.reply.tokens
    assert 1 == len(demo.requests) - before
    until(lambda: demo.streams == 0)


def test_the_settings_say_how_patient_it_is(asking_demo: DemoServer) -> None:
    """``first_byte`` and ``between`` are settings like any other."""
    config.settings.update(first_byte=60.0, between=0.5)
    reply = ask("Hello", model="demo/stall-after-5", via="requests", display="off")
    assert isinstance(reply.error, errors.StreamStalled)


def test_silence_after_the_finish_is_the_end() -> None:
    """Where the finish reason has come and ``[DONE]`` does not, the answer is whole, and a note says so."""
    run = ended(run_of(silent(word("all", "stop")), limits=Timeouts(after_finish=0.3)))
    assert ("complete", "all", None) == (run.reply.status, run.reply.content, run.reply.error)
    assert ["The stream ended without [DONE]."] == [*map(str, run.reply.notes)]


def test_a_whole_answer_does_not_stall() -> None:
    """Once the finish reason is there only ``after_finish`` counts, also where ``between`` is less."""
    run = ended(run_of(silent(word("all", "stop")), limits=Timeouts(between=0.3, after_finish=0.6)))
    assert ("complete", None) == (run.reply.status, run.reply.error)


def test_usage_after_the_finish_is_taken() -> None:
    """What comes between the finish reason and ``[DONE]`` belongs to the answer."""
    usage = frame({"choices": [], "usage": {"completion_tokens": 7}})
    run = ended(run_of(streaming(word("all", "stop"), usage, DONE)))
    assert (7, "complete", []) == (run.reply.tokens, run.reply.status, run.reply.notes)


@pytest.mark.parametrize("via", VIA)
def test_a_server_that_lingers_is_left(asking_demo: DemoServer, via: str) -> None:
    """After ``[DONE]`` nothing is waited for."""
    started = time.monotonic()
    reply = ask("Hello", model="demo/linger", via=via, display="off")
    assert ("complete", []) == (reply.status, reply.notes)
    assert time.monotonic() - started < Timeouts().after_finish
    until(lambda: asking_demo.streams == 0)


@pytest.mark.parametrize("via", VIA)
def test_an_end_without_done_is_a_normal_end(asking_demo: DemoServer, via: str) -> None:
    """An answer with its finish reason and without ``[DONE]`` is complete, and there is nothing to say about it."""
    reply = ask("Hello", model="demo/no-done", via=via, display="off")
    assert ("complete", []) == (reply.status, reply.notes)


def test_a_cut_after_the_finish_is_no_cut() -> None:
    """A connection that breaks when all has come costs nothing."""
    run = ended(run_of(streaming(word("all", "stop"), errors.ConnectionFailed("reset"))))
    assert ("complete", "all") == (run.reply.status, run.reply.content)


def test_a_refusal_that_stalls_is_a_refusal() -> None:
    """A server that says 503 and then nothing has refused, whatever it might still have said."""
    refused = Answer((b'{"message":"busy',), 503, {}, silent=True)
    run = ended(run_of(refused, limits=Timeouts(retries=0, after_finish=0.3)))
    assert isinstance(run.reply.error, errors.ServerBusy)


# Painting


class Broken:
    """A view that fails at a certain painting."""

    def __init__(self, at: str) -> None:
        self._at = at
        self.failures = 0

    def begin(self, stop: Callable[[], None]) -> None: ...

    def paint(self, reply: Reply, doing: object) -> None:
        if self._at == "paint" and reply.content:
            self._fail()

    def finish(self, reply: Reply) -> None:
        if self._at == "finish":
            self._fail()

    def _fail(self) -> None:
        self.failures += 1
        raise RuntimeError("the screen is gone")


@pytest.mark.parametrize("at", ["paint", "finish"])
def test_a_view_that_fails_does_not_lose_the_answer(at: str) -> None:
    """The answer is paid for: it goes on without the view, which is not called again, and a note says so."""
    view = Broken(at)
    seen = (lambda: until(lambda: view.failures)) if at == "paint" else bool
    reply = consume(run_of(streaming(word("one "), seen, word("two", "stop"), DONE)), view)
    assert ("complete", "one two", None) == (reply.status, reply.content, reply.error)
    assert ["The display failed (RuntimeError: the screen is gone); the answer is complete."] == [
        *map(str, reply.notes)
    ]
    assert 1 == view.failures


class Counting:
    """A view that remembers what it was called with."""

    def __init__(self) -> None:
        self.painted: list[str] = []
        self.finished: list[str] = []

    def begin(self, stop: Callable[[], None]) -> None: ...

    def paint(self, reply: Reply, doing: object) -> None:
        self.painted.append(reply.content)

    def finish(self, reply: Reply) -> None:
        self.finished.append(reply.content)


def test_a_fast_stream_is_painted_seldom(demo: DemoServer) -> None:
    """Thousands of tokens cost some twenty paintings a second, and the last one has them all."""
    view = Counting()
    request = ChatRequest(model="demo/fast-5000", messages=[{"role": "user", "content": "Hello"}])
    started = time.monotonic()
    reply = consume(Run(request, transport("requests"), Endpoint(demo.base_url)), view)
    seconds = time.monotonic() - started
    assert len({text for text in view.painted if text}) <= 20 * seconds + 5
    assert [reply.content] == view.finished
    assert 5000 == reply.tokens


def test_what_comes_during_the_decoding_is_not_painted_at_once() -> None:
    """However fast the chunks come, and however long one takes to decode: a painting begins 50 ms after the last."""
    view = Counting()
    steps: list[Step] = [step for _ in range(100) for step in (word("x ") * 300, lambda: time.sleep(0.008))]
    started = time.monotonic()
    consume(run_of(streaming(*steps, DONE)), view)
    seconds = time.monotonic() - started
    assert 3 < len({text for text in view.painted if text}) <= 20 * seconds + 3


def test_a_flood_of_counts_after_the_end_ends() -> None:
    """Once every choice has its finish reason, only what adds to the answer keeps the stream open."""
    counts = frame({"choices": [], "usage": {"completion_tokens": 1}})
    steps: list[Step] = [step for _ in range(1000) for step in (counts, lambda: time.sleep(0.01))]
    started = time.monotonic()
    reply = consume(run_of(streaming(word("a", "stop"), *steps, DONE), limits=Timeouts(after_finish=0.3)), Counting())
    assert ("complete", "a") == (reply.status, reply.content)
    assert 9 > time.monotonic() - started


# Many at once


@pytest.mark.parametrize("via", VIA)
def test_many_streams_are_not_mixed(asking_demo: DemoServer, via: str) -> None:
    """Twenty-four streams at once each get their own answer, and leave no stream behind."""
    prompts = [f"Prompt {number}: {'word ' * number}end." for number in range(24)]
    with ThreadPoolExecutor(len(prompts)) as pool:
        replies = list(pool.map(lambda prompt: ask(prompt, model="demo/echo", via=via, display="off"), prompts))
    for prompt, reply in zip(prompts, replies, strict=True):
        assert "complete" == reply.status
        assert reply.content.endswith(f"\n\n{prompt}")
        assert prompt in json.dumps(dict(reply.request.messages[0]))
    until(lambda: asking_demo.streams == 0)

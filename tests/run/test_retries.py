"""What is asked again, how long that waits, and what is never asked twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from sfstream import errors
from sfstream.core.config import Timeouts, settings
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.demo.server import DemoServer
from sfstream.run.ask import ask
from sfstream.run.loop import Run
from sfstream.run.retry import LONGEST_WAIT, seconds_before_retry
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.transport import transport
from tests.fake_transport import DONE, HERE, REQUEST, Answer, FakeTransport, ended, frame, run_of, streaming, word
from tests.waiting import until

BUSY = Answer((b'{"code":50505,"message":"Model service overloaded."}',), 503, {})
GOOD = streaming(word("fine", "stop"), DONE)


def busy(retry_after: str) -> Answer:
    return Answer(BUSY.steps, 503, {"retry-after": retry_after})


def told(demo: DemoServer, model: str, limits: Timeouts | None = None) -> tuple[Reply, int]:
    """The reply of a demo model, and how often it was asked."""
    before = len(demo.requests)
    request = ChatRequest(model=model, messages=[{"role": "user", "content": "Hello"}])
    run = ended(Run(request, transport("requests"), Endpoint(demo.base_url), limits))
    return run.reply, sum(seen.path.endswith("/chat/completions") for seen in demo.requests[before:])


def test_a_passing_trouble_passes_by_itself(asking_demo: DemoServer) -> None:
    """A server that is busy twice is asked three times, no more, and its answer is like any other."""
    before = len(asking_demo.requests)
    reply = ask("Hello", model="demo/busy-twice", via="requests", display="off")
    assert "complete" == reply.status
    assert reply.content
    assert (None, []) == (reply.error, reply.notes)
    assert 3 == len(asking_demo.requests) - before


def test_without_retries_it_is_asked_once(asking_demo: DemoServer) -> None:
    """The setting ``retries`` is heeded: with 0 the first refusal is the end."""
    settings["retries"] = 0
    before = len(asking_demo.requests)
    reply = ask("Hello", model="demo/busy-5", via="requests", display="off")
    assert isinstance(reply.error, errors.ServerBusy)
    assert "failed" == reply.status
    assert 1 == len(asking_demo.requests) - before


def test_the_server_says_how_long_to_wait(demo: DemoServer) -> None:
    """``Retry-After`` is waited for, neither less nor much more."""
    started = time.monotonic()
    reply, asked = told(demo, "demo/retry-after")
    assert time.monotonic() - started >= 1
    assert ("complete", 2) == (reply.status, asked)


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        ("demo/status-400", errors.RequestRefused),
        ("demo/status-401", errors.KeyRefused),
        ("demo/status-402", errors.BalanceTooLow),
        ("demo/status-403", errors.BalanceTooLow),
        ("demo/status-404", errors.NotFound),
        ("demo/status-413", errors.TooLarge),
        ("demo/status-422", errors.RequestRefused),
        ("demo/status-429-hourly", errors.RateLimited),
        ("demo/status-451", errors.RequestRefused),
        ("demo/nobody", errors.NotFound),
        ("demo/redirect", errors.RequestRefused),
    ],
)
def test_what_no_wait_helps_is_asked_once(demo: DemoServer, model: str, kind: type[errors.SfStreamError]) -> None:
    """A refusal that would only come again, a limit per hour among them, is told at once."""
    reply, asked = told(demo, model)
    assert (kind, 1) == (type(reply.error), asked)


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        ("demo/status-429", errors.RateLimited),
        ("demo/status-500", errors.ServerBusy),
        ("demo/status-503", errors.ServerBusy),
        ("demo/status-504", errors.ServerBusy),
        ("demo/close-without-answer", errors.ConnectionFailed),
    ],
)
def test_what_may_pass_is_asked_again(demo: DemoServer, model: str, kind: type[errors.SfStreamError]) -> None:
    """It is asked once and as often again as the limits say, and then told."""
    reply, asked = told(demo, model, Timeouts(retries=1))
    assert (kind, 2) == (type(reply.error), asked)
    assert reply.error
    assert reply.error.reply is reply


def test_a_connection_that_fails_is_tried_again() -> None:
    """A host that cannot be reached is tried again, and the answer that comes then is whole."""
    fake = FakeTransport(errors.ConnectionFailed("nobody there"), GOOD)
    run = ended(Run(REQUEST, fake, Endpoint(HERE)))
    assert ("complete", "fine", 2) == (run.reply.status, run.reply.content, fake.asked)


@pytest.mark.parametrize("retries", [0, 1, 5])
def test_the_limits_say_how_often(retries: int) -> None:
    """It is tried again that often, and the last refusal is the one that is told."""
    fake = FakeTransport(*[busy("0")] * retries, Answer(BUSY.steps, 504, {}))
    run = ended(Run(REQUEST, fake, Endpoint(HERE), Timeouts(retries=retries)))
    assert isinstance(run.reply.error, errors.ServerBusy)
    assert (504, retries + 1) == (run.reply.error.status_code, fake.asked)


def test_a_rate_limit_inside_a_stream_is_told_at_once() -> None:
    """What would be tried again as a status is not when it comes in a stream that has begun."""
    fake = FakeTransport(streaming(word("begun"), frame({"code": 50601, "message": "TPM limit reached."})), GOOD)
    run = ended(Run(REQUEST, fake, Endpoint(HERE)))
    assert isinstance(run.reply.error, errors.RateLimited)
    assert ("failed", "begun", 1) == (run.reply.status, run.reply.content, fake.asked)


@pytest.mark.parametrize(
    "model",
    [
        *("demo/cut-after-0", "demo/cut-after-5", "demo/cut-hard-after-5", "demo/cut-in-frame-1", "demo/reset-after-0"),
        *("demo/error-code-after-0", "demo/error-object-after-5", "demo/not-json-after-0", "demo/nothing", "demo/html"),
    ],
)
def test_nothing_is_asked_twice_once_it_has_begun(demo: DemoServer, model: str) -> None:
    """After a 200 the answer has been paid for: whatever ends it, a second request would be paid again."""
    reply, asked = told(demo, model)
    assert reply.error
    assert 1 == asked


def test_the_wait_says_why() -> None:
    """While it waits, what it is doing names the refusal and the seconds; then, which attempt it is."""
    doings: set[str] = set()
    refused = Answer(BUSY.steps, 503, {"retry-after": "0.3"}, first=lambda: until(lambda: doings))
    good = Answer(GOOD.steps, first=lambda: until(lambda: "trying again (1 of 2)" in doings))
    run = run_of(refused, good)
    for _ in run.batches(0):
        doings.add(str(run.doing))
    (why,) = (doing for doing in doings if "Trying again in" in doing)
    said = "The server could not answer: Model service overloaded. (HTTP 503, code 50505"
    assert why.startswith(f"Trying again in 0.3 s: {said}")
    assert {"connecting", why, "trying again (1 of 2)"} <= doings
    assert "" == str(run.doing)


def test_the_wait_shows_one_line_of_a_long_reason() -> None:
    """A view has one line for it."""
    reason = '{"error":"' + "the queue is full " * 40 + '\\nsecond line"}'
    run = run_of(Answer((reason.encode(),), 503, {"retry-after": "0.1"}), GOOD)
    (why,) = {str(run.doing) for _ in run.batches(0) if "Trying again in" in str(run.doing)}
    assert "The server could not answer (HTTP 503): the queue is full" in why
    assert "second line" not in why
    assert len(why) < 400


def test_the_wait_does_not_show_the_key() -> None:
    """A busy server that repeats the key does not bring it into what is shown while waiting."""
    run = run_of(Answer((b'{"message":"sk-secret is too quick"}',), 503, {"retry-after": "0.1"}), GOOD, key="sk-secret")
    doings = "".join([str(run.doing) for _ in run.batches(0)])
    assert "[the API key] is too quick" in doings
    assert "sk-secret" not in doings


def test_the_wait_gives_signs_of_life() -> None:
    """While it waits a view is called again and again, so that its clock goes on."""
    run = run_of(busy("1"), GOOD)
    batches = sum("Trying again in" in str(run.doing) for _ in run.batches(0))
    assert batches >= 2


@pytest.mark.parametrize(
    "retry_after",
    ["3600", str(LONGEST_WAIT + 1), "inf", "Fri, 31 Dec 9999 23:59:59 GMT"],
    ids=["hour", "over-a-minute", "for-ever", "date"],
)
def test_a_long_wait_is_not_waited_for(retry_after: str) -> None:
    """A server that asks for more than a minute is not asked again: the user is told instead."""
    run = ended(run_of(busy(retry_after)))
    assert isinstance(run.reply.error, errors.ServerBusy)
    assert run.reply.error.retry_after
    assert run.reply.error.retry_after > LONGEST_WAIT


@pytest.mark.parametrize(
    "retry_after", ["0", "-5", "nan", "Thu, 01 Jan 1970 00:00:00 GMT"], ids=["zero", "negative", "nan", "past-date"]
)
def test_no_wait_is_no_wait(retry_after: str) -> None:
    """A wait of 0 s, or one that is over, is none."""
    started = time.monotonic()
    assert "complete" == ended(run_of(busy(retry_after), busy(retry_after), GOOD)).reply.status
    assert time.monotonic() - started < 1  # without the header the two waits are 1.1 s at least


def test_a_date_that_cannot_be_read_is_no_wait_of_its_own() -> None:
    """Where the header makes no sense the usual wait is taken, which grows from half a second."""
    started = time.monotonic()
    assert "complete" == ended(run_of(busy("soon"), GOOD)).reply.status
    assert time.monotonic() - started >= 0.37


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(busy("50"), id="refused"),
        pytest.param(errors.ConnectionFailed("nobody there"), id="not-reached"),
    ],
)
def test_a_stop_ends_the_wait(answer: Answer | errors.SfStreamError) -> None:
    """Nobody has to wait for a wait, and nothing is asked after it."""
    run = run_of(answer, answer, busy("50"), limits=Timeouts(retries=5))
    seconds = _stopped(run, lambda: "Trying again in" in str(run.doing))
    assert seconds < 2
    assert "stopped" == run.reply.status
    assert isinstance(run.reply.error, errors.Stopped)


def _stopped(run: Run, at: Callable[[], object]) -> float:
    """Stop the run when ``at`` says so, and give the seconds from then to its end."""
    thread = threading.Thread(target=ended, args=[run])
    thread.start()
    until(at)
    started = time.monotonic()
    run.stop()
    thread.join(10)
    assert not thread.is_alive()
    return time.monotonic() - started


def with_facts(kind: type[errors.SfStreamError], **facts: object) -> errors.SfStreamError:
    error = kind("Something failed.")
    for name, value in facts.items():
        assert hasattr(error, name)
        setattr(error, name, value)
    return error


@pytest.mark.parametrize(
    ("error", "is_repeated"),
    [
        (with_facts(errors.ConnectionFailed), True),
        (with_facts(errors.ConnectionFailed, is_unreadable=True), False),
        (with_facts(errors.NotTrusted), False),
        (with_facts(errors.RateLimited, status_code=429), True),
        (with_facts(errors.RateLimited, status_code=400, code=50603), True),
        (with_facts(errors.RateLimited, status_code=429, is_long_term=True), False),
        (with_facts(errors.RateLimited, code=50601), False),
        *[(with_facts(errors.ServerBusy, status_code=status), True) for status in (408, 500, 502, 503, 504, 529)],
        *[(with_facts(errors.ServerBusy, status_code=status), False) for status in (501, 505, 599, None)],
        *[(with_facts(errors.RequestRefused, status_code=status), False) for status in (400, 422, 451)],
        (with_facts(errors.StreamCut), False),
        (with_facts(errors.MalformedStream), False),
        (with_facts(errors.UnexpectedError), False),
    ],
)
def test_the_rules(error: errors.SfStreamError, is_repeated: bool) -> None:
    """What passes by itself is asked again, unless the answer has begun."""
    assert is_repeated is (seconds_before_retry(error, attempt=0, retries=1) is not None)
    assert seconds_before_retry(error, attempt=1, retries=1) is None

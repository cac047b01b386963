"""The physics of a stream: times and cuts on request, looked at as steps, and as they come over the wire."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from sfstream.demo import prepared
from sfstream.demo.answer import Call, play
from sfstream.demo.models import find
from sfstream.demo.physics import QUANTITIES, Physics, split, with_physics
from sfstream.demo.server import DemoServer
from sfstream.demo.steps import Ending, Step, WaitUntil
from tests.demo.client import Wire, ask, asked, english, post, values_in

FRAMES = [b"role", b"one", b"two", b"three", b"finish", b"done"]
STEPS: list[Step] = [step for t, data in enumerate(FRAMES, 1) for step in (WaitUntil(t / 10), data)]


def shaped(physics: Physics, steps: list[Step] = STEPS, seed: str = "") -> list[Step]:
    return list(physics.shape(steps, seed))


def times(steps: list[Step]) -> list[float]:
    return [round(step.seconds, 6) for step in steps if isinstance(step, WaitUntil)]


def data(steps: list[Step]) -> list[bytes]:
    return [step for step in steps if isinstance(step, bytes)]


def called(name: str, *, stream: bool = True) -> Call:
    base, physics = split(name)
    found = find(base)
    assert found
    return Call(name, found[1], 1, asked(name, stream=stream), "", 1, physics)


def test_nothing_is_asked_for() -> None:
    """The steps stay as they are."""
    assert STEPS == shaped(Physics())


def test_the_first_token_has_its_time() -> None:
    """The frame before it comes along, and the gaps after it stay."""
    assert [2.0, 2.0, 2.1, 2.2, 2.3, 2.4] == times(shaped(Physics(first=2)))
    assert [0, 0, 0.1, 0.2, 0.3, 0.4] == times(shaped(Physics(first=0)))


def test_the_rate_is_that_after_the_first_token() -> None:
    """The time of the first token stays, unless it is asked for too."""
    assert [0.1, 0.2, 0.25, 0.3, 0.35, 0.4] == times(shaped(Physics(rate=20)))
    assert [2, 2, 2.05, 2.1, 2.15, 2.2] == times(shaped(Physics(first=2, rate=20)))


def test_jitter_varies_the_gaps() -> None:
    """Each by at most that share, differently, and the first token keeps its time."""
    steps: list[Step] = [step for t in range(300) for step in (WaitUntil(t / 10), b"x")]
    found = times(shaped(Physics(jitter=0.5), steps))
    gaps = [after - before for before, after in itertools.pairwise(found[1:])]
    assert [0, 0.1] == found[:2]
    assert 0.05 <= min(gaps) < 0.06
    assert 0.14 < max(gaps) <= 0.15
    assert 0.1 == pytest.approx(sum(gaps) / len(gaps), abs=0.01)


def test_the_same_request_has_the_same_times() -> None:
    """Another request has others."""
    physics = Physics(jitter=1)
    assert shaped(physics, seed="a") == shaped(physics, seed="a")
    assert shaped(physics, seed="a") != shaped(physics, seed="b")
    call = called("demo/english+jitter-0.5")
    other = replace(call, body=asked(call.model, "Another"))
    recording = prepared.recording("english")
    one, two, three = (list(play(recording, each).body) for each in (call, call, other))
    assert one == two != three


@pytest.mark.parametrize("size", [1, 4, 7, 1000])
def test_chunks_have_their_size(size: int) -> None:
    """All but the last; nothing is lost, and each is sent when its last byte is there."""
    cut = shaped(Physics(chunk=size))
    assert {size} >= {len(each) for each in data(cut)[:-1]}
    assert b"".join(FRAMES) == b"".join(data(cut))
    assert [0.1, 0.2, 0.3, 0.4, 0.5, 0.6] == times(cut)
    if size == 7:
        assert [WaitUntil(0.1), WaitUntil(0.2), b"roleone", WaitUntil(0.3), WaitUntil(0.4), b"twothre"] == cut[:6]


def test_an_ending_comes_after_what_came_before_it() -> None:
    """In the same distance, and nothing is held back; an empty piece, which sends the head, comes through."""
    steps: list[Step] = [b"", b"role", b"one", b"two", WaitUntil(0.1), Ending.RESET]
    found = shaped(Physics(first=2, rate=2, chunk=64), steps)
    assert [b"", b"roleonetwo"] == data(found)
    assert [2, 2, 2.5, 3, 3.1] == times(found)
    assert [b"roleonetwo", Ending.RESET] == found[-2:]


@pytest.mark.parametrize(
    ("name", "base", "physics"),
    [
        ("demo/english", "demo/english", Physics()),
        ("demo/chat+first-2+rate-20+jitter-0.5+chunk-64", "demo/chat", Physics(2, 20, 0.5, 64)),
        ("demo/cut-after-5+rate-0.1", "demo/cut-after-5", Physics(rate=0.1)),
        ("a+chunk-1+first-0", "a", Physics(first=0, chunk=1)),
    ],
)
def test_names_are_read(name: str, base: str, physics: Physics) -> None:
    """The parts may stand in any order."""
    assert (base, physics) == split(name)


def test_names_are_written() -> None:
    """As they are read, for every bound."""
    for values in ({each.name: bound for each in QUANTITIES} for bound in (1, 0.125)):
        assert with_physics("demo/chat", values) == "demo/chat" + "".join(
            f"+{name}-{n:g}" for name, n in values.items()
        )
    assert "demo/chat+rate-10000+chunk-65536" == with_physics("demo/chat", {"chunk": 65536.0, "rate": 10_000})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("demo/english+speed-2", "There is no part 'speed-2'; expected +first-N, +rate-N, +jitter-N, +chunk-N."),
        ("demo/english+", "There is no part ''"),
        ("demo/english+rate", "There is no part 'rate'"),
        ("demo/english+rate--1", "There is no part 'rate--1'"),
        ("demo/english+rate-1e3", "There is no part 'rate-1e3'"),
        ("demo/english+rate-0", "The part 'rate-0' is out of range; expected a number from 0.1 to 10,000 tokens a"),
        ("demo/english+first-121", "out of range; expected a number from 0 to 120 seconds"),
        ("demo/english+jitter-1.1", "out of range; expected a number from 0 to 1."),
        ("demo/english+chunk-0", "out of range; expected a whole number from 1 to 65,536 bytes"),
        ("demo/english+chunk-1.5", "out of range; expected a whole number"),
        ("demo/english+rate-1+rate-2", "The part rate is there twice."),
        ("demo/nothing-here+rate-1", "Please check it carefully."),
    ],
)
def test_a_wrong_part_is_refused(demo: DemoServer, name: str, said: str) -> None:
    """As a model that does not exist, and with what is wrong."""
    response = ask(demo, name)
    refusal: dict[str, Any] = response.json()
    assert (400, 20012) == (response.status_code, refusal["code"])
    assert said in refusal["message"]


def test_over_the_wire(demo: DemoServer) -> None:
    """The pieces of HTTP are those of the steps; the answer has the name that was asked for."""
    name = "demo/english+first-0+rate-10000+chunk-100"
    with Wire(demo, name) as wire:
        wire.head()
        chunks = list(iter(wire.chunk, b""))
    assert {100} == {len(chunk) for chunk in chunks[:-1]}
    body = b"".join(chunks)
    assert {name} == {value["model"] for value in values_in(body)}
    assert len(english()) - 1 == len(values_in(body))


def test_faults_have_physics_too() -> None:
    """What comes before the fault comes at the rate."""
    call = called("demo/stall-after-3+first-1+rate-2")
    found = find("demo/stall-after-3")
    assert found
    steps = list(found[0].answer(call).body)
    assert [1, 1, 1.5, 2] == times(steps)[:4]  # type: ignore[arg-type]  # the body is steps and not bytes
    assert Ending.SILENCE is steps[-1]


def test_without_stream_the_answer_comes_when_the_stream_would_end() -> None:
    """So the same call with and without ``stream`` can be compared."""
    recording = prepared.recording("english")
    wait, body = play(recording, called("demo/english+first-1+rate-10", stream=False)).body
    assert isinstance(wait, WaitUntil)
    assert isinstance(body, bytes)
    assert pytest.approx(1 + (len(recording.chunks) - 2) / 10) == wait.seconds


def test_a_plain_completion_with_physics_is_whole(demo: DemoServer) -> None:
    """It is the one without physics, but for the name."""
    name = "demo/english+first-0+rate-10000"
    slow, plain = (post(demo, asked(each, stream=False)).json() for each in (name, "demo/english"))
    assert slow["choices"] == plain["choices"]
    assert name == slow["model"]

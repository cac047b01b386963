"""Every fault of a network, for every transport: what had come is kept, the end is told, nothing hangs or is left.

A few hundred runs; ``python -m tests.bench faults`` makes more than ten thousand.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from sfstream.errors import SfStreamError
from sfstream.run.retry import seconds_before_retry
from sfstream.wire.transport import VIA
from tests.faults.schedule import Damage, Schedule, any_schedule
from tests.faults.server import FaultServer
from tests.faults.truth import CONTENT, FRAMINGS, REASONING, State, truth
from tests.faults.verdict import tried

every_transport = pytest.mark.parametrize("via", VIA)
FRAMES = truth("frames")
PLACES = [
    *range(0, FRAMES.head_size, 13),
    *range(FRAMES.head_size, FRAMES.head_size + 8),
    *range(150, len(FRAMES.data), 101),
    *range(len(FRAMES.data) - 36, len(FRAMES.data), 5),  # the last frame, and the end of the body
]
"""Places of a fault: a part of them here, each single byte in the benchmark."""


@pytest.fixture
def server(via: str) -> Iterator[FaultServer]:
    """The server, and a transport that has imported what it needs."""
    with FaultServer() as running:
        tried(via, running, Schedule())
        yield running


def check(via: str, server: FaultServer, *schedules: Schedule) -> None:
    """Play them all; the first that goes wrong is told as what can be played again."""
    for schedule in schedules:
        complaints = tried(via, server, schedule).complaints
        assert () == complaints, f"{schedule!r} through {via}"


@every_transport
@pytest.mark.parametrize("framing", FRAMINGS)
def test_without_a_fault_all_of_it_comes(via: str, server: FaultServer, framing: str) -> None:
    """However the body is put into HTTP."""
    schedules = [Schedule(framing=each) for each in FRAMINGS if each == framing]
    reply = tried(via, server, schedules[0]).reply
    assert ("complete", "".join(CONTENT), "".join(REASONING)) == (reply.status, reply.content, reply.reasoning)


@every_transport
def test_a_cut_anywhere(via: str, server: FaultServer) -> None:
    """Head and body, between frames and inside characters."""
    check(via, server, *(Schedule("cut", place) for place in PLACES))


@every_transport
def test_a_cut_where_nothing_says_how_long_the_body_is(via: str, server: FaultServer) -> None:
    """Only the stream itself can tell that it is not whole."""
    size = len(truth("until-close").data)
    check(via, server, *(Schedule("cut", place, framing="until-close") for place in range(100, size, 199)))


@every_transport
def test_a_reset_anywhere(via: str, server: FaultServer) -> None:
    """At once, and after a pause in which what came before is read."""
    check(via, server, *(Schedule("reset", place) for place in PLACES[::3]))
    check(via, server, *(Schedule("reset", place, delays=(place - 1,)) for place in PLACES[1::6]))


@every_transport
def test_silence_anywhere(via: str, server: FaultServer) -> None:
    """It is told when the patience is at its end; after the finish reason nothing is missing."""
    check(via, server, *(Schedule("silence", place) for place in (0, 60, FRAMES.head_size, 2000, len(FRAMES.data) - 9)))


@every_transport
def test_every_byte_alone(via: str, server: FaultServer) -> None:
    """A packet for each byte changes nothing, nor do pauses, in whichever framing."""
    check(via, server, *(Schedule(framing=framing, size=1) for framing in FRAMINGS))
    check(via, server, *(Schedule(delays=(place, place + 7)) for place in PLACES[::9]))


@every_transport
def test_any_faults_together(via: str, server: FaultServer) -> None:
    """Bytes turned, put in and taken out too: whatever came before the first of them is kept."""
    dice = random.Random(5)
    check(via, server, *(any_schedule(dice) for _ in range(60)))


def test_a_fault_is_seen() -> None:
    """The truth is strict: what must have come grows frame by frame, and what may have come is at most one ahead."""
    for framing in FRAMINGS:
        whole = truth(framing)
        assert State() == whole.most(whole.head_size)
        assert State("".join(CONTENT), "".join(REASONING), finished=True) == whole.least(len(whole.data))
        for size in range(len(whole.data)):
            assert whole.most(size).content.startswith(whole.least(size).content)


def test_a_wrong_text_is_told() -> None:
    """A run whose text is not what was sent is complained of: one that is damaged in silence, for example."""
    place = FRAMES.data.index("诺贝尔".encode())
    damaged = Schedule(damage=(Damage(place, 3, "若".encode()),))
    with FaultServer() as server:
        tried("requests", server, damaged)
        reply = tried("requests", server, damaged).reply
    assert reply.content == "".join(CONTENT).replace("诺", "若")
    assert not truth("frames").most(len(FRAMES.data)).content.startswith(reply.content)


@every_transport
@pytest.mark.parametrize("damage", [Damage(5, 50), Damage(0, 15, b"0\r\n\r\n"), Damage(9, 3, b"2x0"), Damage(0, 5)])
def test_a_head_that_is_none_is_told(via: str, server: FaultServer, damage: Damage) -> None:
    """What does not begin as an answer of HTTP does is a failed connection, and named as one."""
    verdict = tried(via, server, Schedule("cut", 1928, damage=(damage,)))
    assert () == verdict.complaints
    assert "failed" == verdict.reply.status


@pytest.mark.parametrize("via", ["openai", "curl"])  # http.client takes the end of a connection for that of the head
def test_a_head_that_is_cut_is_no_answer(via: str, server: FaultServer) -> None:
    """So it may be asked again: nothing of the answer had come."""
    reply = tried(via, server, Schedule("cut", FRAMES.head_size - 20)).reply
    assert "failed" == reply.status
    assert isinstance(reply.error, SfStreamError)
    assert seconds_before_retry(reply.error, attempt=0, retries=1)

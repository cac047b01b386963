"""How often Python changes threads while answers come, and afterwards."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

import sfstream
from sfstream.demo.server import DemoServer
from sfstream.wire.switching import INTERVAL, switching_often

BEFORE = 0.004


@pytest.fixture(autouse=True)
def interval() -> Iterator[None]:
    """An interval that is nobody's default."""
    default = sys.getswitchinterval()
    sys.setswitchinterval(BEFORE)
    yield
    sys.setswitchinterval(default)


def test_it_is_more_often_while_an_answer_comes(asking_demo: DemoServer) -> None:
    """So that busy threads do not keep the one that reads from what it has to write; then it is as before."""
    with sfstream.stream("hi", model="demo/rate-100") as events:
        next(iter(events))
        assert sys.getswitchinterval() == INTERVAL
    assert sys.getswitchinterval() == BEFORE
    sfstream.chat("What is streaming?", model="demo/chat", display="off")
    assert sys.getswitchinterval() == BEFORE


def test_the_last_of_several_sets_it_back() -> None:
    """Whichever has begun first."""
    one, other = ExitStack(), ExitStack()
    one.enter_context(switching_often())
    other.enter_context(switching_often())
    one.close()
    assert sys.getswitchinterval() == INTERVAL
    other.close()
    assert sys.getswitchinterval() == BEFORE


@pytest.mark.parametrize("wanted", [2 * BEFORE, INTERVAL / 2])
def test_what_is_set_meanwhile_stays(wanted: float) -> None:
    with switching_often():
        sys.setswitchinterval(wanted)
    assert sys.getswitchinterval() == wanted


def test_what_is_shorter_stays() -> None:
    sys.setswitchinterval(INTERVAL / 2)
    with switching_often():
        assert sys.getswitchinterval() == INTERVAL / 2
    assert sys.getswitchinterval() == INTERVAL / 2

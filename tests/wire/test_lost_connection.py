"""A connection that is lost: what had come whole is kept, and says more than the loss does."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from sfstream import errors
from sfstream.core.config import Timeouts, settings
from sfstream.core.reply import Reply
from sfstream.run.ask import ask
from sfstream.wire.connect import clock
from tests.fake_transport import DONE, Step, ended, frame, run_of, silent, streaming, word

LOST = errors.StreamCut("The connection was lost.")


def after(*steps: Step) -> Reply:
    """The reply where the connection is lost after these bytes."""
    return ended(run_of(streaming(*steps, LOST))).reply


@pytest.mark.parametrize("end", [b"\n\n", b"\n", b""], ids=["blank", "newline", "nothing"])
def test_a_frame_that_is_whole_counts(tmp_path: Path, end: bytes) -> None:
    """Its blank line is not needed, and the loss is what is told; a replay says the same."""
    reply = after(word("a"), word("b").rstrip() + end)
    assert ("cut", "ab", LOST) == (reply.status, reply.content, reply.error)
    reply.save(tmp_path / "cut.jsonl")
    again = ask(replay=tmp_path / "cut.jsonl", speed="max", display="off")
    assert ("cut", "ab") == (again.status, again.content)


def test_a_frame_that_is_not_whole_does_not() -> None:
    """Nor is it an error."""
    reply = after(word("a"), word("b")[:-20])
    assert ("cut", "a", LOST) == (reply.status, reply.content, reply.error)


def test_an_error_that_came_before_is_told() -> None:
    """It says why."""
    reply = after(word("a"), json.dumps({"code": 50505, "message": "overloaded"}, indent=1).encode())
    assert isinstance(reply.error, errors.ServerBusy)
    assert ("failed", "a") == (reply.status, reply.content)


def test_a_plain_completion_is_kept() -> None:
    """A server that did not stream, and lost the connection at its end."""
    reply = after(json.dumps({"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}]}).encode())
    assert isinstance(reply.error, errors.MalformedStream)
    assert "Hi" == reply.content


def test_where_nothing_came_the_loss_is_all() -> None:
    """There is nothing else to say."""
    assert LOST is after().error


# The end of what is not lost


def test_a_tool_call_is_no_end() -> None:
    """Some servers run the tools themselves, and go on: ``between`` says how long that may take."""
    called = frame({"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]})
    steps = (word("a"), called, lambda: time.sleep(0.5), word("b", "stop"), DONE)
    reply = ended(run_of(streaming(*steps), limits=Timeouts(after_finish=0.2))).reply
    assert ("complete", "ab", []) == (reply.status, reply.content, reply.notes)
    begun = clock()
    reply = ended(run_of(silent(word("a"), called), limits=Timeouts(between=0.3, after_finish=20))).reply
    assert ("complete", ["The stream ended without [DONE]."]) == (reply.status, [*map(str, reply.notes)])
    assert clock() - begun < 10


def test_a_slow_replay_loses_nothing(tmp_path: Path) -> None:
    """What came after the finish reason comes later, but it comes."""
    counts = frame({"choices": [], "usage": {"completion_tokens": 1}})
    steps = (word("a", "stop"), lambda: time.sleep(0.1), counts, DONE)
    ended(run_of(streaming(*steps))).reply.save(tmp_path / "slow.jsonl")
    settings["after_finish"] = 0.1
    reply = ask(replay=tmp_path / "slow.jsonl", speed=0.2, display="off")
    assert ("complete", 1) == (reply.status, reply.tokens)

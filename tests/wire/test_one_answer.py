"""Which choices are one answer, and when an answer is at its end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sfstream
from sfstream import errors
from sfstream.core.config import Timeouts
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.run.loop import Run
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.inspect import traced
from tests.fake_transport import DONE, HERE, REQUEST, FakeTransport, Step, ended, frame, run_of, silent, streaming


def choice(index: Any, finish: str | None = None, **delta: Any) -> dict[str, Any]:
    return {"index": index, "delta": delta, "finish_reason": finish}


def chunk(*choices: dict[str, Any]) -> bytes:
    return frame({"choices": choices})


def said(index: Any, text: str, finish: str | None = None) -> bytes:
    return chunk(choice(index, finish, content=text))


def thought(index: Any, text: str, finish: str | None = None) -> bytes:
    return chunk(choice(index, finish, reasoning_content=text))


STOP = chunk(choice(0, "stop"))

ONE: dict[str, list[bytes]] = {
    "counted": [thought(0, "Hm"), said(1, "a"), said(2, "b"), said(3, "c"), chunk(choice(4, "stop"))],
    "thoughts-on-0": [thought(0, "Hm"), said(1, "a"), said(1, "bc"), chunk(choice(1, "stop"))],
    "thoughts-on-0-with-an-end": [thought(0, "H"), thought(0, "m", "stop"), said(1, "abc", "stop")],
    "thoughts-on-1": [thought(1, "Hm"), said(0, "abc"), STOP],
    "back-and-forth": [thought(1, "H"), said(0, "a"), thought(1, "m"), said(0, "bc"), STOP],
    "always-1": [thought(1, "Hm"), said(1, "abc"), chunk(choice(1, "stop"))],
    "end-on-another": [thought(0, "Hm"), said(0, "abc"), chunk(choice(7, "stop"))],
    "texts": [thought("0", "Hm"), said("1", "a"), said("x", "bc"), STOP],
    "negative": [thought(-1, "Hm"), said(-1, "abc"), chunk(choice(-1, "stop"))],
    "both-in-one-frame": [chunk(choice(0, reasoning_content="Hm"), choice(1, content="a")), said(1, "bc"), STOP],
    "same-index-in-one-frame": [thought(0, "Hm"), chunk(choice(0, content="a"), choice(0, content="bc")), STOP],
    "empty-second-choice": [thought(0, "Hm"), chunk(choice(0, content="a"), choice(1)), said(0, "bc"), STOP],
    "no-done": [thought(0, "Hm"), said(1, "abc", "stop")],
}


@pytest.mark.parametrize("pieces", ONE.values(), ids=ONE)
@pytest.mark.parametrize("end", [DONE, b""], ids=["done", "no-done"])
def test_one_answer_whatever_the_indices(pieces: list[bytes], end: bytes, tmp_path: Path) -> None:
    """All of the text in order, and nothing to remark on; replayed and in the wire view too."""
    run = ended(run_of(streaming(*pieces, end)))
    check_one(run.reply)
    run.reply.save(tmp_path / "answer.jsonl")
    check_one(sfstream.chat(replay=tmp_path / "answer.jsonl", speed="max", display="off"))
    inspection = traced(run.reply).inspection
    assert "" == inspection.error
    assert "abc" == "".join(getattr(event, "content", "") for each in inspection.frames for event in each.events)


def check_one(reply: Reply) -> None:
    assert ("complete", "abc", "Hm", []) == (reply.status, reply.content, reply.reasoning, reply.notes)


def test_tool_calls_on_another_choice() -> None:
    """They belong to the answer as well."""
    call = {"index": 0, "id": "1", "function": {"name": "f", "arguments": "{}"}}
    reply = ended(run_of(streaming(said(0, "abc"), chunk(choice(1, "tool_calls", tool_calls=[call])), DONE))).reply
    assert ("complete", "abc", ["f"], []) == (
        reply.status,
        reply.content,
        [call.name for call in reply.tool_calls],
        reply.notes,
    )


@pytest.mark.parametrize("asked", [2, 3, 5])
def test_choices_that_were_asked_for(asked: int, tmp_path: Path) -> None:
    """With ``n`` the index separates them, also in a replay and where the wire is inspected."""
    request = ChatRequest.from_body({"model": "m", "messages": REQUEST.messages, "n": asked})
    pieces = [said(index, f"{text}{index}") for text in "ab" for index in range(asked)]
    ends = [chunk(choice(index, "stop")) for index in range(asked)]
    run = ended(Run(request, FakeTransport(streaming(*pieces, *ends, DONE)), Endpoint(HERE)))
    run.reply.save(tmp_path / "answer.jsonl")
    for reply in (run.reply, sfstream.chat(replay=tmp_path / "answer.jsonl", speed="max", display="off")):
        assert ("complete", "a0b0") == (reply.status, reply.content)
        assert [f"The server sent {asked} choices; this is the first."] == [*map(str, reply.notes)]
    indices = {getattr(event, "index", 0) for each in traced(run.reply).inspection.frames for event in each.events}
    assert set(range(asked)) == indices


def test_choices_that_were_not_asked_for() -> None:
    """Several that speak in one frame are different choices, then and afterwards."""
    both = chunk(choice(0, content="a"), choice(1, content="x"))
    reply = ended(run_of(streaming(both, said(1, "y"), said(0, "b"), STOP, chunk(choice(1, "stop")), DONE))).reply
    assert ("complete", "ab") == (reply.status, reply.content)
    assert ["The server sent 2 choices; this is the first."] == [*map(str, reply.notes)]


# The end


def pause(seconds: float) -> Step:
    return lambda: time.sleep(seconds)


def with_pauses(*pieces: bytes, seconds: float = 0.5) -> Iterator[Step]:
    """The pieces, with a silence after each that is longer than `Timeouts.after_finish` of these tests."""
    for piece in pieces:
        yield piece
        yield pause(seconds)


EARLY: dict[str, list[bytes]] = {
    "on-every-thought": [thought(0, "H", "stop"), thought(0, "m", "stop"), said(0, "abc", "stop")],
    "on-an-empty-frame": [chunk(choice(0, "stop")), thought(0, "Hm"), said(0, "abc", "stop")],
    "before-the-text": [thought(0, "Hm"), chunk(choice(0, "stop", content="")), said(0, "abc", "stop")],
    "on-the-role": [chunk(choice(0, "stop", role="assistant")), thought(0, "Hm", "stop"), said(0, "abc", "stop")],
    "other-words": [thought(0, "Hm", "eos"), said(0, "abc", "end_turn")],
}


@pytest.mark.parametrize("pieces", EARLY.values(), ids=EARLY)
def test_a_finish_reason_before_the_content_is_no_end(pieces: list[bytes]) -> None:
    """However long the model is silent, up to ``between``."""
    run = ended(run_of(streaming(*with_pauses(*pieces), DONE), limits=Timeouts(between=5, after_finish=0.2)))
    assert ("complete", "abc", "Hm") == (run.reply.status, run.reply.content, run.reply.reasoning)


def test_text_after_a_finish_reason_is_not_the_last() -> None:
    """A silence after it is one in mid-answer, and an end without another finish reason is a cut."""
    pieces = said(0, "a", "stop"), said(0, "b"), said(0, "c", "stop")
    steps = [pieces[0], pieces[1], pause(0.5), pieces[2], DONE]
    run = ended(run_of(streaming(*steps), limits=Timeouts(between=5, after_finish=0.2)))
    assert ("complete", "abc") == (run.reply.status, run.reply.content)
    run = ended(run_of(streaming(*pieces[:2])))
    assert ("cut", "ab") == (run.reply.status, run.reply.content)
    run = ended(run_of(silent(*pieces[:2]), limits=Timeouts(between=0.3, after_finish=0.2)))
    assert isinstance(run.reply.error, errors.StreamStalled)


def test_a_limit_is_an_end_without_content() -> None:
    """A model that thinks until its tokens are used up says no more."""
    begun = time.monotonic()
    run = ended(run_of(silent(thought(0, "Hm", "length")), limits=Timeouts(between=20, after_finish=0.2)))
    assert ("length", "Hm") == (run.reply.status, run.reply.reasoning)
    assert time.monotonic() - begun < 10


def test_thoughts_alone_end_with_the_patience() -> None:
    """A connection that stays open after them is left after ``between``."""
    run = ended(run_of(silent(thought(0, "Hm", "stop")), limits=Timeouts(between=0.4, after_finish=0.1)))
    assert ("complete", "Hm") == (run.reply.status, run.reply.reasoning)


@pytest.mark.parametrize("last", [b"", b": bye\n\n", frame({"choices": [], "usage": {"completion_tokens": 1}})])
def test_the_end_of_the_body_after_a_finish_reason_is_normal(last: bytes) -> None:
    """Without ``[DONE]`` nothing is missing."""
    reply = ended(run_of(streaming(said(0, "abc"), STOP, last))).reply
    assert ("complete", "abc", []) == (reply.status, reply.content, reply.notes)

"""Frames and members that are not what they should be: skipped and counted, and the answer is whole."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from sfstream import errors
from sfstream.core.events import Delta
from sfstream.core.reply import Reply
from sfstream.wire.completion import CompletionDecoder
from sfstream.wire.inspect import inspect
from tests.fake_transport import DONE, ended, frame, run_of, silent, streaming, word


def shown(*pieces: bytes) -> Reply:
    """The reply that these bytes make."""
    return ended(run_of(streaming(*pieces))).reply


def choice(delta: Any = None, finish: str | None = None, **more: Any) -> bytes:
    return frame({"choices": [{"index": 0, "delta": delta or {}, "finish_reason": finish} | more]})


def around(*odd: bytes) -> Reply:
    """The reply of a whole answer with odd frames in its middle."""
    return shown(word("Hello"), *odd, word(" you"), choice(finish="stop"), DONE)


def notes(reply: Reply) -> list[str]:
    return [*map(str, reply.notes)]


ODD = {
    "null": b"data: null\n\n",
    "comment": b"data: : OPENROUTER PROCESSING\n\n",
    "ping": b"data: ping\n\n",
    "ping-event": b'event: ping\ndata: {"type": "ping"}\n\n',
    "event-alone": b"event: heartbeat\ndata: 1720000000\n\n",
    "number": b"data: 0\n\n",
    "float": b"data: 1.5\n\n",
    "true": b"data: true\n\n",
    "list": b"data: []\n\n",
    "list-of-numbers": b"data: [1, 2]\n\n",
    "empty-object": b"data: {}\n\n",
    "empty-string": b'data: ""\n\n',
    "ping-string": b'data: "ping"\n\n',
    "comment-string": b'data: ": OPENROUTER PROCESSING"\n\n',
    "ok-string": b'data: "OK"\n\n',
    "cut-json": b'data: {"choices":[{"delta":{"conte\n\n',
    "python": b"data: {'choices': [{'delta': {}}]}\n\n",
    "html": b"data: <html>\n\n",
    "text": b"data: Processing, please wait\n\n",
    "unknown-object": b'data: {"type": "status", "progress": 0.5}\n\n',
    "heartbeat-object": b'data: {"heartbeat": true}\n\n',
    "error-null": b'data: {"error": null}\n\n',
    "error-empty": b'data: {"error": {}}\n\n',
    "error-false": b'data: {"error": false}\n\n',
    "error-blank": b'data: {"error": ""}\n\n',
    "code-0": b'data: {"code": 0}\n\n',
    "choices-number": b'data: {"choices": 1}\n\n',
    "choices-text": b'data: {"choices": "none"}\n\n',
    "choices-empty-object": b'data: {"choices": {}}\n\n',
    "choice-null": b'data: {"choices": [null]}\n\n',
    "choice-number": b'data: {"choices": [1]}\n\n',
    "choice-text": b'data: {"choices": ["a"]}\n\n',
    "delta-number": choice(5),
    "delta-true": choice(True),
    "unknown-delta": choice({"audio": {"data": "AAAA"}}),
    "content-object": choice({"content": {"image": "AAAA"}}),
    "usage-text": b'data: {"choices": [{"index": 0, "delta": {}}], "usage": "none"}\n\n',
    "content-part-null": choice({"content": [{"type": "image_url", "image_url": {}}]}),
    "tool-calls-null": choice({"tool_calls": [None]}),
    "tool-calls-object": choice({"tool_calls": {}}),
    "tool-calls-text": choice({"tool_calls": "none"}),
    "tool-calls-numbers": choice({"tool_calls": [1, "f", [], {}]}),
    "line": b"upstream: still working\n\n",
    "lines": b"one\ntwo\n\n",
    "number-line": b"12\n\n",
    "object-line": b'{"status": "working"}\n\n',
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_frame_costs_nothing(odd: bytes) -> None:
    """The answer is complete, and the note counts the frame once, however often it comes."""
    reply = around(odd)
    assert ("complete", "Hello you", None, []) == (reply.status, reply.content, reply.error, reply.tool_calls)
    assert ["1 frame was not understood."] == notes(reply)
    three = around(odd, word("x"), odd, word("x"), odd)
    assert ("complete", "Helloxx you") == (three.status, three.content)
    assert ["3 frames were not understood."] == notes(three)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_frame_at_the_beginning(odd: bytes) -> None:
    """It may come before the answer as well, and be the last before the end."""
    reply = shown(odd, word("Hello"), choice(finish="stop"), odd, DONE)
    assert ("complete", "Hello") == (reply.status, reply.content)
    assert ["2 frames were not understood."] == notes(reply)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_frame_without_blank_lines(odd: bytes) -> None:
    """Servers that leave out the blank lines lose nothing either."""
    stream = b"".join([word("Hello"), odd, word(" you"), choice(finish="stop"), DONE]).replace(b"\n\n", b"\n")
    reply = shown(stream)
    if b"event:" not in odd:  # the name would be that of all frames
        assert ("complete", "Hello you") == (reply.status, reply.content)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_the_wire_view_shows_an_odd_frame(odd: bytes) -> None:
    """As ``other``, with its bytes, and without events."""
    reply = around(odd)
    assert reply.recording is not None
    kinds = [each.kind for each in inspect(reply.recording).frames]
    assert ["content", "other", "content", "finish", "done"] == kinds


def test_the_note_comes_at_every_end(caplog: pytest.LogCaptureFixture) -> None:
    """Complete, cut, failed and stopped; each frame is told to the logger in part."""
    caplog.set_level(logging.DEBUG, "sfstream")
    null, long = ODD["null"], b'data: {"odd": "' + b"x" * 5000 + b'"}\n\n'
    cut = shown(word("Hello"), null, long)
    assert ("cut", ["2 frames were not understood."]) == (cut.status, notes(cut))
    assert "Not understood: null" in str(cut.error)
    failed = shown(word("Hello"), null, frame({"error": {"message": "out of luck"}}))
    assert ("failed", ["1 frame was not understood."]) == (failed.status, notes(failed))
    run = run_of(silent(word("Hello"), null))
    for events in run.batches(0):
        run.stop() if events else None
    assert ("stopped", ["1 frame was not understood."]) == (run.reply.status, notes(run.reply))
    lines = [record.getMessage() for record in caplog.records if "not understood" in record.getMessage()]
    assert ["Frame 2 was not understood: null", True] == [lines[0], lines[1].startswith("Frame 3 was not unders")]
    assert all(len(line) < 500 for line in lines)


QUIET = {
    "azure": frame({"choices": [], "id": "", "model": "", "prompt_filter_results": [{"prompt_index": 0}]}),
    "usage-alone": frame({"id": "1", "usage": {"completion_tokens": 3}}),
    "openrouter-comment": b": OPENROUTER PROCESSING\n\n",
    "vllm-role": choice({"role": "assistant", "content": "", "reasoning": None, "tool_calls": []}),
    "all-null": choice({"content": None, "refusal": None, "function_call": None, "tool_calls": None, "audio": None}),
    "unknown-null": choice({"audio": None, "annotations": []}),
    "nothing-known": frame({"id": None, "created": None, "model": None, "choices": [{"index": 0, "delta": None}]}),
    "timings": frame({"choices": [{"index": 0, "delta": {}}], "timings": {"predicted_ms": 3.5}}),
    "event-alone": b"event: open\ndata:\n\n",
    "retry": b"retry: 3000\nid: 7\n\n",
}


@pytest.mark.parametrize("quiet", QUIET.values(), ids=QUIET)
def test_what_servers_send_usually_is_no_odd_frame(quiet: bytes) -> None:
    """There is no note on a frame that holds nothing of the answer and nothing of another type."""
    reply = shown(quiet, word("Hello"), quiet, choice(finish="stop"), quiet, DONE)
    assert ("complete", "Hello", []) == (reply.status, reply.content, reply.notes)


def test_an_error_behind_another_object_is_one() -> None:
    """Also where both stand in one frame."""
    reply = shown(word("Hello").strip() + b'{"error": {"message": "boom"}}\n\n', DONE)
    assert ("failed", "Hello") == (reply.status, reply.content)
    assert "boom" in str(reply.error)


USABLE = {"index": 0, "delta": {"content": "Hello"}}
NO_ERROR = [
    {"error": None},
    {"error": {}},
    {"error": ""},
    {"error": False},
    {"error": 0},
    {"error": []},
    {"code": 0},
    {"code": 200, "message": "success"},
    {"code": 20000, "message": "OK"},
    {"message": "success"},
    {"msg": "ok", "success": True},
    {"detail": "fine"},
    {"status": 200, "choices": [USABLE]},
    {"object": "chat.completion", "warnings": ["deprecated"]},
]


@pytest.mark.parametrize("more", NO_ERROR, ids=json.dumps)
def test_a_chunk_with_choices_is_a_chunk(more: dict[str, Any]) -> None:
    """Whatever else it holds, and nothing about it is remarked on."""
    reply = shown(frame({"choices": [USABLE]} | more), choice(finish="stop"), DONE)
    assert ("complete", "Hello", []) == (reply.status, reply.content, reply.notes)


ERRORS = {
    "error-with-choices": frame(
        {"choices": [{"index": 0, "delta": {"content": " you"}}], "error": {"message": "boom"}}
    ),
    "error-text-with-choices": frame({"choices": [{"index": 0, "delta": {"content": " you"}}], "error": "boom"}),
    "error-in-the-choice": choice({"content": " you"}, error={"code": 500, "message": "boom"}),
}


@pytest.mark.parametrize("odd", ERRORS.values(), ids=ERRORS)
def test_the_text_beside_an_error_is_kept(odd: bytes) -> None:
    """And the error is raised."""
    reply = shown(word("Hello"), odd, DONE)
    assert ("failed", "Hello you") == (reply.status, reply.content)
    assert isinstance(reply.error, errors.ServerRefusal)
    assert "boom" in str(reply.error)


@pytest.mark.parametrize("choices", [[], None, {}, [None], [{}], "none", 0], ids=json.dumps)
def test_an_error_without_usable_choices_is_one(choices: Any) -> None:
    """However the choices are left out."""
    reply = shown(word("Hello"), frame({"choices": choices, "code": 50505, "message": "overloaded"}), DONE)
    assert isinstance(reply.error, errors.ServerBusy)


def test_nothing_usable_shows_what_came() -> None:
    """Also if the server ended as it should: the frames that were not understood, cut to an excerpt."""
    for end in ([], [DONE], [choice(finish="stop"), DONE]):
        reply = shown(choice({"reply": "Hello"}), choice({"reply": "x" * 9000}), *end)
        assert isinstance(reply.error, errors.MalformedStream)
        assert '"reply": "Hello"' in str(reply.error)
        assert len(str(reply.error)) < 600
        assert ["2 frames were not understood."] == notes(reply)


def test_a_ping_before_an_empty_answer_is_no_failure() -> None:
    """The model may end without a word."""
    reply = shown(ODD["ping"], choice(finish="stop"), DONE)
    assert "complete" == reply.status
    assert ["The answer is empty: the model ended without a word.", "1 frame was not understood."] == notes(reply)


def test_frames_are_counted_by_the_decoder() -> None:
    """A frame with several odd members is one; a frame that the stream ended in is none."""
    decoder = CompletionDecoder()
    odd = choice({"content": [{"image": 1}, {"image": 2}], "tool_calls": [None, 1]})
    events = list(decoder.feed(word("a") + odd + b'data: {"choi'))
    with pytest.raises(errors.StreamCut):
        list(decoder.flush())
    assert ([Delta(content="a")], 1) == (events, decoder.skipped.count)

"""Events of a chat completion, as SiliconFlow's documentation and captured streams have them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sfstream.core.events import Delta, Event, Finish, ToolCallDelta, Usage
from sfstream.wire.completion import CompletionDecoder

DONE = b"data: [DONE]\n\n"


def frame(value: object) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()


def delta(index: int = 0, **fields: Any) -> bytes:
    return frame({"choices": [{"index": index, "delta": fields, "finish_reason": None}]})


def finish(reason: str | None = "stop", index: int = 0) -> bytes:
    return frame({"choices": [{"index": index, "delta": {"content": ""}, "finish_reason": reason}]})


def events_of(*chunks: bytes) -> list[Event]:
    decoder = CompletionDecoder()
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    return events + list(decoder.flush())


def content_of(*chunks: bytes) -> str:
    return "".join(event.content for event in events_of(*chunks) if isinstance(event, Delta))


def test_documented_first_chunk() -> None:
    """The first chunk of the documentation adds no text and gives the token counts."""
    first = (
        b'data: {"id":"019bdaabd0514ee04b65607601e48651","object":"chat.completion.chunk","created":1768900251,'
        b'"model":"Pro/zai-org/GLM-4.7","choices":[{"index":0,"delta":{"content":"","reasoning_content":null,'
        b'"role":"assistant"},"finish_reason":null}],"system_fingerprint":"",'
        b'"usage":{"prompt_tokens":15,"completion_tokens":0,"total_tokens":15}}\n\n'
    )
    counts = {"prompt_tokens": 15, "completion_tokens": 0, "total_tokens": 15}

    assert [Usage(counts)] == events_of(first, DONE)


def test_thinking_then_answering() -> None:
    """Reasoning and content come apart, the role in every chunk is nobody's text, and the finish is told."""
    stream = [
        delta(content=None, reasoning_content="", role="assistant"),
        delta(content=None, reasoning_content="We", role="assistant"),
        delta(content="\n", reasoning_content=None, role="assistant"),
        delta(content="Hi", reasoning_content=None, role="assistant"),
        finish("stop"),
        DONE,
    ]

    assert [Delta(reasoning="We"), Delta(content="\n"), Delta(content="Hi"), Finish(0, "stop")] == events_of(*stream)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"content": "a"}, [Delta(content="a")], id="reasoning-absent"),
        pytest.param({"content": "a", "reasoning_content": None}, [Delta(content="a")], id="reasoning-null"),
        pytest.param({"content": "a", "reasoning_content": ""}, [Delta(content="a")], id="reasoning-empty"),
        pytest.param({"content": "a", "reasoning_content": "b"}, [Delta(0, "a", "b")], id="both"),
        pytest.param({"reasoning_content": "b"}, [Delta(reasoning="b")], id="content-absent"),
        pytest.param({"reasoning": "b"}, [Delta(reasoning="b")], id="another-server's-word"),
        pytest.param({"content": "", "reasoning_content": ""}, [], id="both-empty"),
        pytest.param({"content": None, "reasoning_content": None}, [], id="both-null"),
        pytest.param({"role": "assistant"}, [], id="role-alone"),
        pytest.param(
            {"content": "a", "unknown": {"x": [1]}, "tool_calls": None}, [Delta(content="a")], id="unknown-key"
        ),
    ],
)
def test_texts_of_a_delta(fields: dict[str, Any], expected: list[Event]) -> None:
    """Absent, null and empty texts add nothing, and unknown keys are ignored."""
    assert expected == events_of(delta(**fields), DONE)


@pytest.mark.parametrize(
    "quiet",
    [
        pytest.param(frame({"choices": []}), id="no-choices"),
        pytest.param(frame({"choices": None}), id="choices-null"),
        pytest.param(frame({"id": "x", "object": "chat.completion.chunk"}), id="choices-absent"),
        pytest.param(frame({"choices": [{"index": 0, "delta": None}]}), id="delta-null"),
        pytest.param(frame({"choices": [{"index": 0}]}), id="delta-absent"),
        pytest.param(frame({"choices": [], "usage": None}), id="usage-null"),
        pytest.param(frame({"choices": [], "error": None}), id="error-null"),
        pytest.param(b": keep-alive\n\n", id="comment"),
        pytest.param(b"id: 1\n\n", id="id"),
        pytest.param(b"data:\n\n", id="empty-data"),
        pytest.param(b"data:   \n\n", id="blank-data"),
    ],
)
def test_frames_that_add_nothing(quiet: bytes) -> None:
    """A frame without anything in it is passed over."""
    assert [Delta(content="a"), Delta(content="b")] == events_of(delta(content="a"), quiet, delta(content="b"), DONE)


@pytest.mark.parametrize(
    "text",
    [
        "data: x",
        "\n\ndata: [DONE]\n\n",
        "[DONE]",
        '{"error": {"message": "no"}}',
        "\u2028\u0085\x00\r\n",
        "data:[DONE]",
    ],
    ids=["data", "done-frame", "done", "error", "line-ends", "no-space"],
)
def test_content_that_looks_like_the_wire_comes_through(text: str) -> None:
    """What the model writes is never taken for the protocol."""
    assert text == content_of(delta(content=text), finish(), DONE)


@pytest.mark.parametrize("done", [b"data:[DONE]\n\n", b"data:  [DONE]\n\n", b"data: [DONE]", b"data: [DONE]\r\r"])
def test_done_in_any_spelling_ends_the_stream(done: bytes) -> None:
    """`[DONE]` needs neither its space nor its blank line, and what follows it is ignored."""
    decoder = CompletionDecoder()
    events = [*decoder.feed(delta(content="a")), *decoder.feed(done), *decoder.flush()]

    assert [Delta(content="a")] == events
    assert decoder.done


def test_nothing_is_read_after_done() -> None:
    """What a proxy appends to a complete answer changes nothing."""
    assert [Delta(content="a")] == events_of(
        delta(content="a"), DONE, delta(content="b"), b'{"code":1,"message":"x"}\n'
    )


def test_event_type_of_another_name_is_ignored() -> None:
    """Only the event type `error` means something."""
    assert [Delta(content="a")] == events_of(b"event: chunk\n" + delta(content="a"), DONE)


def test_json_over_several_data_lines() -> None:
    """A frame may be laid out over several `data:` lines."""
    pretty = json.dumps({"choices": [{"delta": {"content": "a"}}]}, indent=1)
    lines = "".join(f"data: {line}\r\n" for line in pretty.splitlines())

    assert [Delta(content="a")] == events_of(f"{lines}\r\n".encode(), DONE)


def test_usage_is_given_as_it_comes_also_after_the_finish() -> None:
    """Every cumulative count is handed on unsummed, and a last one may follow the finish with no choices."""
    one = {"prompt_tokens": 4, "completion_tokens": 1, "total_tokens": 5}
    two = {**one, "completion_tokens": 2, "prompt_cache_hit_tokens": 3}
    first = frame({"choices": [{"index": 0, "delta": {"content": "a"}}], "usage": one})
    events = events_of(first, finish(), frame({"choices": [], "usage": two}), DONE)

    assert [Delta(content="a"), Usage(one), Finish(0, "stop"), Usage(two)] == events


def test_choices_are_told_apart_by_their_index() -> None:
    """Several choices keep their own numbers, also in one frame and also where the server gives none."""
    both = frame({"choices": [{"index": 1, "delta": {"content": "b"}}, {"index": 0, "delta": {"content": "a"}}]})
    bare = frame({"choices": [{"delta": {"content": "A"}}, {"delta": {"content": "B"}}]})
    expected = [Delta(1, "b"), Delta(0, "a"), Delta(0, "A"), Delta(1, "B"), Finish(1, "stop"), Finish(0, "length")]

    assert expected == events_of(both, bare, finish("stop", 1), finish("length"), DONE)


@pytest.mark.parametrize("reason", [None, ""], ids=["null", "empty"])
def test_empty_finish_reason_is_none(reason: str | None) -> None:
    """An empty finish reason ends nothing."""
    decoder = CompletionDecoder()

    assert not list(decoder.feed(finish(reason)))
    assert not decoder.finished


@pytest.mark.parametrize("reason", ["stop", "eos", "length", "tool_calls", "content_filter", "weather"])
def test_finish_without_done_is_an_end(reason: str) -> None:
    """A finish reason, known or not, is told as it is, and [DONE] need not follow."""
    assert [Finish(0, reason)] == events_of(finish(reason))


def test_last_frame_without_its_blank_line_counts() -> None:
    """A frame that is whole but for its blank line is taken."""
    assert [Finish(0, "stop")] == events_of(finish().rstrip())


def test_tool_call_in_pieces() -> None:
    """The pieces of a tool call keep their number; null and empty ids and names stay empty."""
    call = {"index": 0, "id": "f:0", "type": "function", "function": {"name": "f", "arguments": ""}}
    more = {"index": 0, "id": None, "type": None, "function": {"arguments": '{"'}}
    last = {"index": 0, "id": "", "function": {"name": "", "arguments": "}"}}
    stream = [delta(content=None, reasoning_content=None, tool_calls=[piece]) for piece in (call, more, last)]
    expected = [
        ToolCallDelta(id="f:0", name="f"),
        ToolCallDelta(arguments='{"'),
        ToolCallDelta(arguments="}"),
        Finish(0, "tool_calls"),
    ]

    assert expected == events_of(*stream, finish("tool_calls"), DONE)


def test_tool_calls_whole() -> None:
    """Whole tool calls in one frame, without numbers and with arguments as an object, are numbered and written out."""
    calls = [
        {"id": "1", "function": {"name": "f", "arguments": {"城": "北京"}}},
        {"id": "2", "function": {"name": "g", "arguments": None}},
        {"id": "3", "function": None},
    ]
    expected = [
        ToolCallDelta(0, 0, "1", "f", '{"城": "北京"}'),
        ToolCallDelta(0, 1, "2", "g"),
        ToolCallDelta(0, 2, "3"),
    ]

    assert expected == events_of(delta(tool_calls=calls), DONE)

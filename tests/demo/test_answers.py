"""The answers of the demo server: bundled, composed, and as they come over the wire."""

from __future__ import annotations

import hashlib
import itertools
import json
import time

import pytest

from sfstream.demo import prepared
from sfstream.demo.compose import DONE, Script, compose, pieces
from sfstream.demo.server import DemoServer
from tests.demo.client import (
    Wire,
    ask,
    asked,
    decoded,
    english,
    frames_in,
    post,
    text_in,
    values_in,
)

STREAM_MODELS = ("english", "chinese", "reasoning", "tool-call", "long")


@pytest.mark.parametrize("name", prepared.PROMPTS)
def test_a_prepared_recording_decodes_to_its_text(name: str) -> None:
    """Every prepared answer is marked as written by hand, decodes to its text, and says that there is no model."""
    recording = prepared.recording(name)
    content, reasoning, arguments = decoded(recording.data)
    assert recording.head.source == "written by hand"
    assert content == prepared.text(name)
    assert reasoning == (prepared.text(prepared.THOUGHTS[name]) if name in prepared.THOUGHTS else "")
    assert arguments == (prepared.ARGUMENTS if name == "tool-call" else "")
    assert "no model is behind" in content or "背后没有模型" in content


def test_the_same_text_gives_the_same_bytes() -> None:
    """The bytes and times of a prepared answer are the same in every release: tests and screenshots depend on them."""
    recording = prepared.recording("english")
    times = repr([chunk.t for chunk in recording.chunks]).encode()
    digest = hashlib.sha256(recording.data + times).hexdigest()
    assert digest == "3ebc64fd7936a1af74b02f06f8718d47a0af101919786f1cf7ebaf2f53c033df"


@pytest.mark.parametrize("name", prepared.GUIDE)
def test_an_answer_to_the_guide_is_short(name: str) -> None:
    """The answers to the prompts of SiliconFlow's guide have 80 to 150 characters."""
    assert 80 <= len(prepared.text(name)) <= 150


def test_the_long_answer_is_long() -> None:
    """It has about 4,000 tokens."""
    text = prepared.text("long")
    assert 4000 <= len(pieces(text)) <= 4600


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a",
        "Hello, world!",
        "你好，世界。",
        " two  spaces\n\n\tand a tab ",
        "🙂👩‍🚀 e\u0301\u2028\u0085x",
        "x" * 100,
    ],
)
def test_pieces_join_to_the_text(text: str) -> None:
    """Cutting a text loses and adds nothing."""
    assert "".join(pieces(text)) == text
    assert all(pieces(text))


def test_times_begin_late_and_go_on_quickly() -> None:
    """The first frame comes after 0.3 s, the others every 0.02 s or so, always at the same times."""
    recording = compose(asked("demo/x"), Script(pieces("one two three " * 50)))
    times = [chunk.t for chunk in recording.chunks]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert times[0] == 0.3
    assert min(gaps) > 0
    assert max(gaps) < 0.05
    assert sum(gaps) / len(gaps) == pytest.approx(0.02, abs=0.002)
    assert recording == compose(asked("demo/x"), Script(pieces("one two three " * 50)))


@pytest.mark.parametrize("name", STREAM_MODELS)
def test_a_stream_has_the_documented_form(demo: DemoServer, name: str) -> None:
    """Each frame has the documented members in their order, and ``[DONE]`` is last."""
    response = ask(demo, f"demo/{name}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/event-stream"
    assert response.headers["Transfer-Encoding"] == "chunked"
    assert frames_in(response.content)[-1] == DONE
    for value in values_in(response.content):
        assert list(value) == ["id", "object", "created", "model", "choices", "system_fingerprint", "usage"]
        assert value["object"] == "chat.completion.chunk"
        assert value["model"] == f"demo/{name}"
        assert [list(choice) for choice in value["choices"]] == [["index", "delta", "finish_reason"]]
        assert list(value["choices"][0]["delta"])[:2] == ["content", "reasoning_content"]


@pytest.mark.parametrize("name", STREAM_MODELS)
def test_usage_is_cumulative(demo: DemoServer, name: str) -> None:
    """The usage stands in every frame, begins at 0, and never counts more than one token at a time."""
    usages = [value["usage"] for value in values_in(ask(demo, f"demo/{name}").content)]
    counts = [usage["completion_tokens"] for usage in usages]
    assert counts[0] == 0
    assert {after - before for before, after in itertools.pairwise(counts)} <= {0, 1}
    assert all(usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] for usage in usages)


def test_an_answer_opens_with_the_role_and_closes_with_a_reason(demo: DemoServer) -> None:
    """The first delta has the role and empty content, the last an empty content beside its finish reason."""
    choices = [value["choices"][0] for value in values_in(ask(demo, "demo/english").content)]
    assert choices[0]["delta"] == {"content": "", "reasoning_content": None, "role": "assistant"}
    assert choices[1] == {"index": 0, "delta": {"content": "##", "reasoning_content": None}, "finish_reason": None}
    assert choices[-1] == {"index": 0, "delta": {"content": "", "reasoning_content": None}, "finish_reason": "stop"}


def test_thinking_comes_with_content_null(demo: DemoServer) -> None:
    """While the model thinks content is null, then reasoning_content; the role is repeated, the tokens are counted."""
    values = values_in(ask(demo, "demo/reasoning").content)
    deltas = [value["choices"][0]["delta"] for value in values[:-1]]
    thoughts = [delta for delta in deltas if delta["content"] is None]
    assert deltas == [*thoughts, *(delta for delta in deltas if delta["reasoning_content"] is None)]
    assert thoughts[0] == {"content": None, "reasoning_content": "", "role": "assistant"}
    assert all(delta["role"] == "assistant" for delta in deltas)
    assert values[-1]["usage"]["completion_tokens_details"] == {"reasoning_tokens": len(thoughts) - 1}


@pytest.mark.parametrize(
    ("fields", "begin", "tokens"),
    [
        ({}, "The pen costs **0.50 yuan**", 149),
        ({"enable_thinking": True, "reasoning_effort": "high"}, "The pen costs **0.50 yuan**", 149),
        ({"reasoning_effort": "max"}, "The pen costs **0.50 yuan**", 317),
        ({"enable_thinking": True, "thinking_budget": 128}, "The pen costs **0.50 yuan**", 128),
        ({"enable_thinking": False, "thinking_budget": 128}, "The pen costs **1 yuan**", 0),
    ],
)
def test_it_thinks_as_much_as_is_asked_for(
    demo: DemoServer, fields: dict[str, object], begin: str, tokens: int
) -> None:
    """Reasoning is switched off, prolonged, or ended by its budget; the usage counts what was sent."""
    body = post(demo, asked("demo/chat", prepared.PROMPTS["puzzle"]) | fields).content
    content, reasoning, _ = decoded(body)
    full = prepared.text("puzzle-thoughts") + "\n\n" + prepared.text("puzzle-thoughts-max")
    assert content.startswith(begin)
    assert tokens == len(pieces(reasoning))
    assert full.startswith(reasoning)
    details = values_in(body)[-1]["usage"].get("completion_tokens_details", {"reasoning_tokens": 0})
    assert {"reasoning_tokens": tokens} == details


def test_a_tool_call_comes_in_pieces(demo: DemoServer) -> None:
    """Only the first piece of a tool call has its id and name; the pieces of the arguments join to JSON."""
    values = values_in(ask(demo, "demo/tool-call").content)
    deltas = [value["choices"][0]["delta"] for value in values]
    first, *rest = [delta["tool_calls"][0] for delta in deltas if "tool_calls" in delta]
    assert first["id"] == "functions.get_weather:0"
    assert first["function"] == {"name": "get_weather", "arguments": ""}
    assert {(call["id"], call["type"]) for call in rest} == {(None, None)}
    assert json.loads("".join(call["function"]["arguments"] for call in rest))["city"] == "Hangzhou"
    assert values[-1]["choices"][0]["finish_reason"] == "tool_calls"


def test_a_tool_result_ends_the_calling(demo: DemoServer) -> None:
    """When the result of the function is there, no further call is made."""
    body = asked("demo/tool-call")
    body["messages"].append({"role": "tool", "tool_call_id": "functions.get_weather:0", "content": "25 °C"})
    content = post(demo, body).content
    assert "25 °C" in text_in(content)
    assert values_in(content)[-1]["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize("name", STREAM_MODELS)
def test_without_stream_comes_one_completion(demo: DemoServer, name: str) -> None:
    """The plain completion has the content, reasoning, tool call, usage and finish reason of the stream."""
    streamed = ask(demo, f"demo/{name}").content
    response = post(demo, asked(f"demo/{name}", stream=False))
    completion = response.json()
    (choice,) = completion["choices"]
    content, reasoning, arguments = decoded(streamed)
    assert response.headers["Content-Type"].startswith("application/json")
    assert completion["object"] == "chat.completion"
    assert choice["message"]["content"] == content
    assert choice["message"].get("reasoning_content", "") == reasoning
    calls = choice["message"].get("tool_calls", [])
    assert "".join(call["function"]["arguments"] for call in calls) == arguments
    assert completion["usage"] == values_in(streamed)[-1]["usage"]
    assert choice["finish_reason"] == values_in(streamed)[-1]["choices"][0]["finish_reason"]


def test_one_completion_comes_when_the_stream_would_have_ended() -> None:
    """A model sends nothing before it has written all of it."""
    total = prepared.recording("tool-call").chunks[-1].t
    with DemoServer(speed=10) as server:
        response = post(server, asked("demo/tool-call", stream=False))
    assert response.elapsed.total_seconds() > total / 10


def test_each_frame_is_a_chunk_of_its_own(demo: DemoServer) -> None:
    """Frames are sent one by one, each as one chunk of the body."""
    with Wire(demo, "demo/english") as wire:
        assert wire.head().startswith("HTTP/1.1 200 OK")
        chunks = list(iter(wire.chunk, b""))
    assert chunks == english()


def test_chunks_come_at_their_times() -> None:
    """At ten times the speed an answer takes no less than a tenth of its time, and its beginning comes first."""
    with DemoServer(speed=10) as server, Wire(server, "demo/tool-call") as wire:
        start = time.monotonic()
        wire.head()
        first = time.monotonic() - start
        assert list(iter(wire.chunk, b""))[-1] == DONE
        whole = time.monotonic() - start
    assert first >= 0.025
    assert whole >= prepared.recording("tool-call").chunks[-1].t / 10 - 0.005


@pytest.mark.parametrize("model", ["demo/english", "demo/chinese"])
@pytest.mark.parametrize("name", prepared.GUIDE)
def test_the_prompts_of_the_guide_are_answered(demo: DemoServer, model: str, name: str) -> None:
    """Both plain models know the prompts of SiliconFlow's guide, and answer in their own name."""
    content = ask(demo, model, f" {prepared.GUIDE[name]}\n").content
    assert text_in(content) == prepared.text(name)
    assert {value["model"] for value in values_in(content)} == {model}


def test_echo_says_the_words_back(demo: DemoServer) -> None:
    """demo/echo says that no model is behind it, then the text of the user's last message."""
    parts = [
        {"type": "image_url", "image_url": {"url": "data:,"}},
        {"type": "text", "text": "看 this 🙂\n\nand \ud83d"},
    ]
    body = asked("demo/echo", "first")
    body["messages"] += [{"role": "assistant", "content": "x"}, {"role": "user", "content": parts}]
    text = text_in(post(demo, body).content)
    assert text.startswith("This is a demo server and no model is behind it")
    assert text.endswith("\n\n看 this 🙂\n\nand \ufffd")

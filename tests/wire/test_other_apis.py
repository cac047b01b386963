"""Streams of other APIs at the base URL are named, whatever the transport, and so is what is no stream at all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sfstream import errors
from sfstream.core.config import settings
from sfstream.core.reply import Reply
from sfstream.run.ask import ask
from sfstream.wire.inspect import traced
from tests.fake_transport import DONE, Answer, ended, frame, run_of, streaming, word
from tests.wire.test_odd_servers import FRAME, answering, every_transport, head


def shown(*pieces: bytes) -> Reply:
    """The reply that these bytes make."""
    return ended(run_of(streaming(*pieces))).reply


def typed(*values: dict[str, Any]) -> bytes:
    """Frames with the type of each value as the name of its event."""
    return b"".join(f"event: {value['type']}\n".encode() + frame(value) for value in values)


def lines(*values: object) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


ANTHROPIC = typed(
    {"type": "message_start", "message": {"id": "msg_1", "role": "assistant", "content": [], "usage": {}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "ping"},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello"}},
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 15}},
    {"type": "message_stop"},
)
RESPONSES = typed(
    {"type": "response.created", "response": {"id": "resp_1", "object": "response", "error": None, "output": []}},
    {"type": "response.in_progress", "response": {"id": "resp_1", "object": "response", "status": "in_progress"}},
    {"type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0, "delta": "Hello"},
    {"type": "response.completed", "response": {"id": "resp_1", "status": "completed", "usage": {"total_tokens": 3}}},
)
CANDIDATE = {"content": {"parts": [{"text": "Hello"}], "role": "model"}, "finishReason": "STOP", "index": 0}
GEMINI = {"candidates": [CANDIDATE], "usageMetadata": {"totalTokenCount": 3}, "modelVersion": "gemini-2.5-flash"}
DASHSCOPE = {"output": {"finish_reason": "null", "text": "Hello"}, "usage": {"total_tokens": 3}, "request_id": "1"}
CHOICE = {"message": {"content": "Hello", "role": "assistant"}, "finish_reason": "null"}
OLLAMA = {"model": "llama3.2", "created_at": "2025-01-01T00:00:00Z", "done": False}
CHAT = {**OLLAMA, "message": {"role": "assistant", "content": "Hello"}}

APIS: dict[str, tuple[bytes, str]] = {
    "anthropic": (ANTHROPIC, "Messages API of Anthropic"),
    "anthropic-without-event-names": (frame({"type": "message_start", "message": {}}), "Messages API of Anthropic"),
    "anthropic-pings-first": (typed(*[{"type": "ping"}] * 5) + ANTHROPIC, "Messages API of Anthropic"),
    "anthropic-with-done": (ANTHROPIC + DONE, "Messages API of Anthropic"),
    "anthropic-whole": (lines({"type": "message", "role": "assistant", "content": []}), "Messages API of Anthropic"),
    "responses": (RESPONSES, "Responses API of OpenAI"),
    "responses-cut": (RESPONSES[: len(RESPONSES) // 2], "Responses API of OpenAI"),
    "responses-whole": (lines({"object": "response", "output": []}), "Responses API of OpenAI"),
    "assistants": (frame({"id": "1", "object": "thread.message.delta", "delta": {}}), "Assistants API of OpenAI"),
    "gemini": (frame(GEMINI) * 2, "Gemini API of Google"),
    "gemini-list": (json.dumps([GEMINI, GEMINI], indent=2).encode(), "Gemini API of Google"),
    "dashscope": (b"id:1\nevent:result\n:HTTP_STATUS/200\n" + frame(DASHSCOPE), "native API of DashScope"),
    "dashscope-choices": (frame({"output": {"choices": [CHOICE]}, "usage": {}}), "native API of DashScope"),
    "ollama-chat": (lines(CHAT, CHAT, {**CHAT, "done": True}), "native API of Ollama"),
    "ollama-generate": (lines({**OLLAMA, "response": "Hello"}, {**OLLAMA, "response": ""}), "native API of Ollama"),
    "ollama-as-events": (frame(CHAT), "native API of Ollama"),
    "ollama-whole": (json.dumps({**CHAT, "done": True}, indent=1).encode(), "native API of Ollama"),
    "llama.cpp": (frame({"content": "Hello", "stop": False, "id_slot": 0}), "native API of llama.cpp"),
    "tgi": (frame({"index": 1, "token": {"id": 2, "text": "Hello"}, "details": None}), "Text Generation Inference"),
    "baidu": (frame({"id": "as-1", "object": "chat", "result": "Hello", "is_end": False}), "native API of Baidu"),
    "cohere": (typed({"type": "content-delta", "index": 0, "delta": {"message": {}}}), "Chat API of Cohere"),
    "cohere-1": (lines({"is_finished": False, "event_type": "text-generation", "text": "Hello"}), "Cohere"),
    "bedrock": (frame({"contentBlockDelta": {"delta": {"text": "Hello"}}}), "Amazon Bedrock"),
    "dify": (frame({"event": "message", "task_id": "1", "answer": "Hello"}), "API of Dify"),
    "ai-sdk": (frame({"type": "text-delta", "id": "1", "delta": "Hello"}) + DONE, "AI SDK of Vercel"),
}


@pytest.mark.parametrize(("body", "name"), APIS.values(), ids=APIS)
def test_another_api_is_named(body: bytes, name: str) -> None:
    """The error asks for the base URL and shows what came; a cut is not spoken of."""
    reply = shown(body)
    assert isinstance(reply.error, errors.MalformedStream)
    said = str(reply.error)
    assert said.startswith("This is not a chat completion stream (it looks like the ")
    assert f"{name}). Is the base URL right?" in said
    assert "cut off" not in said
    assert len(said) < 600
    assert ("failed", "", {}) == (reply.status, reply.content, reply.usage)
    assert [said] == [each for each in (traced(reply).inspection.error,) if each]


LIKE_OTHERS = [
    {"type": "message_start"},
    {"object": "response"},
    {"candidates": []},
    {"output": {"text": "x"}},
    {"done": False, "response": "x"},
    {"event": "message", "answer": "x"},
]


@pytest.mark.parametrize("more", LIKE_OTHERS, ids=json.dumps)
def test_a_chunk_is_one_whatever_else_it_holds(more: dict[str, Any]) -> None:
    """Members of other APIs beside the choices, and their frames before an answer, change nothing."""
    chunk = frame({"choices": [{"index": 0, "delta": {"content": "Hello"}, "finish_reason": "stop"}]} | more)
    assert ("complete", "Hello", []) == ((reply := shown(chunk, DONE)).status, reply.content, reply.notes)
    assert ("complete", "Hello") == ((reply := shown(frame(more), word("Hello", "stop"), DONE)).status, reply.content)
    assert "cut off" in str(shown(frame(more), word("Hello")).error)


@pytest.mark.parametrize(
    "error",
    [
        b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
        frame({"type": "error", "code": "server_error", "message": "Overloaded", "param": None}),
        frame({"error": {"code": 503, "message": "Overloaded", "status": "UNAVAILABLE"}}),
        frame([{"error": {"code": 503, "message": "Overloaded", "status": "UNAVAILABLE"}}]),
        json.dumps([{"error": {"code": 503, "message": "Overloaded"}}], indent=2).encode(),
        frame({"code": "Throttling", "message": "Overloaded", "request_id": "1"}),
        lines({"error": "Overloaded"}),
    ],
    ids=["anthropic", "responses", "gemini", "gemini-list", "gemini-list-body", "dashscope", "ollama"],
)
def test_an_error_of_another_api_is_one(error: bytes) -> None:
    """What the server complains about is more than that its API is another."""
    for before in (b"", ANTHROPIC, RESPONSES):
        if before and not error.startswith((b"event", b"data", b"{")):
            continue
        reply = shown(before, error)
        assert isinstance(reply.error, errors.ServerRefusal)
        assert "Overloaded" in str(reply.error)


@pytest.mark.parametrize(
    "odd", [[], {}, None, 1, "x" * 9000, [[]]], ids=["list", "object", "null", "number", "long", "nested"]
)
def test_members_of_any_type_name_no_api(odd: Any) -> None:
    """What a server sends in their place is looked at without harm."""
    names = ["type", "object", "candidates", "output", "done", "message", "content", "stop", "token", "event", "answer"]
    reply = shown(frame({name: odd for name in names if name not in ("message", "content", "output")}), frame([odd]))
    assert isinstance(reply.error, errors.MalformedStream)


TEXTS = {
    "not-json": (b"data: Service starting\n\n", "Service starting"),
    "html": (b"<html><title>Sign in</title>\n</html>\n", "<html><title>Sign in"),
    "yaml": (b"status: ok\nversion: 2\n", "status: ok version: 2"),
    "python": (b"data: {'error': None}\n\n", "{'error': None}"),
    "half": (b'data: {"choices":[{"delta":{"cont\n\n', '{"choices":[{"delta":{"cont'),
    "text": (b"Hello, I am no event stream.", "Hello, I am no event stream."),
    "unknown": (frame({"reply": "Hello"}) * 3, '{"reply": "Hello"}'),
    "chinese": ("data: 服务正在启动\n\n".encode(), "服务正在启动"),
}


@pytest.mark.parametrize(("body", "words"), TEXTS.values(), ids=TEXTS)
def test_what_does_not_parse_is_shown(body: bytes, words: str) -> None:
    """As what it is, and not as JSON that was expected."""
    for end in (b"", b"" if b"data" not in body else DONE):
        error = shown(body, end).error
        assert isinstance(error, errors.MalformedStream)
        assert words in str(error)
        assert "JSON" not in str(error)


ODD = (
    b"data: null\n\ndata: : OPENROUTER PROCESSING\n\nevent: ping\ndata: {}\n\ndata: ping\n\ndata: [1]\n\n"
    b'data: {"choices": [{"delta": {"tool_calls": [null]}}]}\n\ndata: {"choi\n\n'
)


@every_transport
@pytest.mark.parametrize("name", ["anthropic", "responses", "gemini", "gemini-list", "dashscope", "ollama-chat"])
def test_every_transport_names_another_api(via: str, name: str) -> None:
    """The status is 200, so the libraries see nothing wrong."""
    body, wanted = APIS[name]
    with answering(head(), body) as url:
        settings.update(base_url=url, retries=0)
        reply = ask("Hello", model="m", via=via, display="off")
    assert isinstance(reply.error, errors.MalformedStream)
    assert f"{wanted}). Is the base URL right?" in str(reply.error)


@every_transport
def test_every_transport_skips_what_is_odd(via: str) -> None:
    """And the answer is whole, whatever its indices are, up to the end of its body."""
    first, last = FRAME % ("Hello", '"stop"'), FRAME.replace('"index":0', '"index":1') % (" you", '"stop"')
    with answering(head(), ODD, first.encode(), ODD, last.encode()) as url:
        settings.update(base_url=url, retries=0)
        reply = ask("Hello", model="m", via=via, display="off")
    assert ("complete", "Hello you", None) == (reply.status, reply.content, reply.error)
    assert ["14 frames were not understood."] == [*map(str, reply.notes)]


@every_transport
@pytest.mark.parametrize("extra", ["Connection: close", "Content-Length: 0"])
def test_an_event_stream_without_a_byte_says_what_it_means(via: str, extra: str) -> None:
    """Trying again would not help."""
    with answering(head(extra=extra)) as url:
        settings.update(base_url=url, retries=2)
        reply = ask("Hello", model="m", via=via, display="off")
    assert isinstance(reply.error, errors.MalformedStream)
    assert "longer than the model's context" in str(reply.error)
    assert "not loaded the model" in str(reply.error)
    assert "ry again" not in str(reply.error)


def test_comments_alone_are_a_cut() -> None:
    """A stream that was kept alive and then ended is no empty one."""
    assert isinstance(shown(b": keep-alive\n\n").error, errors.StreamCut)
    assert isinstance(ended(run_of(Answer(()))).reply.error, errors.MalformedStream)

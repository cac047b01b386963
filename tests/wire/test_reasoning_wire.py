"""Reasoning of other servers through the decoder, the three transports and a recording."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sfstream import errors, stream
from sfstream.core.config import settings
from sfstream.core.events import ContentWasReasoning, Delta, Finish
from sfstream.core.reply import Reply
from sfstream.run.ask import ask
from sfstream.wire.transport import VIA
from tests.fake_transport import DONE, ended, frame, run_of, streaming
from tests.wire.test_odd_servers import answering, head

Deltas = list[dict[str, Any]]


def said(*texts: str) -> Deltas:
    return [{"content": text} for text in texts]


def marked(text: str) -> dict[str, Any]:
    """As Gemini marks a thought."""
    return {"content": text, "extra_content": {"google": {"thought": True}}}


def details(*texts: str) -> Deltas:
    return [{"content": "", "reasoning_details": [{"type": "reasoning.text", "text": text}]} for text in texts]


SERVERS: dict[str, tuple[Deltas, str, str]] = {
    "OpenRouter": (
        [{"content": "", "reasoning": each["reasoning_details"][0]["text"]} | each for each in details("Hm", ".")]
        + [{"content": "", "reasoning": None, "reasoning_details": [{"type": "reasoning.encrypted", "data": "gAA"}]}]
        + said("Hi", " you"),
        "Hm.",
        "Hi you",
    ),
    "OpenRouter without reasoning": (
        [*details("Hm", "."), {"reasoning_details": [{"type": "reasoning.summary", "summary": " So."}]}, *said("Hi")],
        "Hm. So.",
        "Hi",
    ),
    "MiniMax": ([*details("Let me", "Let me see", "Let me see it."), *said("Hi", " you")], "Let me see it.", "Hi you"),
    "MiniMax with pieces that look alike": ([*details("a", "and"), *said("Hi")], "aand", "Hi"),
    "MiniMax in both ways": (
        [
            {"content": "<think>Hm", "reasoning_content": "Hm"},
            {"content": ". So.", "reasoning_content": ". So."},
            {"content": "\n</think>\n\nHi"},
        ],
        "Hm. So.",
        "Hi",
    ),
    "StepFun": ([{"reasoning": t, "reasoning_content": t} for t in ("Hm", ". So", ".")] + said("Hi"), "Hm. So.", "Hi"),
    "LiteLLM": (
        [
            {"reasoning_content": t, "thinking_blocks": [{"type": "thinking", "thinking": t, "signature": None}]}
            for t in ("Hm", ".")
        ]
        + [{"thinking_blocks": [{"type": "thinking", "thinking": "", "signature": "EqQB"}], "reasoning_content": ""}]
        + said("Hi"),
        "Hm.",
        "Hi",
    ),
    "Copilot": ([{"reasoning_text": "Hm", "content": None}, {"reasoning_opaque": "x"}, *said("Hi")], "Hm", "Hi"),
    "Ollama": ([{"role": "assistant", "content": "", "reasoning": t} for t in ("Hm", ".")] + said("Hi"), "Hm.", "Hi"),
    "a gateway": ([{"thinking": "Hm"}, {"thinking": "."}, *said("Hi")], "Hm.", "Hi"),
    "Gemini": ([marked("<thought>Hm"), marked(". So"), *said(".</thought>Hi", " you")], "Hm. So.", "Hi you"),
    "Gemini in one": ([marked('<thought>Hm.</thought>{"ok":true}')], "Hm.", '{"ok":true}'),
    "Vertex AI": ([marked("**Hm**\n\n"), marked("So."), *said("Hi", " you")], "**Hm**\n\nSo.", "Hi you"),
    "Mistral": (
        [{"content": [{"type": "thinking", "thinking": [{"type": "text", "text": t}]}]} for t in ("Hm", ".")]
        + [{"content": [{"type": "text", "text": "Hi"}]}, *said(" you")],
        "Hm.",
        "Hi you",
    ),
    "parts of reasoning": (
        [{"content": [{"type": "reasoning", "text": "Hm"}, {"type": "redacted_thinking", "data": "x"}]}, *said("Hi")],
        "Hm",
        "Hi",
    ),
    "Qwen without thoughts": (said("<think>", "\n\n", "</think>", "\n\n", "Hi", " you"), "", "Hi you"),
    "DeepSeek R1": (said("<think>", "\n", "Hm", ".\n", "</think>", "\n\n", "Hi", " you"), "Hm.", "Hi you"),
    "its template begins it": (said("Hm", ".", "\n", "</think>", "\n\n", "Hi", " you"), "Hm.", "Hi you"),
    "cut anywhere": (said(*"<think>Hm.</think>Hi"), "Hm.", "Hi"),
    "the tag alone": (
        [*said("<think>"), {"reasoning_content": "Hm"}, {"reasoning_content": "."}, *said("\n</think>\n", "Hi")],
        "Hm.",
        "Hi",
    ),
    "the tag alone, never ended": ([*said("<think>\n"), {"reasoning_content": "Hm"}, *said("Hi")], "Hm", "Hi"),
    "tags inside of reasoning_content": (
        [{"reasoning_content": t} for t in ("<think>", "Hm", ".", "</think>")] + said("Hi"),
        "Hm.",
        "Hi",
    ),
    "code": (said("`</thi", "nk>` ends it"), "", "`</think>` ends it"),
    "unclosed": (said("<think>Hm", ". So"), "Hm. So", ""),
    "half of an emoji in the thoughts": (said("<think>Hm \ud83d", "\ude00</think>Hi"), "Hm 😀", "Hi"),
    "a half that is never completed": (said("<think>Hm \ud83d"), "Hm \ufffd", ""),
    "settings that are echoed": ([{"content": "Hi", "reasoning": {"effort": "low"}}], "", "Hi"),
}
"""What servers send, the reasoning, and the content."""


def body(deltas: Deltas) -> bytes:
    choices = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas]
    last = {"index": 0, "delta": {}, "finish_reason": "stop"}
    return b"".join(frame({"object": "chat.completion.chunk", "choices": [each]}) for each in [*choices, last]) + DONE


def checked(reply: Reply, reasoning: str, content: str) -> None:
    notes = [] if content else ["The answer came as reasoning only; its content is empty."]
    assert (reasoning, content, notes) == (reply.reasoning, reply.content, [*map(str, reply.notes)])
    assert "complete" == reply.status


@pytest.mark.parametrize(("deltas", "reasoning", "content"), SERVERS.values(), ids=SERVERS)
def test_what_servers_send(deltas: Deltas, reasoning: str, content: str) -> None:
    """By the decoder."""
    checked(ended(run_of(streaming(body(deltas)))).reply, reasoning, content)


@pytest.mark.parametrize(("deltas", "reasoning", "content"), SERVERS.values(), ids=SERVERS)
@pytest.mark.parametrize("via", VIA)
def test_every_transport(via: str, tmp_path: Path, deltas: Deltas, reasoning: str, content: str) -> None:
    """And what is recorded plays the same."""
    data = body(deltas)
    with answering(head(), data[: len(data) // 2], data[len(data) // 2 :]) as url:
        settings.update(base_url=url)
        reply = ask("Hello", model="m", via=via, display="off", record=tmp_path / "a.jsonl")
    checked(reply, reasoning, content)
    checked(ask(replay=tmp_path / "a.jsonl", speed="max", display="off"), reasoning, content)


@pytest.mark.parametrize(
    ("message", "reasoning", "content"),
    [
        ({"content": "<think>Hm.</think>Hi"}, "Hm.", "Hi"),
        ({"content": "Hm.\n</think>\n\nHi"}, "Hm.", "Hi"),
        ({"content": "<think>\n\n</think>\n\nHi"}, "", "Hi"),
        ({"content": "Hi", "reasoning": "Hm.", "reasoning_content": "Hm."}, "Hm.", "Hi"),
        ({"content": "Hi", "reasoning_details": [{"type": "reasoning.summary", "summary": "Hm."}]}, "Hm.", "Hi"),
        ({"content": "Hi", "thinking_blocks": [{"type": "thinking", "thinking": "Hm."}]}, "Hm.", "Hi"),
    ],
)
def test_a_plain_completion(message: dict[str, Any], reasoning: str, content: str) -> None:
    """A server that does not stream sends the same in one message."""
    whole = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    reply = ended(run_of(streaming(json.dumps(whole).encode()))).reply
    assert (reasoning, content) == (reply.reasoning, reply.content)


ENDS = {
    "an error": frame({"error": {"code": 503, "message": "overloaded"}}),
    "an error without data": b'{"code":50505,"message":"overloaded"}\n\n',
    "nothing more": b"",
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize(
    ("texts", "reasoning", "content"),
    [
        (("Hi", " <"), "", "Hi <"),
        (("Hi</thi",), "", "Hi</thi"),
        (("<thi",), "", "<thi"),
        (("[",), "", "["),
        (("\n",), "", "\n"),
        (("<think>Hm.</",), "Hm.</", ""),
        (("<think>Hm.\n",), "Hm.", ""),
        (("<think>Hm.", "</think>\n\nHi <"), "Hm.", "Hi <"),
    ],
)
def test_an_error_costs_no_text(end: bytes, texts: tuple[str, ...], reasoning: str, content: str) -> None:
    """What waited for the rest of a tag is a part of the partial answer, and the error is as it was."""
    frames = b"".join(frame({"choices": [{"index": 0, "delta": delta}]}) for delta in said(*texts))
    reply = ended(run_of(streaming(frames + end))).reply
    assert (reasoning, content) == (reply.reasoning, reply.content)
    assert isinstance(reply.error, errors.SfStreamError)
    assert ("overloaded" in str(reply.error)) == bool(end)


def test_each_choice_has_its_own_tags() -> None:
    """A frame with several choices keeps them apart."""
    texts = [("<think>a</think>A", "b</think>B"), ("", "")]
    frames = [
        frame({"choices": [{"index": n, "delta": {"content": text}} for n, text in enumerate(pair)]}) for pair in texts
    ]
    reply = ended(run_of(streaming(*frames, DONE))).reply
    assert ("a", "A") == (reply.reasoning, reply.content)


@pytest.mark.parametrize(
    "thoughts", ['<think>Perhaps {"a": 2}.</think>', 'Perhaps:\n\n{"a": 2}\n</think>', "<think>\n\n</think>\n\n"]
)
def test_json_and_code_are_those_of_the_answer(thoughts: str) -> None:
    """And not the drafts in the thoughts; there is no note on text around the JSON."""
    draft = f"{thoughts[:7]}\n```python\nprint(0)\n```\n{thoughts[7:]}"
    with answering(head(), body(said(draft, '{"a": 1}'))) as url:
        settings.update(base_url=url)
        reply = ask("Hello", model="m", via="requests", display="off", format="json")
    assert ({"a": 1}, []) == (reply.value, reply.notes)
    assert [] == reply.code_blocks


def test_thoughts_alone_are_no_json() -> None:
    """The error says that there is no content, and the note why."""
    with answering(head(), body(said('<think>Perhaps {"a": 2}'))) as url:
        settings.update(base_url=url)
        reply = ask("Hello", model="m", via="requests", display="off", format="json")
    assert isinstance(reply.error, errors.NotJson)
    assert "its content is empty" in str(reply.error)


def test_a_stream_yields_the_event() -> None:
    """After the content that it is about."""
    with answering(head(), body(said("Hm.", "</think>", "Hi"))) as url:
        settings.update(base_url=url)
        with stream("Hello", model="m", via="requests") as events:
            seen = [event for event in events if not isinstance(event, Finish)]
    assert [Delta(0, "Hm."), ContentWasReasoning(0), Delta(0, "Hi")] == seen

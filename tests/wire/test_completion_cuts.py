"""Any cut of any stream gives the events of the whole, and no bytes do harm."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfstream.core.events import Delta, Event, Finish, ToolCallDelta
from sfstream.errors import SfStreamError
from sfstream.wire.completion import CompletionDecoder

Outcome = tuple[list[Event], type[Exception] | None, str]


def outcome_of(*chunks: bytes) -> Outcome:
    """The events, and the kind and the words of the error that ended them."""
    decoder = CompletionDecoder("text/event-stream", "ti_1")
    events: list[Event] = []
    try:
        for chunk in chunks:
            events.extend(decoder.feed(chunk))
        events.extend(decoder.flush())
    except SfStreamError as error:
        return events, type(error), str(error)
    return events, None, ""


def texts_of(outcome: Outcome) -> list[str]:
    texts = [outcome[2]]
    for event in outcome[0]:
        if isinstance(event, Delta):
            texts += [event.content, event.reasoning]
        elif isinstance(event, ToolCallDelta):
            texts += [event.id, event.name, event.arguments]
        elif isinstance(event, Finish):
            texts.append(event.reason)
    return texts


def single_bytes(stream: bytes) -> list[bytes]:
    return [bytes([byte]) for byte in stream]


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(min(place, len(stream)) for place in places), len(stream)]
    return [stream[a:b] for a, b in pairwise(edges)]


def chunk(reason: str | None = None, **delta: Any) -> str:
    usage = {"prompt_tokens": 4, "completion_tokens": 1}
    choices = [{"index": 0, "delta": delta, "finish_reason": reason}]
    return f"data: {json.dumps({'choices': choices, 'usage': usage}, ensure_ascii='raw' not in delta)}\n\n"


_WORDS = chunk(content=None, reasoning_content="想", role="assistant") + chunk(content="你好 😀\u2028", raw=True)
_CALL = {"index": 0, "id": "f:0", "type": "function", "function": {"name": "f", "arguments": ""}}
_MORE = {"index": 0, "id": None, "type": None, "function": {"arguments": '{"城":"北京"}'}}
_BUSY = '{"code":50505,"message":"Model service overloaded. 😀"}'
_PLAIN = {"choices": [{"index": 0, "message": {"content": "你好"}, "finish_reason": "stop"}]}

REALISTIC = {
    "answer": _WORDS + chunk("stop", content="") + "data: [DONE]\n\n",
    "crlf-and-comments": "\ufeff: hi\n\n" + _WORDS.replace("\n", "\r\n") + ":\r\rdata:[DONE]\r\n\r\n",
    "emoji-in-halves": chunk(content="\ud83d") + chunk(content="\ude00") + chunk("stop", content="\ud83d"),
    "tool-call": chunk(tool_calls=[_CALL]) + chunk(tool_calls=[_MORE], raw=True) + chunk("tool_calls"),
    "without-an-end": _WORDS + 'data: {"choices":[{"del',
    "error-frame": _WORDS + f"event: error\ndata: {_BUSY}\n\n",
    "bare-error": _WORDS + _BUSY,
    "bare-error-laid-out": json.dumps(json.loads(_BUSY), indent=1, ensure_ascii=False),
    "plain-completion": json.dumps(_PLAIN, indent=1, ensure_ascii=False),
    "html": "<html>\r\n<p>登录</p>\r\n\r\n</html>",
}


@pytest.mark.parametrize("name", REALISTIC)
def test_every_cut_of_realistic_streams(name: str) -> None:
    """Cut in two at every byte, and cut into single bytes, a stream gives what it gives whole."""
    stream = REALISTIC[name].encode()
    whole = outcome_of(stream)

    assert whole == outcome_of(*single_bytes(stream))
    for place in range(1, len(stream)):
        assert whole == outcome_of(stream[:place], stream[place:])


def test_realistic_streams_are_different() -> None:
    """The streams above do end in the ways that they are there for."""
    kinds = {name: outcome_of(stream.encode())[1] for name, stream in REALISTIC.items()}
    names = {name: kind.__name__ if kind else "" for name, kind in kinds.items()}

    assert names == {
        "answer": "",
        "crlf-and-comments": "",
        "emoji-in-halves": "",
        "tool-call": "",
        "without-an-end": "StreamCut",
        "error-frame": "ServerBusy",
        "bare-error": "ServerBusy",
        "bare-error-laid-out": "ServerBusy",
        "plain-completion": "MalformedStream",
        "html": "MalformedStream",
    }


_TEXTS = st.text(st.sampled_from('ab :{}[]"\\\n\r\u2028\u0085é你😀👍🏽\ufeff'), max_size=8)
_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
_PLACES = st.lists(st.integers(0, 3000), max_size=12)


def utf_16_pieces(text: str, sizes: list[int]) -> list[str]:
    """The text in pieces of so many UTF-16 units, which splits emoji into halves."""
    units = text.encode("utf-16-le")
    pieces = []
    for size in sizes:
        pieces.append(units[: 2 * size])
        units = units[2 * size :]
    return [piece.decode("utf-16-le", "surrogatepass") for piece in (*pieces, units)]


@st.composite
def deltas(draw: st.DrawFn) -> tuple[str, str, list[dict[str, Any]]]:
    """A content, a reasoning, and the deltas that carry them in pieces."""
    sizes = st.lists(st.integers(0, 4), max_size=5)
    content, reasoning = draw(_TEXTS), draw(_TEXTS)
    made: list[dict[str, Any]] = [{"reasoning_content": piece} for piece in utf_16_pieces(reasoning, draw(sizes))]
    made += [{"content": piece} for piece in utf_16_pieces(content, draw(sizes))]
    for delta in made:
        delta |= draw(st.sampled_from([{}, {"role": "assistant"}, {"reasoning": None}, {"tool_calls": []}]))
    for arguments in draw(st.lists(_TEXTS, max_size=2)):
        call = {"index": draw(st.integers(0, 1)), "id": None, "function": {"name": "", "arguments": arguments}}
        made.append({"content": None, "tool_calls": [call]})
    return content, reasoning, made


@st.composite
def streams(draw: st.DrawFn) -> tuple[str, str, bytes]:
    """A content, a reasoning, and a stream that carries them and may end in any way."""
    content, reasoning, made = draw(deltas())
    frames = []
    for delta in made:
        value: dict[str, Any] = {"choices": [{"index": 0, "delta": delta}]}
        if draw(st.booleans()):
            value["usage"] = {"completion_tokens": draw(st.integers(0, 99))}
        text = json.dumps(value, ensure_ascii=draw(st.booleans()))
        frames.append("data: " + (json.dumps(value) if re.search("[\ud800-\udfff]", text) else text))
        frames += draw(st.sampled_from([[], [": keep-alive"], ["id: 1"], ["event: ping"]]))
    finish = 'data:{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}'
    endings = [["data: [DONE]"], [finish], [finish, "data: [DONE]"], [], [f"data: {_BUSY}"], [_BUSY], ['data: {"cho']]
    lines = frames + draw(st.sampled_from(endings))
    end = draw(_ENDS)
    return content, reasoning, "".join(line + end * 2 for line in lines).encode()


@settings(max_examples=300, deadline=None)
@given(streams(), _PLACES)
def test_any_cut_of_any_stream(made: tuple[str, str, bytes], places: list[int]) -> None:
    """Events and error are the same however the stream is cut."""
    whole = outcome_of(made[2])

    assert whole == outcome_of(*cut(made[2], places))
    assert whole == outcome_of(*single_bytes(made[2]))


@settings(max_examples=300, deadline=None)
@given(streams())
def test_texts_arrive_as_they_were_sent(made: tuple[str, str, bytes]) -> None:
    """Content and reasoning are what was sent, emoji that were split into halves too."""
    content, reasoning, stream = made
    grown = [event for event in outcome_of(stream)[0] if isinstance(event, Delta)]

    assert (content, reasoning) == ("".join(e.content for e in grown), "".join(e.reasoning for e in grown))


_WORDS_OF_THE_WIRE = st.sampled_from(
    [
        *("choices", "delta", "content", "reasoning_content", "tool_calls", "function", "arguments", "index", "id"),
        *("name", "message", "error", "code", "detail", "usage", "finish_reason", "[DONE]", "\ud83d", "a\ude00"),
    ]
)
_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-2, 60000), st.floats(), _WORDS_OF_THE_WIRE),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(_WORDS_OF_THE_WIRE, inner, max_size=4)),
    max_leaves=12,
)
_CHOICES = st.dictionaries(st.sampled_from(["delta", "message", "index", "finish_reason"]), _JSON, max_size=4)
_FRAMES = st.one_of(_JSON, st.builds(lambda choice: {"choices": [choice]}, _CHOICES))
_LINES = st.one_of(
    st.builds(lambda frame: f"data: {json.dumps(frame)}\n\n".encode(), _FRAMES),
    st.builds(lambda frame: f"event: error\ndata: {json.dumps(frame)}\n\n".encode(), _JSON),
    st.builds(lambda frame: f"{json.dumps(frame)}\n".encode(), _FRAMES),
    st.binary(max_size=20),
    st.sampled_from([b"data: ", b"\n\n", b"\r", b'{"', b'data: "\xf0\x9f\n\n', b"data: {\n\n", b"data: [DONE]\n\n"]),
)


@settings(max_examples=800, deadline=None)
@given(st.lists(_LINES, max_size=5).map(b"".join), _PLACES)
def test_no_bytes_do_harm(stream: bytes, places: list[int]) -> None:
    """Whatever comes, it is an event or an error of ours, its text encodes, and the cuts make no difference."""
    outcome = outcome_of(stream)

    assert repr(outcome) == repr(outcome_of(*cut(stream, places)))  # as repr, for NaN in the usage
    for text in texts_of(outcome):
        assert text.encode().decode() == text

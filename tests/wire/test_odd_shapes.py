"""Text in another type, in another place or in another wrapping: it is read as the usual one is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fake_transport import DONE, frame, word
from tests.wire.test_odd_frames import USABLE, choice, shown

CONTENTS: list[tuple[Any, str]] = [
    (["a", "b"], "ab"),
    (["a", None, "b"], "ab"),
    ([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], "ab"),
    ([{"type": "text", "text": "a"}, "b"], "ab"),
    ([["a"], [["b"]]], "ab"),
    ({"type": "text", "text": "ab"}, "ab"),
    ({"type": "output_text", "text": "ab", "annotations": []}, "ab"),
    ({"type": "text", "text": {"value": "ab", "annotations": []}}, "ab"),
    ({"content": "ab"}, "ab"),
    ({"parts": [{"text": "a"}, {"text": "b"}]}, "ab"),
    (5, "5"),
    (0, "0"),
    (-1, "-1"),
    (2.5, "2.5"),
    (True, "true"),
    (False, "false"),
    ([1, 2], "12"),
    ([], ""),
    ("", ""),
]


@pytest.mark.parametrize(("content", "text"), CONTENTS, ids=[json.dumps(content) for content, _ in CONTENTS])
def test_content_of_another_type(content: Any, text: str) -> None:
    """Its text is the content, and nothing is remarked on."""
    reply = shown(word("-"), choice({"content": content}), word("-"), choice(finish="stop"), DONE)
    assert ("complete", f"-{text}-", []) == (reply.status, reply.content, reply.notes)


PLACES = {
    "delta-is-text": {"delta": "a"},
    "delta-is-a-list": {"delta": [{"type": "text", "text": "a"}]},
    "message": {"message": {"role": "assistant", "content": "a"}},
    "message-is-text": {"message": "a"},
    "message-and-empty-delta": {"delta": {}, "message": {"content": "a"}},
    "message-and-null-delta": {"delta": None, "message": {"content": "a"}},
    "text": {"text": "a"},
    "content": {"content": "a"},
    "no-index": {"delta": {"content": "a"}},
    "index-is-text": {"index": "0", "delta": {"content": "a"}},
    "index-is-null": {"index": None, "delta": {"content": "a"}},
    "index-is-a-float": {"index": 0.0, "delta": {"content": "a"}},
}


@pytest.mark.parametrize("piece", PLACES.values(), ids=PLACES)
def test_text_in_another_place(piece: dict[str, Any]) -> None:
    """Each frame adds its text, the first and those after it."""
    pieces = [frame({"choices": [json.loads(json.dumps(piece).replace('"a"', f'"{text}"'))]}) for text in "abc"]
    reply = shown(*pieces, choice(finish="stop"), DONE)
    assert ("complete", "abc", []) == (reply.status, reply.content, reply.notes)


WRAPPED = {
    "choices-is-a-choice": frame({"choices": USABLE}),
    "null-before-it": frame({"choices": [None, USABLE]}),
    "json-in-a-string": frame(json.dumps({"choices": [USABLE]})),
    "list-of-chunks": frame([{"choices": [USABLE]}]),
    "data-twice": b"data: " + frame({"choices": [USABLE]}),
    "data-twice-as-sse-starlette": b"data: " + frame({"choices": [USABLE]}).strip() + b"\r\ndata: \r\ndata: \r\n\r\n",
    "behind-another": frame({"choices": []}).strip() + json.dumps({"choices": [USABLE]}).encode() + b"\n\n",
    "behind-data": frame({"choices": []}).strip() + frame({"choices": [USABLE]}),
    "with-a-rest": frame({"choices": [USABLE]}).strip() + b'{"choices": [{"del\n\n',
    "no-data": json.dumps({"choices": [USABLE]}).encode() + b"\n",
    "laid-out": b"data: " + json.dumps({"choices": [USABLE]}, indent=1).replace("\n", "\ndata: ").encode() + b"\n\n",
}


@pytest.mark.parametrize("odd", WRAPPED.values(), ids=WRAPPED)
def test_a_chunk_in_another_wrapping(odd: bytes) -> None:
    """It is read all the same."""
    reply = shown(odd, odd, choice(finish="stop"), DONE)
    assert ("complete", "HelloHello") == (reply.status, reply.content)


@pytest.mark.parametrize(
    "end", [b"[DONE]\n", b"[DONE]", b"data: data: [DONE]\n\n", b"data: data: [DONE]", b'data: "[DONE]"\n\n']
)
def test_the_end_in_another_wrapping(end: bytes) -> None:
    """It is the end, and not remarked on."""
    reply = shown(word("Hello"), end)
    assert ("complete", "Hello", []) == (reply.status, reply.content, reply.notes)

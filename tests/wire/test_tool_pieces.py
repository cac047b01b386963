"""Tool calls in the pieces that servers send, with numbers and identifiers that do not tell them apart."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sfstream.core.choice import ToolCall
from sfstream.core.reply import Reply
from tests.fake_transport import DONE, ended, frame, run_of, streaming

Calls = list[tuple[str, str]]
"""Name and arguments of each call."""


def shown(*deltas: Any) -> Reply:
    """The reply of these lists of tool calls, a frame each."""
    frames = [frame({"choices": [{"index": 0, "delta": {"tool_calls": calls}}]}) for calls in deltas]
    finish = frame({"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]})
    return ended(run_of(streaming(*frames, finish, DONE))).reply


def calls_of(*deltas: Any) -> Calls:
    return [(call.name, call.arguments) for call in shown(*deltas).tool_calls]


def piece(name: str | None = None, arguments: Any = None, **more: Any) -> list[dict[str, Any]]:
    """A list of one piece, number 0, with the members that are given."""
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    return [{"index": 0, "function": function} | more]


EMPTY = {"id": "", "type": "function"}
X, Y = '{"x":1}', '{"y":2}'
TWO: Calls = [("f", X), ("g", Y)]
TWICE: Calls = [("f", X), ("f", Y)]

PIECES: dict[str, tuple[list[Any], Calls]] = {
    # A new name
    "whole": ([piece("f", X, **EMPTY), piece("g", Y, **EMPTY)], TWO),
    "whole-without-id": ([piece("f", X), piece("g", Y)], TWO),
    "whole-id-null": ([piece("f", X, id=None), piece("g", Y, id=None)], TWO),
    "in-one-frame": ([[*piece("f", X, **EMPTY), *piece("g", Y, **EMPTY)]], TWO),
    "arguments-later": ([piece("f", "", **EMPTY), piece(None, X), piece("g", "", **EMPTY), piece(None, Y)], TWO),
    "arguments-in-pieces": (
        [piece("f", **EMPTY), *(piece(None, each) for each in X), piece("g", **EMPTY), *(piece(None, y) for y in Y)],
        TWO,
    ),
    "no-arguments": ([piece("f", "", **EMPTY), piece("g", "", **EMPTY)], [("f", ""), ("g", "")]),
    "empty-objects": ([piece("f", "{}"), piece("g", "{}")], [("f", "{}"), ("g", "{}")]),
    "name-between-arguments": ([piece("f", '{"x":'), piece("g", Y)], [("f", '{"x":'), ("g", Y)]),
    "same-id": ([piece("f", X, id="call"), piece("g", Y, id="call")], TWO),
    "three": ([piece("f", X), piece("g", Y), piece("h", X)], [*TWO, ("h", X)]),
    "objects": ([piece("f", {"x": 1}), piece("g", {"y": 2})], [("f", '{"x": 1}'), ("g", '{"y": 2}')]),
    "name-of-the-other-begins-alike": ([piece("get", X), piece("get_all", Y)], [("get", X), ("get_all", Y)]),
    # Arguments after a whole object
    "same-name": ([piece("f", X, **EMPTY), piece("f", Y, **EMPTY)], TWICE),
    "no-name": ([piece("f", X, **EMPTY), piece(None, Y, **EMPTY)], TWICE),
    "same-name-objects": ([piece("f", {"x": 1}), piece("f", {"y": 2})], [("f", '{"x": 1}'), ("f", '{"y": 2}')]),
    "same-name-in-pieces": ([piece("f", '{"x"'), piece(None, ":1}"), piece("f", '{"y"'), piece(None, ":2}")], TWICE),
    "blank-between": ([piece("f", X + "\n"), piece("f", " " + Y)], [("f", X + "\n"), ("f", " " + Y)]),
    "same-again": ([piece("f", X), piece("f", X)], [("f", X), ("f", X)]),
    "id-comes-later": ([piece("f", X), piece("f", Y, id="call_2")], TWICE),
    # One call
    "name-in-every-piece": ([piece("f", each, **EMPTY) for each in ("", '{"x"', ":1", "}")], [("f", X)]),
    "id-and-name-in-every-piece": ([piece("f", each, id="call_1") for each in ('{"x"', ":1}")], [("f", X)]),
    "id-in-every-piece": ([piece("f", "", id="1"), *(piece(None, each, id="1") for each in X)], [("f", X)]),
    "another-id-in-every-piece": (
        [piece("f", "", id="1"), piece(None, '{"x"', id="2"), piece(None, ":1}", id="3")],
        [("f", X)],
    ),
    "name-in-pieces": ([piece("get"), piece("Weather"), piece(None, X)], [("getWeather", X)]),
    "name-in-pieces-with-a-line": ([piece("get_", "", **EMPTY), piece("all", "", **EMPTY)], [("get_all", "")]),
    "name-in-pieces-with-an-id": ([piece("get", "", id="1"), piece("All", X, id="1")], [("getAll", X)]),
    "name-so-far": ([piece("get"), piece("get_all"), piece("get_all", X)], [("get_all", X)]),
    "nested": ([piece("f", '{"a":{"b":1}'), piece(None, "}")], [("f", '{"a":{"b":1}}')]),
    "list-of-objects": ([piece("f", '{"a":[{"b":1}'), piece(None, ',{"c":2}]}')], [("f", '{"a":[{"b":1},{"c":2}]}')]),
    "braces-in-text": ([piece("f", '{"a":"}'), piece(None, '{}"}')], [("f", '{"a":"}{}"}')]),
    "arguments-repeated": (
        [piece("f", "", id="1"), piece(None, '{"x"'), piece(None, ":1}"), piece("f", X, id="1")],
        [("f", X)],
    ),
    "arguments-repeated-without-id": ([piece("f", '{"x"'), piece(None, ":1}"), piece(None, X)], [("f", X)]),
    "counted": ([[piece(None, each)[0] | {"index": at}] for at, each in enumerate(X)], [("", X)]),
    "counted-after-a-name": (
        [piece("f", "", id="1"), *([piece(None, each)[0] | {"index": at}] for at, each in enumerate(X, 1))],
        [("f", X)],
    ),
    "counted-with-an-id-each": (
        [piece("f", "", id="1"), *([piece(None, each, id="1")[0] | {"index": at}] for at, each in enumerate(X, 1))],
        [("f", X)],
    ),
    "numbered-with-one-id": ([piece("f", X, id="1"), [piece("f", Y, id="1")[0] | {"index": 1}]], TWICE),
    "pieces-in-one-frame": ([[*piece("f", "", id="1"), *piece(None, '{"x"'), *piece(None, ":1}")]], [("f", X)]),
    "name-last": ([piece(None, '{"x":1'), piece("f", "}")], [("f", X)]),
    "not-json": ([piece("f", "x}"), piece(None, "{y")], [("f", "x}{y")]),
    # Other shapes
    "an-object-in-place-of-the-list": ([piece("f", X)[0]], [("f", X)]),
    "an-object-by-number": ([{"0": piece("f", X)[0], "1": piece("g", Y)[0] | {"index": 1}}], TWO),
    "without-function": ([[{"id": "1", "name": "f", "arguments": {"x": 1}}]], [("f", '{"x": 1}')]),
    "index-is-text": ([[piece("f", X)[0] | {"index": "0"}, piece("g", Y)[0] | {"index": "1"}]], TWO),
    "index-is-null": ([[piece("f", X)[0] | {"index": None}, piece("g", Y)[0] | {"index": None}]], TWO),
    "with-odd-ones": ([[None, *piece("f", X), 5, "g", {}, []]], [("f", X)]),
}


@pytest.mark.parametrize(("deltas", "calls"), PIECES.values(), ids=PIECES)
def test_pieces_and_their_calls(deltas: list[Any], calls: Calls) -> None:
    """What belongs to one call, and what begins another."""
    assert calls == calls_of(*deltas)


def test_a_number_as_an_id() -> None:
    """It is taken as its digits; another type is skipped."""
    assert [ToolCall("7", "f", X)] == shown(piece("f", X, id=7)).tool_calls
    reply = shown(piece("f", X, id={"a": 1}))
    assert ([ToolCall("", "f", X)], 1) == (reply.tool_calls, len(reply.notes))


def test_pieces_of_two_calls_in_turns() -> None:
    """Where the numbers tell them apart, a whole object ends nothing."""
    first, second = piece("f", '{"x"')[0], piece("g", Y)[0] | {"index": 1}
    rest = piece(None, ":1}")[0]
    assert TWO == calls_of([first], [second], [rest])


def test_a_long_call_is_read_in_one_pass() -> None:
    """Pieces that could begin an object are looked at only where the arguments may be whole."""
    text = json.dumps({"rows": [{"a": number} for number in range(5000)]})
    assert [("f", text)] == calls_of(piece("f"), *(piece(None, text[at : at + 10]) for at in range(0, len(text), 10)))

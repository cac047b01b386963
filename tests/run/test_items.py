"""`Stream.items`: each item of a list as it closes, checked, while the rest of the answer is still on its way."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from sfstream import errors
from sfstream.api import stream
from sfstream.core.events import Delta
from sfstream.core.json_schema import schema_of
from sfstream.core.reply import Reply
from sfstream.demo.server import DemoServer
from sfstream.run.loop import Run
from sfstream.run.stream import Stream
from sfstream.wire.endpoint import Endpoint
from tests.fake_transport import DONE, HERE, REQUEST, FakeTransport, Step, streaming, word
from tests.waiting import until

RECEIPT = "List what is on this receipt: two notebooks at 4.50 each, one fountain pen at 32, five pencils at 0.80 each."


@dataclass
class Item:
    name: str


def opened(*steps: Step, schema: Any = list[Item]) -> Stream:
    """A stream of these steps."""
    reply = Reply(REQUEST, via="fake")
    reply.schema = schema_of(schema)
    return Stream(Run(REQUEST, FakeTransport(streaming(*steps)), Endpoint(HERE), reply=reply))


def test_each_item_comes_as_it_closes() -> None:
    """Before the server has sent the next one."""
    got: list[Any] = []
    pause = [lambda count=count: until(lambda: len(got) == count) for count in (1, 2)]
    frames = ['[{"name": "a"},', ' {"name": "b"}, {"na', 'me": "c"}]']
    made = opened(word(frames[0]), pause[0], word(frames[1]), pause[1], word(frames[2], "stop"), DONE)
    for item in made.items():
        got.append(item)
    assert [Item("a"), Item("b"), Item("c")] == got == made.reply.value
    assert "complete" == made.reply.status


def test_the_demo_streams_a_list(asking_demo: DemoServer) -> None:
    """Wrapped on the wire, in a block between sentences, or asked for as a JSON schema."""
    for model in ("demo/chat", "demo/json-in-prose"):
        with stream(RECEIPT, model=model, via="requests", schema=list[Item]) as made:
            assert [Item("notebook"), Item("fountain pen"), Item("pencil")] == list(made.items())
    item = {"type": "object", "properties": {"name": {"type": "string"}}}
    with stream(RECEIPT, model="demo/chat", via="requests", schema={"type": "array", "items": item}) as made:
        assert {"name": "notebook"} == next(iter(made.items()))
    assert "stopped" == made.reply.status


def taken(made: Stream) -> tuple[list[Any], errors.SfStreamError]:
    """The items up to an error, and the error."""
    got: list[Any] = []
    try:
        for item in made.items():
            got.append(item)
    except errors.SfStreamError as error:
        return got, error
    pytest.fail("no error was raised")


def test_an_item_that_does_not_fit_is_named() -> None:
    """Those before it have come; what has arrived is kept."""
    made = opened(word('[{"name": "a"}, {"name": 5}, {"name": "c"}]', "stop"), DONE)
    got, error = taken(made)
    assert [Item("a")] == got
    assert isinstance(error, errors.SchemaMismatch)
    assert str(error).startswith("Item 2 of the list: The JSON of the answer does not fit the schema:\n  name: ")
    assert made.reply is error.reply
    assert made.reply.content.endswith('c"}]')


def test_the_end_is_as_in_chat() -> None:
    """A cut list, and an answer without a list, raise when the answer has ended."""
    got, error = taken(opened(word('[{"name": "a"}, {"na', "length"), DONE))
    assert ([Item("a")], errors.NotJson) == (got, type(error))
    assert "Complete items of the list: 1." in str(error)
    assert isinstance(taken(opened(word("I am sorry.", "stop"), DONE))[1], errors.NotJson)
    assert isinstance(taken(opened(word('[{"name": "a"}')))[1], errors.StreamCut)


def test_items_after_events() -> None:
    """Nothing that was read as an event before is missing."""
    made = opened(word('[{"name": "a"},'), word('{"name": "b"}]', "stop"), DONE)
    assert isinstance(next(made), Delta)
    assert [Item("a"), Item("b")] == list(made.items())
    assert [] == list(made)


@pytest.mark.parametrize("schema", [Item, None, {"type": "object", "properties": {}}, dict[str, int]], ids=str)
def test_without_a_list_there_are_no_items(schema: Any) -> None:
    """It is said when it is called, before anything is sent."""
    made = opened(word("[]", "stop"), DONE, schema=schema)
    with pytest.raises(errors.ConfigurationError, match=r"schema=list\[Item\]"):
        made.items()


def test_any_cut_gives_the_same_items() -> None:
    """However the text is cut into deltas."""
    names = ["a]", 'b"', "c\\", "{d", "é, 中"]
    text = json.dumps([{"name": name} for name in names], ensure_ascii=False)
    for size in (1, 2, 3, 5):
        cuts = [text[at : at + size] for at in range(0, len(text), size)]
        made = opened(*map(word, cuts), word("", "stop"), DONE)
        assert [Item(name) for name in names] == list(made.items())

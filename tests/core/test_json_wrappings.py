"""The value of an answer, however a model has wrapped its JSON: the right one or the named error, never a wrong one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import pytest

from sfstream.core.events import ContentWasReasoning, Delta
from sfstream.core.finish import Status
from sfstream.core.json_items import ItemScanner
from sfstream.core.json_schema import Schema, schema_of
from sfstream.core.json_text import find_json
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.core.structured import read_value
from sfstream.demo.prepared import PROMPTS, text
from sfstream.errors import ValueProblem
from sfstream.wire.think_tags import ThinkTags
from tests.core.json_wrappings import ITEM, ITEMS, WRAPPINGS, Wrapping, is_error


@dataclass
class Item:
    name: str
    price: float


REQUEST = ChatRequest(model="m", messages=[{"role": "user", "content": "Hello"}])
SCHEMAS = {id(schema): schema_of(schema) for schema in (None, ITEM, ITEMS)}


def events(text: str, size: int) -> Iterator[Delta | ContentWasReasoning]:
    """What an answer is decoded to, in pieces of this size."""
    tags = ThinkTags(0)
    for at in range(0, len(text), size):
        yield from tags.feed(text[at : at + size])
    yield from tags.flush()


def content(text: str) -> str:
    """The content of an answer, without the reasoning in it."""
    reply = Reply(REQUEST, via="test")
    for event in events(text, 1000):
        reply.add(event, 0.0)
    return reply.content


def outcome(wrapping: Wrapping, schema: Schema) -> Any:
    """The value, or the class of the error."""
    try:
        value, _ = read_value(content(wrapping.text), schema, cast("Status", wrapping.status), 9)
    except ValueProblem as error:
        return type(error)
    return value


@pytest.mark.parametrize("wrapping", WRAPPINGS, ids=lambda wrapping: wrapping.name)
def test_the_value_or_the_named_error(wrapping: Wrapping) -> None:
    """With a JSON schema."""
    assert wrapping.expected == outcome(wrapping, SCHEMAS[id(wrapping.schema)])


@pytest.mark.parametrize(
    "wrapping", [each for each in WRAPPINGS if each.schema is not None], ids=lambda wrapping: wrapping.name
)
def test_the_same_with_a_type(wrapping: Wrapping) -> None:
    """The outcome does not depend on how the schema is written."""
    kind: Any = Item if wrapping.schema is ITEM else list[Item]
    expected = wrapping.expected
    if not is_error(expected):
        expected = Item(**expected) if kind is Item else [Item(**each) for each in expected]
    assert expected == outcome(wrapping, schema_of(kind))


@pytest.mark.parametrize("name", PROMPTS)
def test_an_answer_that_is_no_json_has_no_value(name: str) -> None:
    """The prepared answers of the demo explain, and some hold JSON as an example."""
    with pytest.raises(ValueProblem):
        find_json(text(name))


def test_there_are_many_and_each_has_a_name() -> None:
    """At least 60."""
    assert len({wrapping.name for wrapping in WRAPPINGS}) == len(WRAPPINGS) >= 60


@pytest.mark.parametrize("wrapping", WRAPPINGS, ids=lambda wrapping: wrapping.name)
def test_every_beginning_is_right_or_refused(wrapping: Wrapping) -> None:
    """An answer that is cut anywhere gives the whole value or an error, and no part of it."""
    if is_error(wrapping.expected) or wrapping.schema is None:
        return
    schema = SCHEMAS[id(wrapping.schema)]
    for end in range(len(wrapping.text)):
        found = outcome(wrapping._replace(text=wrapping.text[:end], status="length"), schema)
        assert is_error(found) or found == wrapping.expected, wrapping.text[:end]


@pytest.mark.parametrize(
    "wrapping", [each for each in WRAPPINGS if each.schema is ITEMS], ids=lambda wrapping: wrapping.name
)
@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_items_are_those_of_the_value(wrapping: Wrapping, size: int) -> None:
    """Cut out while it grows, in chunks of any size, each item is one of the value, in its order."""
    scanner, texts = ItemScanner(), list[str]()
    for event in events(wrapping.text, size):
        if isinstance(event, Delta):
            texts += scanner.feed(event.content)
        else:
            scanner, texts = ItemScanner(), []
    if not is_error(wrapping.expected):
        assert wrapping.expected == [find_json(text).value for text in texts]
        assert scanner.is_closed

"""What the errors of a value say, how a schema goes on the wire, and what the checks accept."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, field_validator
from typing_extensions import TypedDict

from sfstream import errors
from sfstream.core.events import Delta, Finish, ToolCallDelta
from sfstream.core.finish import Status
from sfstream.core.json_schema import schema_of
from sfstream.core.json_text import find_json
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.core.structured import read_value
from sfstream.demo.json_answers import instance


class Item(BaseModel):
    name: str
    price: float
    tags: list[str] = []


class Tree(BaseModel):
    name: str
    children: list[Tree] = []


class Row(TypedDict):
    day: dt.date
    amount: Decimal


@dataclass
class Order:
    rows: list[Row]
    state: Literal["open", "paid"] = "open"
    note: str | None = None
    extra: dict[str, int] = field(default_factory=dict)


def problem(text: str, schema: Any, status: Status = "complete") -> errors.ValueProblem:
    with pytest.raises(errors.ValueProblem) as raised:
        read_value(text, schema_of(schema), status, 12)
    return raised.value


def lines(text: str, schema: Any, status: Status = "complete") -> list[str]:
    """The lines of the error, without the last one, which says what to do."""
    *said, advice = str(problem(text, schema, status)).splitlines()
    assert "sf_content" in advice
    return said


def test_a_mismatch_says_where_and_what_came() -> None:
    """The path as in Python, what was expected, what came; whether the list was wrapped or not."""
    wrong = '[{"name": "pen", "price": "cheap"}, {"price": 1}]'
    expected = [
        "The JSON of the answer does not fit the schema:",
        '  [0].price: Input should be a valid number, unable to parse string as a number, got "cheap"',
        "  [1].name: it is missing",
    ]
    assert expected == lines(wrong, list[Item]) == lines(f'{{"items": {wrong}}}', list[Item])


def test_a_mismatch_of_a_json_schema() -> None:
    """The same from jsonschema."""
    schema = {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}}
    assert ["  [1].n: 'x' is not of type 'integer'"] == lines('[{"n": 1}, {"n": "x"}]', schema)[1:]


def test_many_mistakes_are_few_lines() -> None:
    """Five, and how many more; long values are cut."""
    said = lines(json.dumps([{"name": 1, "price": "x" * 500}] * 9), list[Item])
    assert len(said) == 7
    assert "  … and 13 more" == said[-1]
    assert all(len(line) < 250 for line in said)


def test_a_mistake_is_quoted_with_its_place() -> None:
    """And control characters of the model are made visible."""
    (said,) = lines('{"name": "pen\x1b[2J",\n "price": 1,}', Item)
    assert "control character" in said
    assert "\x1b" not in said
    (said,) = lines('{"name": "pen",\n "price": 1,}', Item)
    assert "The answer is not valid JSON: trailing comma, in line 2 near '\"price\": 1,}'." == said


def test_a_cut_answer_says_so() -> None:
    """By what, and how much of it is there."""
    text = '[{"name": "pen", "price": 1}, {"name": "ink", "price": 2}, {"na'
    (said,) = lines(text, list[Item], "length")
    assert (
        "The limit on tokens ended the answer after 12 tokens (63 characters), before its JSON was complete. "
        "Complete items of the list: 2. Raise or leave out max_tokens (--max-tokens)." == said
    )
    (said,) = lines('{"name": "p', Item, "filtered")
    assert said.startswith("The content filter ended the answer after 12 tokens (11 characters)")
    assert "max_tokens" not in said


def test_a_validator_of_the_user_may_fail() -> None:
    """Its exception is a mismatch, whatever its kind; the run goes on to its end."""

    class Odd(BaseModel):
        n: int

        @field_validator("n")
        @classmethod
        def _check(cls, n: int) -> int:
            raise ZeroDivisionError("odd")

    assert ["  the whole: the check raised ZeroDivisionError: odd"] == lines('{"n": 1}', Odd)[1:]


def test_the_types_of_python() -> None:
    """Dates, decimals with all their digits, defaults, nested types: also in a list, which is wrapped on the wire."""
    text = '{"rows": [{"day": "2026-01-02", "amount": 1.12}], "state": "paid"}'
    order = Order([{"day": dt.date(2026, 1, 2), "amount": Decimal("1.12")}], "paid")
    assert order == schema_of(Order).check(find_json(text))
    assert [order] == schema_of(list[Order]).check(find_json(f'{{"items": [{text}]}}'))


def test_the_wire_keeps_the_rules_of_the_strict_mode() -> None:
    """Where the type can; a dict with any keys cannot."""
    assert schema_of(Tree).is_strict
    assert schema_of(list[Item]).is_strict
    assert schema_of(Literal["a", "b"]).is_strict
    assert not schema_of(Order).is_strict
    wire = schema_of(Item).wire
    assert wire
    assert (["name", "price", "tags"], False) == (wire["required"], wire["additionalProperties"])
    assert "default" not in json.dumps(wire)


@pytest.mark.parametrize(
    "kind",
    [Item, Tree, Order, list[Row], int, Literal["a", "b"], str | int, Annotated[int, Field(ge=5)], tuple[int, str]],
    ids=str,
)
def test_a_generated_instance_fits(kind: Any) -> None:
    """What the demo makes of the schema on the wire passes the check."""
    schema = schema_of(kind)
    assert schema.wire
    text = json.dumps(instance(schema.wire, schema.wire))
    schema.check(find_json(text))


def test_a_json_schema_loads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reference to elsewhere is an error of the value, and not a request."""
    schema = {"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:1/schema.json"}}}
    assert "127.0.0.1" in lines('{"a": 1}', schema)[1]


def ended(schema: Any, *events: Any) -> Reply:
    reply = Reply(ChatRequest(model="a/b", messages=[{"role": "user", "content": "Hi"}]), via="replay")
    reply.schema = schema_of(schema)
    for event in events:
        reply.add(event, 1.0)
    reply.end(2.0)
    return reply


def test_a_tool_call_has_no_value() -> None:
    """An answer that calls a function, and has no content, is no JSON and no error."""
    reply = ended(Item, ToolCallDelta(id="1", name="f", arguments="{}"), Finish(0, "tool_calls"))
    assert (None, None, "complete") == (reply.value, reply.error, reply.status)


def test_a_problem_leaves_the_status() -> None:
    """The error is the reply's, and carries it; both can be pickled."""
    import pickle

    reply = ended(Item, Delta(content='{"name": "p'), Finish(0, "length"))
    assert ("length", None, reply) == (reply.status, reply.value, reply.error and reply.error.reply)
    copy = pickle.loads(pickle.dumps(reply))
    assert isinstance(copy.error, errors.NotJson)
    assert (
        Item(name="a", price=1)
        == pickle.loads(pickle.dumps(ended(Item, Delta(content='{"name":"a","price":1}')))).value
    )

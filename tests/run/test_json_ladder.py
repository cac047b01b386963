"""How JSON is asked for: the bytes of each attempt, what is remembered, and what is refused before anything is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

import sfstream
from sfstream import errors
from sfstream.core.config import settings
from sfstream.demo.server import DemoServer
from sfstream.run import json_ladder
from sfstream.run.ask import ask
from sfstream.run.retry import refuses_json_mode

PROMPT = "List what is on this receipt: two notebooks at 4.50 each, one fountain pen at 32, five pencils at 0.80 each."
INSTRUCTION = "Answer with JSON only, without any other text."
NO_SCHEMA, NO_JSON, NO_OBJECT = map(str, json_ladder.NOTES)


@dataclass
class Item:
    name: str
    quantity: int


WIRE = {
    "$defs": {
        "Item": {
            "properties": {
                "name": {"title": "Name", "type": "string"},
                "quantity": {"title": "Quantity", "type": "integer"},
            },
            "required": ["name", "quantity"],
            "title": "Item",
            "type": "object",
            "additionalProperties": False,
        }
    },
    "properties": {"items": {"items": {"$ref": "#/$defs/Item"}, "title": "Items", "type": "array"}},
    "required": ["items"],
    "title": "Answer",
    "type": "object",
    "additionalProperties": False,
}
"""The schema of ``list[Item]`` on the wire: closed objects, and an object at the root."""
BY_SCHEMA = {"type": "json_schema", "json_schema": {"name": "Answer", "strict": True, "schema": WIRE}}
BY_OBJECT = {"type": "json_object"}
WITH_SCHEMA = f"{PROMPT}\n\n{INSTRUCTION} It must match this JSON schema:\n{json.dumps(WIRE)}"
ITEMS = [Item("notebook", 2), Item("fountain pen", 1), Item("pencil", 5)]


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> Iterator[None]:
    """Forget which model refused what, before and after."""
    json_ladder._refused.clear()
    yield
    json_ladder._refused.clear()


class Asking:
    """Asks the demo server, and keeps what that sent: the prompt and the ``response_format`` of each request."""

    def __init__(self, demo: DemoServer) -> None:
        self._demo = demo
        self.sent: list[tuple[Any, Any]] = []

    def __call__(self, model: str, **keywords: Any) -> sfstream.Reply:
        before = len(self._demo.requests)
        reply = ask(keywords.pop("prompt", PROMPT), model=f"demo/{model}", via="requests", display="off", **keywords)
        bodies = [json.loads(request.body) for request in self._demo.requests[before:]]
        self.sent = [(body["messages"][-1]["content"], body.get("response_format")) for body in bodies]
        return reply


@pytest.fixture
def asking(asking_demo: DemoServer) -> Asking:
    return Asking(asking_demo)


def test_a_model_that_takes_schemas_gets_one(asking: Asking) -> None:
    """The prompt stays as it is, and the answer is unwrapped."""
    reply = asking("chat", schema=list[Item])
    assert [(PROMPT, BY_SCHEMA)] == asking.sent
    assert (ITEMS, None, [], "json") == (reply.value, reply.error, reply.notes, reply.format)


def test_each_refusal_is_one_step_down(asking: Asking) -> None:
    """The steps in their order, said once; the reply holds the request that was answered."""
    reply = asking("no-json", schema=list[Item])
    assert [(PROMPT, BY_SCHEMA), (WITH_SCHEMA, BY_OBJECT), (WITH_SCHEMA, None)] == asking.sent
    assert ITEMS == reply.value
    assert [NO_JSON] == [*map(str, reply.notes)]
    assert WITH_SCHEMA == reply.request.messages[-1]["content"]
    assert reply.recording
    assert reply.recording.head.request == reply.request.body()


def test_a_refusal_is_remembered_for_the_model(asking: Asking) -> None:
    """The next call begins a step lower and says so; another model does not."""
    asking("no-json-schema", schema=list[Item])
    assert [BY_SCHEMA, BY_OBJECT] == [kind for _, kind in asking.sent]
    reply = asking("no-json-schema", schema=list[Item])
    assert [(WITH_SCHEMA, BY_OBJECT)] == asking.sent
    assert ([NO_SCHEMA], ITEMS) == ([*map(str, reply.notes)], reply.value)
    asking("chat", schema=list[Item])
    assert [BY_SCHEMA] == [kind for _, kind in asking.sent]


def test_a_step_down_is_no_retry(asking: Asking) -> None:
    """It happens also where nothing is asked again."""
    settings["retries"] = 0
    assert ITEMS == asking("no-json", schema=list[Item]).value
    assert 3 == len(asking.sent)


def test_without_a_schema_there_are_two_steps(asking: Asking) -> None:
    """Each with the sentence in the prompt; the value is plain data."""
    reply = asking("no-json", format="json")
    assert [(f"{PROMPT}\n\n{INSTRUCTION}", BY_OBJECT), (f"{PROMPT}\n\n{INSTRUCTION}", None)] == asking.sent
    assert [NO_OBJECT] == [*map(str, reply.notes)]
    assert {"name": "pencil", "quantity": 5, "price": 0.8} == reply.value[-1]


@pytest.mark.parametrize(
    ("mode", "sent"),
    [
        ("json_schema", (PROMPT, BY_SCHEMA)),
        ("json_object", (WITH_SCHEMA, BY_OBJECT)),
        ("instruction", (WITH_SCHEMA, None)),
    ],
)
def test_an_option_fixes_the_step(asking: Asking, mode: str, sent: Any) -> None:
    """Nothing else is tried, and what is remembered does not matter."""
    asking("no-json", schema=list[Item])
    reply = asking("no-json", schema=list[Item], json_mode=mode)
    assert [sent] == asking.sent
    assert (mode == "instruction") is (reply.error is None)
    assert [] == reply.notes
    settings["json_mode"] = mode
    asking("no-json", schema=list[Item])
    assert [sent] == asking.sent


def test_other_refusals_end_the_call(asking: Asking) -> None:
    """A parameter that is invalid (20015) is no lack of a JSON mode."""
    assert isinstance(asking("status-400", schema=list[Item]).error, errors.RequestRefused)
    assert 1 == len(asking.sent)


def test_the_schema_of_the_user_is_sent_as_it_is(asking: Asking) -> None:
    """It is strict only if it keeps the rules of the strict mode."""
    loose = {"type": "object", "properties": {"city": {"type": "string"}}}
    closed = {**loose, "required": ["city"], "additionalProperties": False}
    for schema, is_strict in ((loose, False), (closed, True)):
        reply = asking("chat", schema=schema)
        assert {"name": "answer", "strict": is_strict, "schema": schema} == asking.sent[0][1]["json_schema"]
        assert {"city": "city"} == reply.value


def test_the_instruction_leaves_the_messages_before_it(asking: Asking, asking_demo: DemoServer) -> None:
    """In a conversation the earlier turns go out as they did, system prompt included."""
    first = asking("no-json", schema=list[Item], system="Be brief.", prompt="One?")
    asking("no-json", prompt="Two?", after=first)
    third = json.loads(asking_demo.requests[-1].body)["messages"]
    assert first.messages == third[:-1]
    assert {"role": "user", "content": "Two?"} == third[-1]
    assert "Be brief." == third[0]["content"]


def test_parts_and_tool_results(asking: Asking) -> None:
    """Beside an image the instruction is a part; after a tool's result it is a message."""
    parts = [{"type": "text", "text": "What is this?"}]
    asking("no-json", format="json", json_mode="instruction", prompt=[{"role": "user", "content": parts}])
    assert [*parts, {"type": "text", "text": INSTRUCTION}] == asking.sent[0][0]
    call = {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    turn: list[dict[str, Any]] = [
        {"role": "user", "content": "Call f."},
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "1", "content": "7"},
    ]
    reply = asking("chat", format="json", json_mode="instruction", prompt=turn)
    assert [*turn, {"role": "user", "content": INSTRUCTION}] == reply.request.messages


@pytest.mark.parametrize("reuse", [True, "answers"])
def test_a_kept_answer_is_found_whatever_step_gave_it(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, reuse: bool | str
) -> None:
    """Also by a process that has not learned what the model refuses; with the request that was answered."""
    monkeypatch.chdir(tmp_path)
    first = asking("no-json", schema=list[Item], reuse=reuse)
    json_ladder._refused.clear()
    again = asking("no-json", schema=list[Item], reuse=reuse)
    assert [] == asking.sent
    assert (ITEMS, first.request.body()) == (again.value, again.request.body())


@pytest.mark.parametrize(
    ("keywords", "said"),
    [
        ({"schema": 5}, "schema is 5"),
        ({"schema": "Item"}, "schema is 'Item'"),
        ({"schema": {"name": "str"}}, "none of the keywords"),
        ({"schema": {"type": "txt"}}, "schema is {'type': 'txt'}"),
        ({"schema": 7}, "schema is 7"),
        ({"schema": len}, "schema is <built-in"),
        ({"schema": Item, "format": "code"}, "leave one of them out"),
        ({"schema": Item, "params": {"response_format": BY_OBJECT}}, "take it out of params"),
        ({"format": "json", "params": {"response_format": BY_OBJECT}}, "take it out of params"),
        ({"format": "json", "json_mode": "json_schema"}, "requires a schema"),
        ({"schema": Item, "json_mode": "yes"}, "expected one of json_schema, json_object, instruction"),
        ({"json_mode": "instruction"}, "give it with a schema"),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_not_sent(asking_demo: DemoServer, keywords: dict[str, Any], said: str) -> None:
    """One short message, and no request."""
    before = len(asking_demo.requests)
    with pytest.raises(errors.ConfigurationError, match=said.replace("{", r"\{")) as raised:
        sfstream.chat(PROMPT, model="demo/chat", display="off", **keywords)
    assert len(str(raised.value)) < 400
    assert before == len(asking_demo.requests)


def test_the_rule() -> None:
    """SiliconFlow's code, or the name of the field; and only as the status of a response."""

    def refused(text: str, status: int | None, code: int | None = None) -> bool:
        error = errors.RequestRefused(text)
        error.status_code, error.code = status, code
        return refuses_json_mode(error)

    assert refused("Json mode is not supported for this model.", 400, 20024)
    assert refused("This response_format type is unavailable now", 400)
    assert refused("response_format: extra inputs are not permitted", 422)
    assert not refused("response_format", 500)
    assert not refused("Json mode is not supported.", None, 20024)
    assert not refused("The parameter is invalid.", 400, 20015)
    assert not refuses_json_mode(errors.ConnectionFailed("response_format"))


def test_a_recording_has_a_value_too(asking: Asking, tmp_path: Any) -> None:
    """With the schema that is given when it is played."""
    asking("json-in-prose", schema=list[Item], record=tmp_path / "answer.jsonl")
    reply = ask(replay=tmp_path / "answer.jsonl", speed="max", schema=list[Item], display="off")
    assert ITEMS == reply.value
    assert ["Text around the JSON was left out of the value; the content has all of it."] == [*map(str, reply.notes)]

"""``--schema`` and ``-f json`` in a cell: what is sent, bound and said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.error import UsageError

from sfstream import errors
from sfstream.demo.server import DemoServer
from tests.notebook.cells import loaded_shell, run

TYPES = """
from dataclasses import dataclass
from pydantic import BaseModel
from typing_extensions import TypedDict
class Item(BaseModel):
    name: str
    price: float
@dataclass
class Place:
    city: str
class Town(TypedDict):
    city: str
town_schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
nothing = {"city": "str"}
number = 5
"""
RECEIPT = "列出这张收据上的东西：笔记本两本，每本 4.5 元；钢笔一支，32 元；铅笔五支，每支 0.8 元。"


@pytest.fixture
def shell(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An IPython shell that has loaded sfstream, asks the demo server, and knows some types."""
    monkeypatch.setenv("SILICONFLOW_MODEL", "demo/chat")
    with loaded_shell() as made:
        made.run_cell(TYPES)
        yield made


def sent(demo: DemoServer) -> Any:
    """The schema in the last request."""
    return json.loads(demo.requests[-1].body)["response_format"]["json_schema"]["schema"]


def test_a_list_of_models(shell: Any, demo: DemoServer) -> None:
    """An expression of the notebook is the schema; the objects are the value, with or without spaces in it."""
    for option in ("--schema list[Item]", "--schema 'list[ Item ]'"):
        assert run(shell, f"%%sfchat {option}\n{RECEIPT}").success
        value = shell.user_ns["sf_reply"].value
        assert [shell.user_ns["Item"](name=name, price=price) for name, price in THINGS] == value
    assert "Item" in sent(demo)["$defs"]


THINGS = [("笔记本", 4.5), ("钢笔", 32), ("铅笔", 0.8)]


@pytest.mark.parametrize("name", ["Place", "Town", "town_schema"])
def test_each_kind_of_schema(shell: Any, demo: DemoServer, name: str) -> None:
    """A dataclass gives its object, a TypedDict and a JSON schema a dict."""
    run(shell, f"%sfchat --schema {name} Which town?")
    assert {"city": "city"} == shell.ev("vars(sf_reply.value)" if name == "Place" else "sf_reply.value")
    assert {"city"} == sent(demo)["properties"].keys()


def test_any_json(shell: Any, demo: DemoServer) -> None:
    """``-f json`` without a schema takes whatever comes."""
    run(shell, "%sfchat -f json Hello")
    assert "Hello" == shell.user_ns["sf_reply"].value["prompt"]
    assert {"type": "json_object"} == json.loads(demo.requests[-1].body)["response_format"]


def test_no_json_has_no_value(shell: Any) -> None:
    """Where none was asked for."""
    run(shell, '%sfchat -m demo/echo {"a": 1}')
    assert shell.user_ns["sf_reply"].value is None


def test_an_answer_that_does_not_fit_is_kept(shell: Any) -> None:
    """The variables are bound, then the error is raised; it says where the answer differs."""
    result = run(shell, "%%sfchat --schema Place --json-mode instruction -m demo/echo\nHello")
    reply = shell.user_ns["sf_reply"]
    assert isinstance(result.error_in_exec, errors.SchemaMismatch)
    assert result.error_in_exec is reply.error
    assert reply is reply.error.reply is shell.user_ns["_"]
    assert ("complete", None) == (reply.status, reply.value)
    assert "Hello" in shell.user_ns["sf_content"]
    assert "city: it is missing" in str(reply.error)
    assert "sf_content" in str(reply.error)


def test_an_answer_without_json(shell: Any) -> None:
    """The error begins with what came instead, and is a few lines."""
    result = run(shell, "%sfchat -f json -m demo/english Hello")
    assert isinstance(result.error_in_exec, errors.NotJson)
    assert "The answer is not JSON. It begins with" in str(result.error_in_exec)
    assert len(str(result.error_in_exec).splitlines()) == 2


@pytest.mark.parametrize(
    ("line", "kind", "said"),
    [
        ("--schema Nobody", UsageError, "NameError: name 'Nobody' is not defined"),
        ("--schema list[", UsageError, "SyntaxError"),
        ("--schema number", errors.ConfigurationError, "schema is 5"),
        ("--schema nothing", errors.ConfigurationError, "none of the keywords"),
        ("--schema Item -f code", errors.ConfigurationError, "leave one of them out"),
        ("-f json --json-mode json_schema", errors.ConfigurationError, "requires a schema"),
        ("--json-mode json_object", errors.ConfigurationError, "give it with a schema"),
    ],
)
def test_what_is_no_schema_is_not_sent(
    shell: Any, demo: DemoServer, line: str, kind: type[Exception], said: str
) -> None:
    """One short message."""
    before = len(demo.requests)
    result = run(shell, f"%%sfchat {line}\nHello")
    error = result.error_in_exec or result.error_before_exec
    assert kind is type(error)
    assert said in str(error)
    assert before == len(demo.requests)


def test_the_setting_names_a_variable(shell: Any, demo: DemoServer) -> None:
    """It is looked up at each cell; a function of Python is given the schema itself."""
    shell.run_cell("%config SfChat.schema = 'Town'")
    run(shell, "%sfchat Which town?")
    assert {"city": "city"} == shell.user_ns["sf_reply"].value
    run(shell, "import sfstream; sfstream.chat('Hello', display='off')")
    assert b"response_format" not in demo.requests[-1].body


def test_a_dry_run_shows_what_would_be_sent(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """With the ``response_format``."""
    run(shell, "%%sfchat --dry-run --schema Item\nHello")
    assert '"json_schema"' in capsys.readouterr().out

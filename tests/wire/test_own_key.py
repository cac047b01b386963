"""A request that holds the key that it would be sent with is refused, wherever the key stands and whoever asks."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import sfstream
from sfstream.core.config import settings
from sfstream.demo.server import DemoServer
from sfstream.errors import ConfigurationError
from sfstream.wire.transport import VIA

KEY = "sk-marked0123456789"
ODD = 'gw-odd"key\\with/all%of$them&+<0123'
IMAGE = "data:image/png;base64,iVBORw0KGgo="


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def calls(arguments: str) -> dict[str, Any]:
    return {"role": "assistant", "content": None, "tool_calls": [{"id": "1", "function": {"arguments": arguments}}]}


def tool(**function: Any) -> dict[str, Any]:
    return {"tools": [{"type": "function", "function": {"name": "f", **function}}]}


def picture(url: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}}


CASES: dict[str, tuple[dict[str, Any], str]] = {
    "prompt": ({"prompt": f"Is {KEY} mine?"}, 'in messages[0]["content"] (role user)'),
    "alone": ({"prompt": KEY}, 'in messages[0]["content"] (role user)'),
    "header": ({"prompt": f"curl -H 'Authorization: Bearer {KEY}'"}, 'in messages[0]["content"]'),
    "inside a word": ({"prompt": f"key={KEY}x"}, 'in messages[0]["content"]'),
    "lines": ({"prompt": f"one\ntwo\n\tos.environ['K'] = \"{KEY}\"\n"}, 'in messages[0]["content"]'),
    "system": ({"system": f"Use {KEY}."}, 'in messages[0]["content"] (role system)'),
    "earlier": (
        {"prompt": [user("Hi"), {"role": "assistant", "content": f"{KEY}?"}, user("Yes")]},
        'in messages[1]["content"] (role assistant)',
    ),
    "part": (
        {"prompt": [user([{"type": "text", "text": "Hi"}, {"type": "text", "text": KEY}])]},
        'in messages[0]["content"][1]["text"] (role user)',
    ),
    "image": (
        {"prompt": [user([picture(IMAGE), picture(f"https://a.example/x.png?key={KEY}")])]},
        'in messages[0]["content"][1]["image_url"]["url"]',
    ),
    "name": ({"prompt": [user("Hi") | {"name": KEY}]}, 'in messages[0]["name"]'),
    "role": ({"prompt": [{"role": f"user {KEY}", "content": "Hi"}]}, 'in messages[0]["role"]'),
    "member": ({"prompt": [user("Hi") | {KEY: 1}]}, "in messages[0]"),
    "call": (
        {"prompt": [user("Hi"), calls(json.dumps({"token": KEY})), {"role": "tool", "content": "ok"}]},
        'in messages[1]["tool_calls"][0]["function"]["arguments"]',
    ),
    "tool result": ({"prompt": [user("Hi"), {"role": "tool", "content": f"env: {KEY}"}]}, "(role tool)"),
    "param": ({"params": {"user": KEY}}, "in user"),
    "nested param": ({"params": {"metadata": {"a": ["x", {"b": KEY}]}}}, 'in metadata["a"][1]["b"]'),
    "param name": ({"params": {KEY: 1}}, "as the name of a parameter"),
    "nested name": ({"params": {"metadata": [{KEY: 1}]}}, "in metadata[0]"),
    "tools": ({"params": tool(description=f"call with {KEY}")}, 'in tools[0]["function"]["description"]'),
    "tool default": (
        {"params": tool(parameters={"properties": {"key": {"default": KEY}}})},
        '["parameters"]["properties"]["key"]["default"]',
    ),
    "stop": ({"stop": ["a", KEY]}, "in stop[1]"),
    "model": ({"model": f"demo/echo+{KEY}"}, "in model"),
    "schema": (
        {"schema": {"type": "object", "properties": {"key": {"type": "string", "description": KEY}}}},
        "in ",
    ),
}


def asked(demo: DemoServer, **keywords: Any) -> str:
    """What is said when the request is refused; nothing was sent."""
    before = len(demo.requests)
    with pytest.raises(ConfigurationError) as caught:
        sfstream.chat(**{"prompt": "Hello", "model": "demo/echo", "via": "requests", "display": "off", **keywords})
    assert before == len(demo.requests)
    assert "Nothing was sent." in str(caught.value)
    assert "marked" not in f"{caught.value!r} {caught.value.__cause__} {caught.value.reply}"
    return str(caught.value)


@pytest.fixture
def keyed(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> DemoServer:
    """The demo server is asked, with a key."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", KEY)
    return asking_demo


@pytest.mark.parametrize(("keywords", "where"), CASES.values(), ids=CASES)
def test_it_is_refused_with_its_place(keyed: DemoServer, keywords: dict[str, Any], where: str) -> None:
    """The message says where the key stands, and does not show it."""
    assert where in asked(keyed, **keywords)


FORMS = {
    "literal": ODD,
    "json": json.dumps(ODD)[1:-1],
    "json with slashes": json.dumps(ODD)[1:-1].replace("/", "\\/"),
    "json with codes": json.dumps(ODD)[1:-1].replace("&", "\\u0026").replace("<", "\\u003C"),
    "json within json": json.dumps({"key": ODD}),
    "url": quote(ODD, safe=""),
    "url in small letters": quote(ODD, safe="").lower(),
    "url but slashes": quote(ODD),
    "html": html.escape(ODD),
    "html with numbers": ODD.replace("&", "&#38;").replace("<", "&#x3c;"),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("where", ["prompt", "url", "param"])
def test_it_is_refused_in_every_form(
    asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch, form: str, where: str
) -> None:
    """As it is escaped in JSON, in a URL or in HTML."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", ODD)
    keywords: dict[str, dict[str, Any]] = {
        "prompt": {"prompt": f"What is {form}?"},
        "url": {"prompt": [user([picture(f"https://a.example/?k={form}&x=1")])]},
        "param": {"params": {"note": [form]}},
    }
    said = asked(asking_demo, **keywords[where])
    assert "odd" not in said
    assert "them" not in said


@pytest.mark.parametrize("via", VIA)
def test_whichever_transport_would_send_it(keyed: DemoServer, via: str) -> None:
    """The same words."""
    assert asked(keyed, prompt=KEY, via=via) == asked(keyed, prompt=KEY)


def test_it_is_refused_by_stream(keyed: DemoServer) -> None:
    """When it is called, and not when the first event is wanted."""
    with pytest.raises(ConfigurationError, match="holds the API key"):
        sfstream.stream(f"Is {KEY} mine?", model="demo/echo")
    assert not keyed.requests[-1:] or KEY not in str(keyed.requests[-1])


def test_nothing_of_it_is_stored(keyed: DemoServer, tmp_path: Path) -> None:
    """Neither in the log, nor in a recording, nor in a folder of reused answers."""
    count = sfstream.log.count()
    asked(keyed, prompt=KEY, record=tmp_path / "a.jsonl", reuse=str(tmp_path / "answers"))
    assert count == sfstream.log.count()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and "marked" in path.read_text()]


def test_a_conversation_is_refused_and_goes_on(keyed: DemoServer) -> None:
    """The refused turn is no turn of it."""
    first = sfstream.chat("Hello", model="demo/echo", via="requests", display="off", conversation="own key")
    asked(keyed, prompt=f"Keep {KEY}", conversation="own key")
    assert [first] == sfstream.conversations["own key"].replies
    asked(keyed, prompt=f"Keep {KEY}", after=first)
    assert sfstream.chat("And?", model="demo/echo", via="requests", display="off", after=first).after is first


def test_an_earlier_turn_that_holds_it_is_found(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was sent with another key, or without one."""
    first = sfstream.chat(f"Is {KEY} mine?", model="demo/echo", via="requests", display="off")
    monkeypatch.setenv("SILICONFLOW_API_KEY", KEY)
    assert 'in messages[0]["content"] (role user)' in asked(asking_demo, prompt="And?", after=first)


def test_a_setting_that_holds_it_is_found(keyed: DemoServer) -> None:
    """``%config SfChat.system`` and ``SfChat.params`` are part of every request."""
    settings["system"] = f"You are {KEY}."
    assert "(role system)" in asked(keyed)
    settings.update(system="", params={"user": KEY})
    assert "in user" in asked(keyed)


@pytest.mark.parametrize("key", ["ollama", "EMPTY", "none", "sk-1", "sk-1234", "sk-local", "lm-studio", "not-needed"])
def test_a_word_may_be_asked_about(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """Servers on this machine take any word for a key; it is no secret, also where it stands within another."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", key)
    prompt = f"What is {key}, and where is disk-1 or task-1234?"
    reply = sfstream.chat(prompt, model="demo/echo", via="requests", display="off")
    assert prompt in reply.content
    assert prompt == reply.request.messages[0]["content"]


@pytest.mark.parametrize(
    "prompt",
    ["Is sk-other0123456789 mine?", KEY[:-1], KEY.upper(), f"{KEY[:9]} {KEY[9:]}", "%zz & \\u00 \\x &amp;"],
)
def test_another_key_or_a_part_of_it_is_sent(keyed: DemoServer, prompt: str) -> None:
    """Only the key in use is known; a cell that holds another one draws a warning."""
    assert prompt in sfstream.chat(prompt, model="demo/echo", via="requests", display="off").content


def test_without_a_key_everything_is_sent(asking_demo: DemoServer) -> None:
    """There is nothing to look for."""
    assert KEY in sfstream.chat(KEY, model="demo/echo", via="requests", display="off").content

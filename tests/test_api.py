"""`chat` and `stream` as they are called: what is asked, of whom, and what is refused before it is sent."""

from __future__ import annotations

import importlib.metadata
import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

import sfstream
from sfstream import errors
from sfstream.core.config import settings
from sfstream.demo.server import DemoServer

VIA = ("openai", "requests", "curl")
SIMPLE: dict[str, Any] = {"model": "demo/english", "via": "requests", "display": "off"}


def asked(demo: DemoServer, prompt: Any = "Hello", **keywords: Any) -> Any:
    """The body that arrives."""
    before = len(demo.requests)
    sfstream.chat(prompt, **(SIMPLE | keywords))
    assert before + 1 == len(demo.requests)
    return json.loads(demo.requests[-1].body)


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A proxy for all that would leave the machine; nothing may come to it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        for scheme in ("http", "https", "ftp"):
            monkeypatch.setenv(f"{scheme}_proxy", f"http://127.0.0.1:{server.getsockname()[1]}")
        yield server
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


# What is asked


def test_a_text_is_the_users_message(asking_demo: DemoServer) -> None:
    """A prompt that is a text is one message of the user, as it is, and only what is given is sent."""
    prompt = "  Hello {x} $y\n"
    body = asked(asking_demo, prompt)
    assert {"model": "demo/english", "messages": [{"role": "user", "content": prompt}], "stream": True} == body


def test_a_list_is_the_conversation(asking_demo: DemoServer) -> None:
    """A prompt that is a list of messages is sent as it is, and the caller's list is left alone."""
    messages: list[dict[str, Any]] = [
        {"role": "user", "content": "One"},
        {"role": "assistant", "content": "Two"},
        {"role": "user", "content": [{"type": "text", "text": "Three"}]},
    ]
    copy = json.loads(json.dumps(messages))
    assert copy == asked(asking_demo, messages)["messages"]
    assert copy == messages


@pytest.mark.parametrize("prompt", ["Hello", [{"role": "user", "content": "Hello"}]], ids=["text", "list"])
def test_the_system_prompt_comes_first(asking_demo: DemoServer, prompt: Any) -> None:
    """A system prompt is the first message; an empty one is none."""
    user = {"role": "user", "content": "Hello"}
    assert [{"role": "system", "content": "Be brief."}, user] == asked(asking_demo, prompt, system="Be brief.")[
        "messages"
    ]
    assert [user] == asked(asking_demo, prompt, system="")["messages"]


def test_each_keyword_is_a_field(asking_demo: DemoServer) -> None:
    """Keywords are sent under their names on the wire, and ``params`` as they are."""
    keywords = {"temperature": 0.0, "top_p": 0.5, "top_k": 5, "min_p": 0.1, "max_tokens": 9, "frequency_penalty": -1.0}
    fields = keywords | {"stop": ["\n"], "thinking_budget": 128}
    body = asked(asking_demo, **fields, think=False, effort="high", params={"logprobs": True, "x": None})
    del body["model"], body["messages"], body["stream"]
    sent = {"enable_thinking": False, "reasoning_effort": "high", "logprobs": True, "x": None}
    assert fields | sent == body


@pytest.mark.parametrize("call", [sfstream.chat, sfstream.stream])
def test_an_unknown_keyword_is_a_type_error(asking_demo: DemoServer, call: Any) -> None:
    """A keyword that there is not is what it is for any function of Python."""
    with pytest.raises(TypeError, match="temprature"):
        call("Hello", temprature=1)


@pytest.mark.parametrize("prompt", ["", "  \n", [], None], ids=["empty", "white-space", "no-messages", "none"])
def test_an_empty_prompt_is_refused(asking_demo: DemoServer, prompt: Any) -> None:
    """Nothing is asked where there is no question."""
    before = len(asking_demo.requests)
    for call in (sfstream.chat, sfstream.stream):
        with pytest.raises(errors.ConfigurationError, match="The prompt is empty"):
            call(prompt, model="demo/english")
    assert before == len(asking_demo.requests)


@pytest.mark.parametrize(
    "keywords",
    [
        *({"temperature": 3}, {"max_tokens": 0}, {"stop": ["a"] * 5}, {"think": "yes"}, {"params": {"stream": False}}),
        *({"via": "telnet"}, {"format": "xml"}, {"speed": 2}, {"model": " "}, {"params": {"x": object()}}),
    ],
    ids=lambda keywords: next(iter(keywords)),
)
def test_a_value_that_cannot_be_is_refused(asking_demo: DemoServer, keywords: dict[str, Any]) -> None:
    """What cannot be used is told before anything is sent; as a ValueError, too."""
    before = len(asking_demo.requests)
    with pytest.raises(errors.ConfigurationError) as caught:
        sfstream.chat("Hello", **(SIMPLE | keywords))
    assert isinstance(caught.value, ValueError)
    assert before == len(asking_demo.requests)


# Settings


def test_settings_stand_in_for_keywords(asking_demo: DemoServer) -> None:
    """A setting is taken where the keyword is not given, also where what is given is 0 or False."""
    settings.update(temperature=1.5, think=True, system="Be brief.", params={"seed": 1})
    body = asked(asking_demo)
    assert (1.5, True, 1, "Be brief.") == (
        body["temperature"],
        body["enable_thinking"],
        body["seed"],
        body["messages"][0]["content"],
    )
    body = asked(asking_demo, temperature=0, think=False, params={})
    assert (0, False, True) == (body["temperature"], body["enable_thinking"], "seed" not in body)


@pytest.mark.parametrize(
    ("setting", "call", "field", "sent"),
    [
        ({"params": {"temperature": 1.5}}, {"temperature": 0.2}, "temperature", 0.2),
        ({"temperature": 1.5}, {"params": {"temperature": 0.2}}, "temperature", 0.2),
        ({"params": {"enable_thinking": True}}, {"think": False}, "enable_thinking", False),
        ({"think": True}, {"params": {"enable_thinking": False}}, "enable_thinking", False),
        ({"params": {"seed": 1}}, {"temperature": 0.2}, "seed", 1),
    ],
)
def test_what_is_nearer_to_the_call_wins(
    asking_demo: DemoServer, setting: dict[str, Any], call: dict[str, Any], field: str, sent: object
) -> None:
    """The call beats the setting, whichever of the two is given by keyword and which in params."""
    settings.update(setting)
    assert sent == asked(asking_demo, **call)[field]


@pytest.mark.parametrize("in_settings", [False, True], ids=["call", "settings"])
def test_the_same_field_both_ways_is_refused(asking_demo: DemoServer, in_settings: bool) -> None:
    """In one call, or in the settings: neither is nearer."""
    both: dict[str, Any] = {"think": True, "params": {"enable_thinking": False}}
    settings.update(both if in_settings else {})
    before = len(asking_demo.requests)
    with pytest.raises(errors.ConfigurationError, match="think and params"):
        sfstream.chat("Hello", **(SIMPLE | ({} if in_settings else both)))
    assert before == len(asking_demo.requests)


def test_the_model_is_the_nearest_one(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keyword, else the setting, else the environment, else the one in the documentation."""

    def model(**keywords: Any) -> str:
        with sfstream.stream("Hello", **keywords) as events:
            return events.reply.model

    assert "deepseek-ai/DeepSeek-V4-Flash" == model()
    monkeypatch.setenv("SILICONFLOW_MODEL", "of/environment")
    assert "of/environment" == model()
    settings["model"] = "of/setting"
    assert "of/setting" == model()
    assert "of/keyword" == model(model="of/keyword")


def test_the_transport_is_a_setting(asking_demo: DemoServer) -> None:
    """``via`` is openai unless a setting or the keyword says otherwise."""
    plain = {"model": "demo/english", "display": "off"}
    assert "openai" == sfstream.chat("Hello", **plain).via  # type: ignore[arg-type]  # of a dict of strings
    settings["via"] = "curl"
    assert "curl" == sfstream.chat("Hello", **plain).via  # type: ignore[arg-type]
    assert "requests" == sfstream.chat("Hello", **SIMPLE).via


# Of whom


@pytest.mark.parametrize("via", VIA)
@pytest.mark.parametrize("host", ["api.siliconflow.cn", "api.siliconflow.com"])
def test_without_a_key_nothing_is_sent(
    monkeypatch: pytest.MonkeyPatch, proxy: socket.socket, via: str, host: str
) -> None:
    """SiliconFlow is not asked without a key: the error says the three ways to go on."""
    monkeypatch.setenv("SILICONFLOW_BASE_URL", f"https://{host}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    said = "No API key. Type %sfkey to enter one, set SILICONFLOW_API_KEY, or type %sfdemo to try without one."
    for call in (sfstream.chat, sfstream.stream):
        with pytest.raises(errors.NoKey) as caught:
            call("Hello", via=via)
        assert said == str(caught.value)


@pytest.mark.parametrize("via", VIA)
@pytest.mark.parametrize(
    "key",
    ["sk-marked\nrest", "sk-marked\r\nX-Injected: yes", "sk-marked rest", "sk-märked", "“sk-marked”", "sk-marked\x7f"],
    ids=["line-break", "header", "space", "accent", "quotes", "delete"],
)
def test_a_key_that_cannot_be_is_not_sent(
    asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch, via: str, key: str
) -> None:
    """A key that no header can hold is refused without being shown, whatever would send it."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", key)
    before = len(asking_demo.requests)
    with pytest.raises(errors.ConfigurationError, match="The API key cannot be used") as caught:
        sfstream.chat("Hello", model="demo/english", via=via, display="off")
    assert "rked" not in f"{caught.value} {caught.value!r} {caught.value.__cause__} {caught.value.__context__}"
    assert before == len(asking_demo.requests)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param("https://api.siliconflow.cn", "take https://api.siliconflow.cn/v1", id="no-v1"),
        pytest.param("https://api.siliconflow.com/", "take https://api.siliconflow.com/v1", id="no-v1-slash"),
        pytest.param("https://api.siliconflow.cn/v1/chat/completions", "take https://api.siliconflow.cn/v1", id="long"),
        pytest.param("htps://api.siliconflow.cn/v1", "expected one such as https://", id="typo"),
        pytest.param("ftp://api.siliconflow.cn/v1", "expected one such as https://", id="ftp"),
        pytest.param("api.siliconflow.cn/v1", "expected one such as https://", id="no-scheme"),
        pytest.param("http://api.siliconflow.cn/v1", "use https", id="not-encrypted"),
    ],
)
def test_a_base_url_that_cannot_be_is_refused(
    monkeypatch: pytest.MonkeyPatch, proxy: socket.socket, url: str, said: str
) -> None:
    """A base URL that cannot be right is refused with what to take instead, by setting or by environment."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", "sk-marked")
    settings["base_url"] = url
    with pytest.raises(errors.ConfigurationError, match=said):
        sfstream.chat("Hello", **SIMPLE)
    settings.clear()
    monkeypatch.setenv("SILICONFLOW_BASE_URL", url)
    with pytest.raises(errors.ConfigurationError, match=said):
        sfstream.stream("Hello")


# Names


def test_public_names() -> None:
    """The exported names are sorted, each can be imported, and is seen by completion."""
    assert sorted(sfstream.__all__) == sfstream.__all__
    assert all(getattr(sfstream, name) is not None for name in sfstream.__all__)
    assert set(sfstream.__all__) <= set(dir(sfstream))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = sfstream.nothing


def test_the_version_is_the_packages() -> None:
    """It is read where it is written, so that there is only one."""
    assert importlib.metadata.version("sfstream") == sfstream.__version__

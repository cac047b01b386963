"""A chat request and its body."""

from __future__ import annotations

import json
from threading import Lock
from types import MappingProxyType
from typing import Any

import pytest

from sfstream.core.request import ChatRequest, request_key
from sfstream.errors import ConfigurationError

MESSAGES = [{"role": "user", "content": "你好"}]
TOOL = {"type": "function", "function": {"name": "f", "parameters": {}}}


def body_of(**fields: Any) -> Any:
    return json.loads(ChatRequest(**{"model": "a/b", "messages": MESSAGES, **fields}).encode())


def test_only_what_is_given_is_sent() -> None:
    """A request without options holds model, messages and stream, and nothing else."""
    assert {"model": "a/b", "messages": MESSAGES, "stream": True} == body_of()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("temperature", value) for value in (0, 0.7, 2)],
        *[("top_p", value) for value in (0, 0.7, 1)],
        *[("top_k", value) for value in (-1, 1, 100)],
        *[("min_p", value) for value in (0, 0.05, 1)],
        *[("max_tokens", value) for value in (1, 1_000_000)],
        *[("frequency_penalty", value) for value in (-2, 0, 2)],
        *[("presence_penalty", value) for value in (-2, 2)],
        *[("stop", value) for value in ("\n", ["a"], ["a", "b", "c", "d"])],
        *[("seed", value) for value in (0, -1, 2**63 - 1)],
        ("n", 1),
        *[("enable_thinking", value) for value in (True, False)],
        *[("thinking_budget", value) for value in (128, 32768)],
        *[("reasoning_effort", value) for value in ("high", "max")],
        ("response_format", {"type": "json_object"}),
        ("tools", [TOOL]),
        *[("tool_choice", value) for value in ("auto", {"type": "function", "function": {"name": "f"}})],
        ("prefix", "```python\n"),
        ("suffix", "\n```"),
    ],
)
def test_every_parameter_is_sent_at_the_top(name: str, value: object) -> None:
    """Each parameter is sent under its own name, as it was given."""
    assert {"model": "a/b", "messages": MESSAGES, "stream": True, name: value} == body_of(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("temperature", value) for value in (-0.1, 2.1, float("nan"), float("inf"), "1", True)],
        *[("top_p", value) for value in (-0.1, 1.1)],
        *[("top_k", value) for value in (-2, 0, 101, 1.5, True)],
        *[("min_p", value) for value in (-0.1, 1.1)],
        *[("max_tokens", value) for value in (0, -1, 1.5, "10", float("inf"))],
        *[("frequency_penalty", value) for value in (-2.1, 2.1)],
        *[("presence_penalty", value) for value in (-2.1, 2.1)],
        *[("stop", value) for value in ("", [], ["a"] * 5, [""], [1], 1, b"a", {"a"})],
        *[("seed", value) for value in (1.5, True)],
        *[("n", value) for value in (0, 2, True)],
        *[("thinking_budget", value) for value in (0, 127, 32769)],
        *[("model", value) for value in ("", "  ", None, 1)],
    ],
)
def test_value_out_of_range_is_named(name: str, value: object) -> None:
    """A value that cannot be sent is refused by name, with what is expected, in one short line."""
    with pytest.raises(ConfigurationError, match=name) as caught:
        body_of(**{name: value})

    assert "expected" in str(caught.value)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    "messages",
    ["Hello", [], None, ["Hello"], [{"content": "Hello"}], [{"role": 1}], {"role": "user"}],
    ids=["text", "empty", "none", "texts", "no-role", "role-is-a-number", "one-mapping"],
)
def test_messages_that_are_none(messages: Any) -> None:
    """Messages are a list of mappings with a role."""
    with pytest.raises(ConfigurationError, match="expected"):
        ChatRequest(model="a/b", messages=messages)


def test_messages_pass_as_they_are() -> None:
    """Parts, reasoning and tool calls pass unchanged, and more than ten messages do too."""
    parts = [{"type": "text", "text": "?"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]
    messages = [
        {"role": "user", "content": parts},
        {"role": "assistant", "content": "", "reasoning_content": "Hm", "tool_calls": [{"id": "1", **TOOL}]},
        *MESSAGES * 10,
    ]

    assert messages == body_of(messages=messages)["messages"]


def test_params_are_sent_as_they_are() -> None:
    """A field that is not known is sent unchecked, and null too."""
    body = body_of(temperature=1, params={"logprobs": None, "seed": None, "x": {"y": [1]}})

    assert {"temperature": 1, "logprobs": None, "seed": None, "x": {"y": [1]}}.items() <= body.items()


@pytest.mark.parametrize(
    ("name", "value"),
    [("temperature", 2.5), ("top_k", 0), ("enable_thinking", "yes"), ("stop", ["a"] * 5), ("seed", 1.5)],
)
def test_a_known_field_is_checked_in_params_too(name: str, value: object) -> None:
    """It is named, with what is expected."""
    with pytest.raises(ConfigurationError, match=f"{name} .*expected"):
        body_of(params={name: value})


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"temperature": 0.2, "params": {"temperature": 1.5}}, "temperature and params"),
        ({"enable_thinking": True, "params": {"enable_thinking": True}}, "think and params"),
    ],
)
def test_a_field_is_given_once(fields: dict[str, Any], names: str) -> None:
    """Given by its name and in params, one of the two would be passed over, even if they are equal."""
    with pytest.raises(ConfigurationError, match=names):
        body_of(**fields)


def test_a_field_that_is_unknown_is_a_type_error() -> None:
    """As for any function; the message says where it can be given."""
    with pytest.raises(TypeError, match="params"):
        body_of(temprature=1)


def test_fields_can_be_read() -> None:
    """By their names on the wire; None where they were not given."""
    request = ChatRequest(model="a/b", messages=MESSAGES, temperature=0.5, params={"x": 1})

    assert (0.5, None, {"x": 1}) == (request.temperature, request.seed, request.params)
    with pytest.raises(AttributeError, match="temprature"):
        _ = request.temprature


def test_a_body_that_was_sent_is_not_refused_now() -> None:
    """A recording of another program may hold values that would not be sent."""
    body = {"model": "a/b", "messages": MESSAGES, "stream": True, "temperature": 9, "x": 1}
    request = ChatRequest.from_body(body)

    assert body == request.body()
    assert (9, {"x": 1}) == (request.temperature, request.params)
    with pytest.raises(ConfigurationError, match="model"):
        ChatRequest.from_body({"messages": MESSAGES})


@pytest.mark.parametrize(
    "params",
    [{"n": 2}, {"stream": False}, {"model": "c"}, {"messages": []}, {"": 1}, {1: 2}, [("a", 1)], {"x": float("nan")}],
    ids=["n", "stream", "model", "messages", "empty-name", "number-as-name", "pairs", "nan"],
)
def test_params_that_cannot_be(params: Any) -> None:
    """What sfstream sets itself, several choices, and what is no JSON are refused in params too."""
    with pytest.raises(ConfigurationError):
        body_of(params=params)


@pytest.mark.parametrize(
    ("name", "said"),
    [("model", "a setting of its own: model"), ("messages", "give it as the prompt"), ("stream", "always streams")],
)
def test_the_place_of_what_is_no_param_is_named(name: str, said: str) -> None:
    """The keyword of the model, the prompt for messages; there is none for stream."""
    with pytest.raises(ConfigurationError, match=f"params holds '{name}'.*{said}"):
        body_of(params={"seed": 1, name: 1})


@pytest.mark.parametrize(
    "value",
    [object(), b"bytes", {1, 2}, Lock(), (x for x in "ab"), "\ud83d", {"\ude00": 1}],
    ids=["object", "bytes", "set", "lock", "generator", "half", "half-as-name"],
)
def test_what_is_no_json_is_refused_at_once(value: object) -> None:
    """A value that cannot be written as JSON in UTF-8 is refused when the request is made."""
    with pytest.raises(ConfigurationError):
        body_of(params={"x": value})


def test_any_mapping_and_sequence_will_do() -> None:
    """A read-only mapping and a tuple are taken, as the types say."""
    fields: dict[str, Any] = {
        "messages": (MappingProxyType(MESSAGES[0]),),
        "stop": ("a", "b"),
        "response_format": MappingProxyType({"type": "json_object"}),
        "params": MappingProxyType({"x": 1}),
    }
    expected = {"messages": MESSAGES, "stop": ["a", "b"], "response_format": {"type": "json_object"}, "x": 1}

    assert {"model": "a/b", "stream": True, **expected} == body_of(**fields)


def test_request_does_not_change_later() -> None:
    """What the caller does to its lists after asking does not change what was asked."""
    messages, params = [{"role": "user", "content": "a"}], {"x": [1]}
    request = ChatRequest(model="a/b", messages=messages, params=params)
    before = request.encode()
    messages[0]["content"] = "b"
    params["x"].append(2)
    request.body()["messages"][0]["content"] = "c"

    assert before == request.encode()


def test_body_is_utf_8() -> None:
    """Chinese is sent as it is, not as escapes."""
    assert "你好".encode() in ChatRequest(model="a/b", messages=MESSAGES).encode()


URL = "http://localhost/v1/chat/completions"


def test_equal_requests_have_equal_keys() -> None:
    """The order of the fields, and a tuple in place of a list, make no other request."""
    key = request_key(URL, {"model": "a/b", "messages": []})

    assert key == "52af657cabf42e86"  # the names of files in people's logs depend on it
    assert key == request_key(URL, {"messages": (), "model": "a/b"})


def test_other_requests_have_other_keys() -> None:
    """Server, any field of the body, the type of a value and the number of the repeat count."""
    body = {"model": "a/b", "messages": []}
    more = body | {"x": 1}, body | {"x": "1"}
    others: list[Any] = [(URL, body), *((URL, each) for each in more), (URL + "s", body), (URL, body, 1)]

    assert len(others) == len({request_key(*other) for other in others})
    assert len(others) == len({request_key(*other) for other in others} | {request_key(URL, body, 0)})


def test_a_request_is_encoded_once() -> None:
    """The bytes that were checked are the bytes that are sent, at each attempt."""
    request = ChatRequest(model="a/b", messages=MESSAGES)

    assert request.encode() is request.encode()

"""What the refusals of many servers mean, what is shown of them, and which of them are tried again."""

from __future__ import annotations

import json

import pytest

from sfstream import errors
from sfstream.core.config import settings
from sfstream.core.request import ChatRequest
from sfstream.run.ask import ask
from sfstream.run.retry import seconds_before_retry
from sfstream.wire.complaints import complaint_of
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.server_errors import refusal
from sfstream.wire.transport import VIA
from tests.wire.reason_bodies import REASONS
from tests.wire.refusal_bodies import CASES, Case
from tests.wire.refusing import refusing

HERE = "http://127.0.0.1:8000/v1"
every_transport = pytest.mark.parametrize("via", VIA)


def request_with(**fields: object) -> ChatRequest:
    return ChatRequest(model="m", messages=[{"role": "user", "content": "Hi"}], **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", CASES)
def test_what_a_refusal_means(name: str) -> None:
    """The words of the server decide where the status says little, and only what can pass is tried again."""
    case = CASES[name]
    error = refusal(complaint_of(case.text), status_code=case.status)

    assert case.kind is type(error)
    assert all(part in str(error) for part in case.said)
    is_repeated = name.startswith(("limit-", "busy-"))
    assert is_repeated is (seconds_before_retry(error, attempt=0, retries=1) is not None)


@pytest.mark.parametrize(("status", "body", "said"), REASONS.values(), ids=REASONS)
def test_the_reason_is_shown(status: int, body: object, said: tuple[str, ...]) -> None:
    """Whatever the server calls its reason; where it is not found, the body is shown."""
    error = refusal(complaint_of(body if isinstance(body, str) else json.dumps(body)), status_code=status)

    assert [part for part in said if part not in str(error)] == []


@every_transport
def test_refusals_read_the_same_through_all_transports(via: str) -> None:
    """Class and message are those of the body, with what is known of the server and the request."""
    cases = [*CASES.values(), *(Case(*each[:2], errors.ServerRefusal, each[2]) for each in REASONS.values())]
    with refusing(*((case.status, case.text) for case in cases)) as url:
        settings.update(base_url=url, retries=0)
        for number, case in enumerate(cases):
            error = ask("Hello", model=str(number), via=via, display="off").error
            expected = Endpoint(url).refusal(case.status, case.text, request_with())
            assert isinstance(error, case.kind)
            assert (type(expected), str(expected)) == (type(error), str(error))


@every_transport
def test_what_can_pass_is_asked_again_through_all_transports(via: str) -> None:
    """A timeout and an overload are; a quota under 429, and a model that a gateway does not know under 503, are not."""
    names = {"busy-408": 2, "busy-anthropic": 2, "busy-nginx": 2, "limit-groq": 2}
    names |= dict.fromkeys(
        ("money-openai", "model-new-api", "context-llama.cpp-500", "never-openai-429", "daily-groq"), 1
    )
    asked: list[int] = []
    with refusing(*((CASES[name].status, CASES[name].text) for name in names), asked=asked) as url:
        settings.update(base_url=url, retries=1)
        for number, name in enumerate(names):
            assert isinstance(ask("Hello", model=str(number), via=via, display="off").error, CASES[name].kind)
    assert {name: asked.count(number) for number, name in enumerate(names)} == names


FIELDS = {
    "openai": ("Unrecognized request argument supplied: {0}", 400),
    "openai-new": ("Unknown parameter: '{0}'.", 400),
    "openai-unsupported": ("Unsupported parameter: '{0}' is not supported with this model.", 400),
    "anthropic": ("{0}: Extra inputs are not permitted", 400),
    "groq": ("property '{0}' is unsupported", 400),
    "gemini": ('Invalid JSON payload received. Unknown name "{0}": Cannot find field.', 400),
    "transformers": ("Unexpected fields in the request: {{'{0}'}}", 422),
    "llama.cpp": ("Unsupported param: {0}", 400),
    "vllm": ("[{{'type': 'extra_forbidden', 'loc': ('body', '{0}'), 'msg': 'Extra inputs are not permitted'}}]", 400),
    "nim": ("body -> {0}\n  Extra inputs are not permitted (type=extra_forbidden)", 422),
    "go": ('json: unknown field "{0}"', 400),
    "serde": ("unknown field `{0}`, expected one of `model`, `messages`", 422),
    "jsonschema": ("Additional properties are not allowed ('{0}' was unexpected)", 400),
    "zod": ("Unrecognized key(s) in object: '{0}'", 400),
    "siliconflow": ("Value error, current model does not support parameter `{0}`.", 400),
    "litellm": ("litellm.UnsupportedParamsError: x does not support parameters: ['{0}'], for model=m", 400),
    "chinese": ("不支持的参数：'{0}'", 400),
}
SET_BY: dict[str, tuple[object, str, str]] = {
    "enable_thinking": (True, "--think and --no-think", "think"),
    "thinking_budget": (1024, "--thinking-budget", "thinking_budget"),
    "reasoning_effort": ("high", "--effort", "effort"),
    "temperature": (0.5, "--temperature", "temperature"),
    "top_p": (0.5, "--top-p", "top_p"),
    "top_k": (5, "--top-k", "top_k"),
    "min_p": (0.5, "--min-p", "min_p"),
    "max_tokens": (5, "--max-tokens", "max_tokens"),
    "frequency_penalty": (0.5, "--frequency-penalty", "frequency_penalty"),
    "stop": (["x"], "--stop", "stop"),
    "response_format": ({"type": "json_object"}, "-f json and --schema", "format and schema"),
}


@pytest.mark.parametrize(("template", "status"), FIELDS.values(), ids=FIELDS)
def test_a_field_that_is_not_taken_is_named_with_its_option(template: str, status: int) -> None:
    """Each option, and each field of ``-p``, in the words of each server; with and without the request."""
    for name, (value, flags, keyword) in SET_BY.items():
        body = json.dumps({"error": {"message": template.format(name), "code": None}})
        expected = f"does not take {name}: leave out {flags} (in Python: {keyword})."
        for request in (None, request_with(**{name: value})):
            error = Endpoint(HERE, "sk-a-key").refusal(status, body, request)
            assert errors.RequestRefused is type(error)
            assert expected in str(error)
    for name in ("mirostat", "seed", "top_k"):
        body = json.dumps({"error": {"message": template.format(name)}})
        error = Endpoint(HERE).refusal(status, body, request_with(params={name: 5}))
        assert f"does not take {name}: leave out -p {name}=… (in Python: params)." in str(error)
        assert "No key" not in str(error)


def test_fields_in_a_list_are_all_named() -> None:
    """Also where they have no words of their own, as in FastAPI's ``loc``."""
    detail = [{"type": "extra_forbidden", "loc": ["body", name], "msg": "Extra inputs"} for name in ("top_k", "foo")]
    error = Endpoint(HERE).refusal(
        422, json.dumps({"detail": detail}), request_with(top_k=5, params={"foo": 1, "bar": 2})
    )
    assert "does not take top_k and foo: leave out --top-k and -p foo=… (in Python: params and top_k)." in str(error)


@pytest.mark.parametrize(
    "message",
    ["Unknown parameter: 'top_p'.", "messages.0.name: Extra inputs are not permitted", "Unexpected token in JSON"],
)
def test_a_field_that_was_not_sent_is_not_named(message: str) -> None:
    """Nobody can leave it out."""
    error = Endpoint(HERE, "sk-a-key").refusal(400, json.dumps({"error": message}), request_with(temperature=1))
    assert "leave out" not in str(error)


@pytest.mark.parametrize(
    "message",
    [
        "unknown field `foo`, expected one of `model`, `temperature`, `top_k`",
        "Unknown parameter: 'foo'. Did you mean 'top_k'?",
        "Unsupported parameter: 'foo'. Use 'temperature' instead.",
        "property 'foo' is unsupported. Supported properties: temperature, top_k",
    ],
)
def test_a_field_that_the_server_offers_is_not_named(message: str) -> None:
    """Only the one that it does not take."""
    body = json.dumps({"error": message})
    for request in (None, request_with(temperature=1, top_k=5, params={"foo": 1})):
        assert "take foo: leave out -p foo=…" in str(Endpoint(HERE).refusal(400, body, request))


def test_a_value_that_is_not_taken_is_named_with_its_option() -> None:
    """The field is known, and its value is wrong."""
    body = {"error": {"message": "max_tokens is too large: 9. At most 8 completion tokens", "param": "max_tokens"}}
    for request in (None, request_with(max_tokens=9)):
        error = refusal(complaint_of(json.dumps(body)), status_code=400, request=request)
        assert errors.RequestRefused is type(error)
        assert "max_tokens is set by --max-tokens (in Python: max_tokens)." in str(error)


@pytest.mark.parametrize(
    ("status", "body", "is_told"),
    [
        (400, {"error": {"message": "No connected db.", "type": "no_db_connection", "code": "400"}}, True),
        (500, "Internal Server Error", True),
        (500, {"detail": "'NoneType' object has no attribute 'startswith'"}, True),
        (403, {"message": "Forbidden"}, True),
        (400, {"code": 20015, "message": "The parameter is invalid."}, False),
        (500, {"code": 50507, "message": "Request failed."}, False),
        (400, {"error": "model 'm' not found"}, False),
        (500, {"error": "the input length exceeds the context length"}, False),
        (502, "Bad Gateway", False),
        (503, {"message": "overloaded"}, False),
        (422, {"error": "n must be 1"}, False),
    ],
)
def test_a_refusal_without_a_key_says_so(status: int, body: object, is_told: bool) -> None:
    """Where the want of a key may be the reason, and only then."""
    text = body if isinstance(body, str) else json.dumps(body)
    assert is_told is ("No key was sent" in str(Endpoint(HERE).refusal(status, text)))
    assert "No key was sent" not in str(Endpoint(HERE, "sk-a-key").refusal(status, text))


@pytest.mark.parametrize("status", [402, 403])
@pytest.mark.parametrize("host", ["api.siliconflow.cn", "api.siliconflow.com"])
@pytest.mark.parametrize(
    "body",
    [
        '"Forbidden"',
        '"Payment Required"',
        "",
        '{"code":30001,"message":"Sorry, your account balance is insufficient"}',
        '{"code":30002}',
    ],
)
def test_402_and_403_may_mean_two_things(status: int, host: str, body: str) -> None:
    """The balance, or an account whose real name is not verified, on both hosts."""
    error = Endpoint(f"https://{host}/v1", "sk-a-key").refusal(status, body)
    assert "the balance, or an account whose real name is not verified" in str(error)


def test_a_missing_real_name_is_no_lack_of_money() -> None:
    """Where the server says so, nobody is told to pay."""
    for status in (402, 403):
        error = Endpoint(key="sk-a-key").refusal(status, '{"code":30005,"message":"real name authentication needed"}')
        assert errors.AccessDenied is type(error)
        assert "Verify the identity" in str(error)
        assert "Top up" not in str(error)


def test_a_long_reason_is_cut_at_its_end() -> None:
    """Its beginning, and as many lines as can be read; then how long it is."""
    lines = "\n".join(f"    line {number}\twith \x1b[31m colours" for number in range(100))
    error = refusal(complaint_of(json.dumps({"error": {"message": lines}})), status_code=400)
    said = str(error)
    assert said.startswith("The server refused the request (HTTP 400): line 0  with ␛[31m colours\n    line 1  with")
    assert said.endswith(f"… ({len(lines.strip()):,} characters)")
    assert len(said) < 1200
    assert said.count("\n") < 20

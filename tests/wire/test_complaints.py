"""What is an error of the server and what is none, in a stream and as a whole body; through each transport too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sfstream import errors
from sfstream.core.config import settings
from sfstream.core.reply import Reply
from sfstream.run.ask import ask
from sfstream.wire.complaints import complaint_in, complaint_of
from sfstream.wire.transport import VIA
from tests.fake_transport import DONE, ended, frame, run_of, streaming, word
from tests.wire.refusing import refusing

KEPT = "The partial answer is kept; asking again is a new request, and is billed again."

NO_ERRORS: list[object] = [
    *(
        {"error": each}
        for each in (
            None,
            dict[str, object](),
            "",
            False,
            0,
            list[object](),
            "null",
            "none",
            "No error",
            "success",
            "OK",
        )
    ),
    *(
        {"error": {"code": code, "message": text}}
        for code, text in ((0, "success"), (200, "OK"), (None, None), (0, ""))
    ),
    {"error": {"code": None, "message": None, "param": None, "type": None}},
    {"error": {"code": "0", "message": "成功", "type": ""}},
    *({"code": code} for code in (None, 0, 200, 20000, "0", "200", "success", "OK", "")),
    *({"code": 0, name: "no luck"} for name in ("message", "msg", "errmsg")),
    *({"message": each} for each in ("success", "Success.", "OK", "ok!", "成功", "操作成功", "请求成功！", "", None)),
    *({"msg": each} for each in ("success", "processing", "")),
    {"code": 200, "success": True, "msg": "操作成功", "data": None},
    {"error_code": 0, "error_msg": ""},
    {"base_resp": {"status_code": 0, "status_msg": ""}},
    {"base_resp": {"status_code": 0, "status_msg": "success"}, "choices": None},
    {"errors": [], "usage": {}},
    {"status": "ok", "reason": "cached"},
    {"object": "chat.completion.chunk", "code": "x"},
    {"choices": [{"delta": {}}], "error": None, "message": "no luck", "code": 7},
    {"choices": [{"delta": {}}], "error": {"message": ""}, "detail": "no luck"},
    {"choices": [{"delta": {}}], "errors": ["no luck"], "type": "error"},
    *("", "OK", "success", "成功"),
    *([], {}, None, 1, True, [1], ["a"]),
]


@pytest.mark.parametrize("value", NO_ERRORS, ids=repr)
def test_what_is_no_error(value: object) -> None:
    """Gateways say in many ways that all is well."""
    assert complaint_in(value) is None


ERRORS: list[tuple[object, object, str]] = [
    ({"error": "no luck"}, None, "no luck"),
    ({"error": {"message": "no luck", "code": 0}}, 0, "no luck"),
    ({"error": {"type": "server_error", "message": ""}}, None, '{"type": "server_error", "message": ""}'),
    ({"error": True, "message": "no luck"}, None, "no luck"),
    ({"error": ["first", {"message": "second"}]}, None, "first; second"),
    ({"Error": {"Code": "E", "Message": "no luck"}}, "E", "no luck"),
    ({"error": {"message": "no luck"}, "choices": [{"delta": {"content": "a"}}]}, None, "no luck"),
    ({"error": {"message": "no luck"}, "code": 0, "message": "success"}, 0, "no luck"),
    ({"code": 1001, "msg": "no luck"}, 1001, "no luck"),
    ({"code": "1001", "reason": "no luck"}, 1001, "no luck"),
    ({"errcode": 40001, "errmsg": "no luck"}, 40001, "no luck"),
    ({"success": False, "msg": "no luck"}, None, "no luck"),
    ({"code": 200, "success": False, "msg": "no luck"}, 200, "no luck"),
    ({"status": "error", "msg": "no luck"}, None, "no luck"),
    ({"type": "error", "reason": "no luck"}, None, "no luck"),
    ({"object": "error", "message": {"detail": [{"loc": ["body", "n"], "msg": "odd"}]}}, None, "body.n: odd"),
    ({"errors": ["first", "second"]}, None, "first; second"),
    ({"errors": [{"message": "first"}], "success": False}, None, "first"),
    ({"detail": [{"loc": ["body", "n"], "msg": "odd"}]}, None, "body.n: odd"),
    ({"detail": "no luck", "choices": []}, None, "no luck"),
    ({"message": "未成功"}, None, "未成功"),
    ({"message": "unsuccessful"}, None, "unsuccessful"),
    (
        {"Response": {"Error": {"Code": "AuthFailure", "Message": "no luck"}, "RequestId": "r"}},
        "AuthFailure",
        "no luck",
    ),
    ({"ResponseMetadata": {"Error": {"Code": "E", "Message": "no luck"}}}, "E", "no luck"),
    ({"fault": {"faultstring": "no luck"}}, None, "no luck"),
    ({"base_resp": {"status_code": 1008, "status_msg": "no luck"}}, 1008, "no luck"),
    ({"code": 50001}, 50001, '{"code": 50001}'),
    ({"object": "error"}, None, '{"object": "error"}'),
    ([{"error": {"code": 7, "message": "no luck"}}], 7, "no luck"),
    ("no luck", None, "no luck"),
    ('{"error": {"message": "no luck"}}', None, "no luck"),
]


@pytest.mark.parametrize(("value", "code", "message"), ERRORS, ids=lambda value: str(value)[:40])
def test_what_is_an_error(value: object, code: object, message: str) -> None:
    """Its code and its words are found, in a stream as in a body."""
    for complaint in (complaint_in(value), complaint_of(json.dumps(value))):
        assert complaint is not None
        assert (code, message) == (complaint.code, complaint.message)


@pytest.mark.parametrize("value", [{"error": {}}, {"code": 0, "message": "success"}, {"msg": "OK"}, "OK", []], ids=repr)
def test_a_status_of_an_error_is_one_whatever_the_body_says(value: object) -> None:
    """Then the body is shown."""
    assert json.dumps(value) == complaint_of(json.dumps(value)).message


def said(*pieces: bytes) -> Reply:
    return ended(run_of(streaming(*pieces))).reply


IN_STREAM: dict[str, tuple[Any, type[errors.ServerRefusal], str]] = {
    "openrouter": (
        {
            "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}],
            "error": {
                "code": 502,
                "message": "Provider returned error",
                "metadata": {"raw": '{"error":{"message":"the engine died"}}', "provider_name": "Crucible"},
            },
        },
        errors.ServerBusy,
        "Provider returned error: the engine died (from Crucible)",
    ),
    "anthropic": (
        {"type": "error", "error": {"type": "overloaded_error", "message": "Full"}},
        errors.ServerBusy,
        "Full",
    ),
    "vllm": (
        {"object": "error", "message": "EngineCore gone", "type": "InternalServerError", "code": 500},
        errors.ServerBusy,
        "EngineCore gone",
    ),
    "openai": ({"error": {"message": "Slow down", "code": "rate_limit_exceeded"}}, errors.RateLimited, "Slow down"),
    "quota": ({"error": {"message": "x", "code": "insufficient_quota"}}, errors.BalanceTooLow, "Top up the account"),
    "context": ({"error": "the request exceeds the available context size"}, errors.TooLarge, "Send less"),
    "model": ({"error": "model 'm' not found"}, errors.NotFound, "sfstream.models()"),
    "key": ({"error": {"message": "x", "type": "authentication_error"}}, errors.KeyRefused, "x"),
    "minimax-key": ({"base_resp": {"status_code": 1004, "status_msg": "login fail"}}, errors.KeyRefused, "login fail"),
    "zhipu": ({"code": 1305, "msg": "当前请求过多，请稍后重试", "success": False}, errors.RateLimited, "当前请求过多"),
    "cloudflare": ({"errors": [{"message": "no route"}], "success": False}, errors.RequestRefused, "no route"),
    "lines": ({"error": "first\n  second"}, errors.RequestRefused, "(in the stream): first\n  second\nThe partial"),
    "field": ({"error": "Unknown parameter: 'top_k'"}, errors.RequestRefused, "leave out --top-k"),
    "unknown": ({"type": "error", "foo": 1}, errors.RequestRefused, '{"type": "error", "foo": 1}'),
}


@pytest.mark.parametrize("via", VIA)
def test_errors_in_a_stream_read_the_same_through_all_transports(via: str) -> None:
    """What came is kept, and the message says so and what asking again costs; where nothing came, it does not."""
    bodies = [
        (200, (before + frame(value) + DONE).decode())
        for value, _, _ in IN_STREAM.values()
        for before in (word("Hello"), b"")
    ]
    with refusing(*bodies) as url:
        settings.update(base_url=url, retries=2)
        for number, (_, kind, words) in enumerate(IN_STREAM.values()):
            after, alone = (ask("Hi", model=str(2 * number + each), via=via, display="off") for each in (0, 1))
            assert (kind, kind) == (type(after.error), type(alone.error))
            assert ("failed", "Hello", "failed", "") == (after.status, after.content, alone.status, alone.content)
            assert words in f"{after.error}"
            assert (True, False) == (KEPT in str(after.error), "is kept" in str(alone.error))


@pytest.mark.parametrize(
    "value",
    [
        {"index": 0, "delta": {"reasoning_content": "Hm"}},
        {"index": 0, "delta": {"tool_calls": [{"index": 0, "function": {"name": "f", "arguments": ""}}]}},
    ],
    ids=["reasoning", "tool-call"],
)
def test_reasoning_and_tool_calls_are_a_part_of_the_answer(value: object) -> None:
    """They are billed as well."""
    assert KEPT in str(said(frame({"choices": [value]}), frame({"error": "no luck"})).error)


@pytest.mark.parametrize(
    "event", ['{"msg": "no luck"}', '{"reason": "no luck"}', "no luck", '{"error":{"msg":"no luck"}}']
)
def test_an_event_named_error_is_one(event: str) -> None:
    """Under any name of its reason."""
    error = said(word("Hello"), f"event: error\ndata: {event}\n\n".encode()).error
    assert isinstance(error, errors.RequestRefused)
    assert f"The server refused the request: no luck (in the stream)\n{KEPT}" == str(error)

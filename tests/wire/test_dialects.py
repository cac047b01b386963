"""What OpenAI-compatible servers send that SiliconFlow does not: as their users and sources show it."""

from __future__ import annotations

from typing import Any

import pytest

from sfstream.core.choice import ToolCall
from sfstream.core.reply import Reply
from tests.fake_transport import DONE, ended, frame, run_of, streaming, word

HELLO = (word("Hello"), word(" you"))


def shown(*pieces: bytes) -> Reply:
    """The reply that these bytes make."""
    return ended(run_of(streaming(*pieces))).reply


def choice(delta: Any, finish: str | None = None, **more: Any) -> bytes:
    return frame({"choices": [{"index": 0, "delta": delta, "finish_reason": finish} | more]})


def call(ident: str, arguments: str, **more: Any) -> bytes:
    function = {"name": ident.upper(), "arguments": arguments}
    return choice({"tool_calls": [{"id": ident, "type": "function", "function": function} | more]})


# Text


def test_a_message_that_repeats_the_deltas_is_not_added() -> None:
    """MiniMax ends with the whole message once more."""
    whole = {"index": 0, "finish_reason": "stop", "message": {"content": "Hello you"}}
    reply = shown(*HELLO, frame({"object": "chat.completion", "choices": [whole]}), DONE)
    assert ("complete", "Hello you") == (reply.status, reply.content)


def test_content_in_parts() -> None:
    """Mistral gives content as a list of parts while it thinks, then as text."""
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}, {"type": "text", "text": "m"}]}
    parts = [thought, {"type": "text", "text": "Well: "}, {"type": "reference", "reference_ids": [1]}]
    reply = shown(choice({"content": [thought]}), choice({"content": parts}), *HELLO, choice({}, "stop"), DONE)
    assert ("complete", "Well: Hello you", "HmmHmm") == (reply.status, reply.content, reply.reasoning)


@pytest.mark.parametrize(
    "said",
    [choice({"refusal": "No."}), frame({"choices": [{"index": 0, "text": "No."}]})],
    ids=["refusal", "legacy-completion"],
)
def test_text_under_another_name(said: bytes) -> None:
    """A refusal is what the model says; completions that are no chat give ``text``."""
    assert ("complete", "No.") == ((reply := shown(said, choice({}, "stop"), DONE)).status, reply.content)


def test_more_choices_are_told() -> None:
    """A reply is of one choice; that there were more is not kept secret."""
    two = [{"index": index, "delta": {"content": text}, "finish_reason": "stop"} for index, text in enumerate("ab")]
    reply = shown(frame({"choices": two}), DONE)
    assert ("a", ["The server sent 2 choices; this is the first."]) == (reply.content, [*map(str, reply.notes)])


@pytest.mark.parametrize("whole", [b"\n\n", b"\n", b""], ids=["blank", "newline", "nothing"])
def test_events_without_a_blank_line_between(whole: bytes) -> None:
    """One newline is not the end of an event, but that is how some servers end it."""
    stream = b"".join([*HELLO, choice({}, "stop"), DONE]).replace(b"\n\n", b"\n").rstrip(b"\n")
    assert ("complete", "Hello you") == ((reply := shown(stream + whole)).status, reply.content)
    cut = shown(b"".join(HELLO).replace(b"\n\n", b"\n") + b'data: {"choi')
    assert ("cut", "Hello you") == (cut.status, cut.content)


# Tool calls


@pytest.mark.parametrize("more", [{}, {"index": 0}], ids=["no-index", "always-0"])
def test_calls_one_after_the_other(more: dict[str, int]) -> None:
    """Gemini gives each call whole, and each as the first."""
    reply = shown(call("f", '{"x":1}', **more), call("g", '{"y":2}', **more), choice({}, "tool_calls"), DONE)
    assert [ToolCall("f", "F", '{"x":1}'), ToolCall("g", "G", '{"y":2}')] == reply.tool_calls


def test_calls_in_turns() -> None:
    """The index says which call a piece is of, whatever comes between; an id that is repeated begins nothing."""
    pieces = [call("f", "1", index=0), call("g", "2", index=1), call("f", "3", index=0), call("g", "4", index=1)]
    reply = shown(*pieces, call("h", "5", index=0), choice({}, "tool_calls"), DONE)
    assert [("f", "13"), ("g", "24"), ("h", "5")] == [(each.id, each.arguments) for each in reply.tool_calls]


def test_function_call_as_it_was_before_tools() -> None:
    """Its pieces make one call."""
    begin = choice({"function_call": {"name": "f", "arguments": '{"x"'}})
    reply = shown(begin, choice({"function_call": {"arguments": ":1}"}}), choice({}, "function_call"), DONE)
    assert [ToolCall("", "f", '{"x":1}')] == reply.tool_calls


# Counts


@pytest.mark.parametrize(
    "last",
    [
        choice({}, "stop", usage={"completion_tokens": 2}),
        frame({"choices": [{"delta": {}, "finish_reason": "stop"}], "x_groq": {"usage": {"completion_tokens": 2}}}),
    ],
    ids=["in-the-choice", "x_groq"],
)
def test_usage_elsewhere(last: bytes) -> None:
    """Moonshot and Groq have it elsewhere."""
    assert 2 == shown(*HELLO, last, DONE).tokens


# Ends


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("max_tokens", "length"),
        ("MAX_TOKENS", "length"),
        ("model_length", "length"),
        ("SAFETY", "filtered"),
        ("sensitive", "filtered"),
        ("error", "cut"),
        ("network_error", "cut"),
        ("abort", "cut"),
    ],
)
def test_reasons_in_other_words(reason: str, status: str) -> None:
    """What means a limit, a filter or a failure is no complete answer."""
    reply = shown(*HELLO, choice({}, reason), DONE)
    assert (status, "Hello you", reason, []) == (reply.status, reply.content, reply.finish_reason, reply.notes)
    assert status != "cut" or reason in str(reply.error)


def test_null_as_text_is_no_reason() -> None:
    """With it a stream that is cut is not whole."""
    assert "cut" == shown(choice({"content": "a"}, "null")).status


FAULTS = {
    "llama.cpp": (b'error: {"code":500,"message":"too long","type":"server_error"}\n\n', "too long"),
    "in-the-choice": (choice({}, "error", error={"code": 502, "message": "gone"}), "gone"),
    "minimax": (frame({"choices": None, "base_resp": {"status_code": 1008, "status_msg": "no balance"}}), "no balance"),
    "baidu": (frame({"error_code": 336501, "error_msg": "too fast"}), "too fast"),
    "gemini": (frame([{"error": {"code": 503, "message": "overloaded"}}]), "overloaded"),
}


@pytest.mark.parametrize(("fault", "words"), FAULTS.values(), ids=FAULTS)
def test_errors_in_other_shapes(fault: bytes, words: str) -> None:
    """An error is one in whatever shape it comes, also before ``[DONE]``."""
    reply = shown(word("Hello"), fault, DONE)
    assert ("failed", "Hello") == (reply.status, reply.content)
    assert words in str(reply.error)


@pytest.mark.parametrize("success", [{"code": 200, "message": "success"}, {"base_resp": {"status_code": 0}}])
def test_success_is_no_error(success: dict[str, Any]) -> None:
    """Nor is one seen where a gateway says that all is well."""
    last = frame({**success, "choices": [], "usage": {"completion_tokens": 2}})
    reply = shown(*HELLO, choice({}, "stop"), last, DONE)
    assert ("complete", 2) == (reply.status, reply.tokens)

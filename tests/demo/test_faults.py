"""The faults inside a stream, as a client of the demo server meets them."""

from __future__ import annotations

import json

import pytest

from sfstream.demo import prepared
from sfstream.demo.compose import DONE, pieces
from sfstream.demo.server import DemoServer
from tests.demo.client import (
    Wire,
    ask,
    asked,
    decoded,
    deltas_of,
    english,
    frames_in,
    post,
    text_in,
    values_in,
)


@pytest.mark.parametrize("number", [0, 1, 7])
def test_cut_after_ends_the_body_cleanly(demo: DemoServer, number: int) -> None:
    """demo/cut-after-N ends its body after N deltas, with no reason and no ``[DONE]``."""
    with Wire(demo, f"demo/cut-after-{number}") as wire:
        wire.head()
        chunks = list(iter(wire.chunk, b""))
    assert len(chunks) == number + 1
    assert deltas_of(b"".join(chunks)) == number
    assert all(value["choices"][0]["finish_reason"] is None for value in values_in(b"".join(chunks)))


def test_cut_after_more_than_there_is(demo: DemoServer) -> None:
    """An N beyond the answer leaves out its end all the same."""
    body = ask(demo, "demo/cut-after-99999").content
    assert deltas_of(body) == len(english()) - 3
    assert DONE not in body


@pytest.mark.parametrize(
    ("name", "error"), [("demo/cut-hard-after-3", EOFError), ("demo/reset-after-3", ConnectionResetError)]
)
def test_the_connection_breaks_in_the_stream(demo: DemoServer, name: str, error: type[Exception]) -> None:
    """demo/cut-hard-after-N closes the connection without an end of the body, demo/reset-after-N resets it."""
    with Wire(demo, name) as wire:
        wire.head()
        assert deltas_of(b"".join(wire.chunk() for _ in range(4))) == 3
        with pytest.raises(error):
            wire.chunk()


def test_close_without_answer_sends_nothing(demo: DemoServer) -> None:
    """demo/close-without-answer closes the connection before any byte."""
    with Wire(demo, "demo/close-without-answer") as wire, pytest.raises(EOFError):
        wire.head()


def test_cut_in_frame_ends_in_its_middle(demo: DemoServer) -> None:
    """demo/cut-in-frame-N ends inside frame N, and the body itself is whole."""
    whole, _, part = ask(demo, "demo/cut-in-frame-3").content.rpartition(b"\n\n")
    assert len(frames_in(whole + b"\n\n")) == 2
    assert part.startswith(b'data: {"id":')
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(part.removeprefix(b"data: "))


def test_stall_before_headers_is_silent(demo: DemoServer) -> None:
    """demo/stall-before-headers sends nothing and keeps the connection open."""
    with Wire(demo, "demo/stall-before-headers") as wire:
        assert wire.is_silent()


@pytest.mark.parametrize(("name", "count"), [("demo/stall-after-headers", 0), ("demo/stall-after-4", 5)])
def test_a_stall_is_silent_after_its_chunks(demo: DemoServer, name: str, count: int) -> None:
    """The other stalls send the head, and N deltas, then nothing."""
    with Wire(demo, name) as wire:
        assert wire.head().startswith("HTTP/1.1 200 OK")
        assert deltas_of(b"".join(wire.chunk() for _ in range(count)) or b"data: [DONE]\n\n") == max(count - 1, 0)
        assert wire.is_silent()


def test_linger_is_silent_after_done(demo: DemoServer) -> None:
    """demo/linger sends all of its answer, and does not end the body."""
    with Wire(demo, "demo/linger") as wire:
        wire.head()
        while wire.chunk() != DONE:
            pass
        assert wire.is_silent()


ERRORS: dict[str, object] = {
    "error-object": {"error": {"message": "Model service overloaded. Please try again later.", "code": "50505"}},
    "error-text": {"error": "Model service overloaded. Please try again later."},
    "error-code": {"code": 50505, "message": "Model service overloaded. Please try again later.", "data": None},
    "error-string": "Model service overloaded. Please try again later.",
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_comes_in_a_frame(demo: DemoServer, name: str) -> None:
    """The errors in the stream come in a frame after N deltas, and nothing comes after them."""
    *before, last = frames_in(ask(demo, f"demo/{name}-after-3").content)
    assert deltas_of(b"".join(before)) == 3
    assert values_in(last) == [ERRORS[name]]


@pytest.mark.parametrize(
    ("name", "begin", "end"),
    [
        ("error-event", b'event: error\ndata: {"code":50505,', b"}\n\n"),
        ("error-bare", b'{"code":30014,"message":"Token is invalid."}', b"\n"),
        ("not-json", b'data: {"choices":[', b"data: [DONE]\n\n"),
    ],
)
def test_an_error_comes_in_another_way(demo: DemoServer, name: str, begin: bytes, end: bytes) -> None:
    """The other errors come as an event of another type, without ``data:``, and as broken JSON."""
    with Wire(demo, f"demo/{name}-after-3") as wire:
        wire.head()
        chunks = list(iter(wire.chunk, b""))
    assert deltas_of(b"".join(chunks[:4])) == 3
    assert b"".join(chunks[4:]).startswith(begin)
    assert b"".join(chunks[4:]).endswith(end)


def test_other_bodies_than_a_stream(demo: DemoServer) -> None:
    """demo/html, demo/plain and demo/nothing answer 200 and stream nothing."""
    page, plain, nothing = (ask(demo, f"demo/{name}") for name in ("html", "plain", "nothing"))
    assert [answer.status_code for answer in (page, plain, nothing)] == [200, 200, 200]
    assert page.headers["Content-Type"].startswith("text/html")
    assert page.text.startswith("<html>")
    assert plain.headers["Content-Type"].startswith("application/json")
    assert plain.json()["choices"][0]["message"]["content"] == prepared.text("english")
    assert nothing.headers["Content-Type"] == "text/event-stream"
    assert nothing.content == b""


def test_keep_alives_stand_between_frames(demo: DemoServer) -> None:
    """demo/keep-alives sends a comment before each frame."""
    parts = frames_in(ask(demo, "demo/keep-alives").content)
    assert set(parts[::2]) == {b": keep-alive\n\n"}
    assert text_in(b"".join(parts[1::2])) == prepared.text("english")


def test_one_byte_sends_single_bytes(demo: DemoServer) -> None:
    """demo/one-byte sends each byte as a chunk of its own, and characters of several bytes are among them."""
    with Wire(demo, "demo/one-byte") as wire:
        wire.head()
        chunks = list(iter(wire.chunk, b""))
    assert {len(chunk) for chunk in chunks} == {1}
    assert "什么是流" in text_in(b"".join(chunks))
    assert chunks[-len(DONE) :] == [bytes([byte]) for byte in DONE]


def test_crlf_ends_its_lines_so(demo: DemoServer) -> None:
    """demo/crlf has no line end but CR LF."""
    body = ask(demo, "demo/crlf").content
    assert body.count(b"\r\n") == body.count(b"\n") == body.count(b"\r")
    assert decoded(body)[0] == prepared.text("english")


def test_no_done_has_a_reason_only(demo: DemoServer) -> None:
    """demo/no-done ends with its finish reason."""
    body = ask(demo, "demo/no-done").content
    assert DONE not in body
    assert values_in(body)[-1]["choices"][0]["finish_reason"] == "stop"


def test_no_reasoning_field_has_content_alone(demo: DemoServer) -> None:
    """demo/no-reasoning-field has no reasoning_content in any delta, and the whole answer."""
    body = ask(demo, "demo/no-reasoning-field").content
    assert b"reasoning_content" not in body
    assert decoded(body)[0] == prepared.text("english")


def test_usage_last_comes_alone(demo: DemoServer) -> None:
    """demo/usage-last sends the usage in one chunk without choices, after the finish reason."""
    *values, last = values_in(ask(demo, "demo/usage-last").content)
    assert not any("usage" in value for value in values)
    assert values[-1]["choices"][0]["finish_reason"] == "stop"
    assert last["choices"] == []
    assert last["usage"]["completion_tokens"] == len(pieces(prepared.text("english")))


@pytest.mark.parametrize(
    ("name", "reason", "has_content", "has_reasoning"),
    [
        ("length", "length", True, False),
        ("filtered", "content_filter", True, False),
        ("empty", "stop", False, False),
        ("reasoning-only", "stop", False, True),
    ],
)
def test_an_odd_end(demo: DemoServer, name: str, reason: str, has_content: bool, has_reasoning: bool) -> None:
    """The answers that end oddly have that finish reason, and that much text."""
    body = ask(demo, f"demo/{name}").content
    content, reasoning, _ = decoded(body)
    assert values_in(body)[-1]["choices"][0]["finish_reason"] == reason
    assert (bool(content), bool(reasoning)) == (has_content, has_reasoning)


def test_split_emoji_cuts_a_pair(demo: DemoServer) -> None:
    """demo/split-emoji sends the halves of a pair in two deltas, and one half alone."""
    body = ask(demo, "demo/split-emoji").content
    assert rb'"content":"\ud83d"' in body
    assert rb'"content":"\ude00"' in body
    assert decoded(body)[0] == "Two halves make a face: 😀. One half alone: \ufffd!"


def test_tricky_holds_what_looks_like_framing(demo: DemoServer) -> None:
    """demo/tricky has framing in its text, and line separators as they are."""
    body = ask(demo, "demo/tricky").content
    text = decoded(body)[0]
    assert text == text_in(body)
    assert all(part in text for part in ("data: ", "[DONE]", "\ndata: [DONE]\n\n", "\u2028", "\u0085"))
    assert "\u2028".encode() in body
    assert "\u0085".encode() in body


def test_gzip_packs_the_stream(demo: DemoServer) -> None:
    """demo/gzip packs the stream although identity was asked for."""
    response = ask(demo, "demo/gzip", **{"Accept-Encoding": "identity"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert text_in(response.content) == prepared.text("english")
    assert "Content-Encoding" not in post(demo, asked("demo/gzip", stream=False)).headers


@pytest.mark.parametrize(
    "name", ["demo/cut-after-2", "demo/slow", "demo/linger", "demo/error-code-after-1", "demo/rate-1"]
)
def test_a_fault_of_the_stream_needs_a_stream(demo: DemoServer, name: str) -> None:
    """Without stream, a fault of the stream gives the English answer as one plain completion."""
    completion = post(demo, asked(name, stream=False)).json()
    assert completion["choices"][0]["message"]["content"] == prepared.text("english")

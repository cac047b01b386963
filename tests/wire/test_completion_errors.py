"""Errors inside a stream, bodies that are no stream, and text that is no text."""

from __future__ import annotations

import json

import pytest

from sfstream import errors
from sfstream.core.events import Delta, Event, Finish, ToolCallDelta
from sfstream.wire.completion import CompletionDecoder

WORD = b'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'
DONE = b"data: [DONE]\n\n"
BUSY = {"code": 50505, "message": "Model service overloaded. Please try again later.", "data": None}


def told(*chunks: bytes, content_type: str = "", trace_id: str | None = None) -> tuple[list[Event], Exception | None]:
    """The events, and the error that ended them."""
    decoder = CompletionDecoder(content_type, trace_id)
    events: list[Event] = []
    try:
        for chunk in chunks:
            events.extend(decoder.feed(chunk))
        events.extend(decoder.flush())
    except errors.SfStreamError as error:
        return events, error
    return events, None


def error_of(*chunks: bytes, content_type: str = "", trace_id: str | None = None) -> Exception:
    error = told(*chunks, content_type=content_type, trace_id=trace_id)[1]
    assert error is not None
    return error


def data(value: object, ascii_only: bool = True) -> bytes:
    return f"data: {json.dumps(value, ensure_ascii=ascii_only)}\n\n".encode()


@pytest.mark.parametrize(
    ("frame", "kind", "code", "said"),
    [
        pytest.param(data(BUSY), errors.ServerBusy, 50505, "Model service overloaded", id="code-and-message"),
        pytest.param(data({"error": BUSY}), errors.ServerBusy, 50505, "Model service overloaded", id="openai-style"),
        pytest.param(data({"error": "out of luck"}), errors.RequestRefused, None, "out of luck", id="error-is-text"),
        pytest.param(data({"message": "no code"}), errors.RequestRefused, None, "no code", id="message-alone"),
        pytest.param(data("Api key is invalid"), errors.RequestRefused, None, "Api key is invalid", id="json-string"),
        pytest.param(b"event: error\n" + data(BUSY), errors.ServerBusy, 50505, "overloaded", id="event-error"),
        pytest.param(b"event: error\ndata: oh no\n\n", errors.RequestRefused, None, "oh no", id="event-error-text"),
        pytest.param(
            b'{"code":30014,"message":"Bad token."}\n', errors.KeyRefused, 30014, "Bad token", id="bare-object"
        ),
        pytest.param(b'"Invalid token"\n', errors.RequestRefused, None, "Invalid token", id="bare-string"),
        pytest.param(data(BUSY).rstrip(), errors.ServerBusy, 50505, "overloaded", id="without-a-blank-line"),
        pytest.param(json.dumps(BUSY).encode(), errors.ServerBusy, 50505, "overloaded", id="bare-without-an-end"),
        pytest.param(data({**BUSY, "choices": []}), errors.ServerBusy, 50505, "overloaded", id="with-empty-choices"),
    ],
)
def test_error_in_the_stream(frame: bytes, kind: type[Exception], code: int | None, said: str) -> None:
    """An error frame of any shape is raised as what it means, after what came before it."""
    events, error = told(WORD, frame, trace_id="ti_1")

    assert [Delta(content="a")] == events
    assert kind is type(error)
    assert isinstance(error, errors.ServerRefusal)
    assert (code, None, "ti_1") == (error.code, error.status_code, error.trace_id)
    assert said in str(error)
    assert "ti_1" in str(error)


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(b"data: not json\n\n", id="text"),
        pytest.param(b"data: {\n\n", id="half-an-object"),
        pytest.param(b"data: 1\n\n", id="number"),
        pytest.param(b"data: null\n\n", id="null"),
        pytest.param(b"data: [1]\n\n", id="list"),
        pytest.param(data({"choices": {}}), id="choices-is-an-object"),
        pytest.param(data({"choices": [1]}), id="choice-is-a-number"),
        pytest.param(data({"choices": [{"delta": 1}]}), id="delta-is-a-number"),
        pytest.param(data({"choices": [{"delta": {"tool_calls": [1]}}]}), id="tool-call-is-a-number"),
        pytest.param(b"data: " + b"[" * 100_000 + b"\n\n", id="too-deep"),
        pytest.param(b"data: " + b"1" * 10_000 + b"\n\n", id="too-long-a-number"),
    ],
)
def test_stream_of_frames_that_are_no_chunks(frame: bytes) -> None:
    """Alone, with [DONE] or without, such a frame is malformed and shown in part. After text it is skipped."""
    for end in (b"", DONE):
        events, error = told(frame, frame, end)

        assert events == []
        assert isinstance(error, errors.MalformedStream)
        assert "understood none of the frames" in str(error)
        assert frame[6:20].decode().strip() in str(error)
        assert len(str(error)) < 600
    assert ([Delta(content="a")] * 2, None) == told(WORD, frame, WORD, DONE)


def test_every_depth_of_nesting_is_an_error_of_ours() -> None:
    """JSON that is nested as deeply as the parser takes does not break what reads it."""
    for opened in ("", '{"choices":[', '{"message":', '{"error":{"x":', '{"choices":[{"delta":{"content":'):
        closed = "".join("]" if letter == "[" else "}" for letter in reversed(opened) if letter in "[{")
        for depth in range(180, 1020):
            _, error = told(f"data: {opened}{'[' * depth}{']' * depth}{closed}\n\n".encode())
            assert isinstance(error, errors.SfStreamError)


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(WORD, id="after-a-word"),
        pytest.param(WORD + b'data: {"choices":[{"index":0,"delta":{"con', id="inside-a-frame"),
        pytest.param(WORD + b"dat", id="inside-a-field-name"),
        pytest.param(b": keep-alive\n\n", id="comments-alone"),
    ],
)
def test_stream_without_an_end_is_cut(stream: bytes) -> None:
    """Neither a finish reason nor [DONE]: the stream was cut, and what came is kept."""
    events, error = told(stream)

    assert ([Delta(content="a")] if stream.startswith(WORD) else []) == events
    assert isinstance(error, errors.StreamCut)


def test_cut_says_the_last_words() -> None:
    """What a proxy says when it cuts the stream is passed on."""
    assert "upstream timed out" in str(error_of(WORD, b"upstream timed out\n"))


def test_server_out_of_resources_has_cut_the_answer() -> None:
    """The finish reason `insufficient_system_resource` is a cut, [DONE] or not."""
    finish = data({"choices": [{"index": 0, "delta": {}, "finish_reason": "insufficient_system_resource"}]})

    assert isinstance(error_of(WORD, finish, DONE), errors.StreamCut)


@pytest.mark.parametrize("indent", [None, 2], ids=["one-line", "laid-out"])
def test_plain_completion_is_told_as_one(indent: int | None) -> None:
    """A server that does not stream: what it answered is kept, and the error says what happened."""
    message = {"role": "assistant", "content": "Hi 你好", "reasoning_content": "Hm"}
    body = {"object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    events, error = told(json.dumps(body, indent=indent).encode(), content_type="application/json")

    assert [Delta(0, "Hi 你好", "Hm"), Finish(0, "stop")] == events
    assert isinstance(error, errors.MalformedStream)
    assert "one plain completion (application/json)" in str(error)


@pytest.mark.parametrize("indent", [None, 2], ids=["one-line", "laid-out"])
def test_error_as_the_whole_body(indent: int | None) -> None:
    """An error as the body of a 200 is raised, also where it is laid out over lines."""
    error = error_of(json.dumps(BUSY, indent=indent).encode())

    assert isinstance(error, errors.ServerBusy)
    assert error.code == 50505


def test_page_of_html_is_shown() -> None:
    """A body that is no event stream is shown with its type, cut to an excerpt."""
    page = "<html>\n<h1>Sign in to the hotel's network</h1>\n" + "<p>é</p>\n" * 1000
    error = error_of(page.encode(), content_type="text/html")

    assert isinstance(error, errors.MalformedStream)
    assert "something else (text/html)" in str(error)
    assert "Sign in to the hotel's network" in str(error)
    assert len(str(error)) < 600


@pytest.mark.parametrize("body", [b"<p>", b'{"choices":[{"message":{"content":"Hi"}}]}', b""])
def test_a_content_type_drives_no_terminal(body: bytes) -> None:
    """It is a server's text like any other."""
    error = error_of(body, content_type="text/html\x1b]52;c;UFdORUQ=\x07" + "x" * 1000)
    assert "(text/html␛]52;c;UFdORUQ=␇" in str(error)
    assert len(str(error)) < 500


def test_empty_body_is_told_as_nothing() -> None:
    """An answer without a body says so."""
    error = error_of()

    assert isinstance(error, errors.MalformedStream)
    assert "nothing at all" in str(error)


def half(text: str, field: str = "content") -> bytes:
    return data({"choices": [{"index": 0, "delta": {field: text}}]})


@pytest.mark.parametrize(
    ("frames", "content"),
    [
        pytest.param([half("a\ud83d"), half("\ude00b")], "a😀b", id="over-two-deltas"),
        pytest.param([half("\ud83d\ude00")], "😀", id="in-one-delta"),
        pytest.param([half("\ud83d"), half(""), half("\ude00")], "😀", id="with-an-empty-delta-between"),
        pytest.param([half("a\ud83d"), half("b")], "a\ufffdb", id="first-half-alone"),
        pytest.param([half("a\ude00b")], "a\ufffdb", id="second-half-alone"),
        pytest.param([half("\ud83d"), half("\ud83d\ude00")], "\ufffd😀", id="half-before-a-pair"),
        pytest.param([half("a\ud83d")], "a\ufffd", id="half-at-the-end"),
        pytest.param([half("\ud83d"), half("x", "reasoning_content"), half("\ude00")], "😀", id="reasoning-between"),
    ],
)
def test_halves_of_a_character(frames: list[bytes], content: str) -> None:
    """Two halves are joined, one that stays alone is replaced, and the content always encodes."""
    events, error = told(*frames, DONE)

    assert error is None
    assert content == "".join(event.content for event in events if isinstance(event, Delta))


def test_halves_in_reasoning_and_content_are_kept_apart() -> None:
    """Half a character of the reasoning waits for its other half there, not in the content."""
    events, _ = told(half("\ud83d", "reasoning_content"), half("\ude00"), half("\ude01", "reasoning_content"), DONE)

    assert [Delta(content="\ufffd"), Delta(reasoning="😁")] == events


def test_half_at_the_end_of_a_plain_completion() -> None:
    """Half a character that ends an answer which was not streamed is replaced, not lost."""
    events, _ = told(b'{"choices":[{"index":0,"message":{"content":"a\\ud83d"}}]}')

    assert [Delta(content="a"), Delta(content="\ufffd")] == events


def test_halves_over_two_pieces_of_the_arguments() -> None:
    """An emoji that is split over two pieces of a tool call's arguments is joined too."""
    calls = [{"index": 0, "function": {"arguments": text}} for text in ('{"x":"\ud83d', '\ude00"}')]
    events, _ = told(*(data({"choices": [{"delta": {"tool_calls": [call]}}]}) for call in calls), DONE)

    assert ['{"x":"', '😀"}'] == [event.arguments for event in events if isinstance(event, ToolCallDelta)]

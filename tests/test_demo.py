"""The demo server on the wire: with requests, and with a socket where requests would hide what matters."""

from __future__ import annotations

import asyncio
import itertools
import json
import math
import socket
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import pytest
import requests

from sfstream.demo import bundle
from sfstream.demo.compose import DONE, Script, compose, pieces
from sfstream.demo.models import MODELS, find
from sfstream.demo.server import DemoServer
from sfstream.demo.tour import ARGUMENTS, tour
from sfstream.errors import ConfigurationError
from sfstream.events import Delta, ToolCallDelta
from sfstream.wire.completion import CompletionDecoder
from sfstream.wire.recording import Recording

WAIT = 10  # seconds after which a test gives up
QUIET = 0.2  # seconds without a byte that are a silence: the server sends these streams without pauses
STREAM_MODELS = ("english", "chinese", "reasoning", "tool-call", "long")


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer(speed=math.inf) as running:
        yield running


class Wire:
    """One request on a socket, and what comes back, chunk by chunk."""

    def __init__(self, server: DemoServer, model: str) -> None:
        host, port = server.base_url.removeprefix("http://").removesuffix("/v1").split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=WAIT)
        self._buffer = b""
        body = json.dumps(asked(model)).encode()
        head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n\r\n"
        self.socket.sendall(head.encode() + body)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def head(self) -> str:
        return self._until(b"\r\n\r\n").decode()

    def chunk(self) -> bytes:
        """The next chunk; empty for the one that ends the body."""
        size = int(self._until(b"\r\n"), 16)
        while len(self._buffer) < size + 2:
            self._more()
        data, self._buffer = self._buffer[:size], self._buffer[size + 2 :]
        return data

    def is_silent(self) -> bool:
        self.socket.settimeout(QUIET)
        try:
            self._more()
        except TimeoutError:
            return not self._buffer
        return False

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._buffer:
            self._more()
        before, _, self._buffer = self._buffer.partition(mark)
        return before

    def _more(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise EOFError
        self._buffer += data


def asked(model: str, prompt: str = "Hello", *, stream: bool = True) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": prompt}], "stream": stream}


def post(server: DemoServer, body: object, **headers: str) -> requests.Response:
    return requests.post(
        f"{server.base_url}/chat/completions", json=body, headers=headers, timeout=WAIT, allow_redirects=False
    )


def ask(server: DemoServer, model: str, prompt: str = "Hello", **headers: str) -> requests.Response:
    return post(server, asked(model, prompt), **headers)


def frames_in(body: bytes) -> list[bytes]:
    assert body.endswith(b"\n\n")
    return [part + b"\n\n" for part in body.split(b"\n\n")[:-1]]


def values_in(body: bytes) -> list[Any]:
    """The JSON of each frame but ``[DONE]``."""
    return [json.loads(part.removeprefix(b"data: ")) for part in frames_in(body) if part != DONE]


def text_in(body: bytes, field: str = "content") -> str:
    return "".join(choice["delta"].get(field) or "" for value in values_in(body) for choice in value["choices"])


def decoded(body: bytes) -> tuple[str, str, str]:
    """The content, the reasoning and the arguments of the tool call, as the package's own decoder has them."""
    decoder = CompletionDecoder()
    events = [*decoder.feed(body), *decoder.flush()]
    deltas = [event for event in events if isinstance(event, Delta)]
    calls = [event for event in events if isinstance(event, ToolCallDelta)]
    return (
        "".join(delta.content for delta in deltas),
        "".join(delta.reasoning for delta in deltas),
        "".join(call.arguments for call in calls),
    )


def english() -> list[bytes]:
    return [chunk.data for chunk in bundle.recording("english").chunks]


def deltas_of(body: bytes) -> int:
    return sum(1 for value in values_in(body) if value["choices"][0]["delta"]["content"])


# The answers


@pytest.mark.parametrize("name", bundle.PROMPTS)
def test_a_bundled_recording_decodes_to_its_text(name: str) -> None:
    """Every bundled recording is marked as written by hand, decodes to its text, and says that there is no model."""
    recording = Recording.open(bundle.path_of(name))
    content, reasoning, arguments = decoded(recording.data)
    assert recording.head.source == "written by hand"
    assert content == (tour(bundle.text(name)) if name == "long" else bundle.text(name))
    assert reasoning == (bundle.text("reasoning-thoughts") if name == "reasoning" else "")
    assert arguments == (ARGUMENTS if name == "tool-call" else "")
    assert "no model is behind" in content or "背后没有模型" in content


@pytest.mark.parametrize("name", bundle.PROMPTS)
def test_a_bundled_recording_is_what_its_text_composes_to(name: str) -> None:
    """The files are the texts, composed; ``python -m sfstream.demo.bundle`` makes them anew."""
    assert Recording.open(bundle.path_of(name)) == bundle.composed(name)


def test_no_other_file_is_bundled() -> None:
    """Each file in the folder belongs to a recording."""
    assert sorted(bundle.FOLDER.iterdir()) == sorted(map(bundle.path_of, bundle.PROMPTS))


@pytest.mark.parametrize("name", bundle.GUIDE)
def test_an_answer_to_the_guide_is_short(name: str) -> None:
    """The answers to the prompts of SiliconFlow's guide have 80 to 150 characters."""
    assert 80 <= len(bundle.text(name)) <= 150


def test_the_long_answer_is_filled_in() -> None:
    """The tour has about 4,000 tokens, and no gap in its template is left."""
    text = tour(bundle.text("long"))
    assert "{{" not in text
    assert 4000 <= len(pieces(text)) <= 4600


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a",
        "Hello, world!",
        "你好，世界。",
        " two  spaces\n\n\tand a tab ",
        "🙂👩‍🚀 e\u0301\u2028\u0085x",
        "x" * 100,
    ],
)
def test_pieces_join_to_the_text(text: str) -> None:
    """Cutting a text loses and adds nothing."""
    assert "".join(pieces(text)) == text
    assert all(pieces(text))


def test_times_begin_late_and_go_on_quickly() -> None:
    """The first frame comes after 0.3 s, the others every 0.02 s or so, always at the same times."""
    recording = compose(asked("demo/x"), Script(pieces("one two three " * 50)))
    times = [chunk.t for chunk in recording.chunks]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert times[0] == 0.3
    assert min(gaps) > 0
    assert max(gaps) < 0.05
    assert sum(gaps) / len(gaps) == pytest.approx(0.02, abs=0.002)
    assert recording == compose(asked("demo/x"), Script(pieces("one two three " * 50)))


# The wire


@pytest.mark.parametrize("name", STREAM_MODELS)
def test_a_stream_has_the_documented_form(server: DemoServer, name: str) -> None:
    """Each frame has the documented members in their order, and ``[DONE]`` is last."""
    response = ask(server, f"demo/{name}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/event-stream"
    assert response.headers["Transfer-Encoding"] == "chunked"
    assert frames_in(response.content)[-1] == DONE
    for value in values_in(response.content):
        assert list(value) == ["id", "object", "created", "model", "choices", "system_fingerprint", "usage"]
        assert value["object"] == "chat.completion.chunk"
        assert value["model"] == f"demo/{name}"
        assert [list(choice) for choice in value["choices"]] == [["index", "delta", "finish_reason"]]
        assert list(value["choices"][0]["delta"])[:2] == ["content", "reasoning_content"]


@pytest.mark.parametrize("name", STREAM_MODELS)
def test_usage_is_cumulative(server: DemoServer, name: str) -> None:
    """The usage stands in every frame, begins at 0, and never counts more than one token at a time."""
    usages = [value["usage"] for value in values_in(ask(server, f"demo/{name}").content)]
    counts = [usage["completion_tokens"] for usage in usages]
    assert counts[0] == 0
    assert {after - before for before, after in itertools.pairwise(counts)} <= {0, 1}
    assert all(usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] for usage in usages)


def test_an_answer_opens_with_the_role_and_closes_with_a_reason(server: DemoServer) -> None:
    """The first delta has the role and empty content, the last an empty content beside its finish reason."""
    choices = [value["choices"][0] for value in values_in(ask(server, "demo/english").content)]
    assert choices[0]["delta"] == {"content": "", "reasoning_content": None, "role": "assistant"}
    assert choices[1] == {"index": 0, "delta": {"content": "##", "reasoning_content": None}, "finish_reason": None}
    assert choices[-1] == {"index": 0, "delta": {"content": "", "reasoning_content": None}, "finish_reason": "stop"}


def test_thinking_comes_with_content_null(server: DemoServer) -> None:
    """While the model thinks content is null, then reasoning_content; the role is repeated, the tokens are counted."""
    values = values_in(ask(server, "demo/reasoning").content)
    deltas = [value["choices"][0]["delta"] for value in values[:-1]]
    thoughts = [delta for delta in deltas if delta["content"] is None]
    assert deltas == [*thoughts, *(delta for delta in deltas if delta["reasoning_content"] is None)]
    assert thoughts[0] == {"content": None, "reasoning_content": "", "role": "assistant"}
    assert all(delta["role"] == "assistant" for delta in deltas)
    assert values[-1]["usage"]["completion_tokens_details"] == {"reasoning_tokens": len(thoughts) - 1}


def test_a_tool_call_comes_in_pieces(server: DemoServer) -> None:
    """Only the first piece of a tool call has its id and name; the pieces of the arguments join to JSON."""
    values = values_in(ask(server, "demo/tool-call").content)
    deltas = [value["choices"][0]["delta"] for value in values]
    first, *rest = [delta["tool_calls"][0] for delta in deltas if "tool_calls" in delta]
    assert first["id"] == "functions.get_weather:0"
    assert first["function"] == {"name": "get_weather", "arguments": ""}
    assert {(call["id"], call["type"]) for call in rest} == {(None, None)}
    assert json.loads("".join(call["function"]["arguments"] for call in rest))["city"] == "Hangzhou"
    assert values[-1]["choices"][0]["finish_reason"] == "tool_calls"


def test_a_tool_result_ends_the_calling(server: DemoServer) -> None:
    """When the result of the function is there, no further call is made."""
    body = asked("demo/tool-call")
    body["messages"].append({"role": "tool", "tool_call_id": "functions.get_weather:0", "content": "25 °C"})
    content = post(server, body).content
    assert "25 °C" in text_in(content)
    assert values_in(content)[-1]["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize("name", STREAM_MODELS)
def test_without_stream_comes_one_completion(server: DemoServer, name: str) -> None:
    """The plain completion has the content, reasoning, tool call, usage and finish reason of the stream."""
    streamed = ask(server, f"demo/{name}").content
    response = post(server, asked(f"demo/{name}", stream=False))
    completion = response.json()
    (choice,) = completion["choices"]
    content, reasoning, arguments = decoded(streamed)
    assert response.headers["Content-Type"].startswith("application/json")
    assert completion["object"] == "chat.completion"
    assert choice["message"]["content"] == content
    assert choice["message"].get("reasoning_content", "") == reasoning
    calls = choice["message"].get("tool_calls", [])
    assert "".join(call["function"]["arguments"] for call in calls) == arguments
    assert completion["usage"] == values_in(streamed)[-1]["usage"]
    assert choice["finish_reason"] == values_in(streamed)[-1]["choices"][0]["finish_reason"]


def test_each_frame_is_a_chunk_of_its_own(server: DemoServer) -> None:
    """Frames are sent one by one, each as one chunk of the body."""
    with Wire(server, "demo/english") as wire:
        assert wire.head().startswith("HTTP/1.1 200 OK")
        chunks = list(iter(wire.chunk, b""))
    assert chunks == english()


def test_chunks_come_at_their_times() -> None:
    """At ten times the speed an answer takes no less than a tenth of its time, and its beginning comes first."""
    with DemoServer(speed=10) as server, Wire(server, "demo/tool-call") as wire:
        start = time.monotonic()
        wire.head()
        first = time.monotonic() - start
        assert list(iter(wire.chunk, b""))[-1] == DONE
        whole = time.monotonic() - start
    assert first >= 0.025
    assert whole >= bundle.recording("tool-call").chunks[-1].t / 10 - 0.005


@pytest.mark.parametrize("model", ["demo/english", "demo/chinese"])
@pytest.mark.parametrize("name", bundle.GUIDE)
def test_the_prompts_of_the_guide_are_answered(server: DemoServer, model: str, name: str) -> None:
    """Both plain models know the prompts of SiliconFlow's guide, and answer in their own name."""
    content = ask(server, model, f" {bundle.GUIDE[name]}\n").content
    assert text_in(content) == bundle.text(name)
    assert {value["model"] for value in values_in(content)} == {model}


def test_echo_says_the_words_back(server: DemoServer) -> None:
    """demo/echo says that no model is behind it, then the text of the user's last message."""
    parts = [
        {"type": "image_url", "image_url": {"url": "data:,"}},
        {"type": "text", "text": "看 this 🙂\n\nand \ud83d"},
    ]
    body = asked("demo/echo", "first")
    body["messages"] += [{"role": "assistant", "content": "x"}, {"role": "user", "content": parts}]
    text = text_in(post(server, body).content)
    assert text.startswith("This is a demo server and no model is behind it")
    assert text.endswith("\n\n看 this 🙂\n\nand \ufffd")


def test_the_trace_id_is_the_clients_or_a_fresh_one(server: DemoServer) -> None:
    """The server repeats a given trace id and makes a new one otherwise, in refusals too."""
    name = "x-siliconcloud-trace-id"
    assert ask(server, "demo/empty", **{"X-Trace-Id": "mine-1"}).headers[name] == "mine-1"
    assert ask(server, "demo/status-401", **{"X-Trace-Id": "mine-2"}).headers[name] == "mine-2"
    assert ask(server, "demo/empty").headers[name] != ask(server, "demo/empty").headers[name]


def test_requests_are_remembered() -> None:
    """What arrived can be looked at: path, headers with lower-case names, and the bytes; a key is not in the repr."""
    with DemoServer(speed=math.inf) as server:
        ask(server, "demo/empty", Authorization="Bearer sk-secret")
        (seen,) = server.requests
    assert seen.path == "/v1/chat/completions"
    assert seen.headers["authorization"] == "Bearer sk-secret"
    assert json.loads(seen.body) == asked("demo/empty")
    assert "sk-secret" not in repr(seen)


def test_a_large_request_is_taken(server: DemoServer) -> None:
    """A request of 110 MB, more than tornado takes by itself, is answered."""
    padding = b" " * 110_000_000
    body = json.dumps(asked("demo/empty", stream=False)).encode() + padding
    response = requests.post(f"{server.base_url}/chat/completions", data=body, timeout=60)
    assert response.status_code == 200
    assert len(server.requests[-1].body) == len(body)


# The models


def test_models_are_listed(server: DemoServer) -> None:
    """Every model is listed under a name that can be asked for, in the documented form."""
    answer = requests.get(f"{server.base_url}/models", timeout=WAIT).json()
    assert answer["object"] == "list"
    assert [model["id"] for model in answer["data"]] == [model.name for model in MODELS]
    assert answer["data"][0] == {"id": "demo/english", "object": "model", "created": 0, "owned_by": ""}


@pytest.mark.parametrize(
    ("query", "any_listed"),
    [("type=text", True), ("sub_type=chat", True), ("type=image", False), ("type=text&sub_type=embedding", False)],
)
def test_models_can_be_filtered(server: DemoServer, query: str, any_listed: bool) -> None:
    """All models are for chatting; who asks for another kind finds none."""
    assert bool(requests.get(f"{server.base_url}/models?{query}", timeout=WAIT).json()["data"]) is any_listed


def test_each_listed_name_finds_its_own_model() -> None:
    """No pattern hides another, and each model is described in one sentence."""
    for model in MODELS:
        assert find(model.name) == (model, model.number_in(model.name))
        assert model.says.endswith(".")
    assert len({model.name for model in MODELS}) == len(MODELS)


@pytest.mark.parametrize(
    "name", ["demo/nobody", "demo/cut-after-", "demo/cut-after-x", "demo/cut-after-N", "", None, 3]
)
def test_another_model_does_not_exist(server: DemoServer, name: object) -> None:
    """A model that is none of the demo's is refused as SiliconFlow refuses it."""
    response = post(server, {**asked("x"), "model": name})
    assert response.status_code == 400
    message = "Model does not exist. Please check it carefully."
    assert response.json() == {"code": 20012, "message": message, "data": None}


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"{}", b'{"model":"demo/english","messages":[]}', b"\xff"])
def test_a_bad_request_is_refused(server: DemoServer, body: bytes) -> None:
    """What is not JSON, or holds no messages, is refused with the code 20015."""
    response = requests.post(f"{server.base_url}/chat/completions", data=body, timeout=WAIT)
    assert response.status_code == 400
    assert response.json()["code"] == 20015
    assert response.json()["data"] is None


@pytest.mark.parametrize("message", [None, "text", {}, {"role": "user"}, {"role": "user", "content": [1, {"text": 2}]}])
def test_an_odd_message_is_taken(server: DemoServer, message: object) -> None:
    """A message without any text is answered all the same."""
    response = post(server, {"model": "demo/echo", "messages": [message], "stream": True})
    assert text_in(response.content).startswith("This is a demo server")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/chat/completions"), ("POST", "/models"), ("PUT", "/models"), ("GET", ""), ("POST", "/x")],
)
def test_everything_else_is_not_found(server: DemoServer, method: str, path: str) -> None:
    """Another path or method gets 404 as plain text."""
    response = requests.request(method, server.base_url + path, json=asked("demo/english"), timeout=WAIT)
    assert (response.status_code, response.text) == (404, "404 page not found")
    assert response.headers["Content-Type"].startswith("text/plain")


# The faults


@pytest.mark.parametrize("number", [0, 1, 7])
def test_cut_after_ends_the_body_cleanly(server: DemoServer, number: int) -> None:
    """demo/cut-after-N ends its body after N deltas, with no reason and no ``[DONE]``."""
    with Wire(server, f"demo/cut-after-{number}") as wire:
        wire.head()
        chunks = list(iter(wire.chunk, b""))
    assert len(chunks) == number + 1
    assert deltas_of(b"".join(chunks)) == number
    assert all(value["choices"][0]["finish_reason"] is None for value in values_in(b"".join(chunks)))


def test_cut_after_more_than_there_is(server: DemoServer) -> None:
    """An N beyond the answer leaves out its end all the same."""
    body = ask(server, "demo/cut-after-99999").content
    assert deltas_of(body) == len(english()) - 3
    assert DONE not in body


@pytest.mark.parametrize(
    ("name", "error"), [("demo/cut-hard-after-3", EOFError), ("demo/reset-after-3", ConnectionResetError)]
)
def test_the_connection_breaks_in_the_stream(server: DemoServer, name: str, error: type[Exception]) -> None:
    """demo/cut-hard-after-N closes the connection without an end of the body, demo/reset-after-N resets it."""
    with Wire(server, name) as wire:
        wire.head()
        assert deltas_of(b"".join(wire.chunk() for _ in range(4))) == 3
        with pytest.raises(error):
            wire.chunk()


def test_close_without_answer_sends_nothing(server: DemoServer) -> None:
    """demo/close-without-answer closes the connection before any byte."""
    with Wire(server, "demo/close-without-answer") as wire, pytest.raises(EOFError):
        wire.head()


def test_cut_in_frame_ends_in_its_middle(server: DemoServer) -> None:
    """demo/cut-in-frame-N ends inside frame N, and the body itself is whole."""
    whole, _, part = ask(server, "demo/cut-in-frame-3").content.rpartition(b"\n\n")
    assert len(frames_in(whole + b"\n\n")) == 2
    assert part.startswith(b'data: {"id":')
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(part.removeprefix(b"data: "))


def test_stall_before_headers_is_silent(server: DemoServer) -> None:
    """demo/stall-before-headers sends nothing and keeps the connection open."""
    with Wire(server, "demo/stall-before-headers") as wire:
        assert wire.is_silent()


@pytest.mark.parametrize(("name", "count"), [("demo/stall-after-headers", 0), ("demo/stall-after-4", 5)])
def test_a_stall_is_silent_after_its_chunks(server: DemoServer, name: str, count: int) -> None:
    """The other stalls send the head, and N deltas, then nothing."""
    with Wire(server, name) as wire:
        assert wire.head().startswith("HTTP/1.1 200 OK")
        assert deltas_of(b"".join(wire.chunk() for _ in range(count)) or b"data: [DONE]\n\n") == max(count - 1, 0)
        assert wire.is_silent()


def test_linger_is_silent_after_done(server: DemoServer) -> None:
    """demo/linger sends all of its answer, and does not end the body."""
    with Wire(server, "demo/linger") as wire:
        wire.head()
        while wire.chunk() != DONE:
            pass
        assert wire.is_silent()


def test_slow_waits_before_each_chunk(server: DemoServer) -> None:
    """demo/slow takes half a second for each chunk, whatever the speed."""
    with Wire(server, "demo/slow") as wire:
        start = time.monotonic()
        wire.head()
        wire.chunk()
        wire.chunk()
        assert time.monotonic() - start >= 0.99


ERRORS: dict[str, object] = {
    "error-object": {"error": {"message": "Model service overloaded. Please try again later.", "code": "50505"}},
    "error-text": {"error": "Model service overloaded. Please try again later."},
    "error-code": {"code": 50505, "message": "Model service overloaded. Please try again later.", "data": None},
    "error-string": "Model service overloaded. Please try again later.",
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_comes_in_a_frame(server: DemoServer, name: str) -> None:
    """The errors in the stream come in a frame after N deltas, and nothing comes after them."""
    *before, last = frames_in(ask(server, f"demo/{name}-after-3").content)
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
def test_an_error_comes_in_another_way(server: DemoServer, name: str, begin: bytes, end: bytes) -> None:
    """The other errors come as an event of another type, without ``data:``, and as broken JSON."""
    with Wire(server, f"demo/{name}-after-3") as wire:
        wire.head()
        chunks = list(iter(wire.chunk, b""))
    assert deltas_of(b"".join(chunks[:4])) == 3
    assert b"".join(chunks[4:]).startswith(begin)
    assert b"".join(chunks[4:]).endswith(end)


STATUSES = {
    "400": (400, '"code":20015'),
    "401": (401, '"Api key is invalid"'),
    "402": (402, '{"code":30001,"message":"Sorry, your account balance is insufficient"}'),
    "403": (403, '{"code":30001,"message":"Sorry, your account balance is insufficient"}'),
    "404": (404, "404 page not found"),
    "413": (413, '"code":20042'),
    "422": (422, "Field required"),
    "429": (429, "Details:TPM limit reached."),
    "429-hourly": (429, "Details:RPH limit reached."),
    "451": (451, '"code":20021'),
    "500": (500, '"code":50507'),
    "503": (503, '"code":50505'),
    "504": (504, "<h1>504 Gateway Time-out</h1>"),
}


@pytest.mark.parametrize("name", STATUSES)
@pytest.mark.parametrize("stream", [True, False])
def test_a_status_has_its_body(server: DemoServer, name: str, stream: bool) -> None:
    """demo/status-N refuses with that status and the body that SiliconFlow sends with it, streamed or not."""
    response = post(server, asked(f"demo/status-{name}", stream=stream))
    status, part = STATUSES[name]
    assert response.status_code == status
    assert part in response.text
    assert "code" not in response.text or status != 429


def test_every_status_is_tested() -> None:
    """The table above names all models that refuse."""
    assert {model.name for model in MODELS if "/status-" in model.name} == {f"demo/status-{name}" for name in STATUSES}


@pytest.mark.parametrize(
    ("model", "codes"),
    [
        ("demo/busy-twice", [503, 503, 200, 503, 503, 200]),
        ("demo/busy-3", [503, 503, 503, 200, 503]),
        ("demo/busy-0", [200, 200]),
        ("demo/retry-after", [429, 200, 429]),
    ],
)
def test_a_passing_trouble_passes(model: str, codes: list[int]) -> None:
    """The busy models answer after so many requests, and then start over; they count for each server."""
    with DemoServer(speed=math.inf) as server:
        answers = [ask(server, model) for _ in codes]
    assert [answer.status_code for answer in answers] == codes
    assert [text_in(answer.content) for answer in answers if answer.ok] == [bundle.text("english")] * codes.count(200)
    assert {answer.headers.get("Retry-After") for answer in answers if answer.status_code == 429} <= {"1"}


def test_echo_key_repeats_the_header(server: DemoServer) -> None:
    """demo/echo-key puts the Authorization header into its message."""
    response = ask(server, "demo/echo-key", Authorization="Bearer sk-secret")
    assert response.status_code == 401
    assert response.json() == "Api key is invalid: Bearer sk-secret"


def test_redirect_leads_nowhere(server: DemoServer) -> None:
    """demo/redirect leads to another path, which is not found."""
    response = ask(server, "demo/redirect")
    assert response.status_code == 307
    target = server.base_url.removesuffix("/v1") + response.headers["Location"]
    assert requests.post(target, json=asked("demo/english"), timeout=WAIT).status_code == 404


def test_other_bodies_than_a_stream(server: DemoServer) -> None:
    """demo/html, demo/plain and demo/nothing answer 200 and stream nothing."""
    page, plain, nothing = (ask(server, f"demo/{name}") for name in ("html", "plain", "nothing"))
    assert [answer.status_code for answer in (page, plain, nothing)] == [200, 200, 200]
    assert page.headers["Content-Type"].startswith("text/html")
    assert page.text.startswith("<html>")
    assert plain.headers["Content-Type"].startswith("application/json")
    assert plain.json()["choices"][0]["message"]["content"] == bundle.text("english")
    assert nothing.headers["Content-Type"] == "text/event-stream"
    assert nothing.content == b""


def test_keep_alives_stand_between_frames(server: DemoServer) -> None:
    """demo/keep-alives sends a comment before each frame."""
    parts = frames_in(ask(server, "demo/keep-alives").content)
    assert set(parts[::2]) == {b": keep-alive\n\n"}
    assert text_in(b"".join(parts[1::2])) == bundle.text("english")


def test_one_byte_sends_single_bytes(server: DemoServer) -> None:
    """demo/one-byte sends each byte as a chunk of its own, and characters of several bytes are among them."""
    with Wire(server, "demo/one-byte") as wire:
        wire.head()
        chunks = list(iter(wire.chunk, b""))
    assert {len(chunk) for chunk in chunks} == {1}
    assert "什么是流" in text_in(b"".join(chunks))
    assert chunks[-len(DONE) :] == [bytes([byte]) for byte in DONE]


def test_crlf_ends_its_lines_so(server: DemoServer) -> None:
    """demo/crlf has no line end but CR LF."""
    body = ask(server, "demo/crlf").content
    assert body.count(b"\r\n") == body.count(b"\n") == body.count(b"\r")
    assert decoded(body)[0] == bundle.text("english")


def test_no_done_has_a_reason_only(server: DemoServer) -> None:
    """demo/no-done ends with its finish reason."""
    body = ask(server, "demo/no-done").content
    assert DONE not in body
    assert values_in(body)[-1]["choices"][0]["finish_reason"] == "stop"


def test_usage_last_comes_alone(server: DemoServer) -> None:
    """demo/usage-last sends the usage in one chunk without choices, after the finish reason."""
    *values, last = values_in(ask(server, "demo/usage-last").content)
    assert not any("usage" in value for value in values)
    assert values[-1]["choices"][0]["finish_reason"] == "stop"
    assert last["choices"] == []
    assert last["usage"]["completion_tokens"] == len(pieces(bundle.text("english")))


@pytest.mark.parametrize(
    ("name", "reason", "has_content", "has_reasoning"),
    [
        ("length", "length", True, False),
        ("filtered", "content_filter", True, False),
        ("empty", "stop", False, False),
        ("reasoning-only", "stop", False, True),
    ],
)
def test_an_odd_end(server: DemoServer, name: str, reason: str, has_content: bool, has_reasoning: bool) -> None:
    """The answers that end oddly have that finish reason, and that much text."""
    body = ask(server, f"demo/{name}").content
    content, reasoning, _ = decoded(body)
    assert values_in(body)[-1]["choices"][0]["finish_reason"] == reason
    assert (bool(content), bool(reasoning)) == (has_content, has_reasoning)


def test_split_emoji_cuts_a_pair(server: DemoServer) -> None:
    """demo/split-emoji sends the halves of a pair in two deltas, and one half alone."""
    body = ask(server, "demo/split-emoji").content
    assert rb'"content":"\ud83d"' in body
    assert rb'"content":"\ude00"' in body
    assert decoded(body)[0] == "Two halves make a face: 😀. One half alone: \ufffd!"


def test_tricky_holds_what_looks_like_framing(server: DemoServer) -> None:
    """demo/tricky has framing in its text, and line separators as they are."""
    body = ask(server, "demo/tricky").content
    text = decoded(body)[0]
    assert text == text_in(body)
    assert all(part in text for part in ("data: ", "[DONE]", "\ndata: [DONE]\n\n", "\u2028", "\u0085"))
    assert "\u2028".encode() in body
    assert "\u0085".encode() in body


def test_gzip_packs_the_stream(server: DemoServer) -> None:
    """demo/gzip packs the stream although identity was asked for."""
    response = ask(server, "demo/gzip", **{"Accept-Encoding": "identity"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert text_in(response.content) == bundle.text("english")
    assert "Content-Encoding" not in post(server, asked("demo/gzip", stream=False)).headers


def test_fast_sends_so_many_tokens(server: DemoServer) -> None:
    """demo/fast-N sends N tokens, each in a chunk of its own."""
    with Wire(server, "demo/fast-700") as wire:
        wire.head()
        chunks = list(iter(wire.chunk, b""))
    assert deltas_of(b"".join(chunks)) == 700
    assert len(chunks) == 700 + 3
    assert values_in(b"".join(chunks))[-1]["usage"]["completion_tokens"] == 700


def test_rate_keeps_its_rate(server: DemoServer) -> None:
    """demo/rate-N sends no more than N tokens a second."""
    with Wire(server, "demo/rate-200") as wire:
        start = time.monotonic()
        wire.head()
        for _ in range(60):
            wire.chunk()
        assert time.monotonic() - start >= 0.29


@pytest.mark.parametrize(
    "name", ["demo/cut-after-2", "demo/slow", "demo/linger", "demo/error-code-after-1", "demo/rate-1"]
)
def test_a_fault_of_the_stream_needs_a_stream(server: DemoServer, name: str) -> None:
    """Without stream, a fault of the stream gives the English answer as one plain completion."""
    completion = post(server, asked(name, stream=False)).json()
    assert completion["choices"][0]["message"]["content"] == bundle.text("english")


# Starting and stopping


@pytest.mark.parametrize("name", ["demo/rate-50", "demo/fast-1000000", "demo/stall-after-2", "demo/linger"])
def test_the_server_notices_that_the_client_is_gone(server: DemoServer, name: str) -> None:
    """When the client leaves in mid-stream the server stops sending."""
    with Wire(server, name) as wire:
        wire.head()
        wait_until(lambda: server.streams == 1)
    wait_until(lambda: server.streams == 0)


def test_a_client_that_does_not_read_holds_nobody_up(server: DemoServer) -> None:
    """While one client leaves its stream unread, another is answered."""
    with Wire(server, "demo/fast-100000") as wire:
        wire.head()
        assert text_in(ask(server, "demo/english").content) == bundle.text("english")


def test_stop_leaves_nothing() -> None:
    """Stopping ends the thread, the streams and the port, and may be done twice."""
    before = set(threading.enumerate())
    server = DemoServer(speed=math.inf)
    server.start()
    server.start()
    (thread,) = set(threading.enumerate()) - before
    assert thread.daemon
    url = server.base_url
    names = ("demo/stall-before-headers", "demo/stall-after-2", "demo/rate-5", "demo/fast-1000000", "demo/linger")
    wires = [Wire(server, name) for name in names]
    wait_until(lambda: server.streams == len(wires))
    server.stop()
    server.stop()
    assert server.streams == 0
    assert set(threading.enumerate()) == before
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/models", timeout=WAIT)
    assert all(ends_early(wire) for wire in wires)


def test_a_server_starts_again() -> None:
    """A server that was stopped can be started again, and has no address in between."""
    server = DemoServer(speed=math.inf)
    for _ in range(2):
        with pytest.raises(ConfigurationError, match="start"):
            _ = server.base_url
        with server:
            assert ask(server, "demo/empty").ok


def test_two_servers_at_once() -> None:
    """Two servers answer beside each other, and each remembers its own requests."""
    with DemoServer(speed=math.inf) as one, DemoServer(speed=math.inf) as other:
        assert one.base_url != other.base_url
        assert ask(one, "demo/english").content == ask(other, "demo/english").content
        assert len(one.requests) == len(other.requests) == 1


def test_a_running_loop_is_left_alone() -> None:
    """The server answers while the thread that started it runs an event loop, as a kernel's does."""

    async def use() -> str:
        with DemoServer(speed=math.inf) as server:
            return text_in((await asyncio.to_thread(ask, server, "demo/english")).content)

    assert asyncio.run(use()) == bundle.text("english")


@pytest.mark.parametrize("speed", [0, -1, math.nan])
def test_a_speed_is_above_zero(speed: float) -> None:
    """A speed that is not above 0 is refused."""
    with pytest.raises(ConfigurationError, match="above 0"):
        DemoServer(speed=speed)


def test_a_broken_request_leaves_no_noise(
    server: DemoServer, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Clients that leave at odd moments put nothing on the screen and nothing at warning level in the log."""
    host, port = server.base_url.removeprefix("http://").removesuffix("/v1").split(":")
    for sent in (b"", b"POST /v1/chat", b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 99\r\n\r\n{"):
        with socket.create_connection((host, int(port)), timeout=WAIT) as connection:
            connection.sendall(sent)
    for model in MODELS:
        Wire(server, model.name).socket.close()
    assert ask(server, "demo/english").ok
    wait_until(lambda: server.streams == 0)
    assert capfd.readouterr() == ("", "")
    assert not [record for record in caplog.records if record.levelname != "INFO" and record.name != "urllib3"]


def ends_early(wire: Wire) -> bool:
    """Whether the connection ends, and without the chunk that ends a body."""
    received = b""
    with wire:
        try:
            while data := wire.socket.recv(65536):
                received = received[-10:] + data
        except ConnectionResetError:
            return True
    return not received.endswith(b"0\r\n\r\n")


def wait_until(condition: Any) -> None:
    """Wait for what happens in the server's thread."""
    end = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)

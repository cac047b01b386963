"""One suite for all transports: the same bytes give the same reply, whatever they come through."""

from __future__ import annotations

import gzip
import json
import os
import threading
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from sfstream import chat, errors, stream
from sfstream.core.config import settings
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.demo.server import DemoServer
from sfstream.run.ask import ask
from sfstream.wire.completion import CompletionDecoder
from sfstream.wire.transport import VIA
from tests.waiting import until

every_transport = pytest.mark.parametrize("via", VIA)


def told(model: str, via: str, **keywords: Any) -> Reply:
    settings["retries"] = 0  # trying again has a suite of its own
    return ask("Hello", model=model, via=via, display="off", **keywords)


def expected(demo: DemoServer, model: str) -> Reply:
    """The reply that the bytes mean, read whole by a plain client and decoded at once."""
    request = ChatRequest(model=model, messages=[{"role": "user", "content": "Hello"}])
    body = requests.post(f"{demo.base_url}/chat/completions", json=request.body(), timeout=30).content
    reply, decoder = Reply(request, via="here"), CompletionDecoder()
    for events in (decoder.feed(body), decoder.flush()):
        for event in events:
            reply.add(event, 0.0)
    reply.end(0.0)
    return reply


@pytest.mark.sampled
@every_transport
@pytest.mark.parametrize(
    "model",
    [
        *("demo/english", "demo/chinese", "demo/reasoning", "demo/tool-call", "demo/echo", "demo/long"),
        *("demo/one-byte", "demo/crlf", "demo/keep-alives", "demo/no-done", "demo/usage-last", "demo/gzip"),
        *("demo/split-emoji", "demo/tricky", "demo/length", "demo/filtered", "demo/empty", "demo/reasoning-only"),
        "demo/no-reasoning-field",
    ],
)
def test_every_transport_gives_the_same_reply(asking_demo: DemoServer, model: str, via: str) -> None:
    """Content, reasoning, tool calls, usage, finish reason and status are those of the bytes."""
    wanted, got = expected(asking_demo, model), told(model, via)
    for name in ("content", "reasoning", "tool_calls", "usage", "finish_reason", "status"):
        assert getattr(wanted, name) == getattr(got, name), name
    assert got.error is None
    assert got.trace_id
    got.content.encode()  # raises where half a character is left


ENDS = {
    "demo/cut-after-20": ("cut", errors.StreamCut, True),
    "demo/cut-hard-after-20": ("cut", errors.StreamCut, True),
    "demo/cut-in-frame-20": ("cut", errors.StreamCut, True),
    "demo/reset-after-20": ("cut", errors.StreamCut, True),
    "demo/error-object-after-5": ("failed", errors.ServerBusy, True),
    "demo/error-text-after-5": ("failed", errors.ServerRefusal, True),
    "demo/error-code-after-5": ("failed", errors.ServerBusy, True),
    "demo/error-string-after-5": ("failed", errors.ServerRefusal, True),
    "demo/error-event-after-5": ("failed", errors.ServerRefusal, True),
    "demo/error-bare-after-5": ("failed", errors.ServerRefusal, True),
    "demo/not-json-after-0": ("failed", errors.MalformedStream, False),
    "demo/plain": ("failed", errors.MalformedStream, True),
    "demo/html": ("failed", errors.MalformedStream, False),
    "demo/nothing": ("failed", errors.MalformedStream, False),
    "demo/redirect": ("failed", errors.ServerRefusal, False),
    "demo/status-400": ("failed", errors.RequestRefused, False),
    "demo/status-401": ("failed", errors.KeyRefused, False),
    "demo/status-402": ("failed", errors.BalanceTooLow, False),
    "demo/status-403": ("failed", errors.BalanceTooLow, False),
    "demo/status-404": ("failed", errors.NotFound, False),
    "demo/status-413": ("failed", errors.TooLarge, False),
    "demo/status-422": ("failed", errors.RequestRefused, False),
    "demo/status-429-hourly": ("failed", errors.RateLimited, False),
    "demo/status-451": ("failed", errors.RequestRefused, False),
    "demo/nope": ("failed", errors.NotFound, False),
}


@every_transport
@pytest.mark.parametrize("model", ENDS)
def test_every_transport_tells_the_same_end(asking_demo: DemoServer, model: str, via: str) -> None:
    """What had come is kept, the status says how it ended, and nothing is asked twice."""
    status, kind, has_content = ENDS[model]
    before = len(asking_demo.requests)
    reply = told(model, via)
    assert status == reply.status
    assert isinstance(reply.error, kind), repr(reply.error)
    assert has_content == bool(reply.content)
    assert reply.error.reply is reply
    assert 1 == sum(seen.path.endswith("/chat/completions") for seen in asking_demo.requests[before:])
    if isinstance(reply.error, errors.ServerRefusal):
        assert reply.error.trace_id == reply.trace_id
        assert str(reply.trace_id) in str(reply.error)


@every_transport
def test_a_connection_that_closes_without_an_answer_is_told(asking_demo: DemoServer, via: str) -> None:
    """It is a failed connection."""
    assert isinstance(told("demo/close-without-answer", via).error, errors.ConnectionFailed)


@every_transport
def test_a_refused_connection_is_told(monkeypatch: pytest.MonkeyPatch, via: str) -> None:
    """The message names the base URL."""
    monkeypatch.setenv("SILICONFLOW_BASE_URL", "http://127.0.0.1:1/v1")
    reply = told("any", via)
    assert isinstance(reply.error, errors.ConnectionFailed)
    assert "refused" in str(reply.error)
    assert "127.0.0.1:1/v1" in str(reply.error)


@every_transport
def test_a_host_that_does_not_exist_is_told(monkeypatch: pytest.MonkeyPatch, via: str) -> None:
    """The message names the host."""
    monkeypatch.setenv("SILICONFLOW_BASE_URL", "https://api.siliconflow.invalid/v1")
    reply = told("any", via)
    assert isinstance(reply.error, errors.ConnectionFailed)
    assert "host was not found" in str(reply.error).replace("api.siliconflow.invalid ", "")


@every_transport
def test_nothing_but_the_request_is_sent(
    asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, via: str
) -> None:
    """The key is ours, whatever ~/.netrc and the OPENAI_ variables say, and the body is the same through each."""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login someone password else\n")
    (tmp_path / ".netrc").chmod(0o600)
    (tmp_path / ".curlrc").write_text('header = "X-Curlrc: yes"\n')
    monkeypatch.setenv("SILICONFLOW_API_KEY", "sk-ours")
    for name, value in {
        "OPENAI_API_KEY": "sk-theirs",
        "OPENAI_BASE_URL": "http://127.0.0.1:1",
        "OPENAI_ORG_ID": "their-organization",
        "OPENAI_PROJECT_ID": "their-project",
        "OPENAI_CUSTOM_HEADERS": "X-Theirs: yes",
    }.items():
        monkeypatch.setenv(name, value)
    prompt = '引号 " and \\ and \n new line, é, 😀, \x00'
    assert "complete" == ask(prompt, model="demo/english", via=via, display="off", think=True, top_k=5).status
    seen = asking_demo.requests[-1]
    assert "Bearer sk-ours" == seen.headers["authorization"]
    assert {
        "model": "demo/english",
        "messages": [{"role": "user", "content": prompt}],
        "enable_thinking": True,
        "top_k": 5,
        "stream": True,
    } == json.loads(seen.body)
    assert "their" not in str(seen.headers).lower()
    assert "x-curlrc" not in seen.headers
    assert "identity" == seen.headers["accept-encoding"]


@every_transport
def test_a_server_that_is_not_siliconflow_gets_no_key(
    demo: DemoServer, monkeypatch: pytest.MonkeyPatch, via: str
) -> None:
    """A base URL that only a setting names has no right to the key of the environment."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", "sk-ours")
    settings["base_url"] = demo.base_url
    assert "complete" == told("demo/english", via).status
    assert "authorization" not in demo.requests[-1].headers


@every_transport
def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch, via: str) -> None:
    """The request goes to the proxy, which is told where to."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.setenv("SILICONFLOW_BASE_URL", "http://sfstream.test/v1")
        asked: list[bytes] = []

        def serve() -> None:
            connection, _ = proxy.accept()
            with connection:
                asked.append(connection.recv(65536))
                connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnope")

        thread = threading.Thread(target=serve)
        thread.start()
        reply = told("any", via)
        thread.join(10)
    assert isinstance(reply.error, errors.NotFound)
    assert asked[0].startswith(b"POST http://sfstream.test/v1/chat/completions ")


@every_transport
@pytest.mark.parametrize("model", ["demo/reasoning", "demo/tool-call", "demo/cut-after-20", "demo/error-code-after-5"])
def test_live_equals_replay(asking_demo: DemoServer, tmp_path: Path, model: str, via: str) -> None:
    """A recording plays as the same reply, times included, whether saved after or written on the way."""
    path, saved = tmp_path / "on-the-way.jsonl", tmp_path / "after.jsonl.gz"
    live = told(model, via, record=path)
    live.save(saved)
    assert path.read_bytes() == gzip.decompress(saved.read_bytes())
    again = ask(replay=path, speed="max", display="off")
    for name in ("content", "reasoning", "tool_calls", "usage", "status", "model", "trace_id", "timing"):
        assert getattr(live, name) == getattr(again, name) or name == "timing", name
    assert type(live.error) is type(again.error)
    assert live.timing.first_token == pytest.approx(again.timing.first_token, abs=1e-5)


@pytest.mark.curl
def test_the_key_of_curl_is_out_of_sight(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither its arguments nor its environment hold the key or the prompt, and it has a session of its own."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", "sk-marked")
    monkeypatch.setenv("A_COPY", "my sk-marked key")
    with stream("a marked prompt", model="demo/rate-100", via="curl") as events:
        next(events)
        (child,) = psutil.Process().children()
        seen = f"{child.cmdline()} {child.environ()}"
        assert "-N" in child.cmdline()
        assert "marked" not in seen
        assert os.getsid(child.pid) != os.getsid(0)
    until(lambda: not child.is_running())


def test_a_machine_without_curl_is_told_what_to_do(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the other two."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(errors.NoTransport, match="--via openai or --via requests"):
        chat("Hello", via="curl", display="off")


@every_transport
def test_a_large_request_arrives_whole(asking_demo: DemoServer, via: str) -> None:
    """Twenty megabytes, as images are, go through."""
    prompt = "x" * 20_000_000
    assert "complete" == ask(prompt, model="demo/english", via=via, display="off").status
    assert prompt == json.loads(asking_demo.requests[-1].body)["messages"][0]["content"]

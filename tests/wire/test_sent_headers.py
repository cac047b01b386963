"""The headers that a dry run shows are those that a server receives."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from typing import Any

import pytest

from sfstream.core.request import ChatRequest
from sfstream.demo.server import DemoServer
from sfstream.errors import NoTransport
from sfstream.wire.connect import AbortHandle
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.sent_headers import sent_headers
from sfstream.wire.transport import transport

KEY = "sk-marked-1234567890"
LONG = "很长 " * 100_000
every_transport = pytest.mark.parametrize("via", ["openai", "requests", pytest.param("curl", marks=pytest.mark.curl)])


def request(prompt: str = "hi", **fields: Any) -> ChatRequest:
    return ChatRequest(model="demo/status-401", messages=[{"role": "user", "content": prompt}], **fields)


def received(demo: DemoServer, via: str, asked: ChatRequest, endpoint: Endpoint) -> dict[str, str]:
    """What the server receives when the request is sent to it."""
    with closing(AbortHandle()) as handle:
        assert list(transport(via).open(asked, endpoint, handle).chunks)
    return dict(demo.requests[-1].headers)


@every_transport
@pytest.mark.parametrize("key", [KEY, None])
@pytest.mark.parametrize("prompt", ["hi", LONG], ids=["short", "long"])
def test_what_is_shown_is_what_is_received(demo: DemoServer, via: str, key: str | None, prompt: str) -> None:
    """Each header once, the key replaced; the server hears nothing of the dry run."""
    endpoint, asked = Endpoint(demo.base_url, key), request(prompt, temperature=0.5, enable_thinking=True)
    before = len(demo.requests)
    shown = sent_headers(transport(via), asked, endpoint)
    assert before == len(demo.requests)
    sent = received(demo, via, asked, endpoint)
    assert {name: value.replace(KEY, "[the API key]") for name, value in sent.items()} == {
        name.lower(): value for name, value in shown
    }
    assert len(sent) == len(shown)
    assert KEY not in str(shown)


@every_transport
@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.siliconflow.cn/v1", "api.siliconflow.cn"),
        ("https://sfstream.test:8443/api/v1", "sfstream.test:8443"),
        ("https://sfstream.test:443", "sfstream.test"),
    ],
)
def test_the_host_is_that_of_the_server(via: str, url: str, host: str) -> None:
    """Not that of the listener; no name is looked up."""
    shown = dict(sent_headers(transport(via), request(), Endpoint(url, KEY)))
    assert (host, "Bearer [the API key]") == (shown["Host"], shown["Authorization"])
    assert "127.0.0.1" not in str(shown)


def test_the_library_adds_its_own() -> None:
    """They are shown by their names."""
    endpoint = Endpoint("https://sfstream.test/v1")
    assert "x-stainless-lang" in dict(sent_headers(transport("openai"), request(), endpoint))
    assert dict(sent_headers(transport("requests"), request(), endpoint))["User-Agent"].startswith("python-requests/")


def test_without_curl_it_fails_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the request would, and nothing waits for what is not sent."""
    monkeypatch.setenv("PATH", "/nowhere")
    begun = time.monotonic()
    with pytest.raises(NoTransport):
        sent_headers(transport("curl"), request(), Endpoint("https://sfstream.test/v1"))
    assert time.monotonic() - begun < 2
    for thread in threading.enumerate():
        if thread.name == "sfstream headers":
            thread.join(2)
            assert not thread.is_alive()


def test_a_proxy_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The listener is on this machine."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    for via in ("openai", "requests"):
        assert sent_headers(transport(via), request(), Endpoint("https://sfstream.test/v1"))

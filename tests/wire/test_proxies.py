"""Proxies of the environment: the same one for every transport, and told without its password."""

from __future__ import annotations

import pytest

from sfstream import chat, errors, models
from sfstream.core.config import settings
from sfstream.demo.server import DemoServer
from sfstream.run.ask import ask
from sfstream.wire.transport import VIA
from tests.wire.test_odd_servers import answering, every_transport, head


@every_transport
def test_no_proxy_stands_before_this_machine(demo: DemoServer, monkeypatch: pytest.MonkeyPatch, via: str) -> None:
    """The way to loopback is not encrypted: it must not lead over another machine."""
    for name in ("http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("SILICONFLOW_BASE_URL", demo.base_url)
    assert "complete" == ask("Hello", model="demo/english", via=via, display="off").status
    assert "demo/english" in models("english")


@every_transport
def test_a_proxy_without_a_scheme_will_do(monkeypatch: pytest.MonkeyPatch, via: str) -> None:
    """As curl reads it."""
    with answering(head("404 Not Found") + b"nope") as url:
        monkeypatch.setenv("http_proxy", url.removeprefix("http://").removesuffix("/v1"))
        settings.update(base_url="http://sfstream.test/v1", retries=0)
        reply = ask("Hello", model="m", via=via, display="off")
    assert isinstance(reply.error, errors.NotFound)


@every_transport
@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
def test_the_same_proxy_is_taken_by_all(monkeypatch: pytest.MonkeyPatch, via: str, name: str) -> None:
    """Curl by itself passes over HTTP_PROXY."""
    with answering(head("404 Not Found") + b"nope") as url:
        monkeypatch.setenv(name, url.removesuffix("/v1"))
        settings.update(base_url="http://sfstream.test/v1", retries=0)
        error = ask("Hello", model="m", via=via, display="off").error
    assert isinstance(error, errors.NotFound)


@every_transport
def test_no_proxy_may_be_a_range(monkeypatch: pytest.MonkeyPatch, via: str) -> None:
    """The openai library by itself does not know that. What is asked here is nobody, and not the proxy."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "0.0.0.0/8")
    settings.update(base_url="http://0.0.0.0:1/v1", retries=0)
    error = ask("Hello", model="m", via=via, display="off").error
    assert isinstance(error, errors.ConnectionFailed)
    assert "proxy" not in str(error).lower()


@every_transport
def test_a_proxy_that_fails_is_named(monkeypatch: pytest.MonkeyPatch, via: str) -> None:
    """Else it looks as if the server were at fault; its password is not shown."""
    monkeypatch.setenv("https_proxy", "http://me:secret@127.0.0.1:1")
    settings.update(base_url="https://sfstream.test/v1", retries=0)
    error = ask("Hello", model="m", via=via, display="off").error
    assert isinstance(error, errors.ConnectionFailed)
    assert str(error).endswith("The proxy 127.0.0.1:1 of the environment stands in between.")
    assert "secret" not in str(error)


PROXIES = ["http://me:sec/ret@127.0.0.1:1", "http://me:secret@127.0.0.1:nope", "ftp://me:secret@[::1:1", "me:secret@:1"]


@pytest.mark.parametrize("ask_it", [*VIA, "models"])
@pytest.mark.parametrize("proxy", PROXIES)
def test_a_proxy_that_cannot_be_read_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch, proxy: str, ask_it: str
) -> None:
    """A library quotes what it cannot read, or takes a part of the password for a port."""
    monkeypatch.setenv("https_proxy", proxy)
    settings.update(base_url="https://sfstream.test/v1", retries=0)
    with pytest.raises(errors.SfStreamError) as caught:
        models() if ask_it == "models" else chat("Hello", model="m", via=ask_it, display="off")
    assert "sec" not in str(caught.value)

"""A proxy that fails reads the same through every transport."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import pytest

from sfstream import errors
from tests.wire.failing import Server, at, at_once, refused, served, the_error

BETWEEN = " The proxy 127.0.0.1:PORT of the environment stands in between."
PROXIES: dict[str, tuple[Server, str]] = {
    "port closed": (
        lambda: at("http://127.0.0.1:1/v1"),
        f"{refused('http://127.0.0.1:1').partition(' Is')[0]}{BETWEEN.replace('PORT', '1')}",
    ),
    "not found": (
        lambda: at("http://proxy.invalid:3128/v1"),
        "The host proxy.invalid:3128 was not found. The proxy proxy.invalid:3128 of the environment stands in between.",
    ),
    "closes": (served(at_once()), "llm.test ended the connection without an HTTP answer."),
    "no HTTP": (served(at_once(b"SSH-2.0-OpenSSH_9.6\r\n")), "llm.test ended the connection without an HTTP answer."),
}
STATUSES = {407: "Proxy Authentication Required", 403: "Forbidden", 502: "Bad Gateway", 503: "Service Unavailable"}


def the_proxy_error(monkeypatch: pytest.MonkeyPatch, proxy: Server) -> tuple[Any, str]:
    with ExitStack() as stack:
        monkeypatch.setenv("https_proxy", stack.enter_context(proxy()).removesuffix("/v1"))
        return the_error(lambda: at("https://llm.test/v1"))


@pytest.mark.parametrize(("proxy", "expected"), PROXIES.values(), ids=PROXIES)
def test_a_proxy_that_fails(monkeypatch: pytest.MonkeyPatch, proxy: Server, expected: str) -> None:
    """It is the proxy that was not reached, and not the server."""
    error, said = the_proxy_error(monkeypatch, proxy)
    assert isinstance(error, errors.ConnectionFailed)
    assert expected in said


@pytest.mark.parametrize("status", STATUSES)
def test_a_proxy_that_refuses(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    """With its status; 407 says what it wants."""
    refusal = f"HTTP/1.1 {status} {STATUSES[status]}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
    _, said = the_proxy_error(monkeypatch, served(at_once(refusal)))
    asks = " It asks for a user and a password." if status == 407 else ""
    assert f"The proxy refused to connect to llm.test (HTTP {status}).{asks}{BETWEEN}" == said

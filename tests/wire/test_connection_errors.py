"""A failed connection reads the same whichever transport it failed in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sfstream import errors
from sfstream.wire import connection_errors, curl, models, openai_sdk, requests_http
from sfstream.wire.connect import AbortHandle
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.transport import transport
from tests.wire.failing import (
    PLAIN_400,
    Server,
    after_request,
    at,
    at_once,
    failures,
    not_accepting,
    read_request,
    refused,
    served,
    serving,
    the_error,
    with_tls,
)

RIGHT = "Is the base URL {} right, and is there a network?"
NO_ANSWER = "127.0.0.1:PORT ended the connection without an HTTP answer."
USE_HTTPS = "If the server expects https, set the base URL to https://127.0.0.1:PORT/v1 instead."
USE_HTTP = "If the server expects http, set the base URL to http://127.0.0.1:PORT/v1 instead."
NO_TLS = "No encrypted connection to 127.0.0.1:PORT: the server does not speak TLS."
BEFORE: dict[str, tuple[Server, str]] = {
    "closed": (served(after_request()), f"{NO_ANSWER} {USE_HTTPS}"),
    "closed unread": (served(at_once()), f"{NO_ANSWER} {USE_HTTPS}"),
    "reset": (served(at_once(resets=True)), f"{NO_ANSWER} {USE_HTTPS}"),
    "reset after the request": (served(after_request(resets=True)), f"{NO_ANSWER} {USE_HTTPS}"),
    "port closed": (
        lambda: at("http://127.0.0.1:1/v1"),
        refused("http://127.0.0.1:1/v1"),
    ),
    "port closed, https": (
        lambda: at("https://127.0.0.1:1/v1"),
        refused("https://127.0.0.1:1/v1"),
    ),
    "port closed, IPv6": (
        lambda: at("http://[::1]:1/v1"),
        refused("http://[::1]:1/v1"),
    ),
    "port closed, name": (
        lambda: at("http://localhost:1/v1"),
        refused("http://localhost:1/v1"),
    ),
    "no host": (
        lambda: at("http://llm.invalid:8000/v1"),
        f"The host llm.invalid:8000 was not found. {RIGHT.format('http://llm.invalid:8000/v1')}",
    ),
    "no host, https": (
        lambda: at("https://llm.invalid/v1"),
        f"The host llm.invalid was not found. {RIGHT.format('https://llm.invalid/v1')}",
    ),
    "ssh": (served(at_once(b"SSH-2.0-OpenSSH_9.6\r\n")), f"{NO_ANSWER} {USE_HTTPS}"),
    "redis": (served(after_request(b"-ERR unknown command 'POST'\r\n")), f"{NO_ANSWER} {USE_HTTPS}"),
    "json only": (served(after_request(b'{"error": "x"}\r\n\r\n')), f"{NO_ANSWER} {USE_HTTPS}"),
    "terminal codes": (served(after_request(b"\x1b]52;c;ZXZpbA==\x07\x1b[2J\r\n\r\n")), f"{NO_ANSWER} {USE_HTTPS}"),
    "zeros": (served(after_request(b"\0" * 200 + b"\r\n\r\n")), f"{NO_ANSWER} {USE_HTTPS}"),
    "alert of TLS": (served(at_once(b"\x15\x03\x03\x00\x02\x02\x46")), f"{NO_ANSWER} {USE_HTTPS}"),
    "http to TLS": (served(with_tls(read_request)), f"{NO_ANSWER} {USE_HTTPS}"),
    "https to http": (
        served(at_once(PLAIN_400 + b"Invalid HTTP request received."), "https"),
        f"{NO_TLS} {USE_HTTP}",
    ),
    "https to http, page": (
        served(at_once(PLAIN_400 + b"<html><body><h1>400 Bad request</h1></body></html>"), "https"),
        f"{NO_TLS} {USE_HTTP}",
    ),
    "https to ssh": (served(at_once(b"SSH-2.0-OpenSSH_9.6\r\n"), "https"), f"{NO_TLS} {USE_HTTP}"),
    "https to a server that closes": (served(at_once(), "https"), f"{NO_ANSWER} {USE_HTTP}"),
    "https to a server that resets": (served(at_once(resets=True), "https"), f"{NO_ANSWER} {USE_HTTP}"),
}


@pytest.mark.parametrize(("server", "expected"), BEFORE.values(), ids=BEFORE)
def test_before_the_answer(server: Server, expected: str) -> None:
    """The host is named with its port, and the other scheme where it may be right."""
    error, said = the_error(server)
    assert isinstance(error, errors.ConnectionFailed)
    assert expected == said


def test_a_head_that_is_cut() -> None:
    """requests takes what came for the whole head, and finds the body empty."""
    found = failures(served(after_request(b"HTTP/1.1 200 OK\r\nContent-")))
    assert str(found["openai"]) == str(found["curl"])
    assert isinstance(found["curl"], errors.ConnectionFailed)
    assert isinstance(found["requests"], errors.StreamError)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All transports give up connecting after a second."""
    for module in (openai_sdk, requests_http, curl, connection_errors):
        monkeypatch.setattr(module, "CONNECT_TIMEOUT", 1.0)
    arguments = list(curl.ARGUMENTS)
    arguments[arguments.index("--connect-timeout") + 1] = "1"
    monkeypatch.setattr(curl, "ARGUMENTS", arguments)
    transport.cache_clear()
    yield
    transport.cache_clear()


TIMEOUT = "No connection to 127.0.0.1:PORT within 1 s. Is a server running at {}, and can it be reached from here?"


@pytest.mark.usefixtures("hasty")
def test_no_connection_in_time() -> None:
    """The port neither accepts nor refuses, as behind a firewall; or it accepts, and never answers in TLS."""
    assert TIMEOUT.format("http://127.0.0.1:PORT/v1") == the_error(not_accepting)[1]
    silent = served(
        lambda connection: connection.settimeout(2.5) or [*iter(lambda: connection.recv(9999), b"")], "https"
    )
    assert TIMEOUT.format("https://127.0.0.1:PORT/v1") == the_error(silent)[1]


TOLD = {
    "nginx": b"<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>",
    "go": b"Client sent an HTTP request to an HTTPS server.\n",
    "tomcat": b"Bad Request\r\nThis combination of host and port requires TLS.\r\n",
    "apache": b"Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />",
}


@pytest.mark.parametrize("text", TOLD.values(), ids=TOLD)
def test_a_server_that_says_that_it_wants_https(text: bytes) -> None:
    """The advice names the URL to set."""
    error, said = the_error(served(after_request(PLAIN_400 + text)))
    assert isinstance(error, errors.RequestRefused)
    assert USE_HTTPS in said


def test_a_list_of_models_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its wait has a limit of its own: the server was reached, and that is not what is said to be wrong."""
    monkeypatch.setattr(models, "TIMEOUT", 0.3)
    for begun in (b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"):

        def answer(connection: Any, begun: bytes = begun) -> None:
            connection.recv(9999)
            connection.sendall(begun)
            connection.recv(9)

        with serving(answer) as url, pytest.raises(errors.ConnectionFailed, match="did not answer in time"):
            models.list_models(Endpoint(url), AbortHandle())

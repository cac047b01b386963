"""A failed connection reads the same whichever transport it failed in."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from sfstream import errors
from sfstream.core.config import settings
from sfstream.run.ask import ask
from sfstream.wire import connection_errors, curl, openai_sdk, requests_http
from sfstream.wire.transport import VIA, transport
from tests.wire.failing import (
    FRAME,
    HEAD,
    PLAIN_400,
    after_request,
    at_once,
    days_ago,
    not_accepting,
    read_request,
    serving,
    with_tls,
)

Server = Callable[[], AbstractContextManager[str]]


@contextmanager
def at(url: str) -> Iterator[str]:
    yield url


def served(answer: Any, scheme: str = "http", host: str = "127.0.0.1") -> Server:
    return lambda: serving(answer, scheme, host)


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def failures(server: Server) -> dict[str, Any]:
    """The error of each transport."""
    found = {}
    with server() as url:
        for via in VIA:
            settings.update(base_url=url, retries=0, first_byte=8.0)
            found[via] = ask("Hello", model="m", via=via, display="off", log=False).error
    return found


def the_error(server: Server) -> tuple[Any, str]:
    """The error, which is the same for all transports; its text with placeholders for this run's port."""
    found = failures(server)
    said = {via: (type(error), str(error)) for via, error in found.items()}
    assert 1 == len(set(said.values())), said
    first = next(iter(found.values()))
    port = r"(?<=127\.0\.0\.1:)\d{2,}|(?<=localhost:)\d{2,}"
    return first, re.sub(port, "PORT", str(first))


NO_ANSWER = "127.0.0.1:PORT ended the connection without an HTTP answer."
USE_HTTPS = "If the server expects https, set the base URL to https://127.0.0.1:PORT/v1 instead."
USE_HTTP = "If the server expects http, set the base URL to http://127.0.0.1:PORT/v1 instead."
NO_TLS = "No encrypted connection to 127.0.0.1:PORT: the server does not speak TLS."
RIGHT = "Is the base URL {} right, and is there a network?"


def refused(url: str) -> str:
    place = url.split("/")[2]
    return f"No connection to {place}: it was refused, or the host cannot be reached. Is a server running at {url}?"


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


NO_TRUST = (
    "The certificate of {} cannot be trusted: {}. Is the base URL https://{}/v1 right? "
    "Behind a proxy that decrypts, its certificate must be trusted here too."
)
IP, NAME = "127.0.0.1:PORT", "localhost:PORT"
CERTIFICATES: dict[str, tuple[str, dict[str, Any], str]] = {
    "unknown issuer": (NAME, {}, "its issuer is not known here"),
    "expired": (NAME, {"trusted": True, "not_before": days_ago(9), "not_after": days_ago(2)}, "it has expired"),
    "not yet": (
        NAME,
        {"trusted": True, "not_before": days_ago(-2), "not_after": days_ago(-9)},
        "it is not valid yet; is the clock of this machine right?",
    ),
    "other name": (NAME, {"trusted": True, "name": "other.example"}, "it is for another host"),
    "unknown issuer, address": (IP, {}, "its issuer is not known here"),
}


@pytest.mark.parametrize(("place", "certificate", "why"), CERTIFICATES.values(), ids=CERTIFICATES)
def test_a_certificate(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str, certificate: dict[str, Any], why: str
) -> None:
    """Why it is not trusted is said in our words, as the libraries and the versions of OpenSSL differ in theirs."""
    authority = trustme.CA()
    if certificate.get("trusted"):
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            monkeypatch.setenv(name, str(tmp_path / "authority.pem"))
    given = {name: value for name, value in certificate.items() if name != "trusted"}
    answer = with_tls(read_request, authority=authority, **given)
    error, said = the_error(served(answer, "https", place.partition(":")[0]))
    assert isinstance(error, errors.NotTrusted)
    assert NO_TRUST.format(place, why, place) == said


def test_a_certificate_that_signed_itself(tmp_path: Path) -> None:
    """As people make them for a server of their own."""
    authority = trustme.CA()
    key = authority.private_key_pem.bytes()
    (tmp_path / "own.pem").write_bytes(authority.cert_pem.bytes() + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "own.pem")

    def answer(connection: Any) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            read_request(secure)

    error, said = the_error(served(answer, "https", "localhost"))
    assert isinstance(error, errors.NotTrusted)
    assert NO_TRUST.format(NAME, "it is self-signed", NAME) == said


def test_a_server_that_refuses_the_handshake() -> None:
    """It speaks TLS, but none that we speak: http would not help."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("PSK")

    def answer(connection: Any) -> None:
        context.wrap_socket(connection, server_side=True)

    _, said = the_error(served(answer, "https", "localhost"))
    assert f"No encrypted connection to {NAME}: the server refused it. Is the base URL https://{NAME}/v1 right?" == said


CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
SIZED = HEAD + b"Content-Length: 500\r\n\r\n"
CUT = "The connection to 127.0.0.1:PORT ended too early: the body was cut off."
RESET = "The connection to 127.0.0.1:PORT was reset in the middle of the answer."
MIDDLE: dict[str, tuple[Server, str]] = {
    "between chunks": (served(after_request(CHUNKED + chunk(FRAME))), CUT),
    "within a chunk": (served(after_request(CHUNKED + chunk(FRAME) + chunk(FRAME)[:20])), CUT),
    "within a size": (served(after_request(CHUNKED + chunk(FRAME) + b"4")), CUT),
    "shorter than said": (served(after_request(SIZED + FRAME)), CUT),
    "reset between chunks": (served(after_request(CHUNKED + chunk(FRAME), resets=True)), RESET),
    "reset within a chunk": (served(after_request(CHUNKED + chunk(FRAME) + b"99\r\nda", resets=True)), RESET),
    "reset of a sized body": (served(after_request(SIZED + FRAME, resets=True)), RESET),
    "reset without a size": (served(after_request(HEAD + b"Connection: close\r\n\r\n" + FRAME, resets=True)), RESET),
}


@pytest.mark.parametrize(("server", "expected"), MIDDLE.values(), ids=MIDDLE)
def test_in_the_middle_of_the_answer(server: Server, expected: str) -> None:
    """What came is kept."""
    error, said = the_error(server)
    assert isinstance(error, errors.StreamCut)
    assert expected in said
    assert "Hi" == error.reply.content


def test_a_cut_of_an_encrypted_body(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the farewell of TLS."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(tmp_path / "authority.pem"))
    for body in (CHUNKED + chunk(FRAME), SIZED + FRAME):
        answer = with_tls(after_request(body), authority=authority)
        error, said = the_error(served(answer, "https"))
        assert isinstance(error, errors.StreamCut)
        assert CUT in said


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

"""Servers that do what servers do: endless refusals, trailers, echoed keys, proxies before this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sfstream import errors
from sfstream.core.config import settings
from sfstream.core.recording import Recording
from sfstream.demo.server import DemoServer
from sfstream.run.ask import ask
from sfstream.wire.credentials import remember
from sfstream.wire.endpoint import MASK, Endpoint
from sfstream.wire.transport import VIA

every_transport = pytest.mark.parametrize("via", VIA)
KEY = "sk-a-key-that-is-marked"
FRAME = 'data: {"choices":[{"index":0,"delta":{"content":"%s"},"finish_reason":%s}]}\n\n'


@contextmanager
def answering(*pieces: bytes, endless: bytes = b"") -> Iterator[str]:
    """A server that answers one request with these bytes, a packet each, and goes on with ``endless``; its base URL."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                data = b""
                while b"Hello" not in data and not (data.startswith(b"GET") and data.endswith(b"\r\n\r\n")):
                    data += connection.recv(65536)
                try:
                    for piece in pieces:
                        connection.sendall(piece)
                    while endless:
                        connection.sendall(endless)
                except OSError:
                    pass  # the client has had enough

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        thread.join(10)
        assert not thread.is_alive()


def head(status: str = "200 OK", extra: str = "Connection: close") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: text/event-stream\r\n{extra}\r\n\r\n".encode()


@every_transport
def test_a_refusal_without_an_end_is_told_at_once(via: str) -> None:
    """Its beginning is read, and no more."""
    with answering(head("500 Broken"), endless=b"x" * 65536) as url:
        settings.update(base_url=url, retries=0)
        reply = ask("Hello", model="m", via=via, display="off")
    assert isinstance(reply.error, errors.ServerBusy)
    assert "HTTP 500" in str(reply.error)


@every_transport
@pytest.mark.parametrize("to", ["http://127.0.0.1:1/x", "http://[bad/"])
def test_what_a_redirect_says_is_told(via: str, to: str) -> None:
    """Whether or not the address that it leads to can be read."""
    body = b'{"code":20012,"message":"Use another"}'
    with answering(head("302 Found", f"Location: {to}\r\nContent-Length: {len(body)}"), body) as url:
        settings.update(base_url=url, retries=0)
        error = ask("Hello", model="m", via=via, display="off").error
    assert isinstance(error, errors.NotFound)
    assert "Use another" in str(error)


@every_transport
def test_a_redirect_without_an_end_is_told_at_once(via: str) -> None:
    """Its beginning is read, and no more."""
    with answering(head("302 Found", "Location: /x\r\nConnection: close"), endless=b"x" * 65536) as url:
        settings.update(base_url=url, retries=0)
        error = ask("Hello", model="m", via=via, display="off").error
    assert isinstance(error, errors.RequestRefused)


@every_transport
def test_a_refusal_that_is_cut_is_still_one(via: str) -> None:
    """Code and message are told, although the body is shorter than was said."""
    body = b'{"code":20012,"message":"Model does not exist."}'
    with answering(head("400 Bad", "Content-Length: 500") + body) as url:
        settings.update(base_url=url, retries=0)
        reply = ask("Hello", model="m", via=via, display="off")
    assert isinstance(reply.error, errors.NotFound)
    assert "code 20012" in str(reply.error)


@every_transport
@pytest.mark.parametrize("before", ["100 Continue", "102 Processing", "103 Early Hints\r\nLink: </a>; rel=preload"])
def test_a_provisional_head_is_passed_over(via: str, before: str) -> None:
    """The answer is what comes after it, however many there are."""
    if via == "requests" and not before.startswith("100"):
        pytest.skip("http.client passes over 100 only; no server of a chat API is known to send another")
    provisional = f"HTTP/1.1 {before}\r\n\r\n".encode() * 2
    with answering(provisional, head() + (FRAME % ("Hi", '"stop"')).encode() + b"data: [DONE]\n\n") as url:
        settings.update(base_url=url, retries=0)
        reply = ask("Hello", model="m", via=via, display="off")
    assert ("complete", "Hi") == (reply.status, reply.content)


@every_transport
def test_lines_may_end_without_a_return(via: str) -> None:
    """In the head, as some servers send it."""
    plain = head().replace(b"\r\n", b"\n")
    with answering(plain + (FRAME % ("Hi", '"stop"')).encode() + b"data: [DONE]\n\n") as url:
        settings.update(base_url=url, retries=0)
        reply = ask("Hello", model="m", via=via, display="off")
    assert ("complete", "Hi") == (reply.status, reply.content)


@every_transport
def test_what_is_no_answer_of_http_is_told_without_harm(via: str) -> None:
    """A status line that would drive a terminal is shown, if it is, as text."""
    with answering(b"\x1b]52;c;ZXZpbA==\x07\x1b[2J \xe2\x80\xae\r\n\r\n") as url:
        settings.update(base_url=url, retries=0)
        error = ask("Hello", model="m", via=via, display="off").error
    assert isinstance(error, errors.ConnectionFailed)
    assert all(each.isprintable() or each == "\n" for each in str(error))


def test_a_cut_between_chunks_is_told_in_words() -> None:
    """And not in those of a parser of numbers, which is where requests sees it."""
    frame = (FRAME % ("Hi", "null")).encode()
    with answering(head(extra="Transfer-Encoding: chunked"), b"%x\r\n%s\r\n" % (len(frame), frame)) as url:
        settings.update(base_url=url)
        error = ask("Hello", model="m", via="requests", display="off").error
    assert "the body was cut off" in str(error)


@every_transport
def test_what_follows_the_body_is_not_of_it(via: str) -> None:
    """A trailer that looks like an event is none."""
    frame = (FRAME % ("Hi", '"stop"')).encode()
    chunk = b"%x\r\n%s\r\n0\r\n" % (len(frame), frame)
    trailer = (FRAME % ("EVIL", "null")).strip().encode() + b"\r\n\r\n"
    with answering(head(extra="Transfer-Encoding: chunked") + chunk + trailer) as url:
        settings.update(base_url=url)
        reply = ask("Hello", model="m", via=via, display="off")
    assert "Hi" == reply.content


@every_transport
def test_a_key_that_is_echoed_in_pieces_is_kept_nowhere(via: str, tmp_path: Path) -> None:
    """Neither content, nor recording, nor its file, nor the trace id holds it, wherever it is cut."""
    frame = (FRAME % (f"your key {KEY} is fine", '"stop"')).encode()
    middle = frame.index(KEY.encode()) + 9
    echo = f"Connection: close\r\nx-siliconcloud-trace-id: {KEY}"
    with answering(head(extra=echo), frame[:middle], frame[middle:], b"data: [DONE]\n\n") as url:
        settings.update(base_url=url)
        remember(Endpoint(url, KEY))
        reply = ask("Hello", model="m", via=via, display="off", record=tmp_path / "echo.jsonl")
    assert f"your key {MASK} is fine" == reply.content
    assert "complete" == reply.status
    shown = f"{reply.recording!r} {reply.trace_id} {(tmp_path / 'echo.jsonl').read_text()}"
    assert KEY not in shown
    assert isinstance(reply.recording, Recording)
    assert KEY.encode() not in reply.recording.data


@every_transport
def test_a_word_that_serves_as_a_key_is_no_secret(via: str) -> None:
    """Servers on this machine take "ollama": the word stays in the answer."""
    with answering(head(), (FRAME % ("What is ollama?", '"stop"')).encode()) as url:
        settings.update(base_url=url)
        remember(Endpoint(url, "ollama"))
        reply = ask("Hello", model="m", via=via, display="off")
    assert "What is ollama?" == reply.content


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_the_key_is_masked_wherever_it_is_cut(size: int) -> None:
    """All other bytes come through, those that begin like the key too."""
    data = b"sk- sk-a-key" + KEY.encode() + b"s" + KEY.encode() * 2 + b"sk-a-key-that-is"
    keys = Endpoint(key=KEY).redactor()
    out = b"".join(keys.feed(data[start : start + size]) for start in range(0, len(data), size)) + keys.flush()
    assert data.replace(KEY.encode(), MASK.encode()) == out


@every_transport
@pytest.mark.parametrize(
    "line", ["Content-Length: abc", "Foo : bar", "Transfer-Encoding: identity", "\r\n".join(["A: b"] * 150)]
)
def test_a_head_that_cannot_be_read_is_asked_for_once(via: str, line: str) -> None:
    """Libraries differ in what they can read; a second answer would be paid for, and be no better."""
    frame = (FRAME % ("Hi", '"stop"')).encode()
    with answering(head(extra=f"Connection: close\r\n{line}"), frame) as url:  # it answers one request only
        settings.update(base_url=url, retries=2, first_byte=5.0)
        reply = ask("Hello", model="m", via=via, display="off")
    assert "complete" == reply.status or (
        isinstance(reply.error, errors.ConnectionFailed) and reply.error.is_unreadable
    )


@pytest.mark.parametrize("what", ["nothing", "garbage"])
def test_certificates_that_cannot_be_read_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, what: str) -> None:
    """The openai library reads them wherever it connects to: the variable is named, and nothing is tried again."""
    if what == "garbage":
        (tmp_path / "certificates.pem").write_text("x")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificates.pem"))
    settings.update(base_url=f"http://127.0.0.1:1/{what}")
    reply = ask("Hello", model="m", via="openai", display="off")
    assert isinstance(reply.error, errors.ConfigurationError)
    assert "SSL_CERT_FILE" in str(reply.error)


@pytest.mark.curl
def test_curl_asks_once_whatever_the_path(monkeypatch: pytest.MonkeyPatch, demo: DemoServer) -> None:
    """Braces and brackets in a base URL are no pattern."""
    monkeypatch.setenv("SILICONFLOW_BASE_URL", demo.base_url + "/{a,b}[1-3]")
    before = len(demo.requests)
    reply = ask("Hello", model="m", via="curl", display="off")
    assert isinstance(reply.error, errors.NotFound)
    assert 1 == sum(seen.path.endswith("/chat/completions") for seen in demo.requests[before:])


def test_keep_alives_after_the_finish_do_not_hold_the_answer() -> None:
    """The answer is whole, and the server is not waited for."""
    settings.update(between=60.0, after_finish=0.3)
    frame = (FRAME % ("Hi", '"stop"')).encode()
    with answering(head(), frame, endless=b": still here\n\n" * 500) as url:
        settings["base_url"] = url
        reply = ask("Hello", model="m", via="requests", display="off")
    assert ("complete", "Hi") == (reply.status, reply.content)

"""The connection of a shown stream is closed when the answer ends, and not when the garbage collector comes."""

from __future__ import annotations

import contextlib
import gc
import itertools
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import openai
import pytest
import requests

import sfstream
from sfstream.core.reply import Reply
from tests.fake_transport import DONE, frame, word
from tests.run.foreign_streams import Collected, body, httpx2

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
END = b"0\r\n\r\n"
Way: TypeAlias = Callable[[str], Any]
OPENED: list[Any] = []
"""What a test has opened: the names of a notebook keep it too."""


def chunked(*pieces: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in pieces)


class Watching:
    """A server that answers one request, keeps the connection open, and sees whether the client closes it."""

    def __init__(self, answer: bytes) -> None:
        self.is_closed, self._answer = threading.Event(), answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        connection, _ = self._socket.accept()
        with connection, self._socket:
            data = b""
            while b"Hello" not in data:
                data += connection.recv(65536)
            connection.sendall(self._answer[: len(self._answer) // 2])
            time.sleep(0.02)
            connection.sendall(self._answer[len(self._answer) // 2 :])
            with contextlib.suppress(ConnectionResetError):
                connection.settimeout(6)
                assert connection.recv(1) == b""
            self.is_closed.set()


@pytest.fixture(autouse=True)
def uncollected() -> Iterator[None]:
    """Nothing is closed by the collector, and everything that a test opens is still referred to."""
    gc.disable()
    yield
    gc.enable()
    while OPENED:
        with contextlib.suppress(AttributeError, ValueError):  # some have no close(), or still end in their thread
            OPENED.pop().close()


def opened(what: Any) -> Any:
    OPENED.append(what)
    return what


def by_post(url: str) -> Any:
    return opened(requests.post(f"{url}/chat/completions", json=body("m"), stream=True))


def by_session(url: str) -> Any:
    return opened(requests.Session()).post(f"{url}/chat/completions", json=body("m"), stream=True)


def by_httpx(url: str) -> Any:
    client = opened(httpx2.Client(timeout=None))
    return client.send(client.build_request("POST", f"{url}/chat/completions", json=body("m")), stream=True)


def by_openai(url: str) -> Any:
    return opened(openai.OpenAI(base_url=url, api_key="x", max_retries=0)).chat.completions.create(**body("m"))


def by_raw_openai(url: str) -> Any:
    client = opened(openai.OpenAI(base_url=url, api_key="x", max_retries=0))
    return client.chat.completions.with_streaming_response.create(**body("m")).__enter__()


def by_helper(url: str) -> Any:
    client = opened(openai.OpenAI(base_url=url, api_key="x", max_retries=0))
    asked = {name: value for name, value in body("m").items() if name != "stream"}
    return client.chat.completions.stream(**asked).__enter__()


def by_lines(url: str) -> Any:
    return by_post(url).iter_lines()


def by_content(url: str) -> Any:
    return by_session(url).iter_content(None)


def by_text_lines(url: str) -> Any:
    return by_httpx(url).iter_lines()


def by_generator(url: str) -> Any:
    """The response is opened when the generator begins."""
    response = requests.post(f"{url}/chat/completions", json=body("m"), stream=True)
    for line in response.iter_lines():  # noqa: UP028  # as users write it
        yield line


def by_generator_with(url: str) -> Any:
    with requests.post(f"{url}/chat/completions", json=body("m"), stream=True) as response:
        yield from response.iter_content(None)


def by_chunks(url: str) -> Any:
    for chunk in by_openai(url):  # noqa: UP028  # as users write it
        yield chunk


def by_texts(url: str) -> Any:
    return (chunk.choices[0].delta.content for chunk in by_openai(url))


def by_closure(url: str) -> Any:
    response = by_post(url)

    def lines() -> Iterator[bytes]:
        yield from response.iter_lines()

    return lines()


def by_map(url: str) -> Any:
    return map(bytes.decode, filter(None, by_post(url).iter_lines()))


def by_chain(url: str) -> Any:
    return itertools.chain([b": ready"], by_post(url).iter_lines())


class Lines:
    """An iterator of a user's own."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.lines = response.iter_lines()

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> Any:
        return next(self.lines)


def by_own_iterator(url: str) -> Any:
    return Lines(by_post(url))


WAYS = (
    by_post,
    by_session,
    by_httpx,
    by_openai,
    by_raw_openai,
    by_helper,
    by_lines,
    by_content,
    by_text_lines,
    by_generator,
    by_generator_with,
    by_chunks,
    by_texts,
    by_closure,
    by_map,
    by_chain,
    by_own_iterator,
)
every_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
ANSWERS = {
    "complete": chunked(word("a"), word("b", "stop"), DONE) + END,
    "open after [DONE]": chunked(word("a"), word("b", "stop"), DONE),
    "without [DONE]": chunked(word("a"), word("b", "stop")) + END,
    "length": chunked(word("a"), word("b", "length"), DONE) + END,
    "cut": chunked(word("a")) + END,
    "broken": chunked(word("a")) + b"zz\r\n",
    "error": chunked(word("a"), frame({"error": {"message": "overloaded", "code": 503}})),
}


def shown(way: Way, answer: bytes, view: Any = None) -> Watching:
    """The server after `show` has ended, however it ended."""
    server = Watching(answer if answer.startswith(b"HTTP") else HEAD + answer)
    with contextlib.suppress(sfstream.SfStreamError, sfstream.Stopped):
        sfstream.show(opened(way(server.url)), **({"into": view} if view else {"display": "off"}))
    return server


@every_way
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_the_server_sees_the_end_of_the_connection(way: Way, answer: bytes) -> None:
    """Whether the answer was complete, cut or failed, and whatever opened the stream."""
    assert shown(way, answer).is_closed.wait(5)


@every_way
def test_a_stop_closes_it(way: Way) -> None:
    """Also while a generator waits for its next line."""

    class Stopping(Collected):
        def paint(self, reply: Reply, doing: object) -> None:
            if reply.content:
                self.stop()

    assert shown(way, chunked(word("a"), b"\n"), Stopping()).is_closed.wait(5)


@every_way
def test_an_error_of_the_display_does_not_keep_it_open(way: Way) -> None:
    """The answer is read to its end without the view."""

    class Failing(Collected):
        def paint(self, reply: Reply, doing: object) -> None:
            raise RuntimeError("no view")

    assert shown(way, ANSWERS["complete"], Failing()).is_closed.wait(5)


@pytest.mark.parametrize("way", [by_post, by_session, by_httpx], ids=lambda way: way.__name__)
def test_a_refusal_closes_it(way: Way) -> None:
    """A status other than 200 has a body too. The openai library raises it, and there is nothing to show."""
    text = json.dumps({"message": "no"}).encode()
    head = f"HTTP/1.1 400 Bad\r\nContent-Length: {len(text)}\r\n\r\n".encode()
    assert shown(way, head + text).is_closed.wait(5)


@pytest.mark.parametrize("way", [by_session, by_httpx, by_openai], ids=lambda way: way.__name__)
def test_the_client_can_ask_again(way: Way) -> None:
    """Its pool notices that the connection is closed, and opens another one."""
    answer = HEAD + ANSWERS["complete"]
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for _ in range(2):
                connection, _ = server.accept()
                data = b""
                while b"Hello" not in data:
                    data += connection.recv(65536)
                connection.sendall(answer)
                OPENED.append(connection)

        threading.Thread(target=serve, daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        sfstream.show(way(url), display="off")
        client = next(each for each in OPENED if not isinstance(each, socket.socket))
        if way is by_openai:
            again = client.chat.completions.create(**body("m"))
        elif way is by_session:
            again = client.post(f"{url}/chat/completions", json=body("m"), stream=True)
        else:
            request = client.build_request("POST", f"{url}/chat/completions", json=body("m"))
            again = client.send(request, stream=True)
        assert "ab" == sfstream.show(again, display="off").content


def test_a_response_that_is_not_shown_stays_open() -> None:
    """A generator may know of other responses, in a list for example: only what it reads from is closed."""
    other = Watching(HEAD + chunked(word("a")))
    responses = [by_post(other.url)]

    def lines(url: str) -> Iterator[bytes]:
        assert responses
        yield from by_post(url).iter_lines()

    assert shown(lines, ANSWERS["complete"]).is_closed.wait(5)
    assert not other.is_closed.wait(0.1)

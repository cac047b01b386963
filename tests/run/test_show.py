"""`show`: any stream that there is already, in the same display, as a Reply."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
import requests

import sfstream
from sfstream import errors
from sfstream.core.reply import Reply
from sfstream.demo.server import DemoServer
from tests.fake_transport import DONE, word
from tests.run.foreign_streams import Collected, body, httpx2
from tests.waiting import until

SECRET = "sk-marked-as-a-secret"
CLIENTS: list[Any] = []


@pytest.fixture(autouse=True)
def closed_clients() -> Iterator[None]:
    """The clients that a test has opened are closed after it."""
    yield
    while CLIENTS:
        CLIENTS.pop().close()


def by_requests(demo: DemoServer, model: str) -> Any:
    session = requests.Session()
    CLIENTS.append(session)
    headers = {"Authorization": f"Bearer {SECRET}"}
    return session.post(f"{demo.base_url}/chat/completions", json=body(model), headers=headers, stream=True)


def by_httpx(demo: DemoServer, model: str) -> Any:
    client = httpx2.Client(timeout=None)
    CLIENTS.append(client)
    request = client.build_request("POST", f"{demo.base_url}/chat/completions", json=body(model))
    return client.send(request, stream=True)


def by_openai(demo: DemoServer, model: str) -> Any:
    client = openai.OpenAI(base_url=demo.base_url, api_key=SECRET, max_retries=0)
    CLIENTS.append(client)
    return client.chat.completions.create(**body(model))


def by_chunks(demo: DemoServer, model: str) -> Any:
    """A generator of a user's own, which gives the library's chunks."""
    yield from by_openai(demo, model)


def by_events(demo: DemoServer, model: str) -> Any:
    """The events of the library's own helper, which gives each chunk and what has come of it."""
    client = openai.OpenAI(base_url=demo.base_url, api_key=SECRET, max_retries=0)
    CLIENTS.append(client)
    asked = body(model)
    del asked["stream"]
    return client.chat.completions.stream(**asked).__enter__()


def by_dicts(demo: DemoServer, model: str) -> Any:
    return (chunk.model_dump(exclude_unset=True) for chunk in by_openai(demo, model))


def by_lines(demo: DemoServer, model: str) -> Any:
    return by_requests(demo, model).iter_lines()


def by_text_lines(demo: DemoServer, model: str) -> Any:
    return by_httpx(demo, model).iter_lines()


def by_stream(demo: DemoServer, model: str) -> Any:
    return sfstream.stream("Hello", model=model, via="requests")


WAYS = (by_requests, by_httpx, by_openai, by_chunks, by_events, by_dicts, by_lines, by_text_lines, by_stream)
RAW = (by_requests, by_httpx, by_openai)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("model", ["demo/reasoning", "demo/tool-call"])
def test_the_reply_is_that_of_chat(asking_demo: DemoServer, way: Any, model: str) -> None:
    """Whatever the stream is, the reply says what ``chat`` says of the same answer."""
    wanted = sfstream.chat("Hello", model=model, via="requests", display="off")
    view = Collected()
    reply = sfstream.show(way(asking_demo, model), into=view)
    for name in ("content", "reasoning", "tool_calls", "usage", "finish_reason", "status", "notes", "model"):
        assert getattr(wanted, name) == getattr(reply, name), name
    assert reply.content == view.contents[-1]
    assert reply.timing.first_token is not None
    assert wanted.source == reply.source or way not in RAW


@pytest.mark.parametrize("way", RAW, ids=lambda way: way.__name__)
def test_a_response_tells_what_was_asked_and_can_be_saved(asking_demo: DemoServer, way: Any, tmp_path: Path) -> None:
    """Its request is the reply's, without the key; its bytes are a recording that can be played."""
    reply = sfstream.show(way(asking_demo, "demo/english"), display="off")
    assert "Hello" == reply.request.messages[0]["content"]
    reply.save(tmp_path / "saved.jsonl")
    assert SECRET not in (tmp_path / "saved.jsonl").read_text()
    again = sfstream.chat(replay=tmp_path / "saved.jsonl", speed="max", display="off")
    assert reply.content == again.content


@pytest.mark.parametrize("way", [*RAW, by_chunks], ids=lambda way: way.__name__)
def test_nobody_knows_when_it_was_asked_for(asking_demo: DemoServer, way: Any) -> None:
    """The status line has no time to the first token, which would be since it was shown."""
    assert "first token" not in repr(sfstream.show(way(asking_demo, "demo/english"), display="off"))
    assert "first token" in repr(sfstream.show(by_stream(asking_demo, "demo/english"), display="off"))


def test_pieces_have_no_recording(tmp_path: Path) -> None:
    """Saving says so, rather than to write what no server has sent."""
    reply = sfstream.show(iter(["Once ", "upon"]), display="off")
    with pytest.raises(errors.RecordingError, match="no recording"):
        reply.save(tmp_path / "saved.jsonl")


def test_texts_are_content() -> None:
    """An iterator of texts is an answer that is whole when it ends; halves of a character are joined."""
    reply = sfstream.show(["Once ", "", "upon 你好 \ud83d", "\ude42\n", "data: x"], display="off")
    assert ("Once upon 你好 🙂\ndata: x", "complete", "given", "") == (
        reply.content,
        reply.status,
        reply.via,
        reply.model,
    )
    assert [] == reply.notes


def test_bytes_are_an_event_stream() -> None:
    """As ``iter_content`` gives them: cut anywhere."""
    data = word("Once ") + word("upon", "stop") + DONE
    for size in (1, 7, 1000):
        pieces = [data[start : start + size] for start in range(0, len(data), size)]
        assert "Once upon" == sfstream.show(pieces, display="off").content


@pytest.mark.parametrize("count", [0, 3])
def test_a_stream_that_was_begun_goes_on(asking_demo: DemoServer, count: int) -> None:
    """What ``stream`` has given already is in the reply; the rest is watched, and nothing is left to iterate."""
    wanted = sfstream.chat("Hello", model="demo/english", via="requests", display="off").content
    events = sfstream.stream("Hello", model="demo/english", via="requests")
    for _ in range(count):
        next(events)
    assert wanted == sfstream.show(events, display="off").content
    assert events.reply.content == wanted


@pytest.mark.parametrize("way", [*RAW, by_lines, by_stream], ids=lambda way: way.__name__)
def test_a_cut_is_a_cut(asking_demo: DemoServer, way: Any) -> None:
    """A stream without its end raises what ``chat`` raises, and keeps what had come."""
    with pytest.raises(errors.StreamCut) as caught:
        sfstream.show(way(asking_demo, "demo/cut-after-5"), display="off")
    assert caught.value.reply
    assert ("cut", 5) == (caught.value.reply.status, caught.value.reply.tokens)


def test_chunks_without_an_end_are_cut(asking_demo: DemoServer) -> None:
    """The openai library ends in silence there; the missing finish reason tells."""
    with pytest.raises(errors.StreamCut):
        sfstream.show(list(by_chunks(asking_demo, "demo/english"))[:5], display="off")


def test_a_refusal_is_a_refusal(asking_demo: DemoServer) -> None:
    """A response that is no 200 raises what it means, and no key is in it."""
    with pytest.raises(errors.KeyRefused) as caught:
        sfstream.show(by_requests(asking_demo, "demo/status-401"), display="off")
    assert SECRET not in str(caught.value)


def test_a_key_that_is_echoed_is_taken_out(asking_demo: DemoServer) -> None:
    """A server that repeats the key in its refusal does not get it into the error."""
    with pytest.raises(errors.KeyRefused) as caught:
        sfstream.show(by_requests(asking_demo, "demo/echo-key"), display="off")
    assert SECRET not in f"{caught.value}"
    assert "[the API key]" in f"{caught.value}"


@pytest.mark.parametrize(
    ("raised", "kind", "status"),
    [
        (ValueError("odd"), errors.SfStreamError, "failed"),
        (ConnectionResetError("reset"), errors.StreamCut, "cut"),
        (httpx2.ReadError("gone"), errors.StreamCut, "cut"),
        (KeyboardInterrupt(), errors.SfStreamError, "failed"),
    ],
    ids=["odd", "reset", "gone", "interrupt"],
)
def test_what_the_iterator_raises_ends_the_reply(
    raised: BaseException, kind: type[errors.SfStreamError], status: str
) -> None:
    """It is named, and is the cause; what had come is kept."""

    def pieces() -> Iterator[str]:
        yield "Once "
        raise raised

    with pytest.raises(kind, match=type(raised).__name__) as caught:
        sfstream.show(pieces(), display="off")
    assert raised is caught.value.__cause__
    assert caught.value.reply
    assert (status, "Once ") == (caught.value.reply.status, caught.value.reply.content)


def test_a_stop_does_not_wait_for_the_iterator() -> None:
    """Stopped while it waits: at once, with what had come; the iterator is closed when it goes on."""
    go_on, closed = threading.Event(), threading.Event()

    def pieces() -> Iterator[str]:
        try:
            yield "Once "
            go_on.wait(20)
            yield "more"
            yield "and more"
        finally:
            closed.set()

    class Stopping(Collected):
        def paint(self, reply: Reply, doing: object) -> None:
            super().paint(reply, doing)
            if reply.content:
                self.since = time.monotonic()
                self.stop()

    view = Stopping()
    with pytest.raises(errors.Stopped) as caught:
        sfstream.show(pieces(), into=view)
    assert time.monotonic() - view.since < 1
    assert caught.value.reply
    assert ("stopped", "Once ") == (caught.value.reply.status, caught.value.reply.content)
    go_on.set()
    assert closed.wait(10)


def test_a_stop_ends_the_servers_stream(asking_demo: DemoServer) -> None:
    """A response whose server is silent: its connection ends with the stop."""

    class Stopping(Collected):
        def paint(self, reply: Reply, doing: object) -> None:
            if reply.tokens == 3:
                self.stop()

    until(lambda: asking_demo.streams == 0)
    for way in RAW:
        response = way(asking_demo, "demo/stall-after-3")
        assert 1 == asking_demo.streams
        with pytest.raises(errors.Stopped):
            sfstream.show(response, into=Stopping())
        until(lambda: asking_demo.streams == 0)


def test_the_view_is_painted_while_the_iterator_waits() -> None:
    """The clock of a view goes on, and what is waited for is said."""
    enough = threading.Event()

    class Counting(Collected):
        def paint(self, reply: Reply, doing: object) -> None:
            super().paint(reply, doing)
            if len(self.doings) > 3:
                enough.set()

    def pieces() -> Iterator[str]:
        enough.wait(20)
        yield "So."

    view = Counting()
    sfstream.show(pieces(), into=view)
    assert enough.is_set()
    assert "waiting for the first token" in view.doings

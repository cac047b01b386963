"""`show` of what is no stream, of odd pieces, and into a view that another answer has."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import openai
import pytest
import requests

import sfstream
from sfstream import errors
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.demo.server import DemoServer
from tests.run.foreign_streams import Collected, body, httpx2


async def _nothing() -> Any:
    yield ""


WRONG = {
    "text": ("Once upon a time", "a text"),
    "bytes": (b"data: x", "a text"),
    "none": (None, "The stream is None"),
    "number": (5, "The stream is 5"),
    "dict": ({"choices": []}, "a finished completion"),
    "reply": (
        Reply(ChatRequest(model="m", messages=[{"role": "user", "content": "Hello"}]), via="given"),
        "a Reply already",
    ),
    "async": (_nothing(), "asynchronous"),
}


@pytest.mark.parametrize(("stream", "said"), WRONG.values(), ids=WRONG)
def test_what_is_no_stream_is_refused(stream: Any, said: str) -> None:
    """The error says what it is, and what is expected."""
    with pytest.raises(errors.ConfigurationError, match=said):
        sfstream.show(stream, display="off")


def test_what_was_read_already_is_refused(asking_demo: DemoServer) -> None:
    """A completion that is whole, and responses that were not opened with ``stream``."""
    request = body("demo/english")
    read = requests.post(f"{asking_demo.base_url}/chat/completions", json=request)
    with pytest.raises(errors.ConfigurationError, match="was read already"):
        sfstream.show(read)
    with pytest.raises(errors.ConfigurationError, match="was read already"):
        sfstream.show(httpx2.post(f"{asking_demo.base_url}/chat/completions", json=request))
    finished = openai.types.chat.ChatCompletion(id="", choices=[], created=0, model="m", object="chat.completion")
    with pytest.raises(errors.ConfigurationError, match="a finished completion"):
        sfstream.show(finished)


def test_what_was_read_in_part_or_by_another_is_refused(asking_demo: DemoServer) -> None:
    """The rest of a response, whose beginning is with somebody else; streams and generators that are at their end."""
    request, url = body("demo/english"), f"{asking_demo.base_url}/chat/completions"
    with requests.post(url, json=request, stream=True) as begun:
        assert next(begun.iter_lines())
        with pytest.raises(errors.ConfigurationError, match="was read already, all or some of it"):
            sfstream.show(begun)
    with openai.OpenAI(base_url=asking_demo.base_url, api_key="none") as client:
        ended = client.chat.completions.create(**request)
        assert list(ended)
        with pytest.raises(errors.ConfigurationError, match=r"was read already.*completions\.create"):
            sfstream.show(ended)
    words = (word for word in ("a", "b"))
    assert "ab" == sfstream.show(words, display="off").content
    with pytest.raises(errors.ConfigurationError, match="was read already"):
        sfstream.show(words)


def test_pieces_of_another_kind_are_named() -> None:
    """A piece that is no chunk and no text ends the reply, and is named by its type."""
    with pytest.raises(errors.MalformedStream, match="got: int"):
        sfstream.show(["a", 5], display="off")


def test_into_is_a_view_and_stands_alone(asking_demo: DemoServer) -> None:
    """What is no view is refused, and so is ``into`` together with ``display``; nothing is sent."""
    before = len(asking_demo.requests)
    for into in (5, "view", Collected, object()):
        with pytest.raises(errors.ConfigurationError, match="expected a view"):
            sfstream.chat("Hello", into=into)  # type: ignore[arg-type]  # it is wrong
    with pytest.raises(errors.ConfigurationError, match="leave one of them out"):
        sfstream.chat("Hello", into=Collected(), display="text")
    assert before == len(asking_demo.requests)


def test_pieces_that_are_none_say_nothing() -> None:
    """The content of a delta is None where there is none: whoever gives these on gives None too."""
    reply = sfstream.show(iter([None, "a", None, "b"]), display="off")
    assert ("complete", "ab") == (reply.status, reply.content)


def test_a_view_belongs_to_the_last_that_began() -> None:
    """Of two answers at once in one view, the first goes on without it, and says so; the second keeps its Stop."""
    view, begun, go_on = sfstream.StreamView(), threading.Event(), threading.Event()

    def slowly() -> Iterator[str]:
        yield "a"
        begun.set()
        go_on.wait(20)
        yield "b"

    replies: list[Reply] = []
    thread = threading.Thread(target=lambda: replies.append(sfstream.show(slowly(), into=view)))
    thread.start()
    assert begun.wait(20)
    try:
        second = sfstream.show(iter(["c"]), into=view)
    finally:
        go_on.set()
        thread.join(20)
    assert ("ab", "c") == (replies[0].content, second.content)
    assert any("another answer" in str(note) for note in replies[0].notes)
    assert [] == second.notes

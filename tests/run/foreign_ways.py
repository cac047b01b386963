"""Ways in which people open a stream and give it to `show`: responses, streams of a library, and generators."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import openai
import requests

from tests.run.foreign_streams import body, httpx2

Way: TypeAlias = Callable[[str], Any]
OPENED: list[Any] = []
"""What a test has opened: the names of a notebook keep it too."""


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

"""Ways to make a call go wrong: servers on loopback that refuse or break off, values, variables and files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import sfstream
from sfstream.core.config import settings
from sfstream.wire.requests_http import RequestsTransport
from tests.fake_transport import DONE, frame, word
from tests.wire.refusing import refusing

SECRET = "sk-" + "k" * 40


@dataclass(frozen=True)
class Wrong:
    """A call that raises.

    Attributes:
        call: raises the error.
        error: name of its class.
        others: texts in its message that sfstream did not write, such as the server's.
    """

    call: Callable[[], object]
    error: str
    others: tuple[str, ...] = ()


def chat(prompt: Any = "Hello", **keywords: Any) -> object:
    return sfstream.chat(prompt, display="off", **keywords)


def asking(server: Callable[[], Any], **keywords: Any) -> Callable[[], object]:
    """Return a call that asks a server, which runs meanwhile."""

    def call() -> object:
        with server() as url:
            settings["base_url"] = url
            return chat(**{"model": "0", **keywords})

    return call


def refused(status: int, body: str, **keywords: Any) -> Callable[[], object]:
    return asking(lambda: refusing((status, body)), **keywords)


def stalled(model: str) -> Callable[[], object]:
    """Return a call of the demo that waits half a second."""

    def call() -> object:
        settings.update(first_byte=0.5, between=0.5)
        return chat(model=f"demo/{model}")

    return call


def demo(model: str, **keywords: Any) -> Callable[[], object]:
    return lambda: chat(model=f"demo/{model}", **keywords)


def answered(text: str, finish: str = "stop", **keywords: Any) -> Callable[[], object]:
    """Return a call whose answer is a text."""
    usage = frame({"choices": [], "usage": {"completion_tokens": 3}})
    return refused(200, (word(text, finish) + usage + DONE).decode(), **keywords)


def with_variable(name: str, value: str, call: Callable[[], object]) -> Callable[[], object]:
    """Return the call, made with an environment variable."""

    def made() -> object:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(name, value)
            return call()

    return made


def written(name: str, data: bytes | str) -> Path:
    path = Path(name)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path.absolute()


def listing(url: str) -> Callable[[], object]:
    def call() -> object:
        settings["base_url"] = url
        return sfstream.models()

    return call


def demo_key() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SILICONFLOW_BASE_URL")
        return chat()


def failing_iterator() -> Iterator[str]:
    yield "Hi"
    raise ValueError(SERVER)


def _with_mistake(*_: object) -> object:
    raise KeyError(SERVER)


def breaking() -> object:
    """Ask with a transport that has a mistake in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RequestsTransport, "open", _with_mistake)
        return chat(via="requests", model="demo/chat")


SERVER = "The model is having a very bad day today."
"""What the servers say."""

"""Aborting a call from another thread, on every system, and what a transport keeps between calls."""

from __future__ import annotations

import os
import socket
import threading
import time

import pytest

from sfstream import errors
from sfstream.core.request import ChatRequest
from sfstream.demo.server import DemoServer
from sfstream.run.ask import ask
from sfstream.wire import credentials, openai_sdk
from sfstream.wire.connect import AbortHandle
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.reader import Reader
from sfstream.wire.transport import transport
from tests.key_search import texts_behind
from tests.waiting import until

REQUEST = ChatRequest(model="any", messages=[{"role": "user", "content": "Hello"}])
KEY = "sk-marked-0123456789"


@pytest.mark.parametrize("via", ["openai", "requests"])
def test_a_stop_during_a_name_lookup_does_not_wait_for_it(monkeypatch: pytest.MonkeyPatch, via: str) -> None:
    """Nothing can wake a thread within getaddrinfo: it is left behind, and ends without a connection."""
    looking, release = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> list[object]:
        looking.set()
        release.wait(10)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 1))]

    transport(via)
    monkeypatch.setattr(socket, "getaddrinfo", slow)
    reader = Reader(transport(via), REQUEST, Endpoint("http://slow.test/v1"), lambda: None)
    reader.start()
    assert looking.wait(10)
    started = time.monotonic()
    reader.close()
    assert time.monotonic() - started < 0.4
    release.set()
    until(lambda: not any(each.name == "sfstream reader" for each in threading.enumerate()))
    assert reader.response is None


def test_a_socket_is_shut_without_the_calls_of_unix(monkeypatch: pytest.MonkeyPatch) -> None:
    """os.dup does not take a socket on Windows."""

    def unfit(_: int) -> int:
        raise OSError(9, "Bad file descriptor")

    monkeypatch.setattr(os, "dup", unfit)
    ours, theirs = socket.socketpair()
    handle = AbortHandle()
    with ours, theirs:
        handle.track(ours)
        handle.abort()
        assert b"" == theirs.recv(1)
    handle.close()


def test_curl_says_which_systems_it_needs(monkeypatch: pytest.MonkeyPatch, asking_demo: DemoServer) -> None:
    """Windows has no /dev/fd to keep the key out of sight with."""
    reply_of = ask  # made before the system is another one
    monkeypatch.setattr("sys.platform", "win32")
    reply = reply_of("Hello", model="demo/english", via="curl", display="off", log=False)
    assert isinstance(reply.error, errors.NoTransport)
    assert "Linux or macOS" in str(reply.error)


@pytest.mark.parametrize("via", ["openai", "requests"])
def test_a_forgotten_key_is_nowhere_in_memory(asking_demo: DemoServer, via: str) -> None:
    """Neither the modules that send nor what they keep between calls hold it."""
    endpoint = Endpoint(asking_demo.base_url, KEY)
    credentials.remember(endpoint)
    ask("Hello", model="demo/english", via=via, display="off", log=False)
    assert f"Bearer {KEY}" == asking_demo.requests[-1].headers["authorization"]
    credentials.forget(endpoint)
    import sys

    ours = [vars(module) for name, module in list(sys.modules.items()) if name.startswith("sfstream")]
    assert not any(KEY.encode() in text for text in texts_behind(ours, transport(via)))


def test_another_server_adds_no_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each restart of the demo has a port of its own, and none leaves a client or something to do at exit."""
    sender = transport("openai")
    assert isinstance(sender, openai_sdk.OpenAITransport)
    registered: list[object] = []
    monkeypatch.setattr("atexit.register", registered.append)
    sizes = []
    for _ in range(3):
        with DemoServer(speed=float("inf")) as server:
            monkeypatch.setenv("SILICONFLOW_BASE_URL", server.base_url)
            assert "complete" == ask("Hello", model="demo/english", via="openai", display="off", log=False).status
        sizes.append(len(sender._clients))
    assert [sizes[0]] * 3 == sizes
    assert [] == registered

"""The demo server as a server: what it lists and remembers, its pace, its start and its end."""

from __future__ import annotations

import asyncio
import json
import math
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import requests

from sfstream.demo import prepared
from sfstream.demo.models import MODELS, find
from sfstream.demo.server import DemoServer
from sfstream.errors import ConfigurationError
from tests.demo.client import (
    WAIT,
    Wire,
    ask,
    asked,
    deltas_of,
    text_in,
    values_in,
)
from tests.waiting import until


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer(speed=math.inf) as running:
        yield running


def test_the_trace_id_is_the_clients_or_a_fresh_one(server: DemoServer) -> None:
    """The server repeats a given trace id and makes a new one otherwise, in refusals too."""
    name = "x-siliconcloud-trace-id"
    assert ask(server, "demo/empty", **{"X-Trace-Id": "mine-1"}).headers[name] == "mine-1"
    assert ask(server, "demo/status-401", **{"X-Trace-Id": "mine-2"}).headers[name] == "mine-2"
    assert ask(server, "demo/empty").headers[name] != ask(server, "demo/empty").headers[name]


def test_requests_are_remembered() -> None:
    """What arrived can be looked at: path, headers with lower-case names, and the bytes; a key is not in the repr."""
    with DemoServer(speed=math.inf) as server:
        ask(server, "demo/empty", Authorization="Bearer sk-secret")
        (seen,) = server.requests
    assert seen.path == "/v1/chat/completions"
    assert seen.headers["authorization"] == "Bearer sk-secret"
    assert json.loads(seen.body) == asked("demo/empty")
    assert "sk-secret" not in repr(seen)


def test_a_large_request_is_taken(server: DemoServer) -> None:
    """A request of 110 MB, more than tornado takes by itself, is answered."""
    padding = b" " * 110_000_000
    body = json.dumps(asked("demo/empty", stream=False)).encode() + padding
    response = requests.post(f"{server.base_url}/chat/completions", data=body, timeout=60)
    assert response.status_code == 200
    assert len(server.requests[-1].body) == len(body)


def test_models_are_listed(server: DemoServer) -> None:
    """Every model is listed under a name that can be asked for, in the documented form."""
    answer = requests.get(f"{server.base_url}/models", timeout=WAIT).json()
    assert answer["object"] == "list"
    assert [model["id"] for model in answer["data"]] == [model.name for model in MODELS]
    assert answer["data"][0] == {"id": MODELS[0].name, "object": "model", "created": 0, "owned_by": ""}


@pytest.mark.parametrize(
    ("query", "any_listed"),
    [("type=text", True), ("sub_type=chat", True), ("type=image", False), ("type=text&sub_type=embedding", False)],
)
def test_models_can_be_filtered(server: DemoServer, query: str, any_listed: bool) -> None:
    """All models are for chatting; who asks for another kind finds none."""
    assert bool(requests.get(f"{server.base_url}/models?{query}", timeout=WAIT).json()["data"]) is any_listed


def test_each_listed_name_finds_its_own_model() -> None:
    """No pattern hides another, and each model is described in one sentence."""
    for model in MODELS:
        assert find(model.name) == (model, model.number_in(model.name))
        assert model.description.endswith(".")
    assert len({model.name for model in MODELS}) == len(MODELS)


def test_slow_waits_before_each_chunk(server: DemoServer) -> None:
    """demo/slow takes half a second for each chunk, whatever the speed."""
    start = time.monotonic()
    with Wire(server, "demo/slow") as wire:
        wire.head()
        wire.chunk()
        wire.chunk()
        assert time.monotonic() - start >= 0.99


def test_fast_sends_so_many_tokens(server: DemoServer) -> None:
    """demo/fast-N sends N tokens, each in a chunk of its own."""
    with Wire(server, "demo/fast-700") as wire:
        wire.head()
        chunks = list(iter(wire.chunk, b""))
    assert deltas_of(b"".join(chunks)) == 700
    assert len(chunks) == 700 + 3
    assert values_in(b"".join(chunks))[-1]["usage"]["completion_tokens"] == 700


def test_rate_keeps_its_rate(server: DemoServer) -> None:
    """demo/rate-N sends no more than N tokens a second."""
    start = time.monotonic()
    with Wire(server, "demo/rate-200") as wire:
        wire.head()
        for _ in range(60):
            wire.chunk()
        assert time.monotonic() - start >= 0.29


@pytest.mark.parametrize("name", ["demo/rate-50", "demo/fast-1000000", "demo/stall-after-2", "demo/linger"])
def test_the_server_notices_that_the_client_is_gone(server: DemoServer, name: str) -> None:
    """When the client leaves in mid-stream the server stops sending."""
    with Wire(server, name) as wire:
        wire.head()
        until(lambda: server.streams == 1)
    until(lambda: server.streams == 0)


def test_a_client_that_does_not_read_holds_nobody_up(server: DemoServer) -> None:
    """While one client leaves its stream unread, another is answered."""
    with Wire(server, "demo/fast-100000") as wire:
        wire.head()
        assert text_in(ask(server, "demo/english").content) == prepared.text("english")


def test_stop_leaves_nothing() -> None:
    """Stopping ends the thread, the streams and the port, and may be done twice."""
    before = set(threading.enumerate())
    server = DemoServer(speed=math.inf)
    server.start()
    server.start()
    (thread,) = set(threading.enumerate()) - before
    assert thread.daemon
    url = server.base_url
    names = ("demo/stall-before-headers", "demo/stall-after-2", "demo/rate-5", "demo/fast-1000000", "demo/linger")
    wires = [Wire(server, name) for name in names]
    until(lambda: server.streams == len(wires))
    server.stop()
    server.stop()
    assert server.streams == 0
    assert set(threading.enumerate()) == before
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/models", timeout=WAIT)
    assert all(ends_early(wire) for wire in wires)


def test_a_server_starts_again() -> None:
    """A server that was stopped can be started again, and has no address in between."""
    server = DemoServer(speed=math.inf)
    for _ in range(2):
        with pytest.raises(ConfigurationError, match="start"):
            _ = server.base_url
        with server:
            assert ask(server, "demo/empty").ok


def test_two_servers_at_once() -> None:
    """Two servers answer beside each other, and each remembers its own requests."""
    with DemoServer(speed=math.inf) as one, DemoServer(speed=math.inf) as other:
        assert one.base_url != other.base_url
        assert ask(one, "demo/english").content == ask(other, "demo/english").content
        assert len(one.requests) == len(other.requests) == 1


def test_a_running_loop_is_left_alone() -> None:
    """The server answers while the thread that started it runs an event loop, as a kernel's does."""

    async def use() -> str:
        with DemoServer(speed=math.inf) as server:
            return text_in((await asyncio.to_thread(ask, server, "demo/english")).content)

    assert asyncio.run(use()) == prepared.text("english")


@pytest.mark.parametrize("speed", [0, -1, math.nan])
def test_a_speed_is_above_zero(speed: float) -> None:
    """A speed that is not above 0 is refused."""
    with pytest.raises(ConfigurationError, match="above 0"):
        DemoServer(speed=speed)


def test_a_broken_request_leaves_no_noise(
    server: DemoServer, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Clients that leave at odd moments put nothing on the screen and nothing at warning level in the log."""
    host, port = server.base_url.removeprefix("http://").removesuffix("/v1").split(":")
    for sent in (b"", b"POST /v1/chat", b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 99\r\n\r\n{"):
        with socket.create_connection((host, int(port)), timeout=WAIT) as connection:
            connection.sendall(sent)
    for model in MODELS:
        Wire(server, model.name).socket.close()
    assert ask(server, "demo/english").ok
    until(lambda: server.streams == 0)
    assert capfd.readouterr() == ("", "")
    assert not [record for record in caplog.records if record.levelname != "INFO" and record.name != "urllib3"]


def ends_early(wire: Wire) -> bool:
    """Whether the connection ends, and without the chunk that ends a body."""
    received = b""
    with wire:
        try:
            while data := wire.socket.recv(65536):
                received = received[-10:] + data
        except ConnectionResetError:
            return True
    return not received.endswith(b"0\r\n\r\n")

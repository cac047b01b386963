"""Times count from the sending of the request, whatever is prepared before it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sfstream.core.config import settings
from sfstream.core.message import Message
from sfstream.core.reply import Reply
from sfstream.demo.server import DemoServer
from sfstream.display.captions import CONNECTING, LOADING, Clock
from sfstream.run.ask import ask
from sfstream.run.messages import before_sending, once_sent
from tests.fake_transport import REQUEST
from tests.wire.failing import FRAME, HEAD, read_request, serving

ROOT = Path(__file__).parents[2]
PREPARATION = 1.5
"""Seconds by which each step that prepares the request is made longer."""
FIRST = 0.3
"""Seconds until the server sends the first token."""

SCRIPT = """
import importlib, json, shutil, sys, time

PREPARATION, VIA, MODEL = float(sys.argv[1]), sys.argv[2], sys.argv[3]

def slow(function):
    def slower(*arguments, **keywords):
        time.sleep(PREPARATION)
        return function(*arguments, **keywords)
    return slower

class SlowImport:
    names = ["openai", "openai.resources.chat"]

    def find_spec(self, name, path=None, target=None):
        if name in self.names:
            self.names.remove(name)
            time.sleep(PREPARATION)

sys.meta_path.insert(0, SlowImport())
import requests, sfstream
shutil.which = slow(shutil.which)
requests.Session.merge_environment_settings = slow(requests.Session.merge_environment_settings)
began = time.monotonic()
reply = sfstream.chat("Hello", model=MODEL, via=VIA, display="off", log=False)
wall = time.monotonic() - began
print(json.dumps([wall, reply.recording.chunks[0].t, reply.timing.first_token, reply.timing.total]))
"""


@pytest.mark.parametrize("via", ["openai", "requests", "curl"])
def test_what_comes_before_the_request_is_not_counted(via: str) -> None:
    """The first answer of a process: imports, proxies and the search for curl take long, and the server does too."""
    command = [sys.executable, "-c", SCRIPT, str(PREPARATION), via, f"demo/english+first-{FIRST}+rate-1000"]
    with DemoServer() as server:
        environ = os.environ | {"SILICONFLOW_BASE_URL": server.base_url}
        ran = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=True)
    wall, *times = json.loads(ran.stdout)
    assert wall >= PREPARATION + FIRST
    assert sorted(times) == times
    assert times[0] >= FIRST
    assert times[-1] < PREPARATION


@pytest.mark.parametrize("via", ["openai", "requests"])
def test_connecting_is_counted(via: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is found slowly belongs to the wait for the server."""
    found = socket.getaddrinfo

    def slowly(*arguments: Any, **keywords: Any) -> Any:
        time.sleep(FIRST)
        return found(*arguments, **keywords)

    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    with serving(lambda connection: _answer(connection, HEAD + b"\r\n" + FRAME)) as url:
        monkeypatch.setenv("SILICONFLOW_BASE_URL", url)
        reply = ask("Hello", via=via, display="off")
    assert reply.content == "Hi"
    assert FIRST <= (reply.timing.first_token or 0)


@pytest.mark.parametrize("via", ["openai", "requests", "curl"])
def test_each_attempt_has_its_own_times(via: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a refused attempt took, and the wait after it, are not counted."""
    refusal = b"HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    answers = [HEAD + b"\r\n" + FRAME, refusal]
    settings["retries"] = 1
    began = time.monotonic()
    with serving(lambda connection: _answer(connection, answers.pop())) as url:
        monkeypatch.setenv("SILICONFLOW_BASE_URL", url)
        reply = ask("Hello", via=via, display="off")
    assert reply.content == "Hi"
    assert (reply.timing.total or 9) < 2 < time.monotonic() - began


def test_a_failed_call_is_timed_from_its_last_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing came at all; the wait between the attempts is not part of the last one."""
    monkeypatch.setattr("sfstream.run.loop.seconds_before_retry", lambda _, attempt, retries: None if attempt else 1.0)
    began = time.monotonic()
    with serving(lambda connection: None) as url:
        monkeypatch.setenv("SILICONFLOW_BASE_URL", url)
        reply = ask("Hello", via="requests", display="off")
    assert reply.status == "failed"
    assert (reply.timing.total or 9) < 1 < time.monotonic() - began


def test_the_wait_for_the_library_has_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is loaded once in a process, and nothing is connected before that."""
    monkeypatch.delitem(sys.modules, "openai", raising=False)
    assert (LOADING, CONNECTING) == (before_sending("openai"), before_sending("requests"))
    assert CONNECTING == once_sent(LOADING)
    monkeypatch.setitem(sys.modules, "openai", sys)
    assert CONNECTING == before_sending("openai")


def test_the_seconds_of_an_answer_leave_the_library_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted while the answer streams agrees with its last line."""
    now = [100]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    clock, reply = Clock(), Reply(REQUEST, via="openai")
    answer, seconds = Message(""), []
    for doing, later in ((LOADING, 104), (LOADING, 104), (CONNECTING, 105), (CONNECTING, 106), (answer, 109)):
        seconds.append(clock.read(reply, doing)[0])
        now[0] = later
    assert [0, 4, 0, 1, 2] == seconds
    assert (5, 5) == clock.read(reply, answer)


def _answer(connection: socket.socket, data: bytes) -> None:
    read_request(connection)
    connection.sendall(data)

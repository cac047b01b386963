"""The log when processes die."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from sfstream import log
from sfstream.demo.prepared import recording
from sfstream.demo.server import DemoServer
from sfstream.log.entries import reply_of
from sfstream.run.ask import ask
from sfstream.wire.curl import _dying_with_us
from sfstream.wire.transport import VIA
from tests.run.test_stop import CHUNK, HEAD, Listener
from tests.waiting import until

ASK = """
import sys, sfstream
for event in sfstream.stream("Hello", model=f"demo/{sys.argv[2]}", via=sys.argv[1]):
    sys.stdout.write(getattr(event, "content", ""))
    sys.stdout.flush()
"""


@pytest.fixture
def paced(monkeypatch: pytest.MonkeyPatch) -> Iterator[DemoServer]:
    """The demo server, at twice its own pace: 100 tokens a second."""
    with DemoServer(speed=2) as server:
        monkeypatch.setenv("SILICONFLOW_BASE_URL", server.base_url)
        yield server


def child(code: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE)


@pytest.mark.parametrize("length", [1, 150, 300])
@pytest.mark.parametrize("via", VIA)
def test_a_killed_process_loses_nothing_that_came(paced: DemoServer, via: str, length: int) -> None:
    """After SIGKILL in mid-stream, whatever the process had shown is in the log, marked as interrupted."""
    process = child(ASK, via, "chinese")
    assert process.stdout
    shown = process.stdout.read(length)
    assert "streaming" == log.entries()[0].status
    process.send_signal(signal.SIGKILL)
    shown += process.stdout.read()
    process.wait()
    process.stdout.close()

    (entry,) = log.entries()
    again = log.last()
    assert ("cut", "cut", True) == (entry.status, again.status, bool(entry.problem))
    assert entry.problem in [*map(str, again.notes)]
    assert again.content.encode().startswith(shown)
    assert reply_of(recording("chinese")).content.startswith(again.content)


@pytest.mark.curl
@pytest.mark.parametrize("trickle", [CHUNK, b""], ids=["trickling", "silent"])
def test_a_curl_whose_kernel_is_killed_ends(monkeypatch: pytest.MonkeyPatch, trickle: bytes) -> None:
    """Nobody reads what it writes, so it does not go on for as long as the answer does, be the server silent too."""
    server = Listener(HEAD + CHUNK, trickle=trickle)
    monkeypatch.setenv("SILICONFLOW_BASE_URL", f"http://127.0.0.1:{server.port}/v1")
    process = child(ASK, "curl", "any")
    assert process.stdout
    process.stdout.read(1)
    (curl,) = psutil.Process(process.pid).children()
    process.kill()
    process.communicate()

    until(lambda: is_over(curl), seconds=5)
    server.close()


@pytest.mark.curl
def test_without_a_way_to_end_with_the_kernel_curl_works(
    asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A setpriv that cannot do it, as busybox', or none at all, is done without."""
    (tmp_path / "curl").symlink_to(shutil.which("curl") or "")
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    for script in ("", "#!/bin/sh\nexit 1\n"):
        (tmp_path / "setpriv").write_text(script)
        (tmp_path / "setpriv").chmod(0o700)
        _dying_with_us.cache_clear()
        assert "complete" == ask("Hello", model="demo/english", via="curl", display="off").status
    _dying_with_us.cache_clear()


def is_over(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE  # nobody may be there to ask how it ended
    except psutil.NoSuchProcess:
        return True


def test_what_still_grows_is_told_from_what_was_interrupted(paced: DemoServer) -> None:
    """As long as its process lives an answer is streaming, and says so when it is shown; then it is cut."""
    process = child(ASK, "requests", "stall-after-20")
    until(lambda: log.count() == 1)
    assert "streaming" == log.entries()[0].status
    again = log.last()
    assert "streaming" == again.status
    assert any("still coming" in str(note) for note in again.notes)

    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert "cut" == log.entries()[0].status
    assert repr(log.last()).endswith(" · interrupted: its process ended first")

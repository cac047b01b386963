"""A disk that does not take the log costs the log, never the answer; and a key is not on the disk."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sfstream import log
from sfstream.core.config import settings
from sfstream.core.reply import Reply
from sfstream.demo.server import DemoServer
from sfstream.errors import ConfigurationError, RecordingError
from sfstream.run.ask import ask
from sfstream.wire.credentials import remember
from sfstream.wire.endpoint import Endpoint
from tests.log.places import KEY, wait_for_compression
from tests.wire.test_odd_servers import FRAME, answering, head

API_KEY = "sk-planted0123456789abcdef"
LIMITED = """
import resource, sfstream
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
for _ in range(2):
    reply = sfstream.chat("Hello", model="demo/chinese", via="requests", display="off")
    print(reply.status, len(reply.content), reply.notes)
"""


def asked(model: str = "demo/english", prompt: str = "Hello") -> Reply:
    return ask(prompt, model=model, via="requests", display="off")


def test_a_folder_that_cannot_be_made_costs_the_log_only(asking_demo: DemoServer) -> None:
    """Every answer is whole; the first says why there is no log, the second says nothing."""
    log.folder().parent.mkdir(parents=True)
    log.folder().write_text("in the way")
    first, second = asked(), asked()

    assert ("complete", "complete") == (first.status, second.status)
    assert (1, 0) == (len(first.notes), len(second.notes))
    assert str(log.folder()) in str(first.notes[0])
    assert "File exists" in str(first.notes[0])
    assert ([], 0) == (log.entries(), log.count())


def test_a_place_that_does_not_exist_is_told(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where nobody can make a folder there is one note."""
    monkeypatch.setenv("XDG_DATA_HOME", "/proc/self/nowhere")
    assert 1 == len(asked().notes)


@pytest.mark.parametrize("nines", [18, 229], ids=["large", "too-large"])
def test_a_number_that_is_too_large_costs_the_log_only(asking_demo: DemoServer, nines: int) -> None:
    """A file of somebody else's, after whose number there is none that a file could be named by: one note."""
    log.folder().mkdir(parents=True)
    (log.folder() / f"{'9' * nines}-{KEY}.jsonl.gz").write_bytes(b"x")
    notes = [note for _ in range(2) for note in asked().notes]
    assert (1 if nines > 18 else 0) == len(notes)
    assert (1 if nines > 18 else 3) == len(log.entries())


def test_a_folder_that_cannot_be_read_is_told(asking_demo: DemoServer) -> None:
    """It is not said to be empty."""
    log.folder().parent.mkdir(parents=True)
    log.folder().symlink_to(log.folder())
    assert ("complete", 1) == ((reply := asked()).status, len(reply.notes))
    for call in (log.entries, log.last, log.forget_all):
        with pytest.raises(RecordingError, match="cannot be read: Too many levels"):
            call()


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on the size of files: run on Linux")
def test_a_disk_that_fills_costs_the_rest_of_the_log(asking_demo: DemoServer) -> None:
    """What had been written stays and is found; the answer is whole, and one note says so once."""
    done = subprocess.run([sys.executable, "-c", LIMITED], capture_output=True, text=True, timeout=60)
    first, second = done.stdout.splitlines()

    assert first.startswith("complete "), done.stderr
    assert "File too large" in first
    assert f"{first.partition('[')[0]}[]" == second
    assert ["cut", "cut"] == [entry.status for entry in log.entries()]
    assert log.last().content


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on the size of files: run on Linux")
@pytest.mark.parametrize("name", ["answer.md", "answer.json", "answer.jsonl"])
def test_an_export_that_does_not_fit_is_told(asking_demo: DemoServer, tmp_path: Path, name: str) -> None:
    """In one sentence, although it shows only when it is written."""
    asked()
    with at_most(100), pytest.raises(RecordingError, match="cannot be written: File too large"):
        log.export(1, tmp_path / name)
    assert not (tmp_path / name).exists()  # else it would be in the way of the next attempt
    with pytest.raises(RecordingError, match="cannot be written: File name too long"):
        log.export(1, tmp_path / ("long" * 100 + name))


@contextmanager
def at_most(size: int) -> Iterator[None]:
    """Files of this process can grow to so many bytes."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_key_is_not_in_the_log(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither one that the server echoes, nor one that stands in the prompt, which is refused."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", API_KEY)
    with pytest.raises(ConfigurationError, match="holds the API key"):
        asked("demo/echo", f"my key is {API_KEY}, is it not?")
    assert [] == log.entries()
    with answering(head(), (FRAME % (f"your key is {API_KEY}", '"stop"')).encode()) as url:
        remember(Endpoint(url, API_KEY))
        settings.update(base_url=url)
        asked("m")
    wait_for_compression()
    files = list(log.folder().glob("*.gz"))
    kept = b"".join(gzip.decompress(path.read_bytes()) for path in files)

    assert 1 <= len(files)
    assert b"your key is" in kept
    assert API_KEY[3:].encode() not in kept

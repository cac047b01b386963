"""What an answer takes on disk once it has ended."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest

from sfstream import log
from sfstream.core.events import Chunk
from sfstream.core.recording import End, Head, Recording
from sfstream.demo.server import DemoServer
from sfstream.log.format import open_recording
from sfstream.log.store import LogFile
from sfstream.log.writer import save_recording
from tests.bench.sizes import REASONING, write
from tests.log.places import KEY, wait_for_compression
from tests.log.test_log import asked


def test_a_finished_answer_is_small(asking_demo: DemoServer) -> None:
    """It is packed, and takes at most 4 times its text where it is more than a few words."""
    sizes = {}
    for name in ("english", "chinese", "long"):
        content = asked(f"demo/{name}").content
        path = log.entries()[0].path
        wait_for_compression()
        assert gzip.decompress(path.read_bytes()).endswith(b"\n")
        sizes[name] = path.stat().st_size / len(content.encode())

    assert {} == {name: size for name, size in sizes.items() if size > 4}


@pytest.mark.parametrize(("tokens", "reasoning"), [(200, 0), (600, REASONING)])
@pytest.mark.parametrize(("language", "length"), [("English", 4), ("Chinese", 2)])
def test_tokens_as_models_make_them_are_small(
    tmp_path: Path, language: str, length: int, tokens: int, reasoning: float
) -> None:
    """At most 4 times the text, of so many tokens at random times."""
    path = tmp_path / "a.jsonl.gz"
    size = write(path, language, length, tokens, reasoning)
    assert path.stat().st_size <= 4 * size


def test_large_frames_are_small_too(tmp_path: Path) -> None:
    """Each is like the one before it, however far back that begins, as where a server adds what it thought of each
    token; also after a long prompt."""
    path = tmp_path / "a.jsonl.gz"
    same = random.Random(7).randbytes(5000).hex()
    chunks = [Chunk(number / 50, f'data: {{"same":"{same}","number":{number}}}\n\n'.encode()) for number in range(100)]
    save_recording(Recording(Head({"prompt": "long " * 20_000}), chunks), path)
    assert path.stat().st_size < 3 * len(same)


def test_times_are_no_finer_than_is_shown() -> None:
    """Each digit more is a part of the file."""
    file = LogFile(KEY)
    file.begin(Head({"model": "m", "messages": []}))
    for t in (0.123456, 1.23456, 123.456):
        file.add(Chunk(t, b"data: {}\n\n"))
    file.end(End("complete"))
    assert [0.123, 1.23, 123.46] == [chunk.t for chunk in open_recording(log.entries()[0].path).chunks]

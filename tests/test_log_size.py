"""What an answer takes on disk once it has ended."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from sfstream import log
from sfstream.demo.server import DemoServer
from tests.bench.sizes import write
from tests.test_log import asked


def test_a_finished_answer_is_small(asking_demo: DemoServer) -> None:
    """It is packed, and takes at most 4 times its text where it is more than a few words."""
    sizes = {}
    for name in ("english", "chinese", "long"):
        content = asked(f"demo/{name}").content
        path = log.entries()[0].path
        assert gzip.decompress(path.read_bytes()).endswith(b"\n")
        sizes[name] = path.stat().st_size / len(content.encode())

    assert {} == {name: size for name, size in sizes.items() if size > 4}


@pytest.mark.parametrize(("language", "length"), [("English", 4), ("Chinese", 2)])
def test_tokens_as_models_make_them_are_small(tmp_path: Path, language: str, length: int) -> None:
    """At most 4 times the text, of some hundred tokens at random times; smaller than it would be with gzip as it is."""
    path = tmp_path / "a.jsonl.gz"
    size = write(path, language, length, tokens=300)
    assert path.stat().st_size <= 4 * size
    assert path.stat().st_size < len(gzip.compress(gzip.decompress(path.read_bytes()), 9))

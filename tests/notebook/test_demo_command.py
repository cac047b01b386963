"""``sfstream demo``: which notebooks it offers, and the page that it writes."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from sfstream.__main__ import as_page, main, notebooks


def test_it_says_what_there_is_and_opens_what_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All notebooks are copied; the list has a line for each that is in English."""
    opened: list[str] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "execv", lambda program, arguments: opened.append(arguments[-1]))
    assert not main(["demo", "lesson-1-zh"])
    assert "--LabApp.default_url=/lab/tree/lesson-1-what-streaming-is-zh.ipynb" == opened[-1]
    assert {path.name for path in notebooks().values()} == {path.name for path in tmp_path.iterdir()}
    out = capsys.readouterr().out
    assert re.search(r"^  quickstart +the first ten minutes$", out, re.MULTILINE)
    assert re.search(r"^  lesson-1 +What streaming is$", out, re.MULTILINE)
    assert len(notebooks()) // 2 + 1 == len(out.splitlines())


def test_an_unknown_notebook_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """One line, with the names that there are; nothing is copied."""
    assert 1 == main(["demo", "lesson-0"])
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("There is no notebook 'lesson-0'. There are: ")
    assert "lesson-1-zh" in line


def test_a_page_loads_nothing() -> None:
    """No address stands where a browser would fetch it, and the policy of the page forbids it too."""
    v4: Any = nbformat.v4
    cells = [v4.new_markdown_cell("# A lesson\n\n$x$"), v4.new_code_cell("6 * 7")]
    page = as_page(v4.new_notebook(cells=cells), "a lesson")
    assert "<title>a lesson</title>" in page
    assert "default-src 'none'" in page
    assert [] == re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[^>]*>", page)
    assert [] == re.findall(r"@import|url\((?!['\"]?data:)[^)]*\)|import\(", page)

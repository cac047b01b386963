"""``sfstream demo``: which notebooks it offers, and the page that it writes."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
import pytest

from sfstream.__main__ import as_page, main, notebooks, offer
from tests.notebook.test_first_minutes import demo_command

ROOT = Path(__file__).parents[2]


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
    assert "lesson-1," in line
    assert line.endswith(", each also with -zh.")


def test_it_names_itself_as_it_was_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """In an environment that was not activated, ``sfstream`` alone is not found."""
    monkeypatch.setattr(sys, "argv", [".venv/bin/sfstream"])
    monkeypatch.setenv("PATH", "/nowhere")
    assert "To open one: .venv/bin/sfstream demo NAME, or" in offer()
    monkeypatch.setattr(shutil, "which", lambda name: f"/anywhere/{name}")
    assert "To open one: sfstream demo NAME, or" in offer()


def test_a_page_loads_nothing() -> None:
    """No address stands where a browser would fetch it, and the policy of the page forbids it too."""
    v4: Any = nbformat.v4
    cells = [v4.new_markdown_cell("# A lesson\n\n$x$"), v4.new_code_cell("6 * 7")]
    page = as_page(v4.new_notebook(cells=cells), "a lesson")
    assert "<title>a lesson</title>" in page
    assert "default-src 'none'" in page
    assert [] == re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[^>]*>", page)
    assert [] == re.findall(r"@import|url\((?!['\"]?data:)[^)]*\)|import\(", page)


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (0, f"sfstream {version('sfstream')}\n") == (ended.value.code, capsys.readouterr().out)


@pytest.mark.parametrize("arguments", [["--help"], ["demo", "--help"], ["--version"], ["demo", "--execute"]])
def test_a_reader_that_has_gone_ends_it_quietly(tmp_path: Path, arguments: list[str]) -> None:
    """As ``head`` goes: the command ends as others do that write into a closed pipe."""
    _write_notebook(tmp_path / "quickstart.ipynb", "print(6 * 7)")
    command, environ = [sys.executable, "-m", "sfstream", *arguments], os.environ | {"PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=tmp_path, env=environ, stdout=pipe, stderr=pipe, text=True) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        assert "" == running.stderr.read()
    assert -signal.SIGPIPE == running.returncode


@pytest.mark.kernel
def test_pip_in_a_notebook_is_that_of_the_environment(tmp_path: Path) -> None:
    """Both ways to call it install where the kernel imports from, though the environment was not activated."""
    _write_notebook(tmp_path / "quickstart.ipynb", "%pip --version\n!pip --version\n!sfstream --version")
    ran = demo_command(tmp_path, PATH=os.defpath)
    assert 2 == ran.stdout.count(f" from {sys.prefix}{os.sep}"), ran.stdout + ran.stderr
    assert f"sfstream {version('sfstream')}" in ran.stdout


def _write_notebook(path: Path, source: str) -> None:
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))

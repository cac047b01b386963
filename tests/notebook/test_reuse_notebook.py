"""A notebook of 20 prompt cells and a folder of answers, restarted and run to its end."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from sfstream import log
from sfstream.api import chat
from sfstream.demo.server import DemoServer

MODELS = ("demo/english", "demo/chinese", "demo/reasoning", "demo/echo", "demo/length")
PROMPTS = [(f"Question {number}: $x^{number}$?", MODELS[number % 5], number / 10) for number in range(20)]
CELLS = [f"%%sfchat -m {model} -t {temperature}\n{prompt}" for prompt, model, temperature in PROMPTS]


@pytest.mark.kernel
def test_restart_and_run_all_asks_nothing(asking_demo: DemoServer, tmp_path: Path) -> None:
    """No cell sends a request, and each is saved as it was, byte for byte."""
    for prompt, model, temperature in PROMPTS:
        chat(prompt, model=model, temperature=temperature, reuse=tmp_path / "answers", display="off", via="requests")
    before = len(asking_demo.requests)
    first, second = executed(tmp_path), executed(tmp_path)

    assert (before, 20) == (len(asking_demo.requests), log.count())
    assert first == second
    for (prompt, model, _), (shown,) in zip(PROMPTS, first, strict=True):
        assert {"text/html", "text/markdown", "text/plain"} <= shown.keys()
        assert "answered from answers, 20" in shown["text/html"]
        assert model != "demo/echo" or prompt in shown["text/plain"]


def executed(folder: Path) -> list[list[dict[str, Any]]]:
    """Start a kernel, run all cells in it, and return what is saved of each prompt cell."""
    cells = ["%load_ext sfstream\n%config SfChat.reuse = 'answers'", *CELLS]
    notebook: Any = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])  # type: ignore[no-untyped-call]
    start, times = time.monotonic(), os.times()
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": os.fspath(folder)}}).execute()
    used = sum(os.times()[:4]) - sum(times[:4])
    print(f"restarted and run to its end in {time.monotonic() - start:.1f} s, {used:.1f} s of them on the CPU")
    return [[output["data"] for output in cell["outputs"]] for cell in notebook["cells"][1:]]

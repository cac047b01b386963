"""The notebook that tries out what goes beyond one prompt and one answer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from sfstream.demo.server import DemoServer

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.mark.kernel
@pytest.mark.parametrize("name", ["exploring", "exploring-zh"])
def test_each_cell_gives_what_the_text_beside_it_says(
    asking_demo: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Run from top to bottom in a kernel. One cell is meant to fail, and no other does."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", "sk-any")
    monkeypatch.setenv("SILICONFLOW_MODEL", "demo/chat")
    notebook: Any = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)  # type: ignore[no-untyped-call]  # few types
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": os.fspath(tmp_path)}}).execute()

    outputs = {cell["source"]: cell["outputs"] for cell in notebook["cells"] if cell["cell_type"] == "code"}
    errors = [output["ename"] for shown in outputs.values() for output in shown if output["output_type"] == "error"]
    assert ["IndexError"] == errors
    texts = {source: "\n".join(map(text, shown)) for source, shown in outputs.items()}
    for source, expected in EXPECTED[name].items():
        (found,) = [texts[cell] for cell in texts if source in cell]
        assert expected in found, source


def text(output: Any) -> str:
    """Return the plain text of an output."""
    plain: str = output.get("text") or output.get("data", {}).get("text/plain", "")
    return plain


ENGLISH = {
    "--dry-run": "| Mars | 0.642 | 687.0 |",
    '%%sfchat -s "Answer': "| Mars | 0.642 | 687.0 |",
    "{{ last_error }}": "IndexError: tuple index out of range",
    "-c and shorter": "so you read while the rest is still being made",
    "--conversation streams\nand shorter": "so you read while the rest is still being made",
    "import conversations": "streams · 2 turns",
    'conversations["streams"].fork': "['user', 'assistant']",
    "Nobel": "answered from answers, 20",  # the second of two equal cells
    "--schema list[Item]": '"fountain pen"',
    "sum(item": "45.0",
    "answer.items()": "Item(name='pencil', quantity=5, price=0.8)",
    "-f code": "print(primes)",
    "code_blocks": "[('python', 166), ('', 36)]",
    "primes.md": "Divide each candidate",
    "-a logo": "PNG, 64×64 pixels",
}
CHINESE = {
    "--dry-run": "| Mars | 0.642 | 687.0 |",
    '%%sfchat -s "只回答': "| Mars | 0.642 | 687.0 |",
    "{{ last_error }}": "IndexError: tuple index out of range",
    "-c 再短": "一生成就发出来",
    "--conversation streams\n再短": "一生成就发出来",
    "import conversations": "streams · 2 轮",
    'conversations["streams"].fork': "['user', 'assistant']",
    "诺贝尔": "取自 answers（20",
    "--schema list[Item]": '"钢笔"',
    "sum(item": "45.0",
    "answer.items()": "Item(name='铅笔', quantity=5, price=0.8)",
    "-f code": "print(素数)",
    "code_blocks": "[('python', ",
    "primes.md": "用已经找到的素数",
    "-a logo": "PNG, 64×64 像素",
}
EXPECTED = {"exploring": ENGLISH, "exploring-zh": CHINESE}
"""Text that a cell's source contains, and text of its output."""

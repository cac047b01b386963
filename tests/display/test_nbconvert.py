"""What ``jupyter nbconvert --to markdown`` writes of answers: the Markdown of ours, and the HTML of others."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter, MarkdownExporter
from traitlets.config import Config

import sfstream.display
from sfstream.core.events import Delta, Finish
from sfstream.display.mimebundle import bundle, metadata
from tests.replies import ended

TEXT = "# Heading\n\nA *word*, $x^2$ and\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n```python\nprint(1)\n```\n"
CONFIG = Path(sfstream.display.__path__[0]) / "jupyter_nbconvert_config.json"


def exported(exporter: type) -> str:
    """Export a notebook with an answer, a view of it, and an output of somebody else."""
    reply = ended(Delta(content=TEXT), Finish(0, "stop"))
    v4 = nbformat.v4
    view = {"text/html": '<div class="sfstream-recording"><script>1</script></div>', "text/plain": "Chunks: 1"}
    theirs = {"text/html": "<b>theirs</b>", "text/markdown": "**theirs**"}
    outputs = [
        v4.new_output("display_data", bundle(reply), metadata=metadata(reply)),  # type: ignore[no-untyped-call]
        v4.new_output("display_data", view),  # type: ignore[no-untyped-call]
        v4.new_output("display_data", theirs),  # type: ignore[no-untyped-call]
    ]
    cell = v4.new_code_cell("%sfchat hi", outputs=outputs)  # type: ignore[no-untyped-call]
    notebook = v4.new_notebook(cells=[cell])  # type: ignore[no-untyped-call]
    text: str = exporter(config=Config(json.loads(CONFIG.read_text()))).from_notebook_node(notebook)[0]
    return text


def test_markdown_is_as_a_person_would_write_it() -> None:
    """The source of the answer; a view is its text; the outputs of others are as ever."""
    text = exported(MarkdownExporter)
    assert TEXT.strip() in text
    assert "    Chunks: 1" in text
    assert "<b>theirs</b>" in text
    assert "sfstream-" not in text


def test_a_page_holds_the_html() -> None:
    """Nothing changes for other formats."""
    text = exported(HTMLExporter)
    assert "sfstream-content" in text
    assert "sfstream-recording" in text

"""Notebooks in which hostile answers are played, and the JupyterLab that shows them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect

from sfstream.core.events import Chunk
from sfstream.core.recording import End, Head, Recording
from sfstream.demo.compose import Script, frames_of
from sfstream.log.writer import save_recording
from tests.browser.lab import served, write_notebook
from tests.hostile.corpus import Payload
from tests.hostile.witness import Witness

STEP = 0.015
"""Seconds between the pieces of an answer."""
EACH = """import pathlib, sfstream
from IPython.display import Markdown, display
from sfstream.display.mimebundle import bundle

for path in sorted(pathlib.Path('answers').iterdir())[{begin}::{step}]:
    """
SHOWN = {
    "live": "sfstream.chat(replay=path, display='live')",
    "view": "view = sfstream.StreamView(); display(view); sfstream.chat(replay=path, into=view, speed='max')",
    "html": "sfstream.chat(replay=path, display='html', speed='max')",
    "markdown": """reply = sfstream.chat(replay=path, display='off', speed='max')
    display({'text/markdown': bundle(reply)['text/markdown']}, raw=True)""",
    "plain": "display(Markdown(sfstream.chat(replay=path, display='off', speed='max').content))",
}
"""The ways to show an answer: as it streams, and then static; in a view that stays; without a widget, and then static;
what other readers of Markdown are given; and, as everybody knows it, the text as Markdown of IPython."""
_SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none", "maxNumberOutputs": 100_000},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
"""All outputs are in the page, however many there are, and nothing but the notebook is."""


def record(folder: Path, payloads: Sequence[Payload]) -> None:
    """Recordings of the payloads as answers; of half of them as the reasoning before it too."""
    folder.mkdir()
    for payload in payloads:
        asked = {"model": payload.name, "messages": [{"role": "user", "content": "Hello"}], "stream": True}
        pieces = _thirds(payload.text)
        frames = frames_of(asked, Script(pieces, reasoning=pieces if payload.number % 4 < 2 else ()))
        chunks = [Chunk(round(STEP * number, 3), frame) for number, frame in enumerate(frames)]
        save_recording(Recording(Head(asked), chunks, End("complete")), folder / f"{payload.number:04}.jsonl")


@contextmanager
def lab(folder: Path, payloads: Sequence[Payload]) -> Iterator[str]:
    """JupyterLab over the folder, where the payloads are recorded; its commands can be listened to."""
    record(folder / "answers", payloads)
    config = folder / "config"
    for name, settings in _SETTINGS.items():
        path = config / "lab" / "user-settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(settings))
    (config / "jupyter_server_config.json").write_text(json.dumps({"LabApp": {"expose_app_in_browser": True}}))
    with served("lab", folder, JUPYTER_CONFIG_DIR=str(config)) as address:
        yield address.replace("/lab/", "/doc/")


def run(seen: Witness, address: str, folder: Path, way: str, begin: int = 0, step: int = 1) -> int:
    """Open a new notebook that shows answers in one of the ways, and run it.

    Args:
        begin: the first answer.
        step: every how many after it.

    Returns:
        how many answers it shows.
    """
    write_notebook(folder / f"{way}.ipynb", EACH.format(begin=begin, step=step) + SHOWN[way])
    seen.go(f"{address}{way}.ipynb")
    seen.page.wait_for_function("window.jupyterapp?.shell.currentWidget?.content?.activeCell")
    seen.page.evaluate("witness.listen(jupyterapp)")
    seen.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.ready.then(() => undefined)")
    seen.page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells').then(() => undefined)")
    expect(seen.page.locator(".jp-CodeCell .jp-InputPrompt")).to_have_text("[1]:", timeout=120_000)
    seen.wait()
    return len(sorted((folder / "answers").iterdir())[begin::step])


def save(seen: Witness) -> None:
    """Save the notebook of the page."""
    seen.page.evaluate("jupyterapp.commands.execute('docmanager:save').then(() => undefined)")


def exported(path: Path) -> bytes:
    """A saved notebook as the page that nbconvert makes of it."""
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--stdout", str(path)]
    environ = os.environ | {"HOME": str(path.parent), "JUPYTER_CONFIG_DIR": str(path.parent / "home")}
    return subprocess.run(command, env=environ, capture_output=True, check=True).stdout


def _thirds(text: str) -> list[str]:
    third = max(1, len(text) // 3)
    return [text[:third], text[third : 2 * third], text[2 * third :]]

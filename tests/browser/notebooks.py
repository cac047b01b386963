"""Notebooks in an application that serves them, and what a person does with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from playwright.sync_api import Locator, Page, ViewportSize

from sfstream.demo.server import DemoServer
from tests.browser.lab import APPS, served, write_notebook
from tests.browser.page import ARTEFACTS, browser, run_first

WINDOW: ViewportSize = {"width": 1000, "height": 900}
SLOW_END = """
import time
from sfstream.display.widget import StreamView
_finish = StreamView.finish
def _slowly(self, reply):
    _finish(self, reply)
    time.sleep(2)
StreamView.finish = _slowly
"""
"""Lets the ended widget stand for a while before the static answer takes its place."""


@dataclass
class Notebooks:
    """An application that serves notebooks, and a page for them."""

    app: str
    address: str
    folder: Path
    page: Page
    count: int = 0

    @property
    def server(self) -> str:
        """The address of its interface."""
        return self.address.removesuffix(f"/{APPS[self.app]}/")

    @property
    def name(self) -> str:
        """The file of the notebook that is open."""
        return f"{self.count}.ipynb"

    def open(self, *cells: str) -> list[Locator]:
        """Open a new notebook of these cells after one that loads sfstream, which has run; give them."""
        self.count += 1
        for session in requests.get(f"{self.server}/api/sessions", timeout=30).json():
            requests.delete(f"{self.server}/api/sessions/{session['id']}", timeout=30)
        write_notebook(self.folder / self.name, "%load_ext sfstream", *cells)
        self.page.set_viewport_size(WINDOW)
        self.page.goto(f"{self.address}{self.name}?reset")  # in JupyterLab, without the notebook before
        run_first(self.page)
        found = self.page.locator(".jp-Notebook .jp-CodeCell")
        return [found.nth(i + 1) for i in range(len(cells))]

    def run(self, count: int = 1) -> None:
        """Run the next cells."""
        for _ in range(count):
            self.page.keyboard.press("Shift+Enter")

    def picture(self, name: str) -> None:
        """Keep a screenshot."""
        ARTEFACTS.mkdir(exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"{name}-{self.app}.png")


@contextmanager
def opened(app: str, folder: Path) -> Iterator[Notebooks]:
    """An application over a folder, and a page of it; the demo, which it asks, plays at three times its pace."""
    with (
        DemoServer(speed=3.0) as demo,
        served(app, folder, SILICONFLOW_BASE_URL=demo.base_url, SILICONFLOW_MODEL="demo/chat") as address,
        browser() as page,
    ):
        yield Notebooks(app, address, folder, page)

"""One measurement: a new notebook in a JupyterLab, a cell run in it, and what was seen of it in the browser."""

from __future__ import annotations

import contextlib
import json
import math
import shutil
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from playwright.sync_api import TimeoutError as TooSlowError

from tests.bench.lab import server
from tests.bench.lab.contestants import NOTHING, USED
from tests.browser.lab import write_notebook

WATCH = Path(__file__).with_name("watch.js")
RATE = 250
"""Tokens a second."""
LATE, STUCK = 120.0, 10.0
"""Seconds that the page may take after the last token: in all, and without anything new."""
SETTLE = 1.0
"""Seconds that belong to a run after its end: what a contestant still does then is a part of its cost."""
LOOK = 0.3
"""Seconds between two looks at whether it has ended."""
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--proxy-bypass-list=127.0.0.1")
_SETUP = "%load_ext sfstream\nfrom tests.bench.lab.contestants import run"


@dataclass(frozen=True)
class Task:
    """What to measure: a contestant, a text, and how many tokens of it."""

    who: str
    text: str
    tokens: int

    @property
    def model(self) -> str:
        return server.model(self.text, self.tokens, RATE)


@dataclass(frozen=True)
class Seen:
    """What was seen of a run.

    Attributes:
        bytes: of the kernel's websocket, both ways.
        busy: seconds of CPU of the browser's main thread.
        seconds: the run took.
        kernel: seconds of CPU of the kernel; not a number where its cell did not end.
        latencies: seconds from the sending of each token to the screen, in the order of the tokens that were shown.
        is_whole: each token stood on the page at the end, once and in order.
    """

    bytes: int
    busy: float
    seconds: float
    kernel: float
    latencies: list[float]
    is_whole: bool


@contextlib.contextmanager
def browsing() -> Iterator[Browser]:
    """A browser that can reach this machine alone."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(_ARGUMENTS))
        yield browser
        browser.close()


@dataclass(frozen=True)
class Lab:
    """Where it is measured.

    Attributes:
        browser: is there for all measurements.
        address: of JupyterLab, which a notebook's name is put after.
        folder: of the notebooks.
        base_url: of the server of the texts.
    """

    browser: Browser
    address: str
    folder: Path
    base_url: str

    def seen(self, task: Task) -> Seen:
        """Run it in a notebook, a kernel and a browser context of its own."""
        try:
            return self._seen(task)
        except TooSlowError:  # on a busy machine JupyterLab does not always come up, which is not what is measured
            return self._seen(task)

    def _seen(self, task: Task) -> Seen:
        name = f"{uuid.uuid4().hex}.ipynb"
        write_notebook(self.folder / name, _SETUP, f"run({task.who!r}, {task.model!r})")
        context = self.browser.new_context(viewport={"width": 1000, "height": 1400})
        try:
            page = context.new_page()
            page.set_default_timeout(60_000)
            page.add_init_script(path=WATCH)
            _open(page, f"{self.address}{name}?reset")
            seen = self._run(page, context.new_cdp_session(page), task)
            page.evaluate("watch.shutDown()")
            return seen
        finally:
            context.close()

    def _run(self, page: Page, devtools: CDPSession, task: Task) -> Seen:
        (self.folder / USED).unlink(missing_ok=True)
        devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.evaluate("watch.begin(1)")
        start, busy = time.monotonic(), _busy(devtools)
        page.keyboard.press("Control+Enter")
        page.wait_for_timeout(1000 * (server.LEAD + task.tokens / RATE))
        has_ended = _wait_for_end(page, 0 if task.who == NOTHING else task.tokens)
        assert not has_ended or (self.folder / USED).exists(), page.evaluate("watch.text()")
        page.wait_for_timeout(1000 * SETTLE)
        busy, seconds = _busy(devtools) - busy, time.monotonic() - start
        return Seen(
            bytes=page.evaluate("watch.state().bytes"),
            busy=busy,
            seconds=seconds,
            kernel=self._used(),
            latencies=self._latencies(page),
            is_whole=page.evaluate("watch.marks()") == list(range(task.tokens)),
        )

    def _used(self) -> float:
        """Not a number where the cell has not ended."""
        used = self.folder / USED
        return float(json.loads(used.read_text())) if used.exists() else math.nan

    def _latencies(self, page: Page) -> list[float]:
        sent, shown = requests.get(self.base_url, timeout=10).json(), page.evaluate("watch.shown()")
        return [at / 1000 - then for at, then in zip(shown, sent, strict=False)]


def _open(page: Page, address: str) -> None:
    """Open a notebook, run its first cell, and be on the second."""
    page.goto(address)
    page.locator(".jp-Notebook .jp-CodeCell").first.locator(".jp-InputArea-editor").click()
    idle = page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    idle.wait_for()
    page.keyboard.press("Shift+Enter")
    page.locator(".jp-InputPrompt", has_text="[1]").wait_for()
    idle.wait_for()
    page.wait_for_timeout(SETTLE * 1000)


def _busy(devtools: CDPSession) -> float:
    """Seconds of CPU of the main thread since the page began."""
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return next(float(metric["value"]) for metric in metrics if metric["name"] == "TaskDuration")


def _wait_for_end(page: Page, tokens: int) -> bool:
    """Wait until the cell has ended and all is shown, or nothing new comes. Asked seldom: each look costs the page.

    Returns:
        whether the cell has ended.
    """
    deadline, patience, before = time.monotonic() + LATE, time.monotonic() + STUCK, None
    while time.monotonic() < min(deadline, patience):
        state = page.evaluate("watch.state()")
        if state != before:
            before, patience = state, time.monotonic() + STUCK
        if state["hasEnded"] and state["shown"] >= tokens:
            break
        page.wait_for_timeout(LOOK * 1000)
    return bool(before and before["hasEnded"])

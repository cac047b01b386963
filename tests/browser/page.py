"""A page of a real browser, and what a person does in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.waiting import until

ARTEFACTS = Path(__file__).parents[1] / "artefacts"
SECONDS = 60_000
"""Milliseconds that something on the page may take."""
_IDLE = '.jp-NotebookPanel-toolbar [data-status="idle"], .jp-Notebook-ExecutionIndicator[data-status="idle"]'


@contextmanager
def browser(width: int = 1000, height: int = 900) -> Iterator[Page]:
    """A page of Debian's Chromium that can reach this machine alone."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--proxy-bypass-list=127.0.0.1"]
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        page = made.new_page(
            viewport={"width": width, "height": height}, permissions=["clipboard-read", "clipboard-write"]
        )
        page.set_default_timeout(SECONDS)
        expect.set_options(timeout=SECONDS)
        yield page
        made.close()


def run_first(page: Page) -> None:
    """Run the first cell of the notebook that has just been opened, when its kernel is there."""
    cell = page.locator(".jp-Notebook .jp-CodeCell").first

    def press() -> bool:
        cell.locator(".jp-InputArea-editor").click()
        page.wait_for_selector(_IDLE)
        page.keyboard.press("Shift+Enter")
        page.wait_for_timeout(500)
        return cell.locator(".jp-InputPrompt").inner_text() != "[ ]:"

    until(press, SECONDS / 1000)  # what is pressed too early is lost
    expect(cell.locator(".jp-InputPrompt")).to_have_text("[1]:")


def save(page: Page, path: Path, said: str) -> None:
    """Save the notebook until its file says this: Jupyter passes over a save while another is under way."""

    def press() -> bool:
        page.keyboard.press("Control+s")
        page.wait_for_timeout(500)
        return said in path.read_text()

    until(press, SECONDS / 1000)

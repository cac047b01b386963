"""In a real JupyterLab and a real Notebook 7, in a real browser: what somebody sees who runs the quickstart."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from sfstream.demo.server import DemoServer
from tests.browser.lab import APPS, served, write_notebook

ROOT = Path(__file__).parents[2]
ARTEFACTS = ROOT / "tests" / "artefacts"
SECONDS = 60_000
"""Milliseconds that something on the page may take."""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page of Debian's Chromium that can reach this machine alone."""
    with sync_playwright() as playwright:
        arguments = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--proxy-bypass-list=127.0.0.1",
        ]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        made = browser.new_page(viewport={"width": 1000, "height": 1400})
        made.set_default_timeout(SECONDS)
        expect.set_options(timeout=SECONDS)
        yield made
        browser.close()


def run_all(page: Page, address: str, notebook: Path) -> None:
    """Open a notebook and run its cells from the first to the last, as a person does.

    The number of cells comes from the file: on a slow machine the page adds the last ones after the first is ready.
    """
    page.goto(address + notebook.name)
    number_of_cells = len(json.loads(notebook.read_text())["cells"])
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(number_of_cells)
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    cells.first.locator(".jp-InputArea-editor").click()
    page.wait_for_selector(
        '.jp-NotebookPanel-toolbar [data-status="idle"], .jp-Notebook-ExecutionIndicator[data-status="idle"]'
    )
    for _ in range(number_of_cells):
        page.keyboard.press("Shift+Enter")


@pytest.mark.curl
@pytest.mark.parametrize("app", APPS)
def test_the_quickstart_runs_in_the_browser(app: str, page: Page, tmp_path: Path, demo: DemoServer) -> None:
    """The Chinese one: every answer is there, with its line about it, and no cell has failed."""
    notebook = Path(shutil.copy(ROOT / "notebooks" / "quickstart-zh.ipynb", tmp_path))
    environ = {"SILICONFLOW_API_KEY": "sk-any", "SILICONFLOW_BASE_URL": demo.base_url, "SILICONFLOW_MODEL": "demo/chat"}
    with served(app, tmp_path, **environ) as address:
        run_all(page, address, notebook)
        outputs = page.locator(".jp-OutputArea-output")
        expect(outputs.filter(has_text="并非模型输出 · 完成")).to_have_count(4)
        expect(outputs.filter(has_text="菲尔兹奖")).to_have_count(1)
        expect(outputs.filter(has_text="思考了")).to_have_count(1)
        expect(outputs.filter(has_text="complete stop")).to_have_count(1)
        expect(page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']")).to_have_count(0)
        ARTEFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTEFACTS / f"quickstart-{app}.png")


@pytest.mark.parametrize("app", APPS)
def test_the_answer_grows_and_the_stop_button_stops_it(app: str, page: Page, tmp_path: Path, demo: DemoServer) -> None:
    """What had come stays on the page and in the variables."""
    notebook = tmp_path / "stop.ipynb"
    write_notebook(notebook, "%load_ext sfstream", "%sfchat -m demo/rate-100 hi", "len(sf_content) > 100")
    with served(app, tmp_path, SILICONFLOW_BASE_URL=demo.base_url) as address:
        run_all(page, address, notebook)
        output = page.locator(".jp-OutputArea-output").first
        expect(output.locator(".sfstream-live")).to_have_count(1)
        expect(output).to_contain_text("Without streaming you wait")
        page.locator("[data-command='notebook:interrupt-kernel'], .jp-ToolbarButton [title*='Interrupt']").first.click()
        expect(output).to_contain_text("Stopped")
        expect(page.locator(".jp-OutputArea-output").nth(1)).to_contain_text("Stopped: Stopped after")
        page.locator(".jp-Notebook .jp-CodeCell").nth(2).locator(".jp-InputArea-editor").click()
        page.keyboard.press("Shift+Enter")
        expect(page.locator(".jp-OutputArea-executeResult")).to_contain_text("True")
        ARTEFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTEFACTS / f"stopped-{app}.png")

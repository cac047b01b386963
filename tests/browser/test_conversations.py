"""In a real JupyterLab: which turn a cell continues when it is run again, moved, copied, and after a restart."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from sfstream.demo.server import DemoServer
from tests.browser.lab import served, write_notebook
from tests.browser.page import ARTEFACTS, SECONDS, browser, run_first, save
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CELLS = (
    "%load_ext sfstream\nimport sfstream",
    "%sfchat What is streaming?",
    "%sfchat -c and shorter?",
    "%%sfchat --conversation 流式 -s 'Answer briefly.'\n什么是流式输出？",
    "%%sfchat --conversation 流式\n再短一点？",
    'sfstream.conversations["流式"]',
)


class Lab:
    """A notebook in JupyterLab whose cells ask the demo server."""

    def __init__(self, page: Page, demo: DemoServer) -> None:
        self.page, self._demo = page, demo

    def cell(self, text: str, which: int = 0) -> Locator:
        """The cell with that text."""
        return self.page.locator(".jp-Notebook .jp-CodeCell").filter(has_text=text).nth(which)

    def run(self, cell: Locator) -> None:
        """Run a cell to its end."""
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        cell.locator(".jp-InputArea-editor").click()
        self.page.keyboard.press("Control+Enter")
        until(lambda: re.match(r"\[\d+\]:", now := prompt.inner_text()) and now != before, SECONDS / 1000)

    def asked(self, cell: Locator) -> list[str]:
        """Run a cell to its end; give the contents of the messages that it has sent, those of the model shortened."""
        before = len(self._demo.requests)
        self.run(cell)
        assert before + 1 == len(self._demo.requests)
        messages = json.loads(self._demo.requests[-1].body)["messages"]
        return ["…" if message["role"] == "assistant" else message["content"] for message in messages]

    def press(self, cell: Locator, *keys: str) -> None:
        """Press keys with the cell selected and not edited."""
        cell.locator(".jp-InputArea-editor").click()
        for key in ("Escape", *keys):
            self.page.keyboard.press(key)


def restart_kernel(server: str) -> None:
    """Restart the only kernel of a server; it is ready on return."""
    with requests.Session() as asking:
        asking.get(f"{server}/lab", timeout=60)
        (kernel,) = asking.get(f"{server}/api/kernels", timeout=60).json()
        token = {"X-XSRFToken": asking.cookies["_xsrf"]}
        asking.post(f"{server}/api/kernels/{kernel['id']}/restart", headers=token, timeout=60).raise_for_status()


def test_cells_continue_what_they_should(tmp_path: Path, demo: DemoServer) -> None:
    """What is sent, and what is on the page."""
    path = tmp_path / "talk.ipynb"
    write_notebook(path, *CELLS)
    environ = {"SILICONFLOW_BASE_URL": demo.base_url, "SILICONFLOW_MODEL": "demo/chat"}
    with served("lab", tmp_path, **environ) as address, browser(height=1600) as page:
        page.goto(f"{address}{path.name}")
        run_first(page)
        lab = Lab(page, demo)
        first, second, shown = lab.cell(CELLS[1]), lab.cell(CELLS[2]), lab.cell(CELLS[5])
        begin, shorter = lab.cell("Answer briefly"), lab.cell("再短一点")
        assert ["What is streaming?"] == lab.asked(first)
        for _ in range(2):
            assert ["What is streaming?", "…", "and shorter?"] == lab.asked(second)
        expect(second).to_contain_text("as soon as it is known, so you read")

        assert ["Answer briefly.", "什么是流式输出？"] == lab.asked(begin)
        for _ in range(2):
            assert ["Answer briefly.", "什么是流式输出？", "…", "再短一点？"] == lab.asked(shorter)
        expect(shorter).to_contain_text("Replaced turn 2 of 流式.")
        lab.run(shown)
        expect(shown).to_contain_text("流式 · 2 turns")

        lab.press(second, "Control+Shift+ArrowUp")
        expect(page.locator(".jp-Notebook .jp-CodeCell").nth(1)).to_contain_text("and shorter?")
        assert ["What is streaming?", "…", "and shorter?"] == lab.asked(second)
        lab.press(second, "c", "v")
        copied = lab.cell(CELLS[2], 1)
        assert ["What is streaming?", "…", "and shorter?", "…", "and shorter?"] == lab.asked(copied)

        ARTEFACTS.mkdir(exist_ok=True)
        shown.scroll_into_view_if_needed()
        page.screenshot(path=ARTEFACTS / "dialogue-light.png")
        save(page, path, "2 turns")
        dark = tmp_path / "home/lab/user-settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings"
        dark.write_text('{"theme": "JupyterLab Dark"}')
        page.reload()
        expect(shown).to_contain_text("流式 · 2 turns")
        expect(page.locator("body[data-jp-theme-light='false']")).to_have_count(1)
        shown.scroll_into_view_if_needed()
        page.screenshot(path=ARTEFACTS / "dialogue-dark.png")
        assert ["What is streaming?", "…", "and shorter?"] == lab.asked(second)
        assert ["Answer briefly.", "什么是流式输出？"] == lab.asked(begin)
        expect(begin).to_contain_text("Replaced turns 1 to 2 of 流式.")

        restart_kernel(address.partition("/lab/")[0])
        before = len(demo.requests)
        lab.press(lab.cell("%load_ext"), "Control+Enter")
        lab.run(second)
        expect(second).to_contain_text("there is no reply to continue from")
        assert before == len(demo.requests)
        assert ["再短一点？"] == lab.asked(shorter)
        expect(shorter).not_to_contain_text("Replaced")

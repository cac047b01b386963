"""What a notebook holds of an answer: opened again trusted, not trusted and as a page; and servers without widgets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from sfstream.demo.server import DemoServer
from tests.browser.lab import APPS, served, write_notebook
from tests.browser.page import ARTEFACTS, browser, run_first, save

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CHAT = "%sfchat What is streaming?"
MANAGER = "@jupyter-widgets/jupyterlab-manager"
NARROW = ViewportSize(width=320, height=900)


def run_notebook(page: Page, address: str) -> Locator:
    """Open a notebook of two cells, run both; give the second one."""
    page.goto(address)
    run_first(page)
    page.keyboard.press("Shift+Enter")
    return page.locator(".jp-Notebook .jp-CodeCell").nth(1)


def as_if_of_somebody_else(path: Path) -> None:
    """Change a notebook outside of Jupyter, so that its signature is not right any more."""
    notebook = nbformat.read(path, 4)  # type: ignore[no-untyped-call]
    notebook.metadata["of"] = "somebody else"
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]


def words(place: Locator) -> list[str]:
    return place.inner_text().split()


@pytest.mark.parametrize("app", APPS)
def test_a_saved_answer_is_there_when_it_is_opened_again(app: str, tmp_path: Path, demo: DemoServer) -> None:
    """Trusted, not trusted, and on the page that nbconvert makes, it says the same, and no widget is missed."""
    path = tmp_path / "saved.ipynb"
    write_notebook(path, "%load_ext sfstream", CHAT)
    environ = {"SILICONFLOW_BASE_URL": demo.base_url, "SILICONFLOW_MODEL": "demo/chat"}
    with served(app, tmp_path, **environ) as address, browser() as page:
        answer = run_notebook(page, f"{address}saved.ipynb").locator(".jp-RenderedHTML .sfstream")
        expect(answer).to_contain_text("complete")
        told = words(answer)
        save(page, path, "complete")
        assert "widgets" not in nbformat.read(path, 4).metadata  # type: ignore[no-untyped-call]
        page.goto(f"{address}saved.ipynb?reset")
        expect(answer).to_have_count(1)
        assert told == words(answer)
        path.rename(tmp_path / "theirs.ipynb")
        as_if_of_somebody_else(tmp_path / "theirs.ipynb")
        page.goto(f"{address}theirs.ipynb?reset")
        expect(answer).to_have_count(1)
        assert told == words(answer)
        command = [sys.executable, "-m", "nbconvert", "--to", "html", "theirs.ipynb"]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
        page.route("https://**", lambda route: route.abort())  # the page's MathJax, which would come from far away
        page.goto((tmp_path / "theirs.html").as_uri())
        assert told == words(page.locator(".sfstream"))
        expect(page.get_by_text("model not found")).to_have_count(0)
        ARTEFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTEFACTS / f"nbconvert-{app}.png")


@pytest.mark.parametrize("without", [["anywidget"], ["anywidget", MANAGER]], ids=["anywidget", "ipywidgets"])
@pytest.mark.parametrize("app", APPS)
def test_it_streams_where_the_server_lacks_the_widgets(
    app: str, without: list[str], tmp_path: Path, demo: DemoServer
) -> None:
    """As HTML that is sent anew, with a line that says what to install; the answer that stays has no such line."""
    write_notebook(tmp_path / "a.ipynb", "%load_ext sfstream", "%sfchat -m demo/rate-100 hi")
    with served(app, tmp_path, without, SILICONFLOW_BASE_URL=demo.base_url) as address, browser() as page:
        cell = run_notebook(page, f"{address}a.ipynb")
        expect(cell.locator(".sfstream")).to_contain_text("Without streaming you wait")
        expect(cell.locator(".sfstream")).to_contain_text("pip install anywidget")
        page.locator("[data-command='notebook:interrupt-kernel'], .jp-ToolbarButton [title*='Interrupt']").first.click()
        expect(cell.locator(".sfstream")).to_contain_text("Stopped")
        expect(cell.locator(".sfstream")).not_to_contain_text("pip install")
        expect(cell).not_to_contain_text("javascript error")


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_a_narrow_window_shows_all_of_it(theme: str, tmp_path: Path, demo: DemoServer) -> None:
    """At 320 px nothing of the answer stands out of the window; wide code and tables scroll in their own place."""
    themes = tmp_path / "home" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    themes.mkdir(parents=True)
    (themes / "themes.jupyterlab-settings").write_text(f'{{"theme": "JupyterLab {theme}"}}')
    code = "```python\nassert all(sum_of_odd_numbers(n) == n**2 for n in range(1, 1001)), 'long'\n```\n"
    table = "| 语言 | " + " | ".join(["description"] * 8) + " |\n" + "|---" * 9 + "|\n" + "| 中文 " * 9 + "|\n"
    text = f"**强调:**内容\n\n{code}\n{table}\n" + "a" * 200
    write_notebook(tmp_path / "a.ipynb", "%load_ext sfstream", f"import sfstream; sfstream.show(iter([{text!r}]))")
    with served("notebook", tmp_path) as address, browser() as page:
        answer = run_notebook(page, f"{address}a.ipynb").locator(".jp-RenderedHTML .sfstream")
        expect(answer).to_contain_text("complete")
        page.set_viewport_size(NARROW)
        box = answer.bounding_box()
        assert box
        assert box["x"] + box["width"] <= NARROW["width"]
        assert answer.evaluate("answer => answer.scrollWidth <= answer.clientWidth")
        for wide in (answer.locator("pre"), answer.locator("table")):
            assert wide.evaluate("wide => wide.scrollWidth > wide.clientWidth")
        ARTEFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTEFACTS / f"narrow-{theme.lower()}.png")

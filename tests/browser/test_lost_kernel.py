"""A kernel that ends while an answer streams: what the page says then, and when the notebook is opened again."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.notebooks import Notebooks
from tests.browser.page import save

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

STATE = "application/vnd.jupyter.widget-state+json"
THEIRS = {"model_module": "@jupyter-widgets/base", "model_name": "LayoutModel", "model_module_version": "2.0.0"}


def saved(notebooks: Notebooks) -> Any:
    return nbformat.read(notebooks.folder / notebooks.name, 4)  # type: ignore[no-untyped-call]


def begin(notebooks: Notebooks) -> Locator:
    """Give a cell whose answer streams."""
    (cell,) = notebooks.open("%sfchat -m demo/rate-50 hi")
    notebooks.run()
    expect(cell.locator(".sfstream-stop")).to_be_visible()
    return cell


def test_a_restart_is_told_also_when_the_notebook_is_opened_again(notebooks: Notebooks) -> None:
    """The view says so, and has no Stop any more: that would stop what others run. The page that comes after it does
    not find the widget, and says how to show the answer again."""
    cell = begin(notebooks)
    cell.locator(".jp-InputPrompt").click()
    notebooks.page.keyboard.press("0")
    notebooks.page.keyboard.press("0")
    notebooks.page.locator(".jp-Dialog button.jp-mod-accept").click()
    expect(cell.locator(".sfstream-about")).to_contain_text("The kernel stopped")
    expect(cell.locator(".sfstream-about")).to_contain_text("%sflog last")
    expect(cell.locator(".sfstream-stop")).to_be_hidden()
    save(notebooks.page, notebooks.folder / notebooks.name, "widget-view")
    notebooks.page.reload()
    expect(cell.locator(".sfstream-placeholder")).to_contain_text("%load_ext sfstream and %sflog last")
    expect(cell.locator(".jp-OutputArea")).not_to_contain_text("Error displaying widget")
    notebooks.picture("lost")


def test_nothing_of_that_stays_when_the_answer_has_ended(notebooks: Notebooks) -> None:
    """Neither what this cell left in the notebook, nor what a cell that was run again had left; what others keep there
    stays."""
    cell = begin(notebooks)
    path = notebooks.folder / notebooks.name
    save(notebooks.page, path, "sfstream-placeholder")
    notebook = saved(notebooks)
    cell.locator(".sfstream-stop").click()
    expect(cell.locator(".jp-RenderedHTML .sfstream-ending")).to_contain_text("Stopped")
    save(notebooks.page, path, "stopped")
    assert "widgets" not in saved(notebooks).metadata
    notebook.metadata.widgets[STATE].state["theirs"] = THEIRS | {"state": {}}
    notebook.cells[1].outputs = []
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    notebooks.page.goto(f"{notebooks.address}{notebooks.name}?reset")
    cell.locator(".jp-InputArea-editor").click()
    notebooks.run()
    expect(cell.locator(".sfstream-stop")).to_be_visible()
    cell.locator(".sfstream-stop").click()
    expect(cell.locator(".jp-RenderedHTML .sfstream-ending")).to_contain_text("Stopped")
    save(notebooks.page, path, "stopped")
    assert {"theirs"} == set(saved(notebooks).metadata.widgets[STATE].state)

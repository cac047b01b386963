"""Tab on the lines of the magics, in a real JupyterLab."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.notebooks import Notebooks, opened

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebooks]:
    """JupyterLab: Notebook 7 has the same completer."""
    with opened("lab", tmp_path_factory.mktemp("lab")) as made:
        yield made


def typed(lab: Notebooks, cell: Locator, text: str) -> Locator:
    """Type into an empty cell, press Tab, and return the list of completions."""
    cell.locator(".cm-content").click()
    lab.page.keyboard.press("ControlOrMeta+a")
    lab.page.keyboard.press("Delete")
    lab.page.keyboard.insert_text(text)
    lab.page.keyboard.press("Tab")
    return lab.page.locator(".jp-Completer")


def test_tab_completes(lab: Notebooks) -> None:
    """An option at once; models when the server has named them; names inside braces."""
    names, cell = lab.open("picture = pictures = 1", "")
    lab.run()
    expect(names.locator(".jp-InputPrompt")).to_have_text("[2]:")
    text = cell.locator(".cm-content")
    typed(lab, cell, "%%sfchat --vi")
    expect(text).to_have_text("%%sfchat --via")

    models = lab.page.locator(".jp-Completer-item").filter(has_text="demo/chinese")
    for _ in range(20):  # the first Tab asks the server, and does not wait for it
        typed(lab, cell, "%%sfchat -m demo/ch")
        if models.is_visible():
            break
        lab.page.keyboard.press("Escape")
        lab.page.wait_for_timeout(250)
    expect(models).to_be_visible()
    lab.picture("completion")
    models.click()
    expect(text).to_have_text("%%sfchat -m demo/chinese")

    found = typed(lab, cell, "%%sfchat\nWhat is in {{ pictu")
    expect(found.locator(".jp-Completer-item")).to_have_text(["picture", "pictures"])

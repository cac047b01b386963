"""Tab on the lines of the magics, in a real JupyterLab."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.notebooks import Notebooks, opened
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebooks]:
    """JupyterLab: Notebook 7 has the same completer."""
    with opened("lab", tmp_path_factory.mktemp("lab")) as made:
        yield made


def offered(lab: Notebooks, cell: Locator, text: str, *expected: str) -> Locator:
    """Type into an empty cell and press Tab until these completions are listed; give the list.

    The page forgets an answer that takes longer than a second, and the first Tab for a model only asks the server.
    """
    items = lab.page.locator(".jp-Completer-match")

    def is_offered() -> bool:
        lab.page.keyboard.press("Escape")
        cell.locator(".cm-content").click()
        lab.page.keyboard.press("ControlOrMeta+a")
        lab.page.keyboard.press("Delete")
        lab.page.keyboard.insert_text(text)
        lab.page.keyboard.press("Tab")
        with suppress(AssertionError):
            expect(items).to_have_text(list(expected), timeout=2000)
            return True
        return False

    until(is_offered, seconds=60)
    return items


def test_tab_completes(lab: Notebooks) -> None:
    """Options; models once the server has named them; names inside braces."""
    _, cell = lab.open("picture = pictures = 1", "")
    lab.run()
    text = cell.locator(".cm-content")
    offered(lab, cell, "%%sfchat --vi", "--via").click()
    expect(text).to_have_text("%%sfchat --via")
    models = offered(lab, cell, "%%sfchat -m demo/ch", "demo/chat", "demo/chinese")
    lab.picture("completion")
    models.last.click()
    expect(text).to_have_text("%%sfchat -m demo/chinese")
    offered(lab, cell, "%%sfchat\nWhat is in {{ pictu", "picture", "pictures")

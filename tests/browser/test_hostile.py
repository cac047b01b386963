"""Hostile answers in a real JupyterLab and on nbconvert's page, in every way of showing them, and clicked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.hostile.corpus import payloads
from tests.hostile.leak import LeakServer
from tests.hostile.notebooks import exported, lab, run, save
from tests.hostile.rules import faults, typeset_faults
from tests.hostile.theirs import with_links_apart, without_theirs
from tests.hostile.witness import Witness, browser, witness

SHARES = {"live": (0, 2), "view": (1, 2), "html": (1, 2), "markdown": (0, 1), "plain": (0, 2)}
"""Which payloads are shown in each way: from which on, and each or every other one. All become static answers."""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def leak() -> Iterator[LeakServer]:
    """Where it is seen if anything leaks."""
    with LeakServer() as server:
        yield server


@pytest.fixture(scope="module")
def context(leak: LeakServer) -> Iterator[BrowserContext]:
    """The browser of all tests here."""
    with browser(leak) as made:
        yield made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the notebooks are."""
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def address(folder: Path, leak: LeakServer) -> Iterator[str]:
    """JupyterLab's, for the notebooks of the folder."""
    with lab(folder, payloads(leak.host)) as served:
        yield served


@pytest.fixture
def seen(context: BrowserContext, leak: LeakServer) -> Iterator[Witness]:
    """A new page that is watched."""
    with witness(context, leak) as made:
        yield made


def trouble(seen: Witness, way: str, rel: str) -> dict[str, object]:
    """Whatever was noticed that should not have been."""
    noted = seen.elements()
    shown = without_theirs(element for element, is_typeset in noted if not is_typeset)
    all_of_it: dict[str, object] = {
        "scripts": seen.scripts,
        "requests": seen.requests,
        "commands": seen.commands,
        "opened": seen.opened,
        "elements": faults(with_links_apart(shown) if way == "markdown" else shown, rel),
        "typeset": typeset_faults(element for element, is_typeset in noted if is_typeset),
    }
    return {name: found for name, found in all_of_it.items() if found}


@pytest.mark.parametrize("way", ["live", "view", "html", "markdown"])
def test_nothing_runs_and_nothing_leaves(
    way: str, seen: Witness, address: str, folder: Path, context: BrowserContext
) -> None:
    """In JupyterLab, while the answers come and when they stand, clicked everywhere; then on nbconvert's page."""
    count = run(seen, address, folder, way, *SHARES[way])
    assert 300 <= count == seen.count_of_outputs()
    seen.touch_all()
    # JupyterLab writes the rel of links in HTML and Markdown anew, without noreferrer.
    assert {} == trouble(seen, way, "noopener noreferrer" if way == "view" else "noopener")
    if way == "view":
        return  # a widget is not saved: there is nothing of it on nbconvert's page
    save(seen)
    seen.leak.pages["/page"] = exported(folder / f"{way}.ipynb")
    with witness(context, seen.leak) as page:
        page.go(f"http://{seen.leak.host}/page")
        assert count == page.count_of_outputs()
        page.touch_all()
        assert {} == trouble(page, way, "noopener noreferrer")


def test_the_witness_sees_what_plain_markdown_does(seen: Witness, address: str, folder: Path) -> None:
    """Shown as IPython shows Markdown, the same answers run scripts and commands, send requests and open windows."""
    run(seen, address, folder, "plain", *SHARES["plain"])
    seen.touch_all()
    found = trouble(seen, "plain", "noopener")
    assert len(seen.scripts) > 30
    assert len(seen.requests) > 30
    assert len([name for name in seen.commands if name.startswith("hostile:run")]) > 3
    assert len(seen.opened) > 3
    assert len(str(found["elements"]).split(", ")) > 200

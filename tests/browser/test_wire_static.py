"""The static form of the wire view where no script runs, on wide and on narrow pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from sfstream.core.config import settings
from sfstream.demo import prepared
from sfstream.log.entries import reply_of
from tests.browser.page import browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

TABLES = "table { table-layout: fixed; border-collapse: collapse } td, th { text-align: right; padding: .5em }"
"""What JupyterLab makes of the tables of outputs."""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_its_cells_stand_below_each_other_where_the_page_is_narrow(language: str, tmp_path: Path) -> None:
    """Nothing has to be scrolled sideways; on a wide page the three levels are beside each other."""
    settings["language"] = language
    shown = reply_of(prepared.recording("chinese")).wire().static_html()
    path = tmp_path / "wire.html"
    path.write_text(f"<!doctype html><meta charset='utf-8'><style>{TABLES}</style>{shown}", "utf-8")
    with browser() as page:
        page.goto(path.as_uri())
        for width, beside in ((1000, True), (400, False)):
            page.set_viewport_size({"width": width, "height": 800})
            boxes = [page.locator("tr:nth-child(3) > td").nth(number).bounding_box() for number in range(3)]
            tops = [box["y"] for box in boxes if box]
            assert tops == sorted(tops)
            assert (len(set(tops)) == 1) == beside
            assert page.evaluate("document.documentElement.scrollWidth") <= width

"""A long table that grows in the live view, in a real browser: in the page it is several, and nothing shows that."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.notebooks import WINDOW, Notebooks

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

VIEW = "import sfstream\nview = sfstream.StreamView()\nview"
STREAM = """
import sfstream, time
from pathlib import Path
def rows():
    yield give("| Number | Square | Cube |\\n|---|---|---|\\n")
    for i in range(500):
        time.sleep(0.002)
        yield give(f"| {i} | {'long ' * 9 * (i == 480)}{i * i:,} | {'wide ' * 9 * (i == 240)}{i ** 3:,} |\\n")
        while i == 200 and not Path("go").exists(): time.sleep(0.02)
    while not Path("end").exists(): time.sleep(0.02)
sfstream.show(rows(), into=view);
"""
"""A table that waits after row 200, needs wider columns at rows 240 and 480, and waits before it ends."""

CONTENT = "give = str"
REASONING = """
from openai.types.chat import ChatCompletionChunk
def give(text):
    choice = {"index": 0, "delta": {"reasoning_content": text}}
    return ChatCompletionChunk.model_construct(choices=[choice])
"""
"""As what the rows come."""

SEEN = """view => [...view.querySelectorAll("tbody tr")].map((row) => ({
  text: row.innerText,
  top: row.getBoundingClientRect().top - view.getBoundingClientRect().top,
  bottom: row.getBoundingClientRect().bottom - view.getBoundingClientRect().top,
  lefts: [...row.cells].map((cell) => cell.getBoundingClientRect().left),
  color: getComputedStyle(row).backgroundColor,
}))"""
"""The rows, and where they stand."""
SELECTION = "() => getSelection().toString().trim()"


def text_of(i: int) -> str:
    return f"{i}\t{'long ' * 9 * (i == 480)}{i * i:,}\t{'wide ' * 9 * (i == 240)}{i**3:,}"


def seams(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Rows, each with the one after it, between which it does not look like one table: there is a gap, the columns are
    not in their places, or they are shaded alike."""
    return [
        (row["text"], after["text"])
        for row, after in itertools.pairwise(rows)
        if abs(after["top"] - row["bottom"]) >= 1
        or [round(left) for left in row["lefts"]] != [round(left) for left in after["lefts"]]
        or row["color"] == after["color"]
    ]


def streaming(notebooks: Notebooks, code: str) -> Locator:
    """A view in which the table has come as far as row 200."""
    for name in ("go", "end"):
        Path(notebooks.folder, name).unlink(missing_ok=True)
    shown, _ = notebooks.open(VIEW, code)
    notebooks.run(2)
    expect(shown.locator("tbody tr")).to_have_count(201)
    return shown.locator(".sfstream-live")


@pytest.fixture
def view(notebooks: Notebooks) -> Locator:
    """A view of the table as content."""
    return streaming(notebooks, CONTENT + STREAM)


def let(notebooks: Notebooks, name: str) -> None:
    Path(notebooks.folder, name).touch()


def test_a_long_table_looks_like_one(notebooks: Notebooks, view: Locator) -> None:
    """While it grows, also where a row needs wider columns, and when it has ended, when it is one."""
    assert view.locator("table").count() > 1
    growing = view.evaluate(SEEN)
    assert [row["text"] for row in growing] == [text_of(i) for i in range(201)]
    assert seams(growing) == []
    notebooks.picture("long-table")
    let(notebooks, "go")
    expect(view.locator("tbody tr")).to_have_count(500)
    wider = view.evaluate(SEEN)
    assert seams(wider) == []
    assert wider[0]["lefts"] != growing[0]["lefts"]
    let(notebooks, "end")
    expect(view.locator(".sfstream-about")).to_contain_text("complete")
    assert view.locator("table").count() == 1
    assert view.evaluate(SEEN) == wider
    assert [row["text"] for row in wider] == [text_of(i) for i in range(500)]


def test_what_is_selected_in_a_long_table_stays_selected(notebooks: Notebooks, view: Locator) -> None:
    """Also from one to the next of those that it stands in, and when it is made one."""
    ends = [view.locator("tbody tr").nth(i).locator("td").first.element_handle() for i in (170, 195)]
    notebooks.page.evaluate("ends => getSelection().setBaseAndExtent(ends[0], 0, ends[1], 1)", ends)
    was = notebooks.page.evaluate(SELECTION)
    assert was == "\n".join([*map(text_of, range(170, 195)), "195"])
    let(notebooks, "go")
    expect(view.locator("tbody tr")).to_have_count(500)
    assert notebooks.page.evaluate(SELECTION) == was
    let(notebooks, "end")
    expect(view.locator(".sfstream-about")).to_contain_text("complete")
    assert notebooks.page.evaluate(SELECTION) == was


def test_one_in_the_reasoning_looks_like_one_too(notebooks: Notebooks) -> None:
    """There the letters are smaller."""
    view = streaming(notebooks, REASONING + STREAM)
    assert view.locator(".sfstream-thoughts table").count() > 1
    assert seams(view.evaluate(SEEN)) == []
    notebooks.picture("long-table-in-reasoning")


def test_where_it_is_as_wide_as_can_be_it_is_one(notebooks: Notebooks, view: Locator) -> None:
    """Where the columns share what width there is, each row may change them all, without a row that is too wide."""
    room = view.evaluate("view => view.clientWidth")
    notebooks.page.set_viewport_size(WINDOW | {"width": WINDOW["width"] - room + 320})
    let(notebooks, "go")
    expect(view.locator("tbody tr")).to_have_count(500)
    growing = view.evaluate(SEEN)
    assert seams(growing) == []
    let(notebooks, "end")
    expect(view.locator(".sfstream-about")).to_contain_text("complete")
    assert view.evaluate(SEEN) == growing


def test_a_long_table_is_copied_as_one(notebooks: Notebooks, view: Locator) -> None:
    """Where the kernel that has its source is gone."""
    assert view.locator("table").count() > 1
    notebooks.page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").nth(1).click()
    notebooks.page.keyboard.press("0")
    notebooks.page.keyboard.press("0")
    notebooks.page.locator(".jp-Dialog button.jp-mod-accept").click()
    expect(view.locator(".sfstream-about")).to_contain_text("The kernel is gone")
    view.locator(".sfstream-copy").click()
    expect(view.locator(".sfstream-copy")).to_have_text("Copied as text")
    copied = notebooks.page.evaluate("navigator.clipboard.readText()")
    assert copied.split("\n") == ["Number\tSquare\tCube", *map(text_of, range(201))]

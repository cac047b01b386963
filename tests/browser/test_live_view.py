"""The live view in a real JupyterLab and a real Notebook 7, in a real browser."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.notebooks import SLOW_END, Notebooks
from tests.browser.page import save

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TEXTS = """() => {
  const walker = document.createTreeWalker(document.querySelector(".sfstream"), NodeFilter.SHOW_TEXT);
  const places = [];
  while (walker.nextNode()) {
    const isAside = walker.currentNode.parentElement.closest("button, .sfstream-copying");
    if (!walker.currentNode.data.trim() || isAside) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const { left, top } = range.getBoundingClientRect();
    places.push([walker.currentNode.data.trim(), left, top]);
  }
  return places;
}"""
"""Each text of the answer, and where it stands; without how it is copied, which is a button in the live view."""


def test_the_answer_streams_and_no_line_moves_when_it_becomes_static(notebooks: Notebooks) -> None:
    """What the widget shows at the end is what the static answer shows, at the same places."""
    _, cell = notebooks.open(SLOW_END, "%sfchat What is streaming?")
    notebooks.run(2)
    expect(cell.locator(".sfstream-live h2")).to_have_count(1)
    expect(cell.locator(".sfstream-about")).to_contain_text("tokens/s")
    notebooks.picture("live")
    expect(cell.locator(".sfstream-live .sfstream-about")).to_contain_text("complete")
    live = notebooks.page.evaluate(TEXTS)
    expect(cell.locator(".sfstream-live")).to_have_count(0)
    static = notebooks.page.evaluate(TEXTS)
    assert [text for text, *_ in live] == [text for text, *_ in static]
    assert [] == [(before, after) for before, after in zip(live, static, strict=True) if moved(before, after) > 2]
    notebooks.picture("static")


def moved(before: list[Any], after: list[Any]) -> float:
    """By how many pixels a text has moved."""
    return float(max(abs(one - other) for one, other in zip(before[1:], after[1:], strict=True)))


def test_reasoning_opens_and_closes(notebooks: Notebooks) -> None:
    """It is open while the model thinks, with a clock, and closed when the answer comes, unless it was touched."""
    prompt = "What is the sum of the first n odd numbers?"
    cell, again = notebooks.open(*[f"%sfchat --effort high {prompt}"] * 2)
    notebooks.run()
    box = cell.locator(".sfstream-live .sfstream-reasoning")
    expect(box).to_have_attribute("open", "")
    expect(box).to_contain_text(re.compile(r"Thinking… \d s"))
    notebooks.picture("thinking")
    expect(cell.locator(".sfstream-live .sfstream-text")).to_contain_text("The sum")
    expect(box).not_to_have_attribute("open", "")
    expect(box).to_contain_text("Thought for")
    expect(cell.locator(".sfstream-live")).to_have_count(0)
    notebooks.run()
    box = again.locator(".sfstream-live .sfstream-reasoning")
    expect(box).to_contain_text("Thinking…")
    box.locator("summary").click()
    box.locator("summary").click()
    expect(again.locator(".sfstream-live .sfstream-text")).to_contain_text("The sum")
    expect(box).to_have_attribute("open", "")


def test_stop_stops_within_a_second_and_keeps_what_had_come(notebooks: Notebooks) -> None:
    """By a message to the busy kernel, without an interrupt."""
    cell, after = notebooks.open("%sfchat -m demo/rate-100 hi", "sf_reply.status, len(sf_content) > 100")
    notebooks.run()
    expect(cell.locator(".sfstream-live")).to_contain_text("Without streaming you wait")
    pressed = time.monotonic()
    cell.locator(".sfstream-stop").click()
    expect(cell.locator(".sfstream-ending")).to_contain_text("Stopped")
    assert time.monotonic() - pressed < 1
    after.locator(".jp-InputArea-editor").click()
    notebooks.run()
    expect(after.locator(".jp-OutputArea-executeResult")).to_contain_text("('stopped', True)")
    notebooks.picture("stopped")


def test_stop_takes_the_interrupt_where_no_message_gets_through(notebooks: Notebooks) -> None:
    """As with a kernel that has no thread of its own for messages."""
    deaf = "import sfstream.display.widget as v\nv.allow_messages_while_busy = lambda comm: None"
    _, cell = notebooks.open(deaf, "%sfchat --display live -m demo/rate-100 hi")
    notebooks.run(2)
    expect(cell.locator(".sfstream-live")).to_contain_text("Without streaming you wait")
    cell.locator(".sfstream-stop").click()
    expect(cell.locator(".sfstream-ending")).to_contain_text("Stopped")


def test_code_can_be_copied_by_keyboard(notebooks: Notebooks) -> None:
    """The button stands behind the block that has the focus."""
    view, _ = notebooks.open(
        "import sfstream\nview = sfstream.StreamView()\nview", "sfstream.chat('What is streaming?', into=view);"
    )
    notebooks.run(2)
    expect(view.locator(".sfstream-about")).to_contain_text("complete")
    view.locator("pre").focus()
    notebooks.page.keyboard.press("Tab")
    notebooks.page.keyboard.press("Enter")
    expect(view.locator(".sfstream-code")).to_have_text("Copied")
    copied = notebooks.page.evaluate("navigator.clipboard.readText()")
    assert 'data: {"choices":[{"delta":{"content":"Hello"}}]}' == copied


LONG_CODE = "".join(f"def f{i}(value: int) -> int:\n    return value + {i}\n\n" for i in range(200))
SELECTED_CODE = """pre => {
  getSelection().selectAllChildren(pre);
  return getSelection().toString();
}"""


def test_long_code_in_blocks_is_one_text(notebooks: Notebooks) -> None:
    """To lay it out costs no more at its end than at its beginning; whichever way it is copied, nothing shows that."""
    view, _, _ = notebooks.open(
        "import sfstream\nview = sfstream.StreamView()\nview",
        f"import time\ndef lines():\n    yield '```python\\n'\n    for line in {LONG_CODE!r}.splitlines(True):\n"
        "        time.sleep(0.002)\n        yield line\nsfstream.show(lines(), into=view);",
        "import os; os._exit(1)",
    )
    notebooks.run(2)
    expect(view.locator(".sfstream-about")).to_contain_text("complete")
    assert view.locator(".sfstream-lines").count() > 5
    seen = [view.locator("pre").text_content(), view.locator("pre").evaluate(SELECTED_CODE)]
    notebooks.run()
    expect(notebooks.page.locator(".jp-Dialog")).to_be_visible()
    notebooks.page.locator(".jp-Dialog button").first.click()
    view.locator(".sfstream-copy").click()
    expect(view.locator(".sfstream-copy")).to_have_text("Copied as text")
    seen.append(notebooks.page.evaluate("navigator.clipboard.readText()"))
    assert [LONG_CODE.rstrip()] * 3 == [text.rstrip() for text in seen]


def test_a_view_of_ones_own_can_be_drawn_twice(notebooks: Notebooks) -> None:
    """It stays; a second view in the page shows the same, and Copy gives the source."""
    one, _, two, _ = notebooks.open(
        "import sfstream, ipywidgets\nview = sfstream.StreamView()\nipywidgets.HBox([view])",
        "sfstream.chat('What is streaming?', into=view);",
        "view",
        "sfstream.chat('什么是流式输出？', into=view);",
    )
    notebooks.run(2)
    expect(one.locator(".sfstream-about")).to_contain_text("complete")
    notebooks.run()
    expect(two.locator(".sfstream-about")).to_contain_text("complete")
    notebooks.page.mouse.move(0, 0)  # away from the code, which would have a button under the pointer
    expect(notebooks.page.locator(".sfstream-code")).to_have_count(0)
    assert one.locator(".sfstream-text").inner_html() == two.locator(".sfstream-text").inner_html()
    two.locator(".sfstream-copy").click()
    expect(two.locator(".sfstream-copy")).to_have_text("Copied")
    assert "**as soon as it is known**" in notebooks.page.evaluate("navigator.clipboard.readText()")
    notebooks.picture("twice")
    notebooks.run()
    for cell in (one, two):
        expect(cell.locator(".sfstream-text")).to_contain_text("流式")
        expect(cell.locator(".sfstream-text")).not_to_contain_text("as soon as it is known")


def test_a_view_leaves_room_for_what_stands_beside_it(notebooks: Notebooks) -> None:
    """A long line of code is scrolled in its own place, and pushes nothing out of the output."""
    [cell] = notebooks.open(
        "import sfstream, ipywidgets\nview = sfstream.StreamView()\n"
        "display(ipywidgets.HBox([view, ipywidgets.Button(description='beside')]))\n"
        "sfstream.show(iter(['```python\\n' + 'long = ' * 100 + '0\\n```\\n']), into=view);"
    )
    notebooks.run()
    expect(cell.locator(".sfstream-about")).to_contain_text("complete")
    row, button = cell.locator(".widget-hbox").bounding_box(), cell.locator("button.widget-button").bounding_box()
    assert row
    assert button
    assert button["x"] + button["width"] <= row["x"] + row["width"] + 3
    assert button["width"] > 40


def test_a_page_loaded_in_mid_stream_shows_the_whole(notebooks: Notebooks) -> None:
    """When the kernel is free; and it says what a notebook saved from it holds."""
    [cell] = notebooks.open("%sfchat -m demo/long hi")
    notebooks.run()
    expect(cell.locator(".sfstream-live")).to_contain_text("tokens/s")
    save(notebooks.page, notebooks.folder / notebooks.name, "widget-view")
    expect(cell.locator(".sfstream-live .sfstream-text p")).not_to_have_count(0)
    notebooks.page.wait_for_timeout(1000)
    notebooks.page.reload()
    expect(cell.locator(".sfstream-about")).to_contain_text("complete", timeout=120_000)
    expect(cell.locator(".sfstream-reference")).to_contain_text("%sflog last")
    notebooks.picture("reloaded")


def test_a_second_page_opened_in_mid_stream_shows_the_whole(notebooks: Notebooks) -> None:
    """Although the first has its static answer by then, and has told that its view is gone."""
    [cell] = notebooks.open("%sfchat -m demo/rate-100 hi")
    notebooks.run()
    expect(cell.locator(".sfstream-live")).to_contain_text("tokens/s")
    save(notebooks.page, notebooks.folder / notebooks.name, "widget-view")
    second = notebooks.page.context.browser.new_page()  # type: ignore[union-attr]
    second.goto(f"{notebooks.address}{notebooks.name}")
    output = second.locator(".jp-Notebook .jp-CodeCell").nth(1).locator(".jp-OutputArea")
    expect(output).to_contain_text("Loading widget")
    cell.locator(".sfstream-stop").click()
    expect(cell.locator(".jp-RenderedHTML .sfstream-ending")).to_contain_text("Stopped")
    expect(output.locator(".sfstream-live .sfstream-text")).to_contain_text("Without streaming you wait")
    expect(output.locator(".sfstream-live .sfstream-ending")).to_contain_text("Stopped")
    second.close()


def test_a_widget_is_closed_when_no_page_shows_it(notebooks: Notebooks) -> None:
    """In the kernel too, once that has been idle for a while."""
    hasty = "from sfstream.display import live_view as live\nlive.GRACE = 0.1\n"
    cell, check = notebooks.open(
        f"{hasty}%sfchat What is streaming?",
        "import asyncio\nwhile live.retired: await asyncio.sleep(0.05)\n'closed'",
    )
    notebooks.run(2)
    expect(check.locator(".jp-OutputArea-executeResult")).to_contain_text("closed")
    expect(cell.locator(".jp-RenderedHTML .sfstream-about")).to_contain_text("complete")


def test_what_is_read_stays_where_it_is(notebooks: Notebooks) -> None:
    """The tail is followed by a reader at the tail alone; a selection stays; out of sight it goes on."""
    [cell] = notebooks.open("%sfchat -m demo/long hi")
    page = notebooks.page
    notebooks.run()
    tail = cell.locator(".sfstream-live .sfstream-about")
    expect(cell.locator(".sfstream-live .sfstream-text > *").nth(12)).to_be_attached()
    expect(tail).to_be_in_viewport()
    first = cell.locator(".sfstream-live .sfstream-text p").first
    first.scroll_into_view_if_needed()
    first.click(click_count=3)
    selected = page.evaluate("document.getSelection().toString()")
    before = first.bounding_box()
    count = cell.locator(".sfstream-live .sfstream-text > *").count()
    expect(cell.locator(".sfstream-live .sfstream-text > *").nth(count + 8)).to_be_attached()
    assert before == first.bounding_box()
    assert selected == page.evaluate("document.getSelection().toString()")
    expect(tail).not_to_be_in_viewport()


def clear(cell: Locator) -> None:
    cell.locator(".sfstream-live .sfstream-text").click(button="right")
    cell.page.get_by_role("menuitem", name="Clear Cell Output", exact=True).click()


def delete(cell: Locator) -> None:
    cell.locator(".jp-InputPrompt").click()
    cell.page.keyboard.press("d")
    cell.page.keyboard.press("d")


def move(cell: Locator) -> None:
    cell.locator(".jp-InputPrompt").click()
    cell.page.keyboard.press("Control+Shift+ArrowDown")


@pytest.mark.parametrize("act", [clear, delete, move])
def test_whatever_is_done_to_the_cell_the_answer_is_whole(notebooks: Notebooks, act: Callable[[Locator], None]) -> None:
    """It ends, the variables hold it, and the page has no complaint. A cell that was moved keeps the widget, which says
    what that means."""
    page, errors = notebooks.page, list[str]()
    cell, _ = notebooks.open("%sfchat What is streaming?", "sf_reply.status, len(sf_content) > 800")
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    notebooks.run()
    expect(cell.locator(".sfstream-live")).to_contain_text("Without streaming you wait")
    act(cell)
    check = page.locator(".jp-Notebook .jp-CodeCell", has_text="sf_reply.status")
    check.locator(".jp-InputArea-editor").click()
    notebooks.run()
    expect(check.locator(".jp-OutputArea-executeResult")).to_contain_text("('complete', True)")
    expect(page.locator(".sfstream-reference")).to_have_count(1 if act is move else 0)
    expect(page.locator(".sfstream")).to_have_count(1 if act is move else 0)
    assert errors == []

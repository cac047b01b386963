"""What the end of an answer leaves of the reader's place, of the focus and of what is announced, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.notebooks import SLOW_END, Notebooks

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SLOW_PAGE = """
const make = URL.createObjectURL;
URL.createObjectURL = (blob) => {
  if (blob.type !== "text/javascript") return make(blob);
  const slow = `await new Promise((go) => setTimeout(go, 1200)); export { default } from "${make(blob)}";`;
  return make(new Blob([slow], { type: "text/javascript" }));
};
"""
"""Lets a page take its time for the script of a widget."""
FIRST_ANSWER = """
import time, sfstream
from sfstream.display import frontend
while not frontend.runs_widgets(): time.sleep(0.05)
frontend._pages_with_widgets.clear()
sfstream.chat("hi", model="demo/rate-100")
"""
"""An answer as if no page had said yet that it runs widgets."""
FRAMES = "async (count) => { while (count--) await new Promise(requestAnimationFrame) }"
BOXED = re.compile("jp-mod-outputsScrolled")


def top_of(place: Locator) -> float:
    box = place.bounding_box()
    assert box
    return box["y"]


def test_a_long_answer_is_in_no_box_when_it_ends(notebooks: Notebooks) -> None:
    """Notebook 7 would put it in one, at its beginning; what is read stays where it is, and a box that is asked for
    comes."""
    [cell] = notebooks.open("%sfchat -m demo/long hi\nprint('after')")
    notebooks.run()
    expect(cell.locator(".sfstream-live .sfstream-text > *").nth(20)).to_be_attached()
    paragraph = cell.locator(".sfstream-live .sfstream-text p").first
    paragraph.scroll_into_view_if_needed()
    before = top_of(paragraph)
    expect(cell.locator(".jp-RenderedText")).to_have_text("after\n", timeout=120_000)
    expect(cell.locator(".sfstream-live")).to_have_count(0)
    expect(cell.locator(".jp-RenderedHTML .sfstream-about")).to_contain_text("complete")
    assert abs(top_of(cell.locator(".sfstream-content p").first) - before) <= 2
    expect(cell).not_to_have_class(BOXED)
    cell.locator(".jp-OutputArea-promptOverlay").click()
    expect(cell).to_have_class(BOXED)


def test_the_focus_stays_in_the_cell(notebooks: Notebooks) -> None:
    """What had it is gone with the widget; the keys go on where they were."""
    _, cell, after = notebooks.open("1", "%sfchat What is streaming?", "1")
    notebooks.run(2)
    copy = cell.locator(".sfstream-live .sfstream-copy")
    expect(copy).to_be_visible()
    copy.focus()
    expect(cell.locator(".sfstream-live")).to_have_count(0)
    expect(cell).to_be_focused()
    notebooks.page.keyboard.press("ArrowDown")
    expect(after).to_be_focused()


def test_the_tail_is_followed_to_the_end(notebooks: Notebooks) -> None:
    """The last line is longer than the one before, and often seen first when the answer is static."""
    [cell] = notebooks.open("%sfchat What is streaming?")
    notebooks.page.set_viewport_size({"width": 640, "height": 500})
    notebooks.run()
    about = cell.locator(".jp-RenderedHTML .sfstream-about")
    expect(about).to_contain_text("complete")
    expect(cell.locator(".sfstream-live")).to_have_count(0)
    expect(about).to_be_in_viewport(ratio=0.95)


def test_a_reader_who_scrolls_away_is_not_taken_back(notebooks: Notebooks) -> None:
    """Not even in the moment after the end for which the tail of the static answer is followed."""
    [cell] = notebooks.open("%sfchat What is streaming?")
    notebooks.page.set_viewport_size({"width": 640, "height": 500})
    notebooks.run()
    expect(cell.locator(".sfstream-live .sfstream-text > *").nth(2)).to_be_attached()
    cell.locator(".sfstream-live .sfstream-text p").last.hover()
    expect(cell.locator(".sfstream-live")).to_have_count(0)
    notebooks.page.mouse.wheel(0, -2000)
    notebooks.page.evaluate(FRAMES, 100)
    expect(cell.locator(".jp-RenderedHTML .sfstream-about")).not_to_be_in_viewport()


def test_the_tail_is_followed_when_the_reasoning_closes(notebooks: Notebooks) -> None:
    """Much that stood above is gone at once, and the page moves by itself."""
    _, cell = notebooks.open(SLOW_END, "%sfchat --effort high What is the sum of the first n odd numbers?")
    notebooks.page.set_viewport_size({"width": 640, "height": 500})
    notebooks.run(2)
    about = cell.locator(".sfstream-live .sfstream-about")
    expect(cell.locator(".sfstream-live .sfstream-thoughts p").nth(2)).to_be_attached()
    expect(about).to_be_in_viewport(ratio=0.95)
    expect(about).to_contain_text("complete")
    expect(about).to_be_in_viewport(ratio=0.95)


def test_stop_keeps_the_focus_until_it_has_stopped(notebooks: Notebooks) -> None:
    """A press by keyboard loses it neither at once nor, where the view stays, at the end."""
    view, _ = notebooks.open(
        "import sfstream\nview = sfstream.StreamView()\nview",
        "from contextlib import suppress\nwith suppress(KeyboardInterrupt):\n"
        "    sfstream.chat('hi', model='demo/rate-100', into=view)",
    )
    notebooks.run(2)
    stop = view.locator(".sfstream-stop")
    expect(stop).to_be_visible()
    expect(view.locator(".sfstream-copy")).to_be_visible()
    stop.focus()
    notebooks.page.keyboard.press("Enter")
    expect(view.locator(".sfstream-ending")).to_contain_text("Stopped")
    expect(view.locator(".sfstream-copy")).to_be_focused()


def test_what_is_said_last_is_there_to_be_read_out(notebooks: Notebooks) -> None:
    """Although the widget, whose end it tells, is gone; it is in no output, and does not stay for good."""
    cell, *_ = notebooks.open("%sfchat What is streaming?", "1")
    notebooks.run()
    expect(cell.locator(".jp-RenderedHTML .sfstream-about")).to_contain_text("complete")
    expect(cell.locator(".sfstream-live")).to_have_count(0)
    said = notebooks.page.locator("body > [aria-live=polite].sfstream-announcer")
    expect(said).to_have_text("The answer has ended: complete.")
    expect(said).to_have_count(0)


@pytest.mark.parametrize("by", ["the cell", "a button"])
def test_in_an_output_widget_the_view_stays(notebooks: Notebooks, by: str) -> None:
    """Nothing takes its place there, and no page was loaded later; it is there for as long as it is shown."""
    asking = "    sfstream.chat('What is streaming?')"
    code = {
        "the cell": f"display(out)\nwith out:\n{asking}",
        "a button": f"button = ipywidgets.Button(description='Ask')\n@out.capture()\ndef ask(_):\n{asking}\n"
        "button.on_click(ask)\ndisplay(button, out)",
    }[by]
    cell, check = notebooks.open(
        f"import ipywidgets, sfstream\nfrom sfstream.display import live_view\nout = ipywidgets.Output()\n{code}",
        "import time\nwhile live_view.retired: time.sleep(0.05)\nout.clear_output()\nlen(live_view.retired)",
    )
    notebooks.run()
    if by == "a button":
        cell.get_by_role("button", name="Ask").click()
    answer = cell.locator(".widget-output .sfstream-live .sfstream-about")
    expect(answer).to_contain_text("complete")
    check.locator(".jp-InputArea-editor").click()
    notebooks.run()
    expect(check.locator(".jp-OutputArea-executeResult")).to_contain_text("0")
    notebooks.picture(f"in-output-{by.split()[-1]}")


def test_a_page_that_loads_the_widget_late_gets_it_in_mid_stream(notebooks: Notebooks) -> None:
    """It is HTML until then; and Stop works."""
    notebooks.page.add_init_script(SLOW_PAGE)
    [cell] = notebooks.open(FIRST_ANSWER)
    notebooks.run()
    expect(cell.locator(".sfstream-live")).to_contain_text("Without streaming you wait")
    cell.locator(".sfstream-stop").click()
    expect(cell.locator(".sfstream-ending")).to_contain_text("Stopped")

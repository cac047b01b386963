"""The player of a recording in a real browser: pages from a file, without Jupyter, kernel and network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from sfstream.display.component import component, packed
from tests.browser.page import browser
from tests.browser.players import frame, frames, open_player, open_players, recorded

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PASSED = """player => {
  window.passed = [];
  player.addEventListener("sfstream-frame", ({ detail }) => window.passed.push(detail.frame));
}"""
COUNT = 13
"""Frames of the usual recording."""


@pytest.fixture(scope="module")
def opened() -> Iterator[Page]:
    """One browser for all of them."""
    with browser(width=900) as page:
        yield page


@pytest.fixture
def page(opened: Page) -> Iterator[Page]:
    """A page on which no script has failed at the end."""
    errors: list[str] = []

    def note(error: Any) -> None:
        errors.append(str(error))

    opened.on("pageerror", note)
    yield opened
    opened.remove_listener("pageerror", note)
    assert errors == []


@pytest.fixture
def player(page: Page, tmp_path: Path) -> Locator:
    """A player of the usual recording, one chunk for each frame."""
    return open_player(page, tmp_path, recorded(frames()))


def expect_at(player: Locator, frame: int) -> None:
    """Expect the cursor at a frame."""
    expect(player.locator(".sfstream-scrubber")).to_have_value(str(frame))


def text(player: Locator) -> Locator:
    return player.locator(".sfstream-answer .sfstream-text")


def button(player: Locator, name: str) -> Locator:
    return player.get_by_role("button", name=name, exact=True)


def test_it_plays_to_the_end(player: Locator, page: Page) -> None:
    """Each frame is passed once, in order, and the display at the end is that of the beginning."""
    answer = player.locator(".sfstream-answer")
    expect(answer).to_contain_text("complete")
    before = [text(player).inner_html(), answer.inner_text()]
    player.evaluate(PASSED)
    button(player, "Play").click()
    expect(button(player, "Pause")).to_be_visible()
    expect(button(player, "Play")).to_be_visible()
    expect(answer).to_contain_text("complete")
    assert list(range(COUNT)) == page.evaluate("passed")
    assert before == [text(player).inner_html(), answer.inner_text()]


def test_it_pauses_and_steps_and_jumps(page: Page, tmp_path: Path) -> None:
    """By the keyboard too; a step back shows what was there before."""
    player = open_player(page, tmp_path, recorded(frames(), gap=30))
    button(player, "Play").click()
    button(player, "Pause").click()
    expect_at(player, -1)
    expect(text(player)).to_be_empty()
    button(player, "End of reasoning").click()
    expect(text(player)).to_have_text("Hello")
    expect(player.locator(".sfstream-thoughts")).to_contain_text("think hard.")
    seen = []
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        page.evaluate("() => new Promise(requestAnimationFrame)")
        seen.append(text(player).inner_html())
    page.keyboard.press(",")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert seen[1] == text(player).inner_html() != seen[2]
    page.keyboard.press("Home")
    expect(text(player)).to_be_empty()
    page.keyboard.press("End")
    expect(text(player)).to_contain_text("two")
    page.keyboard.press("1")
    expect_at(player, 0)


def test_a_long_pause_can_be_skipped(page: Page, tmp_path: Path) -> None:
    """A minute between two frames takes a second at most, a tenth at ten times the speed."""
    player = open_player(page, tmp_path, recorded(frames(), gap=60))
    player.get_by_label("Longest pause").select_option("1 s")
    player.get_by_label("Speed", exact=True).select_option("10×")
    button(player, "Play").click()
    expect(button(player, "Pause")).to_be_visible()
    expect(button(player, "Play")).to_be_visible(timeout=10_000)
    expect_at(player, COUNT - 1)


def test_every_byte_is_on_the_wire_and_cuts_are_marked(page: Page, tmp_path: Path) -> None:
    """A character cut between chunks, a chunk of several frames, and bytes that are no text."""
    first, second, third = frame(content="你"), frame(content="好"), b"data: \xff\n\n"
    at = first.index("你".encode()) + 2
    player = open_player(page, tmp_path, recorded([first[:at], first[at:] + second, third]))
    rows = player.locator(".sfstream-sizer .sfstream-row")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("‹E4 BD|A0›")
    expect(rows.nth(0).locator(".sfstream-chunk")).to_contain_text("1–2")
    expect(rows.nth(1).locator(".sfstream-chunk")).to_contain_text("same chunk")
    expect(rows.nth(2)).to_contain_text("‹FF›\\n\\n")
    rows.nth(1).click()
    detail = player.locator(".sfstream-detail")
    assert second.decode().replace("\n", "\\n") == detail.locator(".sfstream-raw").inner_text()
    expect(detail.locator(".sfstream-json")).to_contain_text('"content": "好"')
    expect_at(player, 1)


def test_frames_are_filtered_and_copied(player: Locator, page: Page) -> None:
    """By kind and by text; what is copied are the bytes as they came."""
    rows = player.locator(".sfstream-sizer .sfstream-row")
    player.get_by_role("button", name="reasoning 2").click()
    expect(rows).to_have_count(2)
    player.get_by_role("button", name="reasoning 2").click()
    player.get_by_role("searchbox").fill("HELLO")
    expect(rows).to_have_count(1)
    rows.first.click()
    copy = player.locator(".sfstream-detail .sfstream-copy")
    copy.click()
    expect(copy).to_have_text("Copied")
    assert frames()[3].decode() == page.evaluate("navigator.clipboard.readText()")
    copy = player.locator(".sfstream-tools .sfstream-copy")
    copy.click()
    expect(copy).to_have_text("Copied")
    assert b"".join(frames()).decode() == page.evaluate("navigator.clipboard.readText()")


def test_panes_are_folded_and_the_timeline_moves_the_cursor(player: Locator) -> None:
    """A press on the timeline moves it to the frame that had arrived by then."""
    button(player, "Wire").click()
    expect(player.locator(".sfstream-wire")).to_be_hidden()
    button(player, "Wire").click()
    expect(player.locator(".sfstream-sizer .sfstream-row").first).to_be_visible()
    lanes = player.locator(".sfstream-lanes")
    box = lanes.bounding_box()
    assert box
    lanes.click(position={"x": box["width"] / 2, "y": 20})
    expect(player.locator(".sfstream-scrubber")).to_have_value(re.compile("[4-7]"))
    expect(player.locator(".sfstream-row[aria-selected=true]")).to_have_count(1)


def test_a_notebook_does_not_get_the_keys(player: Locator, page: Page) -> None:
    """But those with Control, such as that which saves."""
    page.evaluate("window.keys = []; document.addEventListener('keydown', event => keys.push(event.key))")
    player.focus()
    for key in ("a", "ArrowDown", "ArrowRight", "k"):
        page.keyboard.press(key)
    expect(player).to_have_attribute("data-lm-suppress-shortcuts", "")
    page.keyboard.down("Control")
    expect(player).not_to_have_attribute("data-lm-suppress-shortcuts", "")
    page.keyboard.press("s")
    page.keyboard.up("Control")
    expect(player).to_have_attribute("data-lm-suppress-shortcuts", "")
    assert ["Control", "s"] == page.evaluate("keys")


def test_two_players_do_not_touch_each_other(page: Page, tmp_path: Path) -> None:
    """Each has a cursor of its own; only the panes that were asked for are open."""
    one = component([recorded(frames())], ["answer"])
    two = component([recorded(frames())], ["timeline", "wire"])
    first, second = open_players(page, tmp_path, one, two)
    expect(first.locator(".sfstream-answer")).to_be_visible()
    expect(first.locator(".sfstream-wire")).to_be_hidden()
    expect(second.locator(".sfstream-answer")).to_be_hidden()
    first.locator(".sfstream-back").click()
    expect_at(first, COUNT - 2)
    expect_at(second, COUNT - 1)


@pytest.mark.parametrize("data", ["", "no base64", packed({"version": 1}), packed({"version": 2, "replies": []})])
def test_broken_data_leave_the_static_form(page: Page, tmp_path: Path, data: str) -> None:
    """Whatever is wrong with them."""
    good = component([recorded(frames())], ["answer"])
    start = good.index('class="sfstream-data">') + len('class="sfstream-data">')
    with page.expect_console_message(lambda message: "static form" in message.text):
        [place] = open_players(page, tmp_path, good[:start] + data + good[good.index("</script>", start) :])
    expect(place.locator(".sfstream-static")).to_have_text("static")
    expect(place.locator(".sfstream-player")).to_have_count(0)


def test_only_the_rows_in_view_are_in_the_page(page: Page, tmp_path: Path) -> None:
    """Of thousands of frames; the row of the cursor is among them, and the page does not scroll."""
    player = open_player(page, tmp_path, recorded(frames(words=["word\n\n"] * 3000), gap=0.001))
    rows = player.locator(".sfstream-sizer .sfstream-row")
    player.focus()
    before = page.evaluate("scrollY")
    for key, number in (("Home", None), ("]", 0), ("]", 3), ("End", 3004)):
        page.keyboard.press(key)
        selected = player.locator(".sfstream-row[aria-selected=true]")
        expect(selected).to_have_count(0 if number is None else 1)
        if number is not None:
            expect(selected).to_have_attribute("data-frame", str(number))
        assert rows.count() < 60
    assert before == page.evaluate("scrollY")


def test_thoughts_without_a_tag_before_them_move(page: Page, tmp_path: Path) -> None:
    """At the frame that brought ``</think>``; a step back takes them out again."""
    player = open_player(page, tmp_path, recorded(frames([], ["Hm, **so**", ".\n</think>", "\n\nHi", " you"])))
    scrubber, box = player.locator(".sfstream-scrubber"), player.locator(".sfstream-answer .sfstream-reasoning")
    answer, thoughts = text(player), box.locator(".sfstream-thoughts")
    for place, shown in ((1, "Hm, so"), (2, ""), (3, "Hi"), (1, "Hm, so"), (4, "Hi you"), (2, "")):
        scrubber.fill(str(place))
        expect(answer).to_have_text(shown)
        expect(thoughts).to_have_text("" if place == 1 else "Hm, so.")
        expect(box).to_be_hidden() if place == 1 else expect(box).to_be_visible()

"""Answers of a format in a real JupyterLab: JSON that grows, and code that becomes a cell."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Locator, expect

from sfstream.demo import prepared
from tests.browser.notebooks import SLOW_END, Notebooks

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.parametrize("notebooks", ["lab"], indirect=True),
]

ANSWER = (
    'Here it is:\n\n```json\n[\n  {"city": "杭州", "n": 1},\n  {"city": "a long name of a place", "n": 2.5, '
    '"note": "</code> ``` <b>wrapped</b> where the line ends, which is soon: no line ends in a string"}\n]\n```'
)
RECORDING = f"""{SLOW_END}
from sfstream.demo.compose import Script, compose, pieces
from sfstream.log.writer import save_recording
request = {{"model": "demo/chat", "messages": [{{"role": "user", "content": "?"}}], "stream": True}}
save_recording(compose(request, Script(pieces({ANSWER!r}))), "json.jsonl")
"""
WATCH = """() => {
  window.seen = [];
  const look = () => {
    const block = document.querySelector(".sfstream-content pre");
    const count = document.querySelectorAll(".sfstream-content pre").length;
    if (block) window.seen.push([block.offsetHeight, block.textContent, count]);
    requestAnimationFrame(look);
  };
  look();
}"""
"""Notes with each frame how high the block of the answer is, what it shows, and how many blocks there are."""


def test_json_only_grows(notebooks: Notebooks) -> None:
    """One block, never lower and never with less in it, also when the static answer takes its place."""
    _, cell = notebooks.open(RECORDING, "%sfchat --replay json.jsonl -f json")
    notebooks.page.set_viewport_size({"width": 800, "height": 900})
    notebooks.run()
    notebooks.page.evaluate(WATCH)
    notebooks.run()
    expect(cell.locator(".sfstream-live .sfstream-about")).to_contain_text("complete")
    live = boxes(cell)
    expect(cell.locator(".sfstream-live")).to_have_count(0)
    assert [] == [place for place in zip(live, boxes(cell), strict=True) if abs(place[0] - place[1]) > 2]
    seen = notebooks.page.evaluate("window.seen")
    for (height, text, count), (next_height, next_text, _) in pairwise(seen):
        assert (1, True) == (count, next_height >= height - 2)
        assert next_text.startswith(text.rstrip())
    assert len({text for _, text, _ in seen}) > 10
    assert [] == [text for _, text, _ in seen if "```json" in text]
    notebooks.picture("json")


def boxes(cell: Locator) -> list[float]:
    """Where the block and the line below it stand, and how large they are."""
    found = [cell.locator(f".sfstream {each}").first.bounding_box() for each in ("pre", ".sfstream-about")]
    return [side for box in found if box for side in (box["x"], box["y"], box["width"], box["height"])]


def test_code_becomes_the_next_cell(notebooks: Notebooks) -> None:
    """Below the cell that asked, once for each run, and it runs as it is; the cells further down stay."""
    asking, after = notebooks.open(f"%%sfchat -f code\n{prepared.PROMPTS['code']}", "'the last cell'")
    notebooks.run()
    cells = notebooks.page.locator(".jp-Notebook .jp-CodeCell")
    expect(cells).to_have_count(4)
    editor = after.locator(".jp-InputArea-editor")  # the place after the first one
    expect(editor).to_contain_text("primes = []")
    expect(editor).not_to_contain_text("```")
    editor.click()
    notebooks.run()
    expect(after.locator(".jp-OutputArea-output")).to_contain_text("[2, 3, 5, 7, 11, 13, 17, 19, 23, 29]")
    notebooks.picture("code-cell")
    asking.locator(".jp-InputArea-editor").click()
    notebooks.run()
    expect(cells).to_have_count(5)
    expect(cells.nth(2).locator(".jp-InputPrompt")).to_have_text("[ ]:")
    expect(cells.nth(3)).to_contain_text("[2, 3, 5, 7, 11, 13, 17, 19, 23, 29]")
    expect(cells.nth(4)).to_contain_text("the last cell")

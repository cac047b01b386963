"""Thoughts without a tag before them: ``</think>`` moves them, live in a real JupyterLab and a real Notebook 7."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from sfstream.core.events import Chunk
from sfstream.core.recording import End, Head, Recording
from sfstream.log.writer import save_recording
from tests.browser.notebooks import SLOW_END, Notebooks
from tests.fake_transport import DONE, word

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

THOUGHTS = "The user asks for **two** words.\n\n1. One is *hello*.\n2. The other is world.\n\nThat is all of it.\n"
ANSWER = "Here it is:\n\n**hello** world"
STEP = 0.25
"""Seconds between two pieces."""
WATCH = """() => {
  const seen = (window.seen = []);
  const look = () => {
    const part = name => document.querySelector(`.sfstream-live .sfstream-${name}`)?.textContent.length ?? 0;
    if (document.querySelector(".sfstream-live")) seen.push(part("thoughts") + part("text"));
    requestAnimationFrame(look);
  };
  look();
}"""
"""Note how many characters of the answer and its thoughts there are in each frame that the browser paints."""


def recording() -> Recording:
    """A recording of it, token by token."""
    pieces = [*re.findall(r"\s*\S+", THOUGHTS), "\n</think>", "\n\n", *re.findall(r"\s*\S+", ANSWER)]
    data = [*map(word, pieces), word("", "stop"), DONE]
    chunks = [Chunk(0.5 + STEP * number, each) for number, each in enumerate(data)]
    head = Head({"model": "a/model", "messages": [{"role": "user", "content": "Hi"}]}, time="", source="server")
    return Recording(head, chunks, End("complete"))


def test_the_thoughts_move(notebooks: Notebooks) -> None:
    """Out of the answer into the box of the reasoning, which closes; nothing is lost, and no frame shows less."""
    save_recording(recording(), notebooks.folder / "thoughts.jsonl")
    _, cell = notebooks.open(SLOW_END, "%sfchat --display live --replay thoughts.jsonl")
    notebooks.page.evaluate(WATCH)
    notebooks.run(2)
    text, box = cell.locator(".sfstream-live .sfstream-text"), cell.locator(".sfstream-live .sfstream-reasoning")
    expect(text).to_contain_text("The other is")
    expect(box).to_be_hidden()
    notebooks.picture("thoughts-as-content")
    expect(box).to_contain_text("That is all of it.")
    expect(box.locator("strong")).to_have_text("two")
    expect(text).not_to_contain_text("asks for")
    expect(text).to_contain_text("hello world")
    expect(box).not_to_have_attribute("open", "")
    expect(box.locator("summary")).to_contain_text("Thought for")
    notebooks.picture("thoughts-moved")
    expect(box.locator("ol li")).to_have_count(2)
    expect(cell.locator(".sfstream-live")).to_have_count(0)
    expect(cell.locator(".jp-RenderedHTML .sfstream-reasoning")).to_contain_text("That is all of it.")
    expect(cell.locator(".jp-RenderedHTML")).to_contain_text("hello world")
    seen = notebooks.page.evaluate("window.seen")
    assert [] == [(one, other) for one, other in pairwise(seen) if other < one - 2]
    assert max(seen) > 100

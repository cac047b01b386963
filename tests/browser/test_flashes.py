"""What a reader sees of an answer while it streams, at every change of the page of a real JupyterLab and Notebook 7."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from sfstream.core.events import Chunk
from sfstream.core.recording import End, Head, Recording
from sfstream.log.writer import save_recording
from tests.browser.notebooks import SLOW_END, Notebooks
from tests.fake_transport import DONE, word
from tests.markdown.flashes import differences, seen
from tests.markdown.tokens import tokens

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TEXT = r"""It costs **$100** a month, [**here**](https://a.example) or [there](https://b.example)[^1]. Dear [Your name],

- [x] **Done**: `a | b` and *more*
- [ ] ~~Old~~ 价格是**$5**，即**“便宜”**：https://c.example/x。

| Command | Meaning |
|---|---|
| `ls \| grep x` | **$1** or $x^2$ |

Let $f(x) = \frac{x}{2}$, so **$f(4) = 2$**, H<sub>2</sub>O.

[^1]: A note.

The end.
"""
STEP = 0.05
"""Seconds between two tokens."""
WATCH = """() => {
  const seen = (window.seen = []);
  const note = () => {
    const text = document.querySelector(".sfstream-live .sfstream-text")?.innerHTML;
    if (text && text !== seen.at(-1)) seen.push(text);
  };
  new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
"""Note the HTML of the answer after each change of the page."""


def test_nothing_flashes_in_the_page(notebooks: Notebooks) -> None:
    """At each change the page shows the beginning of what it shows in the end, and nothing vanishes."""
    data = [*map(word, tokens(TEXT, 1)), word("", "stop"), DONE]
    head = Head({"model": "a/model", "messages": [{"role": "user", "content": "Hi"}]}, time="", source="server")
    chunks = [Chunk(0.5 + STEP * number, each) for number, each in enumerate(data)]
    save_recording(Recording(head, chunks, End("complete")), notebooks.folder / "flashes.jsonl")
    _, cell = notebooks.open(SLOW_END, "%sfchat --display live --replay flashes.jsonl")
    notebooks.page.evaluate(WATCH)
    notebooks.run(2)
    expect(cell.locator(".sfstream-live .sfstream-text")).to_contain_text("The end.", timeout=60_000)
    expect(cell.locator(".sfstream-live")).to_have_count(0)
    pages = notebooks.page.evaluate("window.seen")
    assert [] == differences(((f"change {number}", page) for number, page in enumerate(pages)), seen(pages[-1]))
    assert len(pages) > 50

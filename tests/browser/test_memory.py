"""What answers leave behind in the memory of the page, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.notebooks import Notebooks

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

COUNT_MODELS = """
globalThis.models = [];
const make = URL.createObjectURL;
URL.createObjectURL = (blob) => {
  if (blob.type !== "text/javascript") return make(blob);
  const counted = `import widget from "${make(blob)}";
    export default () => {
      const made = typeof widget === "function" ? widget() : widget;
      const initialize = (props) => {
        globalThis.models.push(new WeakRef(props.model));
        return made.initialize(props);
      };
      return { ...made, initialize };
    };`;
  return make(new Blob([counted], { type: "text/javascript" }));
};
"""
"""Keep a weak reference to the model of each widget that the page loads."""
ALIVE = "() => models.filter((model) => model.deref()).length"
ANSWERS = 4
CLOSE_SOON = "from sfstream.display import live_view\nlive_view.GRACE = 0.1\n"


def test_answers_that_have_ended_leave_the_memory_of_the_page(notebooks: Notebooks) -> None:
    """Their widgets are closed, and nothing in the page refers to them any more."""
    notebooks.page.add_init_script(COUNT_MODELS)
    cells = notebooks.open(
        f"{CLOSE_SOON}%sfchat -m demo/echo hi",
        *["%sfchat -m demo/echo hi"] * (ANSWERS - 1),
        "import asyncio\nwhile live_view.retired: await asyncio.sleep(0.05)\n'closed'",
    )
    notebooks.run(ANSWERS + 1)
    expect(cells[-1].locator(".jp-OutputArea-executeResult")).to_contain_text("closed")
    made = notebooks.page.evaluate("models.length")
    assert made > ANSWERS  # one is that of the probe, which stays
    devtools = notebooks.page.context.new_cdp_session(notebooks.page)
    for _ in range(20):
        devtools.send("HeapProfiler.collectGarbage")
        notebooks.page.wait_for_timeout(100)
        if (alive := notebooks.page.evaluate(ALIVE)) <= made - ANSWERS:
            break
    assert alive <= made - ANSWERS, f"{alive} of {made} models are still in memory"

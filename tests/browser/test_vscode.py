"""A kernel that takes the page for VS Code, by the cell's name in its requests: Stop is there if messages get through.

VS Code's own Jupyter extension is not here, so JupyterLab stands in for it.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.notebooks import Notebooks

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

DEAF = "import sfstream.display.widget as v\nv.allow_messages_while_busy = lambda comm: None"
CHAT = "%sfchat --display live -m demo/rate-100 hi"
AS_VSCODE = """(() => {
  const send = WebSocket.prototype.send;
  const named = text => text.replace(/("cellId":\\s*")(?!vscode)/, "$1vscode-notebook-cell:/a.ipynb#");
  // Jupyter's binary form of a message: the number of offsets, the offsets, and the parts between them.
  const renamed = buffer => {
    const view = new DataView(buffer);
    const offsets = Array.from({ length: Number(view.getBigUint64(0, true)) }, (_, number) =>
      Number(view.getBigUint64(8 * (number + 1), true)));
    const parts = offsets.slice(1).map((end, number) => new Uint8Array(buffer, offsets[number], end - offsets[number]));
    const texts = parts.map((part, number) =>
      number < 5 ? new TextEncoder().encode(named(new TextDecoder().decode(part))) : part);
    const made = new Uint8Array(offsets[0] + texts.reduce((sum, text) => sum + text.length, 0));
    const head = new DataView(made.buffer);
    head.setBigUint64(0, BigInt(offsets.length), true);
    texts.reduce((begin, text, number) => {
      head.setBigUint64(8 * (number + 1), BigInt(begin), true);
      made.set(text, begin);
      head.setBigUint64(8 * (number + 2), BigInt(begin + text.length), true);
      return begin + text.length;
    }, offsets[0]);
    return made.buffer;
  };
  WebSocket.prototype.send = function (data) {
    send.call(this, typeof data === "string" ? named(data) : renamed(data.buffer ?? data));
  };
})()"""


@pytest.fixture(autouse=True)
def as_vscode(notebooks: Notebooks) -> None:
    """Every page that is opened from here on names its cells as VS Code does."""
    notebooks.page.add_init_script(AS_VSCODE)


def test_stop_is_there_where_messages_reach_the_busy_kernel(notebooks: Notebooks) -> None:
    """And it stops."""
    name, cell = notebooks.open("from sfstream.display import frontend; frontend.cell_id()", CHAT)
    notebooks.run(2)
    expect(name).to_contain_text("vscode-notebook-cell:")
    expect(cell.locator(".sfstream-live")).to_contain_text("Without streaming you wait")
    cell.locator(".sfstream-stop").click()
    expect(cell.locator(".sfstream-ending")).to_contain_text("Stopped")


def test_no_stop_is_there_where_none_do(notebooks: Notebooks) -> None:
    """An interrupt would reach no kernel, and a button that does nothing is worse than none."""
    _, cell = notebooks.open(DEAF, CHAT)
    notebooks.run(2)
    expect(cell.locator(".sfstream-live")).to_contain_text("Without streaming you wait")
    notebooks.page.wait_for_timeout(1500)  # all hellos have been sent
    expect(cell.locator(".sfstream-live")).to_be_visible()
    expect(cell.locator(".sfstream-stop")).to_be_hidden()
    expect(cell.locator(".sfstream-copy")).to_be_visible()
    notebooks.page.locator(
        "[data-command='notebook:interrupt-kernel'], .jp-ToolbarButton [title*='Interrupt']"
    ).first.click()
    expect(cell.locator(".sfstream-ending")).to_contain_text("Stopped")

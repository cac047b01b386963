"""A notebook that ``sfstream demo NAME --html FILE`` has written, opened from its file without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import expect

import sfstream
from sfstream.__main__ import as_page
from sfstream.demo.server import DemoServer
from tests.browser.page import browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_the_player_works_in_a_page_that_loads_nothing(tmp_path: Path, asking_demo: DemoServer) -> None:
    """Its script replaces the static form, a jump to the first token shows less, and nothing is asked for."""
    reply = sfstream.chat("What is streaming?", model="demo/english", display="off", via="requests")
    v4: Any = nbformat.v4
    shown = v4.new_output("display_data", data=reply.play()._repr_mimebundle_())
    notebook = v4.new_notebook(cells=[v4.new_code_cell("reply.play()", outputs=[shown])])
    file = tmp_path / "lesson.html"
    file.write_text(as_page(notebook, "lesson"), "utf-8")

    with browser() as page:
        asked: list[str] = []
        wrong: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.context.set_offline(True)
        page.goto(file.as_uri())
        player = page.locator(".sfstream-recording")
        expect(player.locator(".sfstream-static")).to_have_count(0)
        expect(player).to_contain_text("Without streaming you wait")
        player.get_by_role("button", name="First token").click()
        expect(player).not_to_contain_text("Without streaming you wait")
        assert ([file.as_uri()], []) == (asked, wrong)

"""Code can be read on light and dark pages: live, saved and not trusted, and as a page of its own."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect

from sfstream.core.events import Delta
from sfstream.demo.compose import Script, compose
from sfstream.display.mimebundle import bundle
from sfstream.log.entries import reply_of
from tests.browser.lab import APPS, served, write_notebook
from tests.browser.page import ARTEFACTS, browser, run_first
from tests.contrast import LEAST, shown
from tests.replies import ended

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CODE = """```python
# comment
@decorator
class Net(Module):
    def forward(self, x: int = 42) -> None:
        return "text" if x is None else 3.14
```

```diff
--- a
+++ b
@@ -1 +1 @@
-old
+new
```

```json
{"name": "value", "n": 1.5, "ok": true}
```

    plain

Then $x^2$ and

$$\\frac{a}{b}$$
"""
LIVE = f"""import sfstream
view = sfstream.StreamView()
display(view)
_ = sfstream.show([{CODE!r}], into=view)"""
TOKENS = "pre code, pre code span:not(.sfstream-lines)"
MANY = 20
"""At least so many pieces of code have a colour."""


def check(page: Page, place: str) -> None:
    """Each piece of code in this place can be read."""
    contrasts = shown(page.locator(place).locator(TOKENS))
    assert len(contrasts) > MANY
    assert min(contrasts) >= LEAST


def notebook(path: Path) -> None:
    """A cell that shows an answer, and one with an answer of somebody else."""
    write_notebook(path, LIVE, "")
    made = nbformat.read(path, 4)  # type: ignore[no-untyped-call]
    data = bundle(ended(Delta(reasoning=CODE), Delta(content=CODE)), is_open=True)
    made.cells[1].outputs = [nbformat.v4.new_output("display_data", data=data)]  # type: ignore[no-untyped-call]
    nbformat.write(made, path)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("theme", ["Light", "Dark"])
@pytest.mark.parametrize("app", APPS)
def test_in_a_notebook(app: str, theme: str, tmp_path: Path) -> None:
    """Of the two forms of a formula, only the one that MathJax typesets is there, also where it is not trusted."""
    themes = tmp_path / "home" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    themes.mkdir(parents=True)
    (themes / "themes.jupyterlab-settings").write_text(json.dumps({"theme": f"JupyterLab {theme}"}))
    notebook(tmp_path / "a.ipynb")
    with served(app, tmp_path) as address, browser(height=1800) as page:
        page.goto(f"{address}a.ipynb")
        saved = page.locator(".jp-CodeCell").nth(1).locator(".sfstream")
        expect(saved.locator("mjx-container")).to_have_count(4)
        hidden = saved.locator("span[hidden]")
        assert 0 == hidden.locator("math").count()  # it is not trusted
        assert [0] * 4 == hidden.evaluate_all("all => all.map(each => each.getClientRects().length)")
        check(page, ".jp-CodeCell .jp-RenderedHTML .sfstream")
        run_first(page)
        expect(page.locator(".sfstream-live pre")).to_have_count(4)
        check(page, ".sfstream-live .sfstream-content")
        ARTEFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTEFACTS / f"code-{theme.lower()}-{app}.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_page_of_its_own(scheme: str, tmp_path: Path) -> None:
    """In the player, the reasoning included."""
    asked = {"model": "a/model", "messages": [{"role": "user", "content": "Hello"}], "stream": True}
    reply = reply_of(compose(asked, Script([CODE], reasoning=[CODE])))
    reply.save(tmp_path / "answer.html")
    with browser() as page:
        page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
        page.goto((tmp_path / "answer.html").as_uri())
        expect(page.locator(".sfstream-answer pre")).to_have_count(8)
        check(page, ".sfstream-answer")
        page.screenshot(path=tmp_path / f"{scheme}.png")

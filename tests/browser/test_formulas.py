"""What models write as TeX, in a real JupyterLab: its MathJax typesets all that is typeset live."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.lab import served, write_notebook
from tests.browser.page import ARTEFACTS, browser, run_first
from tests.markdown.formulas import FORMULAS
from tests.markdown.formulas_more import MORE, ONLY_MATHJAX

ALL = [*FORMULAS, *MORE, *ONLY_MATHJAX]

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SHOW = "import sfstream; _ = sfstream.show([open('answer.md', encoding='utf-8').read()])"
TALL = 9000
"""So that all of them are on the picture."""
NOT_TYPESET = """formulas => formulas.filter(each => {
  const is = selector => each.querySelector(selector) !== null;
  const words = [...each.querySelectorAll("mjx-mtext")];
  // MathJax shows a command that it does not know in red.
  return !is("mjx-container") || is("mjx-merror, [data-mjx-error]")
    || words.some(word => getComputedStyle(word).color === "rgb(255, 0, 0)");
}).map(each => each.textContent || each.innerHTML)"""


def test_mathjax_knows_every_formula(tmp_path: Path) -> None:
    """No formula is an error, none is left as it was, and in none a command is red."""
    (tmp_path / "answer.md").write_text("\n\n".join(f"$${tex}$$" for tex in ALL), encoding="utf-8")
    write_notebook(tmp_path / "formulas.ipynb", SHOW)
    with served("lab", tmp_path) as address, browser(height=TALL) as page:
        page.goto(f"{address}formulas.ipynb")
        run_first(page)
        formulas = page.locator(".jp-RenderedHTML .mathjax_process")
        expect(formulas).to_have_count(len(ALL))
        expect(page.locator(".jp-RenderedHTML mjx-container")).to_have_count(len(ALL))
        page.locator(".jp-RenderedHTML .sfstream").screenshot(path=ARTEFACTS / "formulas.png")
        assert [] == formulas.evaluate_all(NOT_TYPESET)

"""Styles that ask the page what it is: colours that can be read everywhere, and two forms of a formula, never both."""

from __future__ import annotations

import re

import pytest

from sfstream.markdown.highlight import COLOURS, highlighted
from sfstream.markdown.page_styles import EXACT, MATHML_FORM, TEX_FORM
from sfstream.markdown.renderer import rendered
from sfstream.markdown.sanitize import clean
from tests.contrast import LEAST, contrast
from tests.hostile.corpus import payloads
from tests.markdown.formulas import FORMULAS

HUES = {
    "darkorchid": (153, 50, 204),
    "forestgreen": (34, 139, 34),
    "orangered": (255, 69, 0),
    "dodgerblue": (30, 144, 255),
    "gray": (128, 128, 128),
}
PAGES = {
    "JupyterLab light": ((33, 33, 33), (255, 255, 255)),
    "JupyterLab dark": ((255, 255, 255), (17, 17, 17)),
    "VS Code light": ((59, 59, 59), (255, 255, 255)),
    "VS Code light, in a quote": ((59, 59, 59), (248, 248, 248)),
    "VS Code dark": ((204, 204, 204), (31, 31, 31)),
    "VS Code, high contrast": ((255, 255, 255), (0, 0, 0)),
    "a saved page": ((33, 33, 33), (255, 255, 255)),
    "a saved page, dark": ((230, 230, 230), (22, 22, 22)),
}
"""The colours of text and ground, as Chromium has them."""
THOUGHTS = 0.9
"""The opacity of the reasoning."""


def mixed(first: tuple[float, ...], second: tuple[float, ...], share: float) -> tuple[float, ...]:
    return tuple(share * one + (1 - share) * other for one, other in zip(first, second, strict=True))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("colour", sorted(set(COLOURS.values())))
def test_every_colour_of_code_can_be_read(colour: str, page: str) -> None:
    """In the answer and in the reasoning each stands out at 4.5 to 1."""
    hue = re.fullmatch(r"color-mix\(in srgb,(\w+),currentcolor\)", colour)
    assert hue
    text, ground = PAGES[page]
    seen = mixed(HUES[hue[1]], text, 0.5)
    assert contrast(seen, ground) >= LEAST
    assert contrast(mixed(seen, ground, THOUGHTS), ground) >= LEAST


@pytest.mark.parametrize("style", sorted(EXACT))
def test_only_these_styles_have_functions(style: str) -> None:
    """Anything that is like one of them is removed."""
    assert f'<span style="{style}">a</span>' == clean(f'<span style="{style}">a</span>')
    for other in (style + ";", style + " ", style.upper(), style.replace("var(", "url("), style.replace(",", ",red,")):
        if other != style:
            assert "(" not in clean(f'<span style="{other}">a</span>')


@pytest.mark.parametrize("hidden", ["", "until-found", "true"])
def test_nothing_else_is_hidden(hidden: str) -> None:
    """Only a span is, and only in one way of writing it."""
    assert "hidden" not in clean(f'<span hidden="{hidden}">a</span>').lower()
    assert "hidden" not in clean('<p hidden="hidden">a</p><math hidden="hidden"><mi hidden="hidden">a</mi></math>')


@pytest.mark.parametrize("tex", [*FORMULAS[:20], "x"])
def test_what_is_saved_has_both_forms(tex: str) -> None:
    """The one for MathJax is as it is without the other, but for its style; what comes after it is hidden."""
    (saved,), (live,), (plain,) = (rendered(f"a $${tex}$$ b", maths) for maths in ("both", "mathml", "tex"))
    assert f'style="{TEX_FORM}"' in saved
    hidden = re.search(rf'<span hidden="hidden" style="{re.escape(MATHML_FORM)}">(<math.*?</math>)</span>', saved, re.S)
    assert hidden
    assert hidden[1] in live
    assert plain == saved.replace(hidden[0], "").replace(f' style="{TEX_FORM}"', "")


@pytest.mark.parametrize("source", [r"$\ce{A \frac B}$", r"$\nosuchcommand x$", "`a`", "$5 and $6"])
def test_what_has_one_form_only_is_never_hidden(source: str) -> None:
    """TeX that cannot be MathML too is there for all; and what is no formula for MathJax has no styles of a page."""
    assert not re.search(r"var\(|hidden", "".join(rendered(source, "both")))


@pytest.mark.parametrize(("tex", "lines"), [(r"\cancel{5}", 1), (r"\bcancel{x}", 1), (r"\xcancel{ab}", 2)])
def test_what_is_cancelled_is_struck(tex: str, lines: int) -> None:
    """Also where there is no style sheet of ours; Chromium draws no strikes."""
    for maths in ("mathml", "both"):
        (made,) = rendered(f"${tex}$", maths)
        assert lines == made.count("linear-gradient(")


def test_both_forms_run_from_left_to_right() -> None:
    """Also in Arabic text."""
    (saved,) = rendered("معادلة $x+1$ هنا", "both")
    assert 2 == len(re.findall(r'<span dir="ltr" (?:style|hidden)', saved))


def test_no_hostile_text_makes_them() -> None:
    """What is hidden is always a formula, and follows its TeX."""
    tex, mathml = (f'style="{re.escape(style)}"' for style in (TEX_FORM, MATHML_FORM))
    pair = re.compile(rf'{tex}[^<>]*>[^<]*</span><span[^<>]* hidden="hidden" {mathml}><math')
    for payload in payloads():
        made = "".join(rendered(payload.text, "both"))
        tags = "".join(re.findall(r"<[^<>]*>", made))
        assert tags.count("hidden=") == tags.count("var(--vscode-font-size,none)") == len(pair.findall(made))
        assert tags.count("--text-link-decoration") == len(pair.findall(made))


def test_other_code_keeps_the_colours_of_the_text() -> None:
    """A block of code has no ground of its own; VS Code's would be behind each line."""
    (made,) = rendered("```python\nx = 1\n```", "both")
    assert '<code style="white-space:pre;background:none;color:inherit">' in made
    assert "color-mix" in highlighted("x = 1\n", "python")

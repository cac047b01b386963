"""Formulas wherever text may stand, and what only looks like one."""

from __future__ import annotations

import re
import threading

import pytest

from sfstream.markdown.renderer import Maths, rendered
from sfstream.markdown.tex_compat import normalized
from sfstream.markdown.tex_vocabulary import COMMON
from tests.markdown.formulas import FORMULAS
from tests.markdown.formulas_more import MORE, ONLY_MATHJAX

_SPAN = re.compile(r'<span class="tex2jax_process mathjax_process">(.*?)</span>', re.DOTALL)


def typeset(source: str) -> list[str]:
    """The formulas that MathJax gets."""
    return _SPAN.findall("".join(rendered(source, "tex")))


@pytest.mark.parametrize(
    ("source", "formulas"),
    [
        ("so $x^2$ is", [r"\(x^2\)"]),
        (r"so \(x^2\) is", [r"\(x^2\)"]),
        ("so $$x^2$$ is", [r"\[x^2\]"]),
        (r"so \[x^2\] is", [r"\[x^2\]"]),
        ("设$x$为 **$y$** 和\\(z\\)。", [r"\(x\)", r"\(y\)", r"\(z\)"]),
        ("the $n$th, $k$-th", [r"\(n\)", r"\(k\)"]),
        (r"the line \( AB \) and \( AB, CD \)", [r"\( AB \)", r"\( AB, CD \)"]),
        ("# a $x$", [r"\(x\)"]),
        ("- $x$\n- \\[ y \\]", [r"\(x\)", r"\[ y \]"]),
        ("> $$\n> x\n> $$", ["\\[\nx\n\\]"]),
        ("| a |\n|---|\n| \\(|x|\\) $|y|$ |", [r"\(|x|\)", r"\(|y|\)"]),
        ("so\n$$\na\n= b\n- c\n+ d\n# e\n$$\nafter", ["\\[\na\n= b\n- c\n+ d\n\\# e\n\\]"]),
        ("1. x\n   \\[\n   a\n   = b\n   \\]\n2. y", ["\\[\na\n= b\n\\]"]),
        ("\\begin{align}\na &= b\n\\end{align}", ["\\[\\begin{align}\na &amp;= b\n\\end{align}\\]"]),
        ("$f(x) = a_1 * b_1 * c$", [r"\(f(x) = a_1 * b_1 * c\)"]),
        ("增长了$50%$，\\(20%\\)", [r"\(50\%\)", r"\(20\%\)"]),
        (r"\[x = 5\%\\% + y\]", [r"\[x = 5\%\\\% + y\]"]),
        (r"$$1, \text{if $x=0$}$$", [r"\[1, {\text{if }x=0}\]"]),
        (r"$$\text{a $x$ b \$5}$$", [r"\[{\text{a }x\text{ b \$5}}\]"]),
        (r"$a \tag{1}$ \[b \label{c} \tag{2}\]", [r"\(a \qquad \text{(1)}\)", r"\[b  \tag{2}\]"]),
    ],
)
def test_formulas(source: str, formulas: list[str]) -> None:
    """A formula is found in a paragraph, a heading, a list, a quote, a table and on lines of its own."""
    source = source.replace("# e\n", "\\# e\n")
    assert formulas == typeset(source)


@pytest.mark.parametrize(
    "source",
    [
        "$5 and $6",
        "costs $5, or $10.50",
        "US$20 to US$30",
        "$5-$10",
        "set $HOME and $PATH, or $HOME/$PATH",
        "| $5 | $50 |",
        "$$ and $$",
        "from $100 to 200$ or more words",
        "\\$x\\$",
        "`$x$` and ``\\(x\\)``",
        "a $x` and `y$ b",
        "    $x$",
        "```\n$$x$$\n```",
        r"f\(x\) and a\[0\]",
        r"\[1\] \[optional\] \[link\](a)",
        r"see \( in brackets \)",
        "$$\nnever closed",
        "\\[ a\n\nb \\]",
        "\\begin{a} x",
    ],
)
def test_what_only_looks_like_one(source: str) -> None:
    """Prices, names of variables, escaped brackets and code are no formulas."""
    made = "".join(rendered(source, "mathml"))
    assert ("<math" in made, typeset(source)) == (False, [])


@pytest.mark.parametrize("tex", FORMULAS + MORE)
def test_what_models_write_is_typeset(tex: str) -> None:
    """As MathML while it is live, and as TeX without the commands that MathJax is known to lack."""
    assert "<math" in rendered(f"$${tex}$$", "mathml")[0]
    (saved,) = typeset(f"$${tex}$$")
    assert set() == set(re.findall(r"\\([A-Za-z]+)", saved)) & COMMON.keys()


@pytest.mark.parametrize("tex", ONLY_MATHJAX)
def test_what_mathjax_alone_typesets_is_tex_in_both(tex: str) -> None:
    """Live it is the TeX that is typeset at the end."""
    live, saved = rendered(f"$${tex}$$", "mathml"), rendered(f"$${tex}$$", "tex")
    assert live == saved
    assert (1, 1) == (len(typeset(f"$${tex}$$")), len(typeset(f"so ${tex}$ is")))


@pytest.mark.parametrize("tex", [r"\ce{A \frac B}", r"\nosuchcommand x"])
def test_what_one_of_the_renderers_lacks_is_typeset_by_neither(tex: str) -> None:
    """It is its source, and the formula beside it is typeset."""
    for maths, other in (("mathml", "<math"), ("tex", "<span")):
        made = rendered(f"${tex}$ and $x^2$", maths)[0]  # type: ignore[arg-type]  # both are
        assert (1, 1) == (made.count("<code"), made.count(other))


def test_text_in_a_formula_keeps_its_face() -> None:
    """Bold text is bold, also where there are no bold letters of mathematics."""
    assert "<mtext><strong>中文</strong></mtext>" in rendered(r"$\textbf{中文}$", "mathml")[0]


@pytest.mark.parametrize(
    ("formula", "tex"),
    [
        ("H2O", r"\mathrm{H}_{2}\mathrm{O}"),
        ("2Na+", r"2\mathrm{Na}^{+}"),
        ("SO4^2-", r"\mathrm{SO}_{4}^{2-}"),
        ("Fe(OH)3 v", r"\mathrm{Fe}(\mathrm{OH})_{3} \downarrow "),
        ("CH3-CH=CH2", r"\mathrm{CH}_{3}{-}\mathrm{CH}=\mathrm{CH}_{2}"),
        ("Cl-(aq)", r"\mathrm{Cl}^{-}(\mathrm{aq})"),
        ("CuSO4.5H2O", r"\mathrm{CuSO}_{4}\cdot 5\mathrm{H}_{2}\mathrm{O}"),
        ("^{14}_{6}C", r"^{14}_{6}\mathrm{C}"),
        ("A <=>[热][$\\Delta$] B", r"\mathrm{A} \xrightleftharpoons[\Delta]{\text{热}} \mathrm{B}"),
        ("1/2 O2 -> O", r"1/2 \mathrm{O}_{2} \longrightarrow  \mathrm{O}"),
    ],
)
def test_chemistry(formula: str, tex: str) -> None:
    """Counts below, charges above, bonds, arrows with words, and what falls out."""
    assert f"{{{tex}}}" == normalized(rf"\ce{{{formula}}}")


def test_an_unclosed_formula_ends_at_a_blank_line() -> None:
    """What begins a formula and never ends it changes nothing after it."""
    assert '<li dir="auto">a</li>' in "".join(rendered("$$\nx\n\n- a\n- b", "mathml"))


@pytest.mark.parametrize(
    "tex",
    [
        r"\foo",
        r"\href{javascript:alert(1)}{x}",
        r"\text{\href{a}{b}}",
        r"\style{color:red}{x}",
        r"\class{a}{x}",
        r"\def\a{b}\a",
        r"\newcommand{\a}{b}\a",
        r"\require{html}x",
        r"\text{\(x\)}",
        r"x \tag{1} \tag{2}",
        r"\unicode{65}",
        "{" * 100 + r"\hat " * 100 + "x" + "}" * 100,
    ],
)
def test_tex_that_is_shown_as_its_source(tex: str) -> None:
    """TeX that cannot be parsed, or does more than typeset, is its source, live and saved alike."""
    live, saved = rendered(f"$${tex}$$", "mathml"), rendered(f"$${tex}$$", "tex")
    assert live == saved
    assert "<math" not in live[0]
    assert '<code style="white-space:pre-wrap">$$' in live[0]


def test_macros_that_never_end() -> None:
    """A macro that expands to itself is not expanded at all."""
    assert "<math" not in rendered(r"$\def\a{\a\a}\a$", "mathml")[0]


def test_the_flavours() -> None:
    """Live it is MathML, saved it is TeX that says to be typeset."""
    assert ['<p dir="auto"><math><mi>x</mi></math></p>\n'] == rendered("$x$", "mathml")
    assert ['<p dir="auto"><span class="tex2jax_process mathjax_process">\\(x\\)</span></p>\n'] == rendered(
        "$x$", "tex"
    )


def test_html_in_tex() -> None:
    """Markup in a formula stays text."""
    for flavour in ("mathml", "tex"):
        assert "<img" not in rendered(r"$\text{<img src=x onerror=alert(1)>}$", flavour)[0]


def test_other_threads() -> None:
    """A formula can be rendered in any thread."""
    made: list[str] = []
    thread = threading.Thread(target=lambda: made.extend(rendered(r"$\frac{123}{456}$", "mathml")))
    thread.start()
    thread.join()
    assert "<mfrac>" in made[0]


def test_breaks_and_places_are_not_typed_out() -> None:
    """The spacing of a break and the place of an environment are read, not shown."""
    source = r"$$\begin{aligned}[t] a \\[4pt] b \\*[-2 pt] c \end{aligned}$$"
    assert "[" not in "".join(rendered(source, "mathml"))
    assert 1 == len(typeset(source))


@pytest.mark.parametrize("maths", ["mathml", "tex"])
@pytest.mark.parametrize(
    "tex",
    [
        r"\hspace{-9999em}x",
        r"\kern-99em x",
        r"\hspace{400pt}x",
        r"\raisebox{99em}{x}",
        r"\genfrac(){99em}{0}{a}{b}",
        r"a\\[99em]b",
        r"a\\[00000000000000000000000000000099em]b",
        r"a\\[-000000000000000000000000000099em]b",
        r"\begin{smallmatrix}\mathchoice{x}{x}{\raisebox{40em}{x}}{x}\end{smallmatrix}",
        r"\!" * 100,
    ],
)
def test_sizes_are_bounded(tex: str, maths: Maths) -> None:
    """A formula that would reach over what stands around it is shown as its source."""
    assert "<code" in "".join(rendered(f"${tex}$", maths))


def test_usual_sizes_are_kept() -> None:
    """Space and large brackets are typeset."""
    assert 1 == len(typeset(r"$\Bigg( a \!\! b \Bigg) \qquad \hspace{3em} \kern-1em x$"))

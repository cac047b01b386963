"""What the MathJax of JupyterLab can parse, and does nothing else with. Right values by mathjax-full 3.2.2."""

from __future__ import annotations

import time

import pytest

from sfstream.markdown.mathjax import is_typeset
from sfstream.markdown.tex_compat import normalized


@pytest.mark.parametrize(
    "tex",
    [
        *(r"x^2^3", r"x_1_2", r"x^2'", r"x_1^2'", r"x'_1^2", r"x^", r"x^\sin y", r"x^\begin{matrix}a\end{matrix}"),
        *(
            r"\frac{a}",
            r"\frac\sqrt2 3",
            r"\hat",
            r"\sqrt[3]",
            r"{a",
            r"a}",
            r"a \over b \over c",
            r"a & b",
            r"a \cr b",
        ),
        *(r"\left( a", r"a \right)", r"\left a \right)", r"\middle| a", r"\left{a\right}", r"\bigl", r"x\limits_a"),
        *(r"\begin{nosuch}a\end{nosuch}", r"\begin{matrix}a\end{pmatrix}", r"\begin{align}\begin{gather}a\end{gather}"),
        *(r"\begin{alignat}a\end{alignat}", r"\begin{equation}a&b\end{equation}", r"\begin{matrix}a\hline\end{matrix}"),
        *(r"a\\[x]b", r"\hspace{1}", r"\kern a", r"\text{a_b}", r"\text{\alpha}", r"\text{$x}", r"#", r"$", r"\(x\)"),
        *(r"\textcolor[HTML]{FF0000}{x}", r"\color[RGB]{1,2}x", r"\colorbox[rgb]{1,0,0}{x}", r"\bbox[1pt,2pt]{x}"),
        *(r"\cfrac[t]{a}{b}", r"\begin{CD}A@>B\end{CD}", r"a \tag{1} \tag{2}", r"\begin{aligned}a\tag{1}\end{aligned}"),
        *(
            r"\ce{A^2^3}",
            r"\ce{#}",
            r"\ce{\nosuch}",
            r"\ce{\circ$n$}",
            r"\ce{\bond{x}}",
            r"\ce{\underbrace{A}}",
            r"\ce{A",
        ),
        *(r"\pu{m^2^3}", r"\pu{SO4^2-}", r"\nosuch", r"\-", r"\qty{5}{m}", r"\begin{tabular}{c}a\end{tabular}"),
    ],
)
def test_what_mathjax_would_show_as_an_error(tex: str) -> None:
    """It is refused."""
    assert not is_typeset(tex)


@pytest.mark.parametrize(
    "tex",
    [
        *(
            r"\href{a}{b}",
            r"\url{a}",
            r"\class{a}{x}",
            r"\cssId{a}{x}",
            r"\style{color:red}{x}",
            r"\unicode{65}",
            r"\require{a}",
        ),
        *(
            r"\def\a{b}",
            r"\newcommand{\a}{b}",
            r"\let\a\b",
            r"\mmlToken{mi}{x}",
            r"\texttip{x}{y}",
            r"\toggle{a}{b}\endtoggle",
        ),
        *(
            r"\ce{\href{a}{b}}",
            r"\ce{$\href{a}{b}$}",
            r"\ce{\le$t$}",
            r"\text{$\href{a}{b}$}",
            r"\colorbox{red}{$\class{a}{b}$}",
        ),
        *(
            r"\definecolor{a}{rgb}{1,0,0}",
            r"\textcolor{red;a:b}{x}",
            r"\bbox[background:url(a)]{x}",
            r"\enclose{box}[href=a]{x}",
        ),
        *(
            r"\label{a}",
            r"\ref{a}",
            r"\eqref{a}",
            r"\includegraphics{a}",
            r"\DeclareMathOperator{\a}{b}",
            r"\pmb{\pmb{x}}",
        ),
        *(r"\hspace{-99em}x", r"\rule{99em}{1em}", r"\!" * 100, r"{\Huge " * 4 + "x" + "}" * 4, "{" * 70 + "}" * 70),
    ],
)
def test_what_does_more_than_typeset(tex: str) -> None:
    """It is refused, wherever it stands."""
    assert not is_typeset(tex)


@pytest.mark.parametrize(
    ("tex", "made"),
    [
        (
            r"\begin{aligned}[t] a \tag{1} \\ b \tag{2} \end{aligned}",
            r"\begin{align*} a \tag{1} \\ b \tag{2} \end{align*}",
        ),
        (r"\begin{gathered}a \tag{1}\end{gathered}.", r"\begin{gather*}a \tag{1}.\end{gather*}"),
        (r"\begin{cases}a \tag{1}\\b\end{cases}", r"\begin{cases}a \\b\end{cases} \tag{1}"),
        (
            r"\left\{\begin{aligned}a \tag*{i}\\b \tag{2}\end{aligned}\right.",
            r"\left\{\begin{aligned}a \qquad \text{i}\\b \qquad \text{(2)}\end{aligned}\right.",
        ),
        (r"\cases{x & x_1>0\cr y & if $z$}", r"\begin{cases}x & x_1>0\\ y & {\text{if }z}\end{cases}"),
        (r"\color{red}{x}y", r"\textcolor{red}{x}y"),
        (r"\color{red} x", r"\color{red} x"),
        (r"\textcolor[HTML]{FF0000}{x}", r"\textcolor{#FF0000}{x}"),
    ],
)
def test_what_is_made_of_a_formula(tex: str, made: str) -> None:
    """Tags, plain TeX and colours are made what MathJax takes, and that is typeset."""
    assert made.replace(" ", "") == normalized(tex).replace(" ", "")
    assert is_typeset(normalized(tex))


@pytest.mark.parametrize(
    "piece", [r"\ce{", r"\ce{$x", r"\cases{", r"\left(", r"\sqrt[", r"\text{a", "^{", r"\pu{a.", r"\tag{1}"]
)
def test_the_time_is_bounded(piece: str) -> None:
    """No formula takes longer than a moment, however it is built."""
    begin = time.perf_counter()
    tex = normalized(piece * (4900 // len(piece)))
    assert not is_typeset(tex)
    assert time.perf_counter() - begin < 2

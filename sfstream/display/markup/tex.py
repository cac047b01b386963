r"""One formula as HTML: MathML while it is live, TeX for MathJax in what is saved, its source where neither is safe.

No I/O. Both flavours take the same decision, so that no formula changes its kind when one replaces the other.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import Literal, TypeAlias

from math_core import LatexError, LatexToMathML

Maths: TypeAlias = Literal["mathml", "tex"]
"""What becomes of a formula: MathML while it is live, TeX for MathJax in what is saved."""

_DEEPEST = 60
"""Elements in each other that a formula may make: browsers and MathJax go through them by recursion."""

_MACROS = {"mbox": r"\text{#1}", "substack": r"\begin{subarray}{c}#1\end{subarray}"}
"""What MathJax knows and math-core does not."""
_CONVERTER = LatexToMathML(fancy_error=False, allow_unreliable_rendering=True, macros=_MACROS)
_LABEL = re.compile(r"\\label\{[\w:. -]*\}")
_NUMBERED = re.compile(r"(\\(?:begin|end)\{)(align|equation|gather|multline)\}")
_REFUSED = re.compile(
    r"\\(href|url|class|cssId|style|data|html|require|autoload|unicode|char|def|gdef|edef|xdef|let|futurelet"
    r"|newcommand|renewcommand|providecommand|DeclareMathOperator|newenvironment|renewenvironment|includegraphics|bbox"
    r"|texttip|mathtip|toggle|endtoggle|action|enclose|label|ref|eqref|verb|csname|catcode|input|write|special|loop)"
)
r"""The beginnings of what MathJax would do more for than typeset: link, style, load, define, remember."""
_INNER = re.compile(r"\\.|\$", re.DOTALL)
_BOX, _FRAME = '<menclose notation="box">', ' style="border:0.05em solid;padding:0.2em">'
"""Chromium draws no menclose of its own."""
_TAG = re.compile(r"<(/?)m")


def html(tex: str, display: bool, maths: Maths, source: str) -> str:
    """The HTML of a formula, of inline elements only.

    Args:
        source: how it was written, delimiters and all: shown where it cannot be typeset.
    """
    tex = _LABEL.sub("", tex)  # nothing can refer to it
    mathml = _mathml(tex, display)
    if mathml is None:
        return f'<code style="white-space:pre-wrap">{escape(source, quote=False)}</code>'
    if maths == "mathml":
        return mathml
    opening, closing = (r"\[", r"\]") if display else (r"\(", r"\)")
    return f'<span class="tex2jax_process mathjax_process">{escape(opening + tex + closing, quote=False)}</span>'


@lru_cache(1024)
def _mathml(tex: str, display: bool) -> str | None:
    """The formula as MathML, or None where it is not TeX that both renderers know, and nothing else."""
    if _REFUSED.search(tex) or any(found in ("$", r"\(", r"\)", r"\[", r"\]") for found in _INNER.findall(tex)):
        return None
    try:
        made = _CONVERTER.convert_with_local_state(_as_math_core_has_it(tex, display), displaystyle=display)
    except LatexError:
        return None
    # Chromium draws no menclose of its own.
    boxed = made.replace(
        '<menclose notation="box">', '<menclose notation="box" style="border:0.05em solid;padding:0.2em">'
    )
    return boxed if _depth(made) <= _DEEPEST else None


def _as_math_core_has_it(tex: str, display: bool) -> str:
    """Without numbers of equations, as Jupyter's MathJax gives none, and with tags where they are taken."""
    tex = _NUMBERED.sub(r"\1\2*}", tex.replace("{split}", "{aligned}"))
    is_bare = display and r"\tag" in tex and r"\begin" not in tex
    return rf"\begin{{equation*}}{tex}\end{{equation*}}" if is_bare else tex


def _depth(mathml: str) -> int:
    depth = deepest = 0
    for closing in _TAG.findall(mathml):
        depth += -1 if closing else 1
        deepest = max(deepest, depth)
    return deepest

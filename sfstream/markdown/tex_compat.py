r"""One formula as HTML: MathML while it is live, TeX for MathJax in what is saved, its source where neither is safe.

No I/O. Both flavours take the same decision, so that no formula changes its kind when one replaces the other.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import Literal, TypeAlias

from math_core import LatexError, LatexToMathML

from sfstream.markdown.dialect import commands, common, for_math_core, spacings
from sfstream.markdown.lengths import are_moderate
from sfstream.markdown.vocabulary import FOREIGN, MACROS

Maths: TypeAlias = Literal["mathml", "tex"]
"""What becomes of a formula: MathML while it is live, TeX for MathJax in what is saved."""

_DEEPEST = 60
"""Elements in each other that a formula may make: browsers and MathJax go through them by recursion."""

_CONVERTER = LatexToMathML(fancy_error=False, allow_unreliable_rendering=True, macros=MACROS)
_REFUSED = re.compile(
    r"\\(href|url|class|cssId|style|data|html|require|autoload|unicode|char|def|gdef|edef|xdef|let|futurelet"
    r"|newcommand|renewcommand|providecommand|DeclareMathOperator|newenvironment|renewenvironment|includegraphics|bbox"
    r"|texttip|mathtip|toggle|endtoggle|action|enclose|label|ref|eqref|verb|csname|mathchoice|catcode|input|write|special|loop)"
)
r"""The beginnings of what MathJax would do more for than typeset: link, style, load, define, remember."""
_INNER = re.compile(r"\\.|\$", re.DOTALL)
_BOX, _FRAME = '<menclose notation="box">', ' style="border:0.05em solid;padding:0.2em">'
"""Chromium draws no menclose of its own."""
_FACES, _TAGS = re.compile(r"(</?)(b|i)(?=>)"), {"b": "strong", "i": "em"}
"""Text in bold or italics, in the elements that are known to be harmless."""
_TAG = re.compile(r"<(/?)m[^<>]*?(/?)>")
_ATTRIBUTES = re.compile(r"<\w+ ([^<>]+)>")


def html(tex: str, display: bool, maths: Maths, source: str) -> str:
    """The HTML of a formula, of inline elements only.

    Args:
        source: how it was written, delimiters and all: shown where it cannot be typeset.
    """
    tex = common(tex)
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
    if (
        _REFUSED.search(tex)
        or commands(tex) & FOREIGN
        or any(found in ("$", r"\(", r"\)", r"\[", r"\]") for found in _INNER.findall(tex))
    ):
        return None
    try:
        made = _CONVERTER.convert_with_local_state(for_math_core(tex, display), displaystyle=display)
    except LatexError:
        return None
    is_fit = _depth(made) <= _DEEPEST and are_moderate([*_ATTRIBUTES.findall(made), *spacings(tex)])
    return (
        _FACES.sub(lambda found: found[1] + _TAGS[found[2]], made).replace(_BOX, _BOX[:-1] + _FRAME) if is_fit else None
    )


def _depth(mathml: str) -> int:
    depth = deepest = 0
    for closing, empty in _TAG.findall(mathml):
        depth += 0 if empty else -1 if closing else 1
        deepest = max(deepest, depth)
    return deepest

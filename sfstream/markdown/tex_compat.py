r"""Typeset one formula: as MathML in the live view, as TeX for MathJax where that is shown, else as its source. No I/O.

`mathjax` decides what can be typeset. What math-core cannot is TeX in the live view too, and typeset at the end.
First the TeX of models is made TeX that MathJax and math-core read alike. Models mean per cent by ``%``, where TeX
begins a comment; in the text of formulas they write formulas, and signs that TeX does not take there.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import Literal, TypeAlias

from math_core import LatexError, LatexToMathML

from sfstream.markdown import plain_tex
from sfstream.markdown.mathjax import is_typeset
from sfstream.markdown.page_styles import MATHML_FORM, STRIKES, TEX_FORM
from sfstream.markdown.plain_tex import as_latex
from sfstream.markdown.sanitize import are_moderate
from sfstream.markdown.tex_tags import with_tags
from sfstream.markdown.tex_vocabulary import COMMON, MACROS, without_chemistry

Maths: TypeAlias = Literal["mathml", "tex", "both"]
"""What becomes of a formula: MathML while it is live, TeX for MathJax in HTML that is updated, and both in what is
saved, since VS Code typesets MathML alone and an untrusted JupyterLab TeX alone."""

_DEEPEST = 60
"""Maximum nesting of a formula's elements: browsers and MathJax process them by recursion."""

_CONVERTER = LatexToMathML(fancy_error=False, allow_unreliable_rendering=True, macros=MACROS)
_ENCLOSED = re.compile(r'<menclose notation="([a-z ]+)"')
_ENCLOSING = {"box": "border:0.05em solid;padding:0.2em", **STRIKES}
"""Styles by the notation, which Chromium does not draw."""
_FACES, _TAGS = re.compile(r"(</?)(b|i)(?=>)"), {"b": "strong", "i": "em"}
"""Bold and italic text, in elements that the sanitiser allows."""
_TAG = re.compile(r"<(/?)m[^<>]*?(/?)>")
_ATTRIBUTES = re.compile(r"<\w+ ([^<>]+)>")

_NEEDLESS = re.compile(r"\\label\{[\w:. -]*\}|\\require\{(?:ams\w*|boldsymbol|cancel|color|mhchem)\}")
"""Labels, to which nothing can refer, and extensions that are loaded anyway."""
_PER_CENT = re.compile(r"(\\.)|%", re.DOTALL)
_TEXT = re.compile(r"\\\\|\\(text(?!color)[a-z]*|mbox)\{((?:[^{}\\]|\\.|\{[^{}]*\})*)\}", re.DOTALL)
_SIGN_IN_TEXT = re.compile(r"(\\.)|[_&#]", re.DOTALL)
_COMMAND = re.compile(r"\\(?:([A-Za-z]+)|.)", re.DOTALL)
_DOLLAR = re.compile(r"(?<!\\)\$")

_BREAK = re.compile(r"(\\\\)(?:\*?\s*\[([^][]+(?:em|ex|pt|px|mu|cm|mm|in|pc))\s*\])?|\\.", re.DOTALL)
_ARRAY = re.compile(r"(\\begin\{array\}\s*)\{((?:[^{}]|\{[^{}]*\})*)\}")
_BETWEEN_COLUMNS = re.compile(r"@\{[^{}]*\}")
_TAGGED = re.compile(r"\\begin\{(?:align|alignat|equation|gather|multline)\*?\}")
_OTHERWISE = [
    (re.compile(written), read)
    for written, read in [
        (r"(\\begin\{(?:aligned|alignedat|array|gathered|split|subarray)\})\s*\[[tcb]\]", r"\1"),
        (r"\\(begin|end)\{split\}", r"\\\1{aligned}"),
        (r"\\(begin|end)\{smallmatrix\}", r"\\\1{matrix}"),
        (r"\\(begin|end)\{([pbBvV]?matrix)\*\}(?:\s*\[[lcr]\])?", r"\\\1{\2}"),
        (r"\\begin\{eqnarray\*?\}", r"\\begin{array}{rcl}"),
        (r"\\end\{eqnarray\*?\}", r"\\end{array}"),
        (r"\\(begin|end)\{align(ed)?at(\*?)\}(?:\s*\{\d+\})?", r"\\\1{align\2\3}"),
        (r"\\(begin|end)\{(align|equation|gather|multline)\}", r"\\\1{\2*}"),
        (r"(?<=\})\s*\\limits(?![A-Za-z])", ""),
    ]
]
"""What math-core reads otherwise, or not at all: environments without numbers, as Jupyter's MathJax gives none."""


def formula_html(tex: str, display: bool, maths: Maths, source: str, attributes: str = "") -> str:
    """Return a formula as HTML of inline elements only.

    Args:
        source: how it was written, delimiters and all: shown where it cannot be typeset.
        attributes: further attributes of the element.
    """
    tex = normalized(tex, display)
    if not is_typeset(tex):
        return f'<code{attributes} style="white-space:pre-wrap">{escape(source, quote=False)}</code>'
    mathml = None if maths == "tex" else _mathml(tex, display)
    if mathml is None:
        return _tex(tex, display, attributes)
    if maths == "mathml":
        return mathml.replace("<math", f"<math{attributes}", 1)
    hidden = f'<span{attributes} hidden="hidden" style="{MATHML_FORM}">{mathml}</span>'
    return _tex(tex, display, f'{attributes} style="{TEX_FORM}"') + hidden


def _tex(tex: str, display: bool, attributes: str) -> str:
    opening, closing = (r"\[", r"\]") if display else (r"\(", r"\)")
    inner = escape(opening + tex + closing, quote=False)
    return f'<span{attributes} class="tex2jax_process mathjax_process">{inner}</span>'


@lru_cache(1024)
def _mathml(tex: str, display: bool) -> str | None:
    """Return the formula as MathML, or None if math-core cannot typeset it."""
    try:
        made = _CONVERTER.convert_with_local_state(for_math_core(tex, display), displaystyle=display)
    except LatexError:
        return None
    spacings = [found[2] for found in _BREAK.finditer(tex) if found[2]]  # math-core does not read them
    if _depth(made) > _DEEPEST or not are_moderate([*_ATTRIBUTES.findall(made), *spacings]):
        return None
    made = _FACES.sub(lambda found: found[1] + _TAGS[found[2]], made)
    return _ENCLOSED.sub(_enclosed, made)


def _enclosed(found: re.Match[str]) -> str:
    style = _ENCLOSING.get(found[1])
    return f'{found[0]} style="{style}"' if style else found[0]


def _depth(mathml: str) -> int:
    depth = deepest = 0
    for closing, empty in _TAG.findall(mathml):
        depth += 0 if empty else -1 if closing else 1
        deepest = max(deepest, depth)
    return deepest


def normalized(tex: str, display: bool = True) -> str:
    """Return the formula as both renderers are given it."""
    tex = with_tags(as_latex(without_chemistry(_NEEDLESS.sub("", tex))), display)
    tex = _TEXT.sub(_as_text, tex)
    tex = _COMMAND.sub(lambda found: COMMON.get(found[1], found[0]), tex)
    return _PER_CENT.sub(lambda found: found[1] or r"\%", tex)


def for_math_core(tex: str, display: bool) -> str:
    """Return the formula as math-core reads it, with equation tags in an environment that takes them."""
    tex = plain_tex.for_math_core(_BREAK.sub(lambda found: found[1] or found[0], tex))
    tex = _ARRAY.sub(lambda found: f"{found[1]}{{{_BETWEEN_COLUMNS.sub('', found[2])}}}", tex)
    for written, read in _OTHERWISE:
        tex = written.sub(read, tex)
    is_bare = display and tex.count(r"\tag") == 1 and not _TAGGED.search(tex)
    return rf"\begin{{equation*}}{tex}\end{{equation*}}" if is_bare else tex


def _as_text(found: re.Match[str]) -> str:
    r"""Turn ``\text{a $x$ b_c}`` into ``{\text{a }x\text{ b\_c}}``."""
    if not found[1]:
        return found[0]
    parts = _DOLLAR.split(found[2])
    if len(parts) % 2 == 0:
        return found[0]
    plain = [_SIGN_IN_TEXT.sub(lambda sign: sign[1] or f"\\{sign[0]}", part) for part in parts[::2]]
    words = [rf"\{found[1]}{{{part}}}" if part else "" for part in plain]
    if len(parts) == 1:
        return words[0] or found[0]
    return "{" + words[0] + "".join(tex + text for tex, text in zip(parts[1::2], words[1:], strict=True)) + "}"

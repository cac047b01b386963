r"""TeX as models write it, made TeX that MathJax and math-core read alike. No I/O.

Models mean per cent by ``%``, where TeX begins a comment; in the text of formulas they write formulas, and signs that
TeX does not take there.
"""

from __future__ import annotations

import re

from sfstream.markdown.chemistry import without_chemistry
from sfstream.markdown.vocabulary import COMMON

_NEEDLESS = re.compile(r"\\label\{[\w:. -]*\}|\\require\{(?:ams\w*|boldsymbol|cancel|color|mhchem)\}")
"""Labels, to which nothing can refer, and what is loaded anyway."""
_PER_CENT = re.compile(r"(\\.)|%", re.DOTALL)
_TEXT = re.compile(r"\\\\|\\(text[a-z]*|mbox)\{((?:[^{}\\]|\\.|\{[^{}]*\})*)\}", re.DOTALL)
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


def common(tex: str) -> str:
    """The formula as both renderers are to have it."""
    tex = without_chemistry(_NEEDLESS.sub("", tex))
    tex = _TEXT.sub(_as_text, tex)
    tex = _COMMAND.sub(lambda found: COMMON.get(found[1], found[0]), tex)
    return _PER_CENT.sub(lambda found: found[1] or r"\%", tex)


def commands(tex: str) -> set[str]:
    """The names of its commands."""
    return {found[1] for found in _COMMAND.finditer(tex) if found[1]}


def spacings(tex: str) -> list[str]:
    """The lengths that breaks of lines are given, which math-core does not read."""
    return [found[2] for found in _BREAK.finditer(tex) if found[2]]


def for_math_core(tex: str, display: bool) -> str:
    """As math-core reads it, with tags where they are taken."""
    tex = _BREAK.sub(lambda found: found[1] or found[0], tex)
    tex = _ARRAY.sub(lambda found: f"{found[1]}{{{_BETWEEN_COLUMNS.sub('', found[2])}}}", tex)
    for written, read in _OTHERWISE:
        tex = written.sub(read, tex)
    is_bare = display and tex.count(r"\tag") == 1 and not _TAGGED.search(tex)
    return rf"\begin{{equation*}}{tex}\end{{equation*}}" if is_bare else tex


def _as_text(found: re.Match[str]) -> str:
    r"""``\text{a $x$ b_c}`` as ``{\text{a }x\text{ b\_c}}``."""
    if not found[1]:
        return found[0]
    parts = _DOLLAR.split(found[2])
    if len(parts) % 2 == 0:
        return found[0]
    words = [rf"\{found[1]}{{{_SIGN_IN_TEXT.sub(_escaped, part)}}}" if part else "" for part in parts[::2]]
    if len(parts) == 1:
        return words[0] or found[0]
    return "{" + words[0] + "".join(tex + text for tex, text in zip(parts[1::2], words[1:], strict=True)) + "}"


def _escaped(found: re.Match[str]) -> str:
    return found[1] or f"\\{found[0]}"

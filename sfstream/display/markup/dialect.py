r"""TeX as models write it, made TeX that MathJax and math-core read alike. No I/O.

Models mean per cent by ``%``, where TeX begins a comment, and they write formulas in the text of formulas.
"""

from __future__ import annotations

import re

_LABEL = re.compile(r"\\label\{[\w:. -]*\}")
_PER_CENT = re.compile(r"(\\.)|%", re.DOTALL)
_TEXT = re.compile(r"\\\\|\\(text[a-z]*|mbox)\{((?:[^{}\\]|\\.|\{[^{}]*\})*)\}", re.DOTALL)
_DOLLAR = re.compile(r"(?<!\\)\$")

_NUMBERED = re.compile(r"(\\(?:begin|end)\{)(align|equation|gather|multline)\}")
_BREAK = re.compile(r"(\\\\)(?:\*?\s*\[([^][]{1,20}(?:em|ex|pt|px|mu|cm|mm|in|pc))\s*\])?|\\.", re.DOTALL)
_PLACED = re.compile(r"(\\begin\{(?:aligned|alignedat|array|gathered|split|subarray)\})\s*\[[tcb]\]")


def common(tex: str) -> str:
    """The formula as both renderers are to have it."""
    tex = _LABEL.sub("", tex)  # nothing can refer to it
    tex = _TEXT.sub(_without_dollars, tex) if "$" in tex else tex
    return _PER_CENT.sub(lambda found: found[1] or r"\%", tex)


def spacings(tex: str) -> list[str]:
    """The lengths that breaks of lines are given, which math-core does not read."""
    return [found[2] for found in _BREAK.finditer(tex) if found[2]]


def for_math_core(tex: str, display: bool) -> str:
    """Without numbers of equations, as Jupyter's MathJax gives none, and with tags where they are taken."""
    tex = _BREAK.sub(lambda found: found[1] or found[0], tex)
    tex = _PLACED.sub(r"\1", tex).replace("{split}", "{aligned}")
    tex = _NUMBERED.sub(r"\1\2*}", tex)
    is_bare = display and r"\tag" in tex and r"\begin" not in tex
    return rf"\begin{{equation*}}{tex}\end{{equation*}}" if is_bare else tex


def _without_dollars(found: re.Match[str]) -> str:
    r"""``\text{a $x$ b}`` as ``{\text{a }x\text{ b}}``."""
    parts = _DOLLAR.split(found[2]) if found[1] else []
    if len(parts) % 2 == 0 or len(parts) < 3:
        return found[0]
    words = [rf"\{found[1]}{{{part}}}" if part else "" for part in parts[::2]]
    return "{" + words[0] + "".join(tex + text for tex, text in zip(parts[1::2], words[1:], strict=True)) + "}"

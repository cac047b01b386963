r"""Equation tags where MathJax and math-core take them: one for a formula, or one in each row of it. No I/O."""

from __future__ import annotations

import re

_WHOLE = re.compile(
    r"\s*(?P<around>\\begin\{equation\*?\}\s*)?\\begin\{(?P<name>aligned|gathered|split|alignedat)\}(?:\s*\[[tcb]\])?"
    r"(?P<body>.*)\\end\{(?P=name)\}(?P<after>[\s.,;。，；]*)(?(around)\\end\{equation\*?\}\s*)",
    re.DOTALL,
)
_NUMBERED = {"aligned": "align*", "split": "align*", "gathered": "gather*", "alignedat": "alignat*"}
_TAG = re.compile(r"\\tag(\*?)\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_EDGE = re.compile(r"\\(begin|end)\{([A-Za-z]+\*?)\}|\\(left|right)(?![A-Za-z])")
_TAKES_TAGS = re.compile(r"\s*\\begin\{(?:align|alignat|equation|eqnarray|flalign|gather|multline)\*?\}")


def with_tags(tex: str, display: bool) -> str:
    """Return the formula with its tags where they are typeset, or as text at the end of their rows."""
    if r"\tag" not in tex:
        return tex
    if not display:
        return _TAG.sub(_as_text, tex)
    whole = _WHOLE.fullmatch(tex)
    if whole and r"\tag" in whole["body"] and rf"\end{{{whole['name']}}}" not in whole["body"]:
        name = _NUMBERED[whole["name"]]
        return rf"\begin{{{name}}}{whole['body']}{whole['after']}\end{{{name}}}"
    if _TAKES_TAGS.match(tex):
        return _TAG.sub(lambda tag: _as_text(tag) if _depth(tex, tag.start()) > 1 else tag[0], tex)
    inner = [tag for tag in _TAG.finditer(tex) if _depth(tex, tag.start())]
    if len(inner) == 1 and tex.count(r"\tag") == 1:  # the tag of the whole formula
        tag = inner[0]
        return f"{tex[: tag.start()]}{tex[tag.end() :]} {tag[0]}"
    return _TAG.sub(lambda tag: _as_text(tag) if tag in inner or _depth(tex, tag.start()) else tag[0], tex)


def _as_text(tag: re.Match[str]) -> str:
    label = tag[2] if tag[1] else f"({tag[2]})"
    return rf"\qquad \text{{{label}}}"


def _depth(tex: str, stop: int) -> int:
    """Return how many environments and pairs of delimiters are open there."""
    return sum(1 if (found[1] or found[3]) in ("begin", "left") else -1 for found in _EDGE.finditer(tex, 0, stop))

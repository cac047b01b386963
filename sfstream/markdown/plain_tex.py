r"""Plain TeX that models write, as LaTeX: ``\cases``, ``\matrix`` and their like, ``\root``, and colours. No I/O."""

from __future__ import annotations

import re

_ENVIRONMENTS = {"cases": "cases", "matrix": "matrix", "pmatrix": "pmatrix", "eqalign": "aligned"}
_ENVIRONMENTS["displaylines"] = "gathered"
_CALL = re.compile(r"\\(cases|matrix|pmatrix|eqalign|displaylines)\s*\{")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_ROW_END = re.compile(r"\\cr(?![A-Za-z])")
_CELL = re.compile(r"(?<!\\)&((?:\\[^\\c]|\\c(?!r(?![A-Za-z]))|[^\\&])*)")
_ROOT = re.compile(r"\\root\s*((?:[^\\{}]|\\(?!of)|\{[^{}]*\})*?)\\of(?![A-Za-z])\s*")
_BUILD = re.compile(r"\\buildrel\s*((?:[^\\{}]|\\(?!over)|\{[^{}]*\})*?)\\over\s*(\{[^{}]*\}|\\[A-Za-z]+|[^\\\s])")
_COLOUR = re.compile(r"\\color\s*(\{[^{}]*\}|\[\w+\]\s*\{[^{}]*\})\s*(?=\{)")
_HTML = re.compile(r"\\((?:text)?color)\s*\[HTML\]\s*\{\s*([0-9A-Fa-f]{6})\s*\}")
_HEX = re.compile(r"\\(textcolor|color)\s*\{#([0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})\}")
_MODEL = re.compile(r"\\textcolor\s*(\[\w+\]\s*\{[^{}]*\})\s*\{")


def as_latex(tex: str) -> str:
    r"""Return the formula as both typesetters read it: environments, and ``\color`` with its formula."""
    if r"\color" in tex or r"\textcolor" in tex:
        tex = _COLOUR.sub(r"\\textcolor\1", _HTML.sub(r"\\\1{#\2}", tex))
    for _ in range(20):  # from the inside to the outside, as deep as a formula is
        calls = list(_CALL.finditer(tex))
        if not calls:
            break
        tex = _environment(tex, calls[-1])
    return tex


def _environment(tex: str, call: re.Match[str]) -> str:
    end = _closing(tex, call.end())
    if end is None:
        return tex
    name, body = _ENVIRONMENTS[call[1]], _ROW_END.sub(r"\\\\", tex[call.end() : end])
    body = _CELL.sub(_condition, body) if name == "cases" else body
    return rf"{tex[: call.start()]}\begin{{{name}}}{body}\end{{{name}}}{tex[end + 1 :]}"


def _condition(cell: re.Match[str]) -> str:
    r"""Keep words of a condition words: the second column of ``\cases`` is text."""
    text = cell[1].strip()
    if "$" in text or (re.search(r"[A-Za-z]{2}|[\u4e00-\u9fff]", text) and not re.search(r"[\\^_=<>≤≥]", text)):
        return rf"& \text{{{text}}} " if "\\text" not in text and "\\mbox" not in text else cell[0].replace("$", "")
    return cell[0]


def _closing(tex: str, begin: int) -> int | None:
    """Return where the brace that is opened before `begin` is closed."""
    depth = 1
    for found in _BRACE.finditer(tex, begin):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return found.start()
    return None


def for_math_core(tex: str) -> str:
    """Return the formula with roots, stacked relations and colours as math-core reads them."""
    tex = _BUILD.sub(r"\\overset{\1}{\2}", _ROOT.sub(r"\\sqrt[\1]", tex))
    tex = _HEX.sub(lambda found: rf"\{found[1]}[HTML]{{{_six(found[2])}}}", tex)
    return _MODEL.sub(r"{\\color\1 ", tex)


def _six(digits: str) -> str:
    return (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)).upper()

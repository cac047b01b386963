r"""Commands of TeX that MathJax (as JupyterLab has it) or math-core lacks, and chemical formulas as plain TeX. No I/O.

A command that both renderers can show by other words or by a character is replaced; a formula with any other that
math-core lacks is shown as its source. ``\ce{2H2 + O2 -> 2H2O}`` becomes plain TeX, since math-core and some MathJax
builds lack mhchem. What is more than formulas, charges, bonds and arrows stays as it is, and is then shown as its
source.
"""

from __future__ import annotations

import re

_CE = re.compile(r"\\ce\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_PIECE = re.compile(
    r"(?P<arrow><=>|<->|->|<-)(?![->])(?:T(?=\[)|(?![A-Z]\[))(?:\[(?P<above>[^][]*)\](?:\[(?P<below>[^][]*)\])?)?"
    r"|(?P<gas>(?<!\S)[v^](?!\S)|[↓↑]|\\(?:up|down)arrow(?![A-Za-z]))"
    r"|(?P<script>[_^]\{[^{}\\]*\}|\^\d*[+-]?)"
    r"|(?P<charge>(?<=[\w)\]])[+-](?=\s|$|[)\],]|\((?:aq|[gls])\)))"
    r"|(?P<count>(?<=[A-Za-z)\]}])\d+)"
    r"|(?P<letters>[A-Za-z]+)"
    r"|(?P<rest>\s+|\d+(?:[./]\d+)?|[()\[\],+=])"
    r"|(?P<bond>[-#.*·])"
)
_ARROWS = {"->": "right", "<-": "left", "<->": "leftright"}
_BONDS = {"-": "{-}", "#": r"{\equiv}", ".": r"\cdot ", "*": r"\cdot ", "·": r"\cdot "}
_GASES = {"v": r"\downarrow ", "^": r"\uparrow "}
_GASES |= {"↓": _GASES["v"], "↑": _GASES["^"], r"\downarrow": _GASES["v"], r"\uparrow": _GASES["^"]}
_SUBSTANCE = re.compile(r"[+\s\d]*[A-Z][A-Za-z\d()+^-]*")


_CAPITALS = {"Alpha": "A", "Beta": "B", "Epsilon": "E", "Zeta": "Z", "Eta": "H", "Iota": "I", "Kappa": "K", "Mu": "M"}
_CAPITALS |= {"Nu": "N", "Omicron": "O", "Rho": "P", "Tau": "T", "Chi": "X"}
_OPERATORS = ["arcctg", "arctg", "cosec", "cotg", "cth", "ctg", "diag", "erf", "erfc", "rank", "sgn", "sh", "softmax"]
_OPERATORS += ["tg", "tr", "Cov", "Var"]
_SIZES = ["tiny", "scriptsize", "footnotesize", "small", "normalsize", "large", "Large", "LARGE", "huge", "Huge"]

# fmt: off
COMMON = {
    **{name: rf"{{\mathrm{{{letter}}}}}" for name, letter in _CAPITALS.items()},
    **{letter: rf"{{\mathbb{{{letter}}}}}" for letter in "CNQRZ"},
    **{name: rf"\operatorname{{{name}}}" for name in _OPERATORS},
    "argmax": r"\operatorname*{arg\,max}", "argmin": r"\operatorname*{arg\,min}", "plim": r"\operatorname*{plim}",
    **dict.fromkeys(["bm", "pmb"], r"\boldsymbol"),
    **dict.fromkeys(["mathbbm", "mathds"], r"\mathbb"),
    **dict.fromkeys(["hbox", "mbox", "textnormal", "textsc", "textup"], r"\text"),
    "bold": r"\mathbf", "emph": r"\textit", "scr": r"\mathscr", "underbar": r"\underline",
    "llbracket": "⟦", "rrbracket": "⟧", "oiint": "∯", "oiiint": "∰", "iddots": "⋰",
    "copyright": "©", "degree": "°", "pounds": "£", "textdegree": "°", "P": "¶",
    "dag": r"\dagger", "ddag": r"\ddagger", "empty": r"\emptyset", "infin": r"\infty", "lang": r"\langle",
    "rang": r"\rangle", "larr": r"\leftarrow", "rarr": r"\rightarrow", "rArr": r"\Rightarrow",
    "nsubset": r"\not\subset",
    "eqdef": r"\stackrel{\mathrm{def}}{=}", "vcentcolon": r"\mathrel{:}", "medspace": r"\:", "thickspace": r"\;",
    **dict.fromkeys(["allowbreak", "hfill", "nobreak", "relax"], r"{}"),
}
"""Commands that MathJax lacks, some of them math-core too, and what both read in their place."""
# fmt: on

MACROS = {
    "cancelto": r"\cancel{#2}^{#1}",
    "displaylines": r"\begin{gathered}#1\end{gathered}",
    "strut": r"\mathstrut",
    "substack": r"\begin{subarray}{c}#1\end{subarray}",
    **dict.fromkeys(_SIZES, ""),
    **dict.fromkeys(["dotsc", "dotso"], r"\ldots"),
    **dict.fromkeys(["dotsb", "dotsi", "dotsm"], r"\cdots"),
}
"""Commands that math-core lacks, about as MathJax shows them."""


def without_chemistry(tex: str) -> str:
    """The formula with TeX in the place of its chemical formulas."""
    return _CE.sub(_plain, tex) if r"\ce" in tex else tex


def _plain(found: re.Match[str]) -> str:
    made, position, source = [], 0, found[1]
    while position < len(source):
        piece = _PIECE.match(source, position)
        if not piece:
            return found[0]
        made.append(_piece(piece))
        position = piece.end()
    return f"{{{''.join(made)}}}"


def _piece(piece: re.Match[str]) -> str:
    kind, text = piece.lastgroup, piece[0]
    if piece["arrow"]:
        return _arrow(piece)
    if kind == "letters":
        return rf"\mathrm{{{text}}}"
    if kind == "count":
        return f"_{{{text}}}"
    if kind == "charge":
        return f"^{{{text}}}"
    if kind == "script":
        return text if text[1:2] == "{" else f"^{{{text[1:]}}}"
    return _GASES[text] if kind == "gas" else _BONDS.get(text, text)


def _arrow(piece: re.Match[str]) -> str:
    if piece["above"] is None:
        return r"\rightleftharpoons " if piece["arrow"] == "<=>" else rf"\long{_ARROWS[piece['arrow']]}arrow "
    direction = _ARROWS.get(piece["arrow"])
    command = rf"\x{direction}arrow" if direction else r"\xrightleftharpoons"
    below = f"[{_over_arrow(piece['below'])}]" if piece["below"] else ""
    return f"{command}{below}{{{_over_arrow(piece['above'])}}}"


def _over_arrow(text: str) -> str:
    """What stands over an arrow: words, unless it is a command."""
    text = text.strip("$ ")
    if _SUBSTANCE.fullmatch(text) and re.search(r"[\d+-]", text):
        return without_chemistry(rf"\ce{{{text}}}")
    return text if "\\" in text else rf"\text{{{text}}}"

r"""Chemical formulas, ``\ce{2H2 + O2 -> 2H2O}``, as plain TeX: not every MathJax has mhchem, and math-core has it not.

No I/O. What is more than formulas, charges, bonds and arrows stays as it is, and is then typeset by nobody.
"""

from __future__ import annotations

import re

_CE = re.compile(r"\\ce\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_PIECE = re.compile(
    r"(?P<arrow><=>|<->|->|<-)(?:\[(?P<above>[^][]*)\](?:\[(?P<below>[^][]*)\])?)?"
    r"|(?P<gas>(?<!\S)[v^](?!\S))"
    r"|(?P<script>[_^]\{[^{}\\]*\}|\^\d*[+-]?)"
    r"|(?P<charge>(?<=[\w)\]])[+-](?=\s|$|[)\],]|\((?:aq|[gls])\)))"
    r"|(?P<count>(?<=[A-Za-z)\]])\d+)"
    r"|(?P<letters>[A-Za-z]+)"
    r"|(?P<rest>\s+|\d+(?:[./]\d+)?|[()\[\],+=])"
    r"|(?P<bond>[-#.*·])"
)
_ARROWS = {"->": "right", "<-": "left", "<->": "leftright"}
_BONDS = {"-": "{-}", "#": r"{\equiv}", ".": r"\cdot ", "*": r"\cdot ", "·": r"\cdot "}
_GASES = {"v": r"\downarrow ", "^": r"\uparrow "}


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
    below = f"[{_words(piece['below'])}]" if piece["below"] else ""
    return f"{command}{below}{{{_words(piece['above'])}}}"


def _words(text: str) -> str:
    """What stands over an arrow: words, unless it is a command."""
    text = text.strip("$ ")
    return text if "\\" in text else rf"\text{{{text}}}"

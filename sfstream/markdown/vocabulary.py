r"""Commands of TeX that one of the two renderers lacks, MathJax (as JupyterLab has it) or math-core. No I/O.

What both can be made to show, by other words or by a character, is shown; the rest is typeset by neither.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


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
    "rang": r"\rangle",
    "larr": r"\leftarrow",
    "rarr": r"\rightarrow",
    "rArr": r"\Rightarrow",
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

FOREIGN = _words(
    """
    Colondash Complex Dagger Darr Dashcolon Harr Larr Lrarr Overrightarrow Rarr Reals Simcolon Uarr VDash Yleft
    Yright alef alefsym angl angln approxcolon approxcoloncolon arceq ascnode awint bigcupdot bigdoublevee
    bigdoublewedge bigsqcap botdoteq bull ch cirfnint clubs cnums coloncolon coloncolonapprox coloncolonequals
    coloncolonminus coloncolonsim colondash colonequals colonminus dArr darr dashcolon diamonds dotsminusdots
    equalscolon equalscoloncolon exist fcmp fint hArr harr hearts image imageof intBar intbar intclockwise isin
    kernelcontraction lAngle lArr lBrace lightning llangle llparenthesis lq lrArr lrarr mathsterling measeq
    minuscolon minuscoloncolon minuso natnums nequiv ngtrless ngtrsim nlessgt nlesssim notni nsupset
    ointctrclockwise origof overgroup overleftharpoon overrightharpoon phase plusmn questeq rAngle rBrace ratio real
    reals rq rrangle rrparenthesis rupee sect simcolon simcoloncolon slashed spades stareq sub sube sumint supe th
    thetasym uArr uarr undergroup utilde varointclockwise veeeq vertoverlay wedgeq weierp widecheck
    """
)
"""Commands that MathJax lacks, and that hardly anybody writes."""

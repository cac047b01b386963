"""Inline styles that ask the page what it is: its colour of text, and whether it is VS Code. No I/O.

What is saved has no style sheet and no script, so one text has to suit light and dark pages, and pages with MathJax and
without. These are the only styles with functions in them that the sanitiser lets pass, each exactly as it stands here.
"""

from __future__ import annotations

RESET = "background:none;color:inherit"
"""Style of code in a frame of ours: VS Code would draw a bar of its own behind each line."""

TEX_FORM = "display:var(--text-link-decoration,inline);font-size:calc(1em - 999*var(--vscode-font-size,0px))"
MATHML_FORM = "display:var(--vscode-font-size,none)"
"""Styles of the two forms of a formula. VS Code alone defines these variables. There the first form vanishes, by
``display:none``, or by its size where links are underlined; and the second appears, since a length is no display and
counts as ``inline``."""

KEYWORD, STRING, NUMBER, NAME, COMMENT = (
    f"color-mix(in srgb,{hue},currentcolor)" for hue in ("darkorchid", "forestgreen", "orangered", "dodgerblue", "gray")
)
"""Colours of code, halfway to the page's own colour of text: dark on light pages and light on dark ones. No single
colour has a contrast of 4.5 to both. JupyterLab's sanitiser lets them pass for the names in them; without them, code
has the colour of text."""

_LINE = "transparent calc(50% - .04em),currentcolor calc(50% - .04em) calc(50% + .04em),transparent calc(50% + .04em)"
_UP, _DOWN = (f"linear-gradient(to {corner} right,{_LINE})" for corner in ("bottom", "top"))
STRIKES = {
    "updiagonalstrike": f"background:{_UP}",
    "downdiagonalstrike": f"background:{_DOWN}",
    "updiagonalstrike downdiagonalstrike": f"background:{_UP},{_DOWN}",
}
"""Styles of ``menclose`` by its notation: the strikes of what is cancelled."""

EXACT = frozenset(
    [TEX_FORM, MATHML_FORM, *STRIKES.values()]
    + [f"color:{colour}" for colour in (KEYWORD, STRING, NUMBER, NAME, COMMENT)]
)
"""The styles that `sanitize` lets pass."""

r"""Arguments of MathJax's commands that are no formulas: lengths, colours, columns, text and chemistry. No I/O."""

from __future__ import annotations

import re

_UNIT = r"\s*(?:em|ex|pt|px|mu|cm|mm|in|pc)"
_LENGTH = rf"[-+]?(?:\d+\.?\d*|\.\d+){_UNIT}"
_COLOUR = "(?:#[0-9A-Fa-f]{3}(?:[0-9A-Fa-f]{3})?|[A-Za-z]{2,40})"

_SHARE, _BYTE = r"\s*(?:0|1|0?\.\d+|1\.0*)\s*", r"\s*(?:1?\d?\d|2[0-4]\d|25[0-5])\s*"
_MODEL = (
    rf"\[rgb\]\s*\{{{_SHARE},{_SHARE},{_SHARE}\}}|\[RGB\]\s*\{{{_BYTE},{_BYTE},{_BYTE}\}}|\[gray\]\s*\{{{_SHARE}\}}"
)
_PADDING, _BACKGROUND = rf"\s*(?P<length>{_LENGTH})\s*", rf"\s*{_COLOUR}\s*"

PATTERNS = {
    "l": re.compile(rf"\*?\s*\{{\s*(?P<length>{_LENGTH})\s*\}}"),
    "L": re.compile(rf"\s*(?P<length>{_LENGTH})(?![A-Za-z])"),
    "c": re.compile(rf"\s*(?:{_MODEL}|\{{{_COLOUR}\}})"),
    "k": re.compile(rf"\s*\{{{_COLOUR}\}}"),
    "b": re.compile(
        rf"\s*\[(?:{_BACKGROUND}|{_PADDING}(?:,{_BACKGROUND})?|{_BACKGROUND},{_PADDING.replace('length', 'length2')})\]"
        r"(?=\s*\{)|(?=\s*\{)"
    ),
    "n": re.compile(
        r"\s*\{(?:circle|box|roundedbox|left|right|top|bottom|[a-z]+strike|longdiv|radical|actuarial|\s)+\}(?!\s*\[)"
    ),
    "p": re.compile(r"\s*\[[lr]\]|(?!\s*\[)"),
    "q": re.compile(r"\s*\[[tb]\]|(?!\s*\[)"),
    "*": re.compile(r"\*?"),
}
"""By their letters in the signatures of commands."""

NAME = re.compile(r"\s*\{([A-Za-z]+\*?)\}")
PRIMES = re.compile(r"['’]*")
OPTIONAL = re.compile(r"\s*(?:\[(?P<inner>(?:[^][{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\]|(?!\[))")
_ACTIVE = "(?:html|href|url|require|class|style|data|cssId|unicode|def|let|newcommand|includegraphics|bbox|mmlToken)"
"""After a line break they are letters to MathJax, but other readers may take the second backslash for theirs."""
AFTER_BREAK = re.compile(rf"(?!{_ACTIVE})\*?(?:\[\s*(?P<length>{_LENGTH})\s*\]|(?!\[))")
NOTHING, _PLACE = re.compile(""), re.compile(r"\s*\[[tcblr]\]|(?!\s*\[)")
_COLUMNS = re.compile(
    r"\s*(?:\[[tcb]\]\s*)?\{(?:[clr|:\s]|[@!>]\{(?:[^{}\\$]|\\(?:[,:;! ]|q?quad|[a-z]{2})(?![A-Za-z]))*\})*\}"
)
_PAIRS = re.compile(r"\s*\{\d{1,2}\}")
_PLACED = "aligned gathered lgathered rgathered multlined split matrix* bmatrix* Bmatrix* pmatrix* vmatrix* Vmatrix*"
AFTER_BEGIN = {"array": _COLUMNS, "subarray": _COLUMNS, **dict.fromkeys(_PLACED.split(), _PLACE)}
AFTER_BEGIN |= dict.fromkeys(["alignat", "alignat*", "alignedat", "xalignat", "xalignat*"], _PAIRS)
"""What must follow the name of an environment."""

_PLAIN = r"[^\\{}$%&#_^`]|\\[ %&#_${},:;]|\\q?quad(?![A-Za-z])"
_FACE = r"\\(?:text(?:rm|it|bf|sf|tt|up|normal)|emph)\s*(?=\{)"
_TEXT = re.compile(rf"(?:{_PLAIN}|{_FACE}|\{{(?:{_PLAIN}|{_FACE}|\{{(?:{_PLAIN})*\}})*\}})*")
TAG = re.compile(rf"\*?\s*\{{(?:{_PLAIN}|{_FACE}|\{{(?:{_PLAIN})*\}})*\}}")
_DOLLAR = re.compile(r"(?<!\\)\$")

_GROUP = r"\{(?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*\}"
_BOND = re.compile(r"(?<![\^_])\\bond\{(?:[-=#1-3]|~-?-?|~=|-~-|\.{3,4}|->|<-)\}")
_WITH_ARGUMENTS = re.compile(rf"\\(?:[A-Za-z]+|[^\\])(?:{_GROUP})*", re.DOTALL)
_IN_CHEMISTRY = re.compile(rf"\$[^$]*\$|(?<![\^_])(?!\\underbrace(?!{_GROUP}_)){_WITH_ARGUMENTS.pattern}", re.DOTALL)
_SCRIPT_GROUP = re.compile(rf"(?<=[\^_])(?:{_GROUP}|\\[A-Za-z]+(?![A-Za-z{{])|\$[^$]*\$)")
_JOINED = re.compile(r"\\[A-Za-z]+\s*\$")
"""A command that mhchem would join with the letters of the formula after it."""
_UNFIT = re.compile(
    r"[$%&`]|\\|[\^'][^A-Za-z\s]*[\^']|_[^A-Za-z\s]*_|[A-Za-z)\]]\d+_|[\^_][^\sA-Za-z{}]+\{"
    r"|(?<![\w)\]}])#|#(?![A-Z])|[\^_]\s*[,;&}]"
)
"""What ends or divides what stands around chemistry, gives an item two superscripts, or is ``#`` and no bond."""
_POWER = r"(?:\{[-+]?\d+\}|[-+]?\d+)"
_NUMBER = rf"[-+]?\d+(?:[.,]\d+)?(?:\(\d+\))?(?:\+-\d+(?:[.,]\d+)?)?(?:[eE][-+]?\d+|\s*[x*×]\s*10\^{_POWER})?"
_UNITS = rf"(?:(?:[^\W\d_]|°)++(?:\^?{_POWER})?|%|//|[*·./()~\s])*+"
_QUANTITY = re.compile(rf"\s*(?:{_NUMBER}|10\^{_POWER})?{_UNITS}")


_LABEL = r"(?:(?!\1)[^@{}\\]|\{[^@{}]*\}|\\[A-Za-z]+)*"
_ARROW = re.compile(rf"@(?:[=|.]|([<>VA]){_LABEL}\1{_LABEL}\1)")


def is_diagram(body: str) -> bool:
    """Return whether each arrow of a commutative diagram is complete."""
    return "@" not in _ARROW.sub("", body)


def split(source: str) -> tuple[list[str], list[str]]:
    """Split text into words and the formulas between dollars in it. Without its last dollar it is no words at all."""
    parts = _DOLLAR.split(source)
    return (parts[::2], parts[1::2]) if len(parts) % 2 else ([source], [])


def is_text(words: str) -> bool:
    """Return whether MathJax reads this as text."""
    return bool(_TEXT.fullmatch(words))


def is_chemistry(words: str) -> bool:
    """Return whether mhchem makes of this, apart from its commands and formulas, what MathJax can read."""
    is_joined = _JOINED.search(words)
    return not is_joined and not _UNFIT.search(_IN_CHEMISTRY.sub("x", _SCRIPT_GROUP.sub("", _BOND.sub("-", words))))


def is_quantity(words: str) -> bool:
    """Return whether these are a number and units, each with one power at most."""
    return bool(_QUANTITY.fullmatch(_IN_CHEMISTRY.sub("%", words.replace(r"\times", "×"))))


def commands(words: str) -> list[str]:
    """Return the commands in chemistry, with their arguments."""
    return _WITH_ARGUMENTS.findall(_BOND.sub("", words))

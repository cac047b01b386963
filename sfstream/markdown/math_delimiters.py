r"""Find formulas in text: ``$…$``, ``$$…$$``, ``\(…\)``, ``\[…\]`` and ``\begin{…}…\end{…}``. No I/O.

What is no formula although it looks like one:

* ``\(`` and ``\[`` directly after an ASCII letter or digit, with nothing in them that only TeX has, are escaped
  brackets: "f\(x\)".
* several words without any sign of mathematics are words, and so are one word or a number in ``\[…\]``.
* nothing goes over a blank line, over `LONGEST` characters, or has a backtick in it.

A dollar is often a price, or a variable of a shell. What stands between two dollars decides, as models write them:

* with no white space at its ends it is a formula, unless it is an amount and then words ("$20 + tax, or 30$"), or words
  without any sign of mathematics ("$HOME or more$").
* with white space at an end it is one only where it looks like nothing else: TeX; or, with white space at both ends, a
  letter or a calculation; and no words in it ("$ x $", but "$ 5 and $ 6").
* after an ASCII letter or digit it is one only if it is TeX: "H$_2$O", "5$\times$3", but "US$5 to US$6", "5$ or 6$".
* a dollar before a digit closes only what begins with a letter or a sign and is TeX: "5$\times$3", but "$5-$10"; one
  before a letter only a single letter or TeX: "$n$th", but "$HOME/$PATH".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

Half: TypeAlias = Literal["formula", "text", "unknown"]
"""What an unclosed dollar begins, as far as is known."""

_CJK = "\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3"
_DOLLAR_WORDS = re.compile(rf"\s[A-Za-z]{{2,}}|[A-Za-z]{{2,}}\s|[{_CJK}]")
"""Words, which do not occur in a formula without any sign of mathematics."""

_PAIR = re.compile(
    r"\$((?:\\(?:text[a-z]*|[mf]box|ce|f?colorbox(?:\{[^{}]*\})+?)\{(?:[^{}`]|\{(?:[^{}`]|\{[^{}`]*\})*\})*\}|[^$\\`]|\\[^`])++)\$"
)
"""Two dollars. Dollars within ``\\text{…}`` belong to the formula."""
_QUOTED = re.compile(r"\\(?:text[a-z]*|mbox)\{[^{}`]*(?:\}|$)")
_COMMAND = re.compile(r"\\[A-Za-z]")
_TEX = re.compile(r"\\[A-Za-z]|[\^_]")
_LOWER = re.compile(rf"\s[A-Za-z]?[a-z]{{2,}}|[A-Za-z]?[a-z]{{2,}}\s|[{_CJK}]")
"""Words, for certain: "ABC" beside a space may be a triangle."""
_GROUPS = re.compile(r"\\[A-Za-z]+(?:\s*\{[^{}]*\})*|[_^]\{[^{}]*\}")
_AMOUNT = re.compile(r"\d[\d.,]*(?:[kKMB]|bn)?(?:[^\w\\^{}.,]|$|[^\x00-\x7f])")
_CALCULATION = re.compile(r"[A-Za-z]'*(?:\([^,;:!?]*\))?|[A-Za-z\d(][^,;:!?]*[-+*/=<>≤≥≠≈][^,;:!?]*[A-Za-z\d)']")
_EQUATION = re.compile(rf"\s?[A-Za-z({_CJK}][^\s=]*\s*=")
_SCRIPT = re.compile(r"(?<!\[)\^|\\|(?<![A-Za-z])(?:[A-Za-z]|\W|^)_")
_SECOND = re.compile(rf"\S\s+[A-Za-z]{{2,}}|^\s+[A-Za-z]?[a-z]{{2,}}|[{_CJK}]")
"""What is half written: an equation; TeX; words, but for a first one that a calculation or a name may begin with."""
_VARIABLE = re.compile(r"_[A-Za-z]{2}")
"""What begins a variable of PHP, and no formula but after a letter."""
_AFTER_PRICE = re.compile(r"\$\d[\d.,]*(?:[kKMB]|bn)?[^\w\\^$][^$]*$")
_PRICE = re.compile(r"\d[\d.,]*+(?:[kKMB]|bn)?(?:[^\w\\^{}$]|$)")
_CLEAR_PRICE = re.compile(r"\d[\d.,]*(?:[^\x00-\x7f]|[kKMB]?\s*\|)")
"""Half-written amounts: one that is a price if another was one before, and one that is a price anywhere."""
_HALF_WORD = re.compile(rf"_[A-Za-z]?|[{_CJK}]{{1,8}}\s?|\{{\}}?")
"""What may become TeX or not."""
_LONGEST_UNCLOSED, _UNKNOWN = 200, 16
"""Characters after which what is not closed is text, unless it has commands; and if it tells nothing."""

LONGEST = 5_000
"""Maximum characters of a formula."""

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BEGIN = re.compile(r"\\begin\{([A-Za-z]+\*?)\}")
BLANK_LINE = re.compile(r"\n[ \t>]*\n")
_SIGN = re.compile(r"[\\^_=<>+{}|]|\d\s*[-*/]|[-*/]\s*\d")
_WORDS = re.compile(rf"\S\s+[a-z{_CJK}]{{2,}}|[a-z{_CJK}]{{2,}}\s+\S")


@dataclass(frozen=True)
class Formula:
    """A formula that stands in a text.

    Attributes:
        tex: what is between the delimiters; of an environment, all of it.
        display: whether it is to stand on a line of its own.
        end: where the text goes on after it.
    """

    tex: str
    display: bool
    end: int


def formula_at(text: str, start: int, stop: int | None = None) -> Formula | None:
    """Return the formula that begins exactly at `start` and ends before `stop`, or None."""
    limit = min(len(text) if stop is None else stop, start + LONGEST)
    if text.startswith("$$", start):
        found = _closed(text, start, text.find("$$", start + 2, limit), display=True)
    elif text.startswith("$", start):
        found = _dollar(text, start, limit)
    elif text.startswith((r"\(", r"\["), start):
        found = _bracket(text, start, limit)
    else:
        found = _environment(text, start, limit)
    return found if found and _is_formula(found.tex, _DOLLAR_WORDS if text[start] == "$" else _WORDS) else None


def _closed(text: str, start: int, end: int, display: bool) -> Formula | None:
    return None if end < 0 else Formula(text[start + 2 : end], display, end + 2)


def _bracket(text: str, start: int, limit: int) -> Formula | None:
    opening = text[start + 1]
    closing = ")" if opening == "(" else "]"
    for found in _ESCAPED.finditer(text, start + 2, limit):
        if found[1] == closing:
            return _unescaped(text, start, _closed(text, start, found.start(), opening == "["))
        if found[1] in "([":
            return None
    return None


def _unescaped(text: str, start: int, found: Formula | None) -> Formula | None:
    """Return None for brackets that are only escaped: the rule for escapes reads them."""
    if not found:
        return None
    after_word = start > 0 and _is_ascii_word(text[start - 1])
    if after_word and not re.search(r"[\\^_{}]", found.tex):
        return None
    if found.display and "\n" not in found.tex and re.fullmatch(r"\s*([A-Za-z]{2,}|\d+)\s*", found.tex):
        return None
    return None if found.display and text.startswith("(", found.end) else found


def _environment(text: str, start: int, limit: int) -> Formula | None:
    begin = _BEGIN.match(text, start, limit)
    if not begin:
        return None
    depth = 0
    for found in re.compile(rf"\\(begin|end)\{{{re.escape(begin[1])}\}}").finditer(text, start, limit):
        depth += 1 if found[1] == "begin" else -1
        if depth == 0:
            return Formula(text[start : found.end()], True, found.end())
    return None


def _is_formula(tex: str, words: re.Pattern[str]) -> bool:
    if not tex.strip("\\ \n\t") or "`" in tex or BLANK_LINE.search(tex):
        return False
    return bool(_SIGN.search(tex)) or not words.search(tex)


def _dollar(text: str, start: int, limit: int) -> Formula | None:
    """Return the text up to the next dollar if it may be a formula."""
    found, before = _PAIR.match(text, start, limit), text[max(0, start - 20) : start]
    if not found or before.endswith("$"):
        return None
    tex, after = found[1], text[found.end() : found.end() + 1]
    if not _may_stand_before(after, tex):
        return None
    is_tex = _is_joined(tex) if _is_ascii_word(before[-1:]) else _is_apart(tex, before)
    return Formula(tex, False, found.end()) if is_tex else None


def unclosed_dollar(inside: str, before: str) -> Half:
    """Classify what an unclosed dollar begins.

    Args:
        inside: all that has come after it.
        before: the text before it.
    """
    inside = _QUOTED.sub(r"\\text", inside).replace(r"\$", "")
    has_command = bool(_COMMAND.search(inside))
    is_long = len(inside) > (LONGEST if has_command else _LONGEST_UNCLOSED)
    if is_long or "$" in inside or re.match(r"\{[^\\}]", inside) or _ends_emphasis(inside, before):
        return "text"
    is_joined = _is_ascii_word(before[-1:])
    if re.match(r"[^_^\\]", inside) if is_joined else _VARIABLE.match(inside):
        return "text"
    if not is_joined and _HALF_WORD.fullmatch(inside):
        return "unknown"
    if has_command or _EQUATION.match(inside) or (_SCRIPT.search(inside) and not _has(_SECOND, inside)):
        return "formula"
    is_price = _CLEAR_PRICE.match(inside) or (_PRICE.match(inside) and _AFTER_PRICE.search(before[-_LONGEST_UNCLOSED:]))
    return "text" if is_price or len(inside) > _UNKNOWN or _has(_SECOND, inside) else "unknown"


def _ends_emphasis(inside: str, before: str) -> bool:
    """Return whether an emphasis that is open before a dollar ends after it: no formula goes on over that."""
    is_amount = before.endswith("*") and re.match(r"\d[\d.,]*\*", inside)
    return bool(is_amount) or any(mark in inside and before.count(mark) % 2 for mark in ("**", "~~", "__"))


def is_certain_formula(tex: str) -> bool:
    """Return whether this is a formula whatever follows the closing dollar."""
    return all(_may_stand_before(after, tex) for after in "a0")


def _is_ascii_word(character: str) -> bool:
    """Return whether this is an ASCII letter or digit."""
    return character.isascii() and character.isalnum()


def _may_stand_before(after: str, tex: str) -> bool:
    """Return whether this character may follow the closing dollar: it begins no price and no variable name."""
    if after in ("$", "{", "_") or (tex[-1].isspace() and re.match(r"[!-~]", after) and after not in ",.;:!?)"):
        return False
    if after.isdigit():
        return not tex[0].isdigit() and bool(re.search(r"[\\^]", tex))
    return not _is_ascii_word(after) or len(tex) == 1 or bool(re.match(r"[A-Za-z]?_|.*[\\^]", tex, re.DOTALL))


def _is_joined(tex: str) -> bool:
    """Return whether this is a formula directly after a letter or digit."""
    is_tight = not tex[0].isspace() and not tex[-1].isspace()
    return is_tight and bool(re.match(r"[_^]|.*\\[A-Za-z]", tex, re.DOTALL)) and not _has(_LOWER, tex)


def _is_apart(tex: str, before: str) -> bool:
    """Return whether this may be a formula elsewhere."""
    spaces = tex[0].isspace() + tex[-1].isspace()
    if _VARIABLE.match(tex):
        return False
    if not spaces:
        return not _is_price(tex)
    if _has(_LOWER, tex) or _is_price(tex):
        return False
    is_after_amount = re.search(r"\d\s*$", before)
    return bool(_TEX.search(tex)) or (spaces == 2 and not is_after_amount and bool(_CALCULATION.fullmatch(tex.strip())))


def _is_price(tex: str) -> bool:
    """Return whether this is an amount followed by words, or by the end of an emphasis."""
    is_amount = bool(_AMOUNT.match(tex.strip())) and not _COMMAND.search(tex)
    return is_amount and (_has(_LOWER, tex) or bool(re.search(r"\*\*(?!\w)", tex)))


def _has(words: re.Pattern[str], tex: str) -> bool:
    """Return whether there are words outside of commands and their arguments."""
    return bool(words.search(_GROUPS.sub("", tex)))

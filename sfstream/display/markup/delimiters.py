r"""Finding formulas in text: ``$…$``, ``$$…$$``, ``\(…\)``, ``\[…\]`` and ``\begin{…}…\end{…}``. No I/O.

What is no formula although it looks like one:

* a dollar after a letter or digit, or before white space, opens none, and one after white space, or before a digit,
  closes none: "$5 and $6", "US$20". Before a letter it closes only a single letter or what has TeX in it ("$n$th").
* ``\(`` and ``\[`` directly after an ASCII letter or digit, with nothing in them that only TeX has, are escaped
  brackets: "f\(x\)".
* several words without any sign of mathematics are words, and so are one word or a number in ``\[…\]``.
* nothing goes over a blank line, over `LONGEST` characters, or has a backtick in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 5_000
"""Characters of a formula."""

_DOLLAR = re.compile(r"\$((?:[^$\\`]|\\[^`])+)\$(?!\d)")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BEGIN = re.compile(r"\\begin\{([A-Za-z]+\*?)\}")
_BLANK_LINE = re.compile(r"\n[ \t>]*\n")
_SIGN = re.compile(r"[\\^_=<>+{}|]|\d\s*[-*/]|[-*/]\s*\d")
_CJK = "\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3"
_WORDS = re.compile(rf"\S\s+[a-z{_CJK}]{{2,}}|[a-z{_CJK}]{{2,}}\s+\S")
_DOLLAR_WORDS = re.compile(rf"\s[A-Za-z]{{2,}}|[A-Za-z]{{2,}}\s|[{_CJK}]")
_DEEPEST = 20


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
    """The formula that begins exactly at `start` and ends before `stop`, if there is one."""
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


def _dollar(text: str, start: int, limit: int) -> Formula | None:
    found = _DOLLAR.match(text, start, limit)
    if not found or (start > 0 and (_is_ascii_word(text[start - 1]) or text[start - 1] == "$")):
        return None
    tex, after = found[1], text[found.end() : found.end() + 1]
    if tex[0].isspace() or tex[-1].isspace() or after == "$" or after.isdigit():
        return None
    if _is_ascii_word(after) and len(tex) > 1 and not re.search(r"[\\^]", tex):
        return None
    return Formula(tex, False, found.end())


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
    """Leave the brackets that are only escaped to the rule for escapes."""
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
        if depth > _DEEPEST:
            return None
    return None


def _is_formula(tex: str, words: re.Pattern[str]) -> bool:
    if not tex.strip("\\ \n\t") or "`" in tex or _BLANK_LINE.search(tex):
        return False
    return bool(_SIGN.search(tex)) or not words.search(tex)


def _is_ascii_word(character: str) -> bool:
    return character.isascii() and character.isalnum()

r"""Finding formulas in text: ``$…$``, ``$$…$$``, ``\(…\)``, ``\[…\]`` and ``\begin{…}…\end{…}``. No I/O.

What is no formula although it looks like one:

* a dollar is often a price, or a variable of a shell: `dollars`.
* ``\(`` and ``\[`` directly after an ASCII letter or digit, with nothing in them that only TeX has, are escaped
  brackets: "f\(x\)".
* several words without any sign of mathematics are words, and so are one word or a number in ``\[…\]``.
* nothing goes over a blank line, over `LONGEST` characters, or has a backtick in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sfstream.markdown import dollars
from sfstream.markdown.dollars import CJK, is_ascii_word

LONGEST = 5_000
"""Characters of a formula."""

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BEGIN = re.compile(r"\\begin\{([A-Za-z]+\*?)\}")
_BLANK_LINE = re.compile(r"\n[ \t>]*\n")
_SIGN = re.compile(r"[\\^_=<>+{}|]|\d\s*[-*/]|[-*/]\s*\d")
_WORDS = re.compile(rf"\S\s+[a-z{CJK}]{{2,}}|[a-z{CJK}]{{2,}}\s+\S")
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
    return found if found and _is_formula(found.tex, dollars.WORDS if text[start] == "$" else _WORDS) else None


def _closed(text: str, start: int, end: int, display: bool) -> Formula | None:
    return None if end < 0 else Formula(text[start + 2 : end], display, end + 2)


def _dollar(text: str, start: int, limit: int) -> Formula | None:
    found = dollars.tex_at(text, start, limit)
    return Formula(found[0], False, found[1]) if found else None


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
    after_word = start > 0 and is_ascii_word(text[start - 1])
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

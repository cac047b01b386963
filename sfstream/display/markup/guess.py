"""A half-written text as if it were whole, so that nothing flashes as something else. Text in, text out; no I/O.

Only what is shown for the moment depends on it, never what is finished.
"""

from __future__ import annotations

import re

from sfstream.display.markup.delimiters import LONGEST, formula_at

_BEFORE = r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*"
"""What may stand before the text of a line: quotes and items."""
_STRUCTURE = re.compile(_BEFORE + r"(?:[-=*_#>|`~+$\\: \t]*|\d{1,9}[.)]?|\[[ xX]?\]?)")
_FENCE = re.compile(_BEFORE + r"(?:`{3,}[^`]*|~{3,}.*)")
_LATE = re.compile(_BEFORE + r"(?:\[[^\]]*(?:\](?::.*)?)?|\\[a-z]*)")
"""What may yet be the definition of a reference, or begin a formula."""
_FORMULA = re.compile(r"^[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*(?=\$\$|\\\[|\\begin\{)", re.MULTILINE)
_BLANK = re.compile(r"\n[ \t>]*\n")
_CODE_END = re.compile(r"[ \t>]*(?:`+|~+)[ \t]*")
_DELIMITERS = re.compile(r"[ \t>]*[-:|][-:| \t]*")

_TAIL = re.compile(r"(?:&#?\w{0,30}|<(?:(?:https?|mailto):[^>\s]*|\w{0,8})?|(?<!\\)(?:\\\\)*(\\))$")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\n]*$")
_LABEL = re.compile(r"!?\[(?=[^\s\d\]])([^\[\]\n]{0,200})$")
_RUN = re.compile(r"[ \t\n]*[*_~`$!\[]*[ \t\n]*$")

_OPENER = re.compile(r"\\[\\`$]|(?<!`)(`+)(?!`)|\\\(|\\\[|\$\$?|\\begin\{(\w+\*?)\}")
_CLOSING = {"\\(": "\\)", "\\[": "\\]", "$$": "$$", "$": "$"}
_TEX = re.compile(r"[\\^_{=]")
_MOST = 1_000
"""Characters after which an opening sign is taken for a sign."""


def certain(source: str) -> str:
    """The source without what may turn out to be anything at its end.

    That is an incomplete line that does not tell yet what it is, and a formula on lines of its own, until it ends:
    none of its lines begins a list.
    """
    head, newline, last = source.rpartition("\n")
    sure = source if _is_certain(last) else head + newline
    paragraph = max((match.end() for match in _BLANK.finditer(sure, max(0, len(sure) - LONGEST))), default=0)
    whole_lines = sure.rfind("\n") + 1
    for match in _FORMULA.finditer(sure, max(paragraph, len(sure) - LONGEST)):
        formula = formula_at(sure, match.end())
        if formula is None or formula.end > whole_lines:
            return sure[: match.start()]
    return sure


def _is_certain(line: str) -> bool:
    """Whether the beginning of this incomplete line tells what the line is, whatever comes."""
    return bool(line.strip()) and not any(pattern.fullmatch(line) for pattern in (_STRUCTURE, _FENCE, _LATE))


def held(source: str, *, in_code: bool) -> tuple[str, str]:
    """The source without what may turn out to be anything.

    Args:
        in_code: whether its last line is in fenced code, as far as is known.

    Returns:
        the source, and the incomplete line at its end that is held back as a whole.
    """
    head, newline, last = source.rpartition("\n")
    if (_CODE_END if in_code else _STRUCTURE).fullmatch(last):
        return head + newline, last
    if in_code or _FENCE.fullmatch(last):
        return source, ""
    return _without_tail(source), ""


def closed(source: str, leaf: str) -> str:
    """The source with its code span or formula closed.

    Args:
        leaf: its last inline text, as the parser sees it.
    """
    opener = _unclosed(leaf)
    if not opener:
        return source
    if opener.startswith("`"):
        return _RUN.sub("", source) + opener
    head, _, tex = source.rpartition(opener)
    return f"{head}`` {tex.strip()} ``" if tex.strip() and "`" not in tex else head


def tabled(source: str, line: str) -> str:
    """The source with a delimiter row, if its last line is the first of a table.

    Args:
        line: the line after it that has been held back.
    """
    body = source.removesuffix("\n")
    above, _, head = body.rpartition("\n")
    before = re.match(_BEFORE, head)
    row = head[before.end() if before else 0 :]
    begun = bool(line.strip()) and bool(_DELIMITERS.fullmatch(line))
    if "|" in above.rpartition("\n")[2] or not (row.startswith("|") or (begun and "|" in row)):
        return source
    margin = re.sub(r"[^>\t]", " ", head[: len(head) - len(row)])
    cells = re.split(r"(?<!\\)\|", row.strip().strip("|"))
    return f"{body}\n{margin}{'|---' * len(cells)}|"


def _without_tail(source: str) -> str:
    body = source[:-1] if source.endswith("\n") and not source.endswith("\n\n") else source
    if body.endswith("\n"):
        return source
    match = _TAIL.search(body, max(0, len(body) - _MOST))
    if match:
        body = body[: match.start(1) if match[1] else match.start()] + match[0].removeprefix("<") * ("<h" in match[0])
    line = body.rfind("\n") + 1
    last = _LABEL.sub(r"\1", _LINK.sub(r"\1", body[line:]))
    return body[:line] + (_RUN.sub("", last) or last)


def _unclosed(leaf: str) -> str:
    """The code span or formula that begins in this text and does not end; empty if there is none."""
    position = 0
    while match := _OPENER.search(leaf, position):
        opener = match[0]
        if opener in ("\\\\", "\\`", "\\$"):
            position = match.end()
            continue
        end = _end(leaf, match)
        if end < 0 and _counts(opener, leaf[match.end() :]):
            return opener
        position = max(end, match.end())
    return ""


def _end(leaf: str, match: re.Match[str]) -> int:
    """Where what begins here ends; -1 if it does not."""
    closing = f"\\end{{{match[2]}}}" if match[2] else _CLOSING.get(match[0], match[0])
    if match[1]:
        found = re.compile(rf"(?<!`){closing}(?!`)").search(leaf, match.end())
        return found.end() if found else -1
    place = leaf.find(closing, match.end())
    return place + len(closing) if place >= 0 else -1


def _counts(opener: str, inside: str) -> bool:
    """Whether it is likely that this opens something: a dollar sign may be a price, a backtick may be lost."""
    if opener == "$":
        return inside[:1].strip() != "" and bool(_TEX.search(inside)) and len(inside) < 200 and "\n" not in inside
    return len(inside) < _MOST

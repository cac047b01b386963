"""Close or hold back half-written constructs, so that they never flash as something else. Text in, text out; no I/O.

Only what is shown for the moment depends on it, never what is finished.
"""

from __future__ import annotations

import re

from sfstream.markdown.math_delimiters import BLANK_LINE, LONGEST, formula_at, is_certain_formula, unclosed_dollar

_BEFORE = r"[ \t>]*+(?:(?:[-+*]|\d{1,9}+[.)]|\[\^[\w-]+\]:)[ \t]++[ \t>]*+)*+"
"""Markers that may stand before the text of a line: of quotes, list items and footnotes."""
_NOTE = r"\[(?:![A-Za-z]*\]?[ \t]*|\^[\w-]*\^?(?:\]:?)?)"
"""The beginning of an alert, or of a footnote's definition."""
_STRUCTURE = re.compile(rf"{_BEFORE}(?:[-=*_#>|`~+$\\: \t\u3000\xa0]*|\d{{1,9}}[.)]?|\[[ xX]?\]?[ \t]*|{_NOTE})")
_FENCE = re.compile(_BEFORE + r"(?:`{3,}[^`]*|~{3,}.*)")
_LATE = re.compile(_BEFORE + r"(?:\[[^\]]*(?:\](?::.*)?)?|\\[a-z]*)")
"""A line that may still become a link reference definition, or begin a formula."""
_FORMULA = re.compile(r"^" + _BEFORE + r"(?=\$\$|\\\[|\\begin\{)", re.MULTILINE)
_CODE_END = re.compile(r"[ \t>]*(?:`+|~+)[ \t]*")
_DELIMITERS = re.compile(r"[ \t>]*(?:--|[:|])[-:| \t]*")
"""The beginning of the second line of a table. A dash alone may rather be the next item of a list."""

_DEFINITION = re.compile(_BEFORE + r"""\[(?!\^)[^\]]+\]:[ \t]*\S*(?:[ \t]+["'(].*)?""")

_NEAR = 1_000
"""Characters before the end within which an unfinished link is looked for."""
_BEGIN = r"\\(?:b(?:e(?:g(?:i(?:n(?:\{\w*\*?)?)?)?)?)?)?"
_TAIL = re.compile(
    rf"(?<!\\)(?:&#?\w{{0,30}}|<(?:(?:https?|mailto):[^>\s]*|/?\w{{0,8}}[ \t]*/?|[\w.+-]{{1,40}}@[\w.-]*)?)$"
    rf"|(?<!\\)(?:\\\\)*({_BEGIN})$"
)
_IN_LINK = r"((?:[^\[\]]|\[[^\[\]]*\]){0,200}"
_LINK = re.compile(
    # With an address as far as it has come; then without, but for what is a note, a number or a box.
    rf"""(?<!\\)!?\[(?!\^){_IN_LINK})\]\((?=<?(?:[hHmM]|$))(?:<[^<>]*(?:>|$)|(?:[^()\s]|\([^()\s]*\)?)*)"""
    r"""(?:\s+(?:"[^"]*"?|'[^']*'?)\s*)?$"""
    rf"""|(?<![\\\]])!?\[(?=[^\s\d\]^!]|!\[){_IN_LINK}(?:\[[^\[\]]*)?)\]?$"""
)
_BRACKETS = re.compile(
    r"(?<![\\!])\[(?=[^\s*~`!])(?:[^\[\]]|\[[^\[\]]*+\]?+){0,60}(?:\](?:\[[^\[\]]{0,60}(?:\]\(?<?)?|\(?<?))?$"
)
"""Brackets that may become a footnote, a link, or a link that holds brackets. They wait until that is known, if they
are short: in 3,220 answers of four models were 82 links, and 1,224 brackets such as `[1]` and `[Your name]`; nine in
ten of each were that short."""
_BARE = r"(?:(?<!\\)|(?<=(?<!\\)\\\\))"
"""A place after which a sign is not escaped."""
_MARKS = re.compile(_BARE + r"[*_~]*[ \t]*$")
_RUN = re.compile(rf"[ \t\n]*(?:!\[\]|{_BARE}[*_~`!\[]*)(?:(?<!\S)\$+)?[ \t\n]*$")

_OPENER = re.compile(r"\\[\\`$]|(?<!`)(`+)(?!`)|\\\(|\\\[|\$\$?|\\begin\{(\w+\*?)\}")
_CLOSING = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}
_FORMULAS = re.compile(r"\\\(.*?\\\)|\$[^$]*\$")
_ENDING = re.compile(r"(?:\$|\\(?:e(?:n(?:d(?:\{\w*\*?)?)?)?)?)$")
_MOST = 1_000
"""Characters after which an unclosed opening sign is taken for plain text."""


def certain(source: str) -> str:
    """Return the source without the part at its end whose meaning is not settled yet.

    That is an incomplete line that does not tell yet what it is, and a formula on lines of its own, until it ends:
    none of its lines begins a list.
    """
    head, newline, last = source.rpartition("\n")
    sure = source if _is_certain(last) else head + newline
    unended = _unended(sure, sure.rfind("\n") + 1)
    return sure[: unended.start()] if unended else sure


def _unended(source: str, end: int) -> re.Match[str] | None:
    """Find the formula on lines of its own that does not end before `end`, if there is one."""
    begin = max(0, len(source) - LONGEST)
    begin = max((match.end() for match in BLANK_LINE.finditer(source, begin)), default=begin)
    while match := _FORMULA.search(source, begin):
        formula = formula_at(source, match.end())
        if formula is None or formula.end > end:
            return match
        begin = formula.end
    return None


def _is_certain(line: str) -> bool:
    """Return whether this incomplete line already tells what kind of line it is."""
    return bool(line.strip()) and not any(pattern.fullmatch(line) for pattern in (_STRUCTURE, _FENCE, _LATE))


def held(source: str, *, in_code: bool) -> tuple[str, str]:
    """Return the source without the part at its end that could still become something else.

    Args:
        in_code: whether its last line is in fenced code, as far as is known.

    Returns:
        the source, and the incomplete line at its end that is held back as a whole.
    """
    head, newline, last = source.rpartition("\n")
    patterns = (_CODE_END,) if in_code else (_STRUCTURE, _DEFINITION)
    if last and any(pattern.fullmatch(last) for pattern in patterns):
        return head + newline if in_code else _without_tail(_in_one_line(head + newline)), last
    if in_code or _FENCE.fullmatch(last):
        return source, ""
    return _begun(_without_tail(_in_one_line(source))), ""


def _begun(source: str) -> str:
    """Return the source without an incomplete line at its end of which nothing but markers is left."""
    above, newline, last = source.rpartition("\n")
    return above + newline if _STRUCTURE.fullmatch(last) else source


def _in_one_line(source: str) -> str:
    """Return the source with an open formula at its end on one line, since no line of it begins a list or a heading."""
    found = _unended(source, len(source))
    opener = _OPENER.match(source, found.end()) if found else None
    if not (found and opener and _counts(opener, source[opener.end() :])):
        return source
    lines = source[found.end() :].rstrip("\n").split("\n")
    return source[: found.end()] + " ".join(line.strip(" \t>") for line in lines)


def closed(source: str, leaf: str) -> str:
    """Return the source with the code span or formula at its end closed.

    Args:
        leaf: its last inline text, as the parser sees it.
    """
    found = _unclosed(leaf)
    if not found:
        return source
    opener, inside = found[0], leaf[found.end() :]
    if opener.startswith("`"):
        body = source.rstrip(" \t\n")
        return body + opener if inside.strip() else body.removesuffix(opener)
    if opener != "$":
        return _shown(source, opener, inside)
    is_known = unclosed_dollar(inside.removesuffix("$"), leaf[: found.start()]) == "formula"
    if source.endswith("\n") and not (is_known and not leaf.endswith("$")):
        return source  # the line has ended: a price is one, and so is a formula
    return _shown(source, opener, inside.removesuffix("$"), is_known=is_known)


def _shown(source: str, opener: str, inside: str, *, is_known: bool = True) -> str:
    """Return the source with the TeX of a half-written formula as code, or without it if it may be no formula."""
    at = source.rfind(opener + inside)
    if at < 0:  # in a table
        at = source.rfind(opener + inside.replace("|", r"\|"))
    head, _, tex = (source[:at], "", source[at + len(opener) :]) if at >= 0 else source.rpartition(opener)
    tex = _ENDING.sub("", tex).strip()
    in_table = "|" in tex and head.rpartition("\n")[2].lstrip().startswith("|")
    if tex and is_known and "`" not in tex and not in_table:
        return f"{head}`` {tex} ``"
    return _begun(_MARKS.sub("", head))


def tabled(source: str, line: str) -> str:
    """Return the source with a delimiter row added, if its last line looks like the header of a table.

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
    cells = re.split(r"(?<!\\)\|", _FORMULAS.sub("", row).strip().strip("|"))
    return f"{body}\n{margin}{'|---' * len(cells)}|"


def _without_tail(source: str) -> str:
    body = source[:-1] if source.endswith("\n") and not source.endswith("\n\n") else source
    begin = max(body.rfind("\n") + 1, len(body) - _NEAR)
    line = body[begin:]
    if body.endswith("\n") or (body != source and _STRUCTURE.fullmatch(line)):
        return source
    line = _RUN.sub("", line) if body == source else line
    match = _TAIL.search(line)
    if match and ":" in match[0]:  # an address, already shown as one
        line = line[: match.start()] + match[0][1:]
    elif match:
        line = line[: match.start(1) if match[1] else match.start()]
    if body != source:
        return body[:begin] + line + "\n"
    return body[:begin] + _RUN.sub("", _without_brackets(line))


def _without_brackets(line: str) -> str:
    """Return the line without the brackets of a half-written link or image, or of one within the other."""
    waiting = _BRACKETS.search(line)
    if waiting and not _unclosed(line[: waiting.start()]):
        return line[: waiting.start()]
    while (link := _LINK.search(line)) and not _unclosed(line[: link.start()]):
        line = line[: link.start()] + (link[1] or link[2] or "")
    found = _unclosed(line) if line.lstrip().startswith("|") else None
    is_over_cells = found and not found[1] and "|" in line[found.end() :]
    return line[: found.start()] if found and is_over_cells else line


def _unclosed(leaf: str) -> re.Match[str] | None:
    """Find the marker that opens a code span or formula which does not end in this text."""
    position, missing = 0, set()
    while match := _OPENER.search(leaf, position):
        opener, position = match[0], match.end()
        if opener in ("\\\\", "\\`", "\\$") or opener in missing:
            continue
        end = _end(leaf, match)
        if end < 0 and position > len(leaf) - _MOST and _counts(match, leaf[position:]):
            return match
        if end < 0 and opener.startswith("`"):
            missing.add(opener)
        position = max(end, position)
    return None


def _end(leaf: str, match: re.Match[str]) -> int:
    """Return the end of the code span or formula that begins here, or -1."""
    if match[1]:
        found = re.compile(rf"(?<!`){match[1]}(?!`)").search(leaf, match.end())
        return found.end() if found else -1
    formula = formula_at(leaf, match.start())
    if not formula or (match[0] == "$" and formula.end == len(leaf) and not is_certain_formula(formula.tex)):
        return -1
    return formula.end


def _counts(match: re.Match[str], inside: str) -> bool:
    """Return whether this probably opens something: a dollar may be a price, a backtick may be stray."""
    if match[0] == "$":
        return unclosed_dollar(inside.removesuffix("$"), match.string[: match.start()]) != "text"
    closing = f"\\end{{{match[2]}}}" if match[2] else _CLOSING.get(match[0], match[0])
    return bool(match[1]) or closing not in inside

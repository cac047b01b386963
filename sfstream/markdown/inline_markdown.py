"""The inside of a paragraph as Markdown that means the same to every reader: text escaped, links and images checked.

Besides CommonMark, the readers are JupyterLab (which takes maths out before it reads Markdown, and lets MathJax see the
page afterwards) and pandoc (which takes TeX commands in text for TeX). So a backslash never stands in text: it, and the
word after it, are code. No I/O.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from markdown_it.token import Token

from sfstream.core.text import harmless
from sfstream.markdown import tex_compat as tex
from sfstream.markdown.dialect import common

_MARKS = {"em": "*", "strong": "**", "s": "~~"}
_SPECIAL = re.compile(r"[*_\[\]{}#|~$^!&<>`\n\t\xa0@]|:(?=//)|(?<=www)\.", re.IGNORECASE)
"""What may begin something; of addresses too, as some readers make links of them by rules of their own."""
_ENTITIES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    "`": "&#96;",
    "\n": " ",
    "\t": " ",
    ":": "&#58;",
    ".": "&#46;",
    "@": "&#64;",
    "|": "&#124;",
    "\xa0": "&nbsp;",
}
_COMMAND = re.compile(r"(?:\\+[A-Za-z()\[\]{}]*)+")
"""Backslashes, and what would make a command or the mark of a formula of them."""
_LINE_START = re.compile(r"(?P<mark>[-+=:%])|(?P<number>\d{1,9})(?=[.)])|(?P<space> )")
"""What begins a list, a rule, code and the like where it stands at the beginning of a line."""
_UNFIT_FOR_ADDRESS = re.compile(r"[\\<>`|{}$ \"'*_~^\[\]\x00-\x1f]")


def inline(tokens: Sequence[Token], *, breaks: bool = True, in_table: bool = False) -> str:
    """Markdown of the tokens of one paragraph.

    Args:
        breaks: whether it may go over several lines; else a space stands for each break.
        in_table: whether it is a cell, which a pipe would end.
    """
    made = _Inline(tokens, in_table).made()
    lines = [_LINE_START.sub(_unlike_a_start, line, count=1) if _LINE_START.match(line) else line for line in made]
    return ("\n" if breaks else " ").join(lines)


def fence_of(text: str, info: str = "") -> str:
    """The text as a block of code.

    Args:
        info: a word that names its language.
    """
    ticks = "`" * max(3, 1 + _longest_run(text))
    return f"{ticks}{info}\n{text.removesuffix(chr(10))}\n{ticks}"


def _maths(token: Token, in_table: bool) -> str:
    """A formula, for readers that know maths by dollars; for others it is text that runs nothing."""
    source = " ".join(common(harmless(token.content)).split())
    is_typeset = tex.html(source, token.block, "tex", "").startswith("<span")
    if not source or "$" in source or "`" in source or not is_typeset:
        return code(harmless(token.markup))  # as it is shown in HTML, too
    source = re.sub(r"<(?=\S)", "< ", source)  # no tag, no address
    source = re.sub(r"\](?=[(\[:])", "] ", source)  # no link
    if in_table:
        source = source.replace(r"\|", r"\Vert ").replace("|", r"\vert ").strip()
    return f"$${source}$$" if token.block else f"${source}$"


def code(text: str) -> str:
    """The text as code within a paragraph."""
    ticks = "`" * (1 + _longest_run(text))
    text = text.replace("\n", " ")
    space = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
    return f"{ticks}{space}{text}{space}{ticks}"


class _Inline:
    """Writes the pieces of one paragraph, line by line."""

    def __init__(self, tokens: Sequence[Token], in_table: bool) -> None:
        self._tokens = _merged(tokens)
        self._in_table = in_table
        self._lines = [""]
        self._addresses: list[str] = []
        self._marks: list[str] = []  # of the emphasis that is open
        self._before = ""  # what was written last: "open" or "close" for the marks of emphasis

    def made(self) -> list[str]:
        """The lines."""
        for number, token in enumerate(self._tokens):
            if token.tag in _MARKS:
                self._mark(token, self._tokens[number + 1] if token.nesting > 0 else None)
            else:
                self._write(token, self._tokens[number + 1] if number + 1 < len(self._tokens) else None)
                self._before = ""
        return self._lines

    def _mark(self, token: Token, inside: Token | None) -> None:
        """Begin or end emphasis. Marks that touch those of a neighbour would be read otherwise: they are left out."""
        if inside is None:
            mark = self._marks.pop()
        else:
            mark = "" if self._before == "close" else _MARKS[token.tag]
            self._marks.append(mark)
            if mark and _is_word(self._lines[-1][-1:]) and not _begins_with_word(inside):
                self._lines[-1] = self._lines[-1][:-1] + _entities(self._lines[-1][-1])
        self._add(mark)
        self._before = ("close" if inside is None else "open") if mark else self._before

    def _write(self, token: Token, after: Token | None) -> None:
        if token.type in ("softbreak", "hardbreak"):
            self._add("\\" if token.type == "hardbreak" else "")
            self._lines.append("")
        elif token.type == "link_open":
            self._addresses.append(_address(str(token.attrs["href"])))
            self._add("[")
        elif token.type == "link_close":
            self._add(f"](<{self._addresses.pop()}>)")
        elif token.type == "code_inline":
            text = code(harmless(token.content))
            self._add(text.replace("|", "\\|") if self._in_table else text)
        elif token.type == "maths":
            self._add(_maths(token, self._in_table))
        elif token.type == "image":
            self._add(f"![{_escaped(harmless(token.content))}](<{_address(str(token.attrs['src']))}>)")
        else:
            self._add(self._text(harmless(token.content), after))

    def _text(self, text: str, after: Token | None) -> str:
        """Plain text. Beside the marks of emphasis, a character that would keep them from being that is an entity."""
        first = last = ""
        if (self._before == "open" and text[:1].isspace()) or (
            self._before == "close" and _is_word(text[:1]) and not _is_word(self._end())
        ):
            first, text = _entities(text[0]), text[1:]
        if after and after.tag in _MARKS and after.nesting < 0 and text[-1:].isspace():
            text, last = text[:-1], _entities(text[-1])
        before = first or self._lines[-1]
        return first + _escaped(text, before[-1:], bool(after and after.type == "code_inline")) + last

    def _end(self) -> str:
        """The last character before the marks of emphasis that were written last."""
        return self._lines[-1].rstrip("*~")[-1:]

    def _add(self, text: str) -> None:
        self._lines[-1] += text


def _merged(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with neighbouring texts as one."""
    merged: list[Token] = []
    for token in tokens:
        if token.type == "text" and merged and merged[-1].type == "text":
            merged[-1] = merged[-1].copy(content=merged[-1].content + token.content)
        elif token.type != "text" or token.content:
            merged.append(token)
    return merged


def _is_word(character: str) -> bool:
    """Whether emphasis may not begin before punctuation that follows this character, nor end before it after some."""
    return bool(character) and not character.isspace() and unicodedata.category(character)[0] not in "PS"


def _begins_with_word(token: Token) -> bool:
    return token.type == "text" and _is_word(token.content[:1])


def _escaped(text: str, before: str = "", code_follows: bool = False) -> str:
    """Plain text with all that could begin something made plain.

    Args:
        before: the character before it.
        code_follows: whether code comes after it.
    """
    made, position = [], 0
    for match in _COMMAND.finditer(text):
        made.append(_SPECIAL.sub(_special, text[position : match.start()]))
        touches_before = not match.start() and before == "`"
        touches_after = match.end() == len(text) and code_follows
        made.append(_command(match[0], touches_before, touches_after))
        position = match.end()
    return "".join([*made, _SPECIAL.sub(_special, text[position:])])


def _command(text: str, touches_before: bool, touches_after: bool) -> str:
    """Backslashes as code; where code stands beside them, with which it would be one, a character stands between."""
    begin = 1 if touches_before else 0
    end = max(begin, len(text) - 1) if touches_after else len(text)
    inner = code(text[begin:end]) if text[begin:end] else ""
    return _entities(text[:begin]) + inner + _entities(text[end:])


def _special(match: re.Match[str]) -> str:
    return _ENTITIES.get(match[0]) or f"\\{match[0]}"


def _entities(text: str) -> str:
    return "".join(f"&#{ord(character)};" for character in text)


def _unlike_a_start(match: re.Match[str]) -> str:
    if match["number"]:
        return f"{match['number']}\\"
    return "&#32;" if match["space"] else f"\\{match['mark']}"


def _address(url: str) -> str:
    return _UNFIT_FOR_ADDRESS.sub(lambda match: f"%{ord(match[0]):02X}", url)


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)

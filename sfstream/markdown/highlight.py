"""Syntax highlighting, line by line while the code streams, in colours that follow the page. No I/O.

A lexer's answer for a line depends on all lines before it, so what is to be finished line by line is lexed in
windows: a deterministic function of the lines alone, which the whole text and the growing one compute alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from html import escape
from typing import TypeAlias

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Token, _TokenType
from pygments.util import ClassNotFound

from sfstream.markdown.page_styles import COMMENT, KEYWORD, NAME, NUMBER, STRING
from sfstream.markdown.sanitize import clean

Piece: TypeAlias = tuple[str, str]
"""A colour, or an empty string for none, and a text."""

COLOURS = {
    **dict.fromkeys([Token.Keyword, Token.Operator.Word, Token.Name.Tag], KEYWORD),
    **dict.fromkeys([Token.Literal.String, Token.Generic.Inserted], STRING),
    **dict.fromkeys([Token.Literal.Number, Token.Keyword.Constant, Token.Generic.Deleted], NUMBER),
    **dict.fromkeys([Token.Name.Function, Token.Name.Class, Token.Name.Decorator, Token.Name.Attribute], NAME),
    **dict.fromkeys([Token.Generic.Heading, Token.Generic.Subheading], NAME),
    Token.Comment: COMMENT,
}

_LANGUAGES = """
bash batch c clojure cmake console cpp csharp css dart diff docker elixir erlang fortran fsharp go graphql groovy
haskell html ini java javascript json julia kotlin lua make matlab nginx objective-c ocaml octave perl php
powershell prolog protobuf pycon python ruby rust scala scheme scss splus sql swift tcl terraform tex toml
typescript verilog vhdl vim xml yaml zig
"""
"""The lexers that are used, by their first names in Pygments. Others may be slow on hostile input."""

_STEP, _SURE, _WINDOW, _TAIL = 16, 4, 128, 16
_LONGEST_LINE, _MOST = 1_000, 100_000


class Code:
    """Highlight code that arrives line by line.

    Args:
        language: the name that stands after the fence.

    Each 16 lines the lines since the last checkpoint are lexed together, and a new checkpoint is looked for: a line
    from which the lexer, starting anew, gives what it gave in the window. Lines before a checkpoint are finished.
    """

    def __init__(self, language: str) -> None:
        self._lexer = _lexer(language)
        self._open: list[str] = []
        self._count = 0
        self._characters = 0

    def finished(self, lines: Iterable[str]) -> list[str]:
        """Take more complete lines, without their ends.

        Returns:
            the lines that are finished now, as HTML, in order; none of them twice.
        """
        done: list[str] = []
        for line in lines:
            self._open.append(line)
            self._count += 1
            self._characters += len(line) + 1
            if self._count % _STEP == 0 or self._is_plain:
                done += self._checkpoint()
        return done

    def open_html(self, last: str = "") -> str:
        """Return the HTML of the lines that are not finished yet, and of the incomplete line after them."""
        return "\n".join(self._html([*self._open, last]))

    def rest(self) -> list[str]:
        """Return the remaining lines as HTML, given that no more code comes."""
        done, self._open = self._html(self._open), []
        return done

    @property
    def _is_plain(self) -> bool:
        return self._lexer is None or self._characters > _MOST

    def _checkpoint(self) -> list[str]:
        pieces = self._pieces(self._open)
        number = len(pieces) if self._is_plain else self._boundary(pieces)
        del self._open[:number]
        return [_line(tuple(line)) for line in pieces[:number]]

    def _boundary(self, window: Sequence[list[Piece]]) -> int:
        """Return how many lines of the window are finished."""
        for tail in (_SURE, 2 * _SURE, 3 * _SURE):
            begin = len(window) - tail
            if begin > 0 and _is_telling(self._open[begin:]) and self._pieces(self._open[begin:]) == window[begin:]:
                return begin
        return len(window) - _TAIL if len(window) >= _WINDOW else 0

    def _html(self, lines: Sequence[str]) -> list[str]:
        return [_line(tuple(line)) for line in self._pieces(lines)]

    def _pieces(self, lines: Sequence[str]) -> list[list[Piece]]:
        """Return the coloured pieces of each line, or uncoloured lines if the lexer has changed the text."""
        plain = [[("", line)] for line in lines]
        if self._is_plain or max(map(len, lines), default=0) > _LONGEST_LINE:
            return plain
        assert self._lexer
        coloured = _split(self._lexer, "\n".join(lines) + "\n")[: len(lines)]
        same = ["".join(text for _, text in line) for line in coloured] == list(lines)
        return coloured if same else plain


def highlighted(code: str, language: str) -> str:
    """Return safe HTML of a whole piece of code."""
    lines, growing = code.split("\n"), Code(language)
    last = lines.pop()
    done = growing.finished(lines)
    return "".join(f"{line}\n" for line in [*done, *growing.rest()]) + _line((("", last),))


def is_coloured(language: str) -> bool:
    """Return whether code in this language is coloured."""
    return _lexer(language) is not None


@cache
def _lexer(language: str) -> Lexer | None:
    try:
        lexer: Lexer = get_lexer_by_name(language.lower(), stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    return lexer if lexer.aliases[0] in _LANGUAGES.split() else None


@lru_cache(128)  # code within a list item is highlighted again in each update: nearly all of it is as before
def _split(lexer: Lexer, text: str) -> list[list[Piece]]:
    """Return the lexer's pieces by line; neighbours of one colour are joined."""
    lines: list[list[Piece]] = [[]]
    for kind, value in lexer.get_tokens(text):
        colour = _colour(kind)
        for number, part in enumerate(value.split("\n")):
            if number:
                lines.append([])
            if part and lines[-1] and lines[-1][-1][0] == colour:
                lines[-1][-1] = (colour, lines[-1][-1][1] + part)
            elif part:
                lines[-1].append((colour, part))
    return lines


@cache
def _colour(kind: _TokenType) -> str:
    """Return the colour of a token type, or of its nearest ancestor that has one."""
    return next((COLOURS[wider] for wider in reversed(kind.split()) if wider in COLOURS), "")


def _is_telling(lines: Sequence[str]) -> bool:
    """Return whether these lines hold enough to tell code from the inside of a string or a comment."""
    return sum(not line.isspace() and line != "" for line in lines) > 1


def coloured(pieces: Iterable[Piece]) -> str:
    """Return safe HTML of coloured pieces of text."""
    html = "".join(
        f'<span style="color:{colour}">{escape(text, quote=False)}</span>' if colour else escape(text, quote=False)
        for colour, text in pieces
    )
    return clean(html)


_line = lru_cache(2048)(coloured)

"""Colours of JSON that grows token by token. No I/O.

Pygments reads whole texts: an open string would have no colour until it ends, and a key that of a string until its
colon. This reads on from where it was. What is outside of brackets may be prose and has no colour.
"""

from __future__ import annotations

import re
from itertools import groupby

from pygments.token import Token

from sfstream.markdown.highlight import COLOURS, Piece

_KEY, _STRING = COLOURS[Token.Name.Tag], COLOURS[Token.Literal.String]
_NUMBER, _CONSTANT = COLOURS[Token.Literal.Number], COLOURS[Token.Keyword.Constant]

_OUTSIDE = re.compile(r"[{\[]|[^{\[]+")
_INSIDE = re.compile(r'["{}\[\],:]|[\w.+-]+|[^"{}\[\],:\w.+-]+')
_IN_STRING = re.compile(r'["\n]|\\.?|[^"\\\n]+')
_UNFINISHED = re.compile(r"[\w.+-]+")


class JsonColours:
    """Lexer of one text. It accepts any text; brackets and quotes that do not fit only change the colours."""

    def __init__(self) -> None:
        self._held = ""
        self._brackets: list[str] = []
        self._is_key = False
        self._string = ""  # the colour of the string that is open

    def pieces(self, text: str, *, last: bool = False) -> list[Piece]:
        """Take more text and return it in coloured pieces.

        A number or a word at the end waits for what follows it.
        """
        text, at, found = self._held + text, 0, list[Piece]()
        while match := self._next(text, at):
            if match.end() == len(text) and not last and self._waits(match[0]):
                break
            at = match.end()
            found.append((self._colour(match[0]), match[0]))
        self._held = text[at:]
        grouped = groupby(found, key=lambda piece: piece[0])
        return [(colour, "".join(text for _, text in pieces)) for colour, pieces in grouped]

    def _next(self, text: str, at: int) -> re.Match[str] | None:
        pattern = _IN_STRING if self._string else _INSIDE if self._brackets else _OUTSIDE
        return pattern.match(text, at)

    def _waits(self, word: str) -> bool:
        if self._string:
            return word == "\\"
        return bool(self._brackets) and _UNFINISHED.fullmatch(word) is not None

    def _colour(self, word: str) -> str:
        """Return the colour of a word or sign, and read on after it."""
        if self._string:
            colour, self._string = self._string, "" if word in ('"', "\n") else self._string
            return colour
        if word == '"' and self._brackets:
            self._string = _KEY if self._is_key and self._brackets[-1] == "{" else _STRING
            return self._string
        if word in ("{", "["):
            self._brackets.append(word)
        elif word in ("}", "]") and self._brackets:
            self._brackets.pop()
        if word in tuple("{}[],:"):
            self._is_key = word in ("{", ",")
        return self._of_value(word) if self._brackets else ""

    def _of_value(self, word: str) -> str:
        if word in ("true", "false", "null"):
            return _CONSTANT
        return _NUMBER if word[0] in "-0123456789" else ""

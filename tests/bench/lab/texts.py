"""The texts: one token after the other, of about five characters, each with a mark of its own: ``w0``, ``w1``, …

The marks tell on the page which token is on the screen, whatever is made of the Markdown around them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

_SENTENCE, _PARAGRAPH, _LINK = 12, 72, 20
_ITEM, _DEPTHS = 8, (0, 1, 1, 2, 2, 3, 1, 2, 0)
_LINE = ("\n    w{} =", " w{}", "(w{},", " w{})", " + w{}", "  # w{}")
_FUNCTION = 60
_COLUMNS, _CELL = 4, 2


def tokens(text: str, count: int) -> Iterator[str]:
    """The first tokens of a text. Nothing is random: they are always the same."""
    return (TEXTS[text](number) for number in range(count))


def _paragraphs(number: int) -> str:
    """Sentences with a bold word, a word of code and a link here and there."""
    word, place = f"w{number}", number % _SENTENCE
    word = {2: f"**{word}**", 5: f"`{word}`"}.get(place, word)
    if number % _PARAGRAPH == _LINK:
        word = f"[{word}](https://example.org/)"
    if number % _PARAGRAPH == _PARAGRAPH - 1:
        return f" {word}.\n\n"
    before = " " if number % _PARAGRAPH else ""
    return before + word + ("." if place == _SENTENCE - 1 else "")


def _list(number: int) -> str:
    """One list whose items have items, some with a bold first word."""
    item, place = divmod(number, _ITEM)
    if place:
        return f" w{number}"
    depth = _DEPTHS[item % len(_DEPTHS)]
    word = f"**w{number}**" if item % 3 == 0 else f"w{number}"
    return ("\n" if item else "") + "  " * depth + f"- {word}"


def _code(number: int) -> str:
    """One block of Python, a function after the other. Its last line never comes: the block stays open."""
    if number == 0:
        return "```python\ndef w0():"
    if number % _FUNCTION == 0:
        return f"\n\n\ndef w{number}():"
    return _LINE[(number % _FUNCTION - 1) % len(_LINE)].format(number)


def _table(number: int) -> str:
    """One table of four columns, two words in each cell, some of them bold."""
    row = _COLUMNS * _CELL
    word = f"**w{number}**" if number % 11 == 0 else f"w{number}"
    before = "| " if number % row == 0 else " " if number % _CELL else " | "
    after = " |\n" if number % row == row - 1 else ""
    return before + word + after + ("| --- " * _COLUMNS + "|\n" if number == row - 1 else "")


TEXTS: dict[str, Callable[[int], str]] = {
    "paragraphs": _paragraphs,
    "list": _list,
    "code": _code,
    "table": _table,
}
"""The texts by name: what the token of a number is."""

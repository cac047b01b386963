"""Helpers that make a server's text safe to show and to store, and that measure it for a terminal."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from textwrap import TextWrapper

EXCERPT = 300
"""Maximum number of characters of a server's text that is quoted on one line."""
PASSAGE, LINES = 1000, 20
"""Maximum numbers of characters and of lines of an error text of a server."""

_WIDE = "\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60\U0001f300-\U0001faff"
_UNIT = re.compile(rf"\s*[（《「【［]*(?:[^\s{_WIDE}]+(?: [^\s{_WIDE}]+)*|[{_WIDE}])?[，。；：！？、）》」】］]*")
"""What a line is not broken in: a Chinese character or a phrase in another script, with the marks around it."""
_SURROGATE = re.compile("[\ud800-\udfff]")

_VISIBLE = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"}
_VISIBLE |= {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
_VISIBLE |= dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD)


def harmless(text: str) -> str:
    """Replace control characters by visible ones, so that a model's escape sequences cannot drive a terminal."""
    return text.replace("\r\n", "\n").translate(_VISIBLE)


def has_surrogate(text: str) -> bool:
    """Return whether the text holds an unpaired UTF-16 surrogate, which UTF-8 cannot encode."""
    return _SURROGATE.search(text) is not None


def encodable(text: str) -> str:
    """Join surrogate pairs, and replace unpaired surrogates by U+FFFD."""
    if not has_surrogate(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def as_json(value: object) -> str:
    """Return a server's value as JSON text, or a note if it is nested too deeply to be written."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        return "[nested too deeply]"


def excerpt(text: str, limit: int = EXCERPT) -> str:
    """Return the beginning of a text on one line; if it is cut, its full length is added."""
    line = harmless(encodable(" ".join(text[: 4 * limit].split())))
    return line if len(line) <= limit else f"{line[:limit]}… ({len(text):,} characters)"


def passage(text: str, limit: int = PASSAGE) -> str:
    """Return the beginning of a text with its lines and their indents; if it is cut, its full length is added."""
    lines = [re.sub(r"[^\S ]", " ", line.expandtabs(4)).rstrip() for line in text[: 4 * limit].splitlines()]
    whole = re.sub(r"\n{3,}", "\n\n", harmless(encodable("\n".join(lines).strip("\n"))))
    if "\n" not in whole:
        return excerpt(text, limit)
    shown = "\n".join(whole.split("\n", LINES)[:LINES])[:limit]
    is_whole = shown == whole and len(text) <= 4 * limit
    return shown if is_whole else f"{shown.rstrip()}… ({len(text):,} characters)"


def columns(text: str) -> int:
    """Return how many columns of a terminal the text takes. A Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def cut_to_width(text: str, width: int) -> str:
    """Return the beginning of the text that takes at most `width` columns."""
    taken = 0
    for end, character in enumerate(text):
        taken += columns(character)
        if taken > width:
            return text[:end]
    return text


def wrapped(line: str, width: int) -> list[str]:
    """Break a line at spaces, and between Chinese characters, into lines of at most `width` columns.

    No word is broken. In a line with Chinese a short phrase in another script, such as an option and its value, stays
    whole, and no line begins with a mark that ends a clause.
    """
    if columns(line) == len(line):
        return TextWrapper(width, break_long_words=False, break_on_hyphens=False).wrap(line) or [""]
    lines, begun = [""], re.match(r"\s*", line)
    lines[0] = begun[0] if begun else ""
    for unit in _units(line.lstrip(), width // 2):
        if lines[-1].strip() and columns(lines[-1] + unit.rstrip()) > width:
            lines.append("")
        lines[-1] += unit if lines[-1] else unit.lstrip()
    return [each.rstrip() for each in lines]


def _units(line: str, phrase: int) -> Iterator[str]:
    """Yield the pieces between which a line may be broken; a phrase of more columns than `phrase` is broken too."""
    for unit in _UNIT.findall(line):
        yield from [unit] if columns(unit) <= phrase else re.findall(r"\s*\S+", unit)

"""Text of a server made fit to show and to store, and where it is shown. Imports nothing of sfstream."""

from __future__ import annotations

import json
import re
import sys
import unicodedata

EXCERPT = 300
"""Characters of a server's text that an error shows."""

_SURROGATE = re.compile("[\ud800-\udfff]")


_VISIBLE = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"}
_VISIBLE |= {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
_VISIBLE |= dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD)


def harmless(text: str) -> str:
    """The text with control characters made visible: an escape sequence of a model must not drive a terminal."""
    return text.replace("\r\n", "\n").translate(_VISIBLE)


def has_surrogate(text: str) -> bool:
    """Whether the text holds half of a UTF-16 pair, which cannot be encoded as UTF-8."""
    return _SURROGATE.search(text) is not None


def encodable(text: str) -> str:
    """Join surrogate pairs, and replace each half that stays alone by U+FFFD."""
    if not has_surrogate(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def as_json(value: object) -> str:
    """A value of a server as JSON text; what is nested too deeply to be written is named as such."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        return "[nested too deeply]"


def excerpt(text: str, limit: int = EXCERPT) -> str:
    """The beginning of a text on one line, with its full length where it is cut."""
    line = harmless(encodable(" ".join(text[: 4 * limit].split())))
    return line if len(line) <= limit else f"{line[:limit]}… ({len(text):,} characters)"


def is_terminal() -> bool:
    """Whether what is printed is seen in a terminal; not so where it goes to an object that only writes, or nowhere."""
    isatty = getattr(sys.stdout, "isatty", None)
    return bool(isatty and isatty())


def columns(text: str) -> int:
    """How many columns of a terminal it takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def fitting(text: str, width: int) -> str:
    """As much of its beginning as takes no more than so many columns."""
    taken = 0
    for end, character in enumerate(text):
        taken += columns(character)
        if taken > width:
            return text[:end]
    return text

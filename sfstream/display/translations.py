"""Translate the texts of the display, and choose their language. No I/O.

A text without an entry in `sfstream.display.chinese` is shown in English.
"""

from __future__ import annotations

import re
from typing import Any, Literal, TypeAlias

from sfstream.core.config import settings
from sfstream.core.message import Message
from sfstream.display.chinese import ADDED, CHINESE

Language: TypeAlias = Literal["en", "zh"]

_BETWEEN_PARTS = re.compile(r"(part\d+)}(,?) (?={part\d)")
"""A space or a comma in the templates of `sfstream.core.message.joined`."""

page_language = ""
"""Language of the page, such as ``zh-CN``, once a front-end has reported it."""


def language() -> Language:
    """Return the language of the display: that of the setting, else of the page, else English."""
    chosen = settings.get("language", "auto")
    if chosen == "auto":
        chosen = page_language
    return "zh" if chosen.lower().startswith("zh") else "en"


def translate(text: str | Message, /, **values: Any) -> str:
    """Return a text in the language of the display.

    Args:
        text: a message, or an English template.
        values: the values of a template's fields.
    """
    if isinstance(text, Message):
        return translate(text.template, **text.values)
    template = text
    if language() == "zh":
        template = CHINESE.get(text) or _BETWEEN_PARTS.sub(_between, text)
    shown = {name: _shown(value) for name, value in values.items()}
    return template.format(**shown) if shown else template


def _between(found: re.Match[str]) -> str:
    return f"{found[1]}}}{'、' if found[2] else ''}"


def _shown(value: Any) -> Any:
    """Return a value in the language of the display: a message, or what sfstream has added to a text of others."""
    if isinstance(value, Message):
        return translate(value)
    if isinstance(value, str) and language() == "zh":
        for pattern, chinese in ADDED:
            value = pattern.sub(chinese, value)
    return value

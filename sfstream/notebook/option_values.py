"""Read the text of an option's value on the line of ``%sfchat``."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Callable
from typing import Any, NoReturn

from IPython.core.error import UsageError

from sfstream.core.message import Message, message
from sfstream.core.parameters import BY_NAME, Parameter
from sfstream.notebook.key_warning import quoted

QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’"}
BOUND = ("sf_reply", "sf_content", "sf_reasoning", "sf_replies")
"""The variables that are bound after each answer."""
_ELSEWHERE = {
    "model": message("The model has an option of its own: -m."),
    "messages": message("sfstream makes the messages of the prompt, -s and the conversation."),
    "stream": message("sfstream always streams."),
}
"""Fields of the body that ``-p`` does not set, and why."""


def read_value(text: str, flag: str) -> tuple[str, int]:
    """Return the value at the beginning of a text, without quotes, and the index of its end.

    A value ends at white space. Exceptions: text in quotes, which may begin after an equals sign (``stop="a b"``), and
    JSON in brackets (``x={"a": 1}``).
    """
    before = re.match(r"[\w.-]+=", text)
    start = before.end() if before else 0
    key = text[:start]
    if closing := QUOTES.get(text[start : start + 1]):
        # Only a quote at the end of a word closes the value: in 'it's fine' the inner one is an apostrophe.
        for match in re.finditer(re.escape(closing) + r"(?=\s|$)", text[start + 1 :]):
            if text[start + match.start()] != "\\":
                inner = text[start + 1 : start + 1 + match.start()]
                return key + inner.replace(f"\\{closing}", closing), start + 1 + match.end()
        values = {"flag": flag, "opened": text[start], "closing": closing}
        refuse(message("{flag}: the quote {opened} is not closed; expected {closing} at the end.", **values))
    if text[start : start + 1] in ("{", "["):
        try:
            _, end = json.JSONDecoder().raw_decode(text, start)
            return text[:end], end
        except ValueError:
            pass
    end = re.match(r"\S+", text).end()  # type: ignore[union-attr]  # the text is not empty
    return text[:end], end


class _Unreadable(ValueError):
    """A text that is no value of its option. Its argument is the Message of what is expected."""


def read(option: Parameter, flag: str, text: str) -> Any:
    """Return the value of an option.

    Raises:
        UsageError: the text is none; the message says what is expected.
    """
    if not option.metavar:
        return flag[:5] != "--no-"
    try:
        return _READERS.get(option.name, _READERS[option.type])(text)
    except _Unreadable as error:
        expected: Message = error.args[0]
        refuse(message("{flag} expects {expected}, got {text}.", flag=flag, expected=expected, text=quoted(text)))


def refuse(text: Message) -> NoReturn:
    """Raise a UsageError in the language of the display."""
    from sfstream.display.translations import translate  # here, since the extension loads this module

    raise UsageError(translate(text)) from None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise _Unreadable(message("a number")) from None


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise _Unreadable(message("a whole number")) from None


def _speed(text: str) -> float | str:
    try:
        return text if text == "max" else float(text)
    except ValueError:
        row = BY_NAME["speed"]
        raise _Unreadable(message("a number from {low} to {high}, or max", low=row.low, high=row.high)) from None


def variable_name(text: str) -> str:
    """Return the text if an answer can be bound to it, else raise a ValueError that says what is expected."""
    if not text.isidentifier() or keyword.iskeyword(text):
        raise _Unreadable(message("the name of a variable"))
    if text in BOUND:
        raise _Unreadable(message("another name, since sfstream binds this one itself"))
    return text


def _param(text: str) -> dict[str, Any]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise _Unreadable(message("KEY=VALUE, such as {example}", example=_with_equals(text)))
    if key in _ELSEWHERE:
        refuse(message("-p does not set {key}. {why}", key=key, why=_ELSEWHERE[key]))
    return {key: _json_or_text(value)}


def _with_equals(text: str) -> str:
    """Return what was meant where the sign is a wide one or a colon; else an example."""
    key, _, value = text.replace("＝", "=").replace("：", "=").replace(":", "=").partition("=")
    return quoted(f"{key}={value}")[1:-1] if re.fullmatch(r"[\w.-]+", key) and value else "seed=7"


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


_READERS: dict[Any, Callable[[str], Any]] = {
    str: str,
    float: _number,
    int: _whole,
    list: str,
    dict: _param,
    "out": variable_name,
    "speed": _speed,
}
"""How the text of a value is read, by the type of the option, or by its name where that is stricter."""

"""Parse the line of ``%sfchat`` and ``%%sfchat``: options first, then the prompt.

The options are the rows of `sfstream.core.parameters`. argparse is not used, because it splits the line into words: in
``What's the -n flag of sed?`` the apostrophe is no quote and the dash begins no option.
"""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Callable
from typing import Any, NoReturn

from IPython.core.error import UsageError

from sfstream.core.parameters import BY_FLAG, BY_NAME, Parameter
from sfstream.notebook.fill import expression_end
from sfstream.notebook.key_warning import quoted

QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’"}
BOUND = ("sf_reply", "sf_content", "sf_reasoning", "sf_replies")
"""The variables that are bound after each answer."""
_OPTION = re.compile(r"-{1,2}[A-Za-z][\w-]*")


def parse(line: str) -> tuple[dict[str, Any], str]:
    """Parse the options at the beginning of a line.

    Returns:
        the values by name of the parameter, and the rest of the line: the prompt, unchanged.

    Raises:
        UsageError: an option is unknown, given twice, or has no usable value.
    """
    values: dict[str, Any] = {}
    rest = line.lstrip()
    while match := _OPTION.match(rest):
        flag = match[0]
        option = BY_FLAG.get(flag)
        if option is None:
            _refuse_unknown(flag)
        if option.name in values and not option.repeats:
            flags = " and ".join(option.flags)
            raise UsageError(f"{flag}: {flags} set the same option, which may be given once.")
        text, rest = _value(option, flag, rest[match.end() :])
        _add(values, option, flag, text)
    if rest == "--" or re.match(r"--\s", rest):  # the usual end of options
        rest = rest[2:].lstrip()
    return values, rest


def _value(option: Parameter, flag: str, rest: str) -> tuple[str, str]:
    """Return the text of an option's value, and the rest of the line after it."""
    if not option.metavar:
        if rest[:1] and not rest[:1].isspace():
            raise UsageError(f"{flag} takes no value, got {quoted(rest.split()[0])}.")
        return "", rest.lstrip()
    rest = rest.removeprefix("=") if rest.startswith("=") else rest.lstrip()
    if not rest:
        raise UsageError(f"{flag} expects {option.metavar}: {option.help}.")
    if option.name == "system" and (end := expression_end(rest)):
        text = rest[:end]
    else:
        text, end = read_value(rest, flag)
    if end < len(rest) and not rest[end].isspace():
        raise UsageError(f"{flag}: expected a space after {quoted(rest[:end])}, got {quoted(rest[end:].split()[0])}.")
    return text, rest[end:].lstrip()


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
        raise UsageError(f"{flag}: the quote {text[start]} is not closed; expected {closing} at the end of the value.")
    if text[start : start + 1] in ("{", "["):
        try:
            _, end = json.JSONDecoder().raw_decode(text, start)
            return text[:end], end
        except ValueError:
            pass
    end = re.match(r"\S+", text).end()  # type: ignore[union-attr]  # the text is not empty
    return text[:end], end


def _add(values: dict[str, Any], option: Parameter, flag: str, text: str) -> None:
    try:
        value = _READERS.get(option.name, _READERS[option.type])(text) if option.metavar else flag[:5] != "--no-"
    except ValueError as error:
        raise UsageError(f"{flag} expects {error}, got {quoted(text)}.") from None
    if option.name == "params":
        values.setdefault("params", {}).update(value)
    elif option.repeats:
        values.setdefault(option.name, []).append(value)
    else:
        values[option.name] = value


def _refuse_unknown(flag: str) -> NoReturn:
    meant = [known for known in BY_FLAG if known.startswith(flag) and len(flag) > 2]
    hint = f" Did you mean {' or '.join(meant)}? Option names cannot be abbreviated." if meant else ""
    raise UsageError(
        f"There is no option {flag}.{hint} %%sfchat? lists the options. Put -- before a prompt that begins with a dash."
    )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError("a number") from None


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError("a whole number") from None


def _speed(text: str) -> float | str:
    try:
        return text if text == "max" else float(text)
    except ValueError:
        raise ValueError(f"a number from {BY_NAME['speed'].range}, or max") from None


def variable_name(text: str) -> str:
    """Return the text if an answer can be bound to it, else raise a ValueError that says what is expected."""
    if not text.isidentifier() or keyword.iskeyword(text):
        raise ValueError("the name of a variable")
    if text in BOUND:
        raise ValueError("another name, since sfstream binds this one itself")
    return text


def _param(text: str) -> dict[str, Any]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise ValueError("KEY=VALUE, such as seed=7")
    return {key: _json_or_text(value)}


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

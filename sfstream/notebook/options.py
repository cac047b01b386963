"""Parse the line of ``%sfchat`` and ``%%sfchat``: options first, then the prompt.

The options are the rows of `sfstream.core.parameters`. argparse is not used, because it splits the line into words: in
``What's the -n flag of sed?`` the apostrophe is no quote and the dash begins no option.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, NoReturn

from sfstream.core.message import Message, joined, message
from sfstream.core.parameters import BY_FLAG, Parameter
from sfstream.display.translations import translate
from sfstream.notebook.did_you_mean import DASHES, HELP, OPTIONS, bare, did_you_mean
from sfstream.notebook.fill import expression_end
from sfstream.notebook.key_warning import quoted
from sfstream.notebook.option_values import read, read_value, refuse

_LETTERS = "A-Za-zＡ-Ｚａ-ｚ"
_DASH = re.escape(DASHES)
WORD = re.compile(rf"[{_DASH}]+[{_LETTERS}][{_LETTERS}0-9０-９_＿{_DASH}]*")
"""A word that may be meant as an option."""
_PLAIN = re.compile(r"-{1,2}[A-Za-z]")
_TOKEN_END = re.compile(r"(?=[\s=＝:：\"'“‘])|\Z")
_GLUED = {
    "temperature": r"[-+]?\.?\d",
    "system": "[^a-z]",
    "params": r"[\w.-]+=",
    "format": r"(text|code|json)(\s|$)",
}
"""What begins the value of a short option that follows it without a space. Others take any text."""


class Given(NamedTuple):
    """An option on a line.

    Attributes:
        option: which one.
        flag: as it was typed.
        text: its value, without quotes.
        start, end: where the value begins on the line as it was typed, and what follows it.
    """

    option: Parameter
    flag: str
    text: str
    start: int
    end: int


def parse(line: str, *, has_prompt: bool = True) -> tuple[dict[str, Any], str]:
    """Parse the options at the beginning of a line.

    Args:
        line: the line after the name of the magic.
        has_prompt: whether a prompt may follow on the line; only then a refusal tells how it can begin with a dash.

    Returns:
        the values by name of the parameter, and the rest of the line: the prompt, unchanged.

    Raises:
        UsageError: an option is unknown, given twice, or has no usable value.
    """
    values: dict[str, Any] = {}
    end = _space(line, 0)
    for given in options_on(line, has_prompt=has_prompt):
        if given.option.name in values and not given.option.repeats:
            flags = translate(" and ").join(given.option.flags)
            refuse(
                message("{flag}: {flags} set the same option, which may be given once.", flag=given.flag, flags=flags)
            )
        _add(values, given)
        end = given.end
    rest = line[end:]
    if rest == "--" or re.match(r"--\s", rest):  # the usual end of options
        rest = rest[2:].lstrip()
    return values, rest


def options_on(line: str, *, has_prompt: bool = True) -> Iterator[Given]:
    """Yield the options at the beginning of a line.

    Raises:
        UsageError: an option is unknown, or has no usable value.
    """
    at = _space(line, 0)
    while (word := WORD.match(line, at)) and (flag := _flag(word[0], line[at:], has_prompt)):
        option = BY_FLAG[flag]
        start = at + len(flag)
        if option.metavar:
            start = start + 1 if line[start : start + 1] == "=" else _space(line, start)
        text, end = _value(option, flag, line[at + len(flag) :], line[start:])
        at = _space(line, start + end)
        yield Given(option, flag, text, start, at)


def _space(line: str, at: int) -> int:
    """Return the index after the white space at an index."""
    return len(line) - len(line[at:].lstrip())


def _flag(word: str, line: str, has_prompt: bool) -> str:
    """Return the option that a line begins with, by its first word; an empty text if that begins the prompt."""
    if word in BY_FLAG:
        return word
    if _is_glued(word, line):
        return word[:2]
    is_plain = bool(_PLAIN.match(word))
    if not (is_plain or _is_like_option(word)):
        return ""
    value = re.match(r"(?:\s+|[=＝])(\S*)", line[len(word) :])
    hint = OPTIONS.hint(word, value[1] if value else "", abbreviated=is_plain) or _apart(line)
    if hint or is_plain:
        _refuse_unknown(word, hint, has_prompt)
    return ""


def _apart(line: str) -> Message:
    """Return "Did you mean -t 0.5?" for ``-T0.5``; an empty message where no short option can be meant."""
    flag, value = line[:2].lower(), line[2:].split()[0] if line[2:].strip() else ""
    option = BY_FLAG.get(flag)
    is_fit = option and value and (option.name == "system" or re.match(_GLUED.get(option.name, "."), value))
    return did_you_mean(f"{flag} {quoted(value)[1:-1]}") if is_fit else Message("")


def _is_glued(word: str, line: str) -> bool:
    """Return whether a line begins with a short option and its value, such as ``-t0.5``."""
    short = BY_FLAG.get(word[:2])
    if short is None or _resembles_long(word, line):
        return False
    return not short.metavar or bool(re.match(_GLUED.get(short.name, "."), line[2:]))


def _resembles_long(word: str, line: str) -> bool:
    """Return whether a word with one dash is rather a long option: ``-model`` is no model called "odel"."""
    if len(word) != _TOKEN_END.search(line).start():  # type: ignore[union-attr]  # a line has an end
        return False  # such as -mQwen/Qwen3-8B
    return any(name[:1] == word[1:2].lower() for name in OPTIONS.near(word))


def _is_like_option(word: str) -> bool:
    """Return whether a word with other dashes or wide letters can be an option: a prompt may begin with "—I"."""
    name = bare(word)
    return len(name) > 1 or (name != "a" and f"-{name}" in BY_FLAG and not word[-1].isupper())


def _refuse_unknown(word: str, hint: Message, has_prompt: bool) -> NoReturn:
    refuse(
        joined(
            message("There is no option {flag}.", flag=quoted(word)[1:-1]),
            hint,
            HELP if hint != HELP else "",
            message("Put -- before a prompt that begins with a dash.") if has_prompt else "",
        )
    )


def _value(option: Parameter, flag: str, after: str, rest: str) -> tuple[str, int]:
    """Return the text of an option's value, and the index of its end.

    Args:
        option: the option.
        flag: as it was typed.
        after: the line after it.
        rest: the same from the beginning of the value.
    """
    if not option.metavar:
        if after[:1] and not after[:1].isspace():
            got = quoted(after.split()[0])
            refused = message("{flag} takes no value, got {got}.", flag=flag, got=got)
            refuse(joined(refused, did_you_mean(f"{flag} {got[1:-1]}") if after[0] != "=" else ""))
        return "", 0
    _check_glue(flag, after)
    if not rest:
        refuse(message("{flag} expects {value}: {help}.", flag=flag, value=option.metavar, help=Message(option.help)))
    if option.name == "system" and (end := expression_end(rest)):
        text = rest[:end]
    else:
        text, end = read_value(rest, flag)
    if end < len(rest) and not rest[end].isspace():
        before, got = quoted(rest[:end]), quoted(rest[end:].split()[0])
        refuse(message("{flag}: expected a space after {before}, got {got}.", flag=flag, before=before, got=got))
    if rest[:end] in BY_FLAG:
        refuse(
            message("{flag} expects {value}, got the option {got}.", flag=flag, value=option.metavar, got=rest[:end])
        )
    return text, end


def _check_glue(flag: str, after: str) -> None:
    """Refuse what stands between an option and its value in place of a space or an equals sign."""
    is_long = flag.startswith("--") and re.match(r"[^\s=\"'“‘{\[]", after)
    if is_long or after[:1] in ("＝", "：", ":"):
        got = quoted(after.split()[0])
        refused = message("{flag}: expected a space before {got}.", flag=flag, got=got)
        refuse(joined(refused, did_you_mean(f"{flag} {quoted(after.split()[0].lstrip('＝：:，,'))[1:-1]}")))


def _add(values: dict[str, Any], given: Given) -> None:
    value = read(given.option, given.flag, given.text)
    if given.option.name == "params":
        values.setdefault("params", {}).update(value)
    elif given.option.repeats:
        values.setdefault(given.option.name, []).append(value)
    else:
        values[given.option.name] = value

"""The line of ``%sfchat`` and ``%%sfchat``: options first, then, on ``%sfchat``, the prompt as it was typed.

Not argparse alone: it knows words only, and a prompt is text. ``What's the -n flag of sed?`` has an
apostrophe that is no quote, and a dash that is no option.
"""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from IPython.core.error import UsageError

from sfstream.notebook.typed_key import quoted

_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’"}
BOUND = ("sf_reply", "sf_content", "sf_reasoning", "sf_replies")
"""The variables that hold an answer."""
_OPTION = re.compile(r"-{1,2}[A-Za-z][\w-]*")


@dataclass(frozen=True)
class Option:
    """One option.

    Attributes:
        flags: how it is typed.
        name: the keyword of `sfstream.chat` that it sets, or a setting of the magic's own.
        help: one line.
        metavar: what its value is called; empty for a switch.
        read: makes the value of the text.
        value: of a switch.
        repeats: whether it may be given again; its values are then collected.
    """

    flags: tuple[str, ...]
    name: str
    help: str
    metavar: str = ""
    read: Callable[[str], Any] = str
    value: Any = True
    repeats: bool = False


def parse(line: str) -> tuple[dict[str, Any], str]:
    """Read the options that a line begins with.

    Returns:
        the values by name, and the rest of the line: the prompt, character for character.

    Raises:
        UsageError: an option that is unknown, given twice, or without a value it can use.
    """
    values: dict[str, Any] = {}
    rest = line.lstrip()
    while match := _OPTION.match(rest):
        flag = match[0]
        option = BY_FLAG.get(flag)
        if option is None:
            _refuse_unknown(flag)
        if option.name in values and not option.repeats:
            flags = [each for each, other in BY_FLAG.items() if other.name == option.name]
            raise UsageError(f"{flag}: {' and '.join(flags)} set the same thing, and it may be given once.")
        text, rest = _value(option, flag, rest[match.end() :])
        _add(values, option, flag, text)
    _check_params(values)
    if rest == "--" or re.match(r"--\s", rest):  # the usual end of options, for a prompt that begins with a dash
        rest = rest[2:].lstrip()
    return values, rest


def manual() -> str:
    """The options as lines of a manual page."""
    return "\n".join(f"    {_typed(option):<32} {option.help}" for option in OPTIONS)


def _typed(option: Option) -> str:
    return f"{', '.join(option.flags)} {option.metavar}".rstrip()


def _value(option: Option, flag: str, rest: str) -> tuple[str, str]:
    """The text of an option's value, and what follows it."""
    if not option.metavar:
        if rest[:1] and not rest[:1].isspace():
            raise UsageError(f"{flag} takes no value, got {quoted(rest.split()[0])}.")
        return "", rest.lstrip()
    rest = rest.removeprefix("=") if rest.startswith("=") else rest.lstrip()
    if not rest:
        raise UsageError(f"{flag} expects {option.metavar}: {option.help}")
    text, end = _word(rest, flag)
    if end < len(rest) and not rest[end].isspace():
        raise UsageError(f"{flag}: expected a space after {quoted(rest[:end])}, got {quoted(rest[end:].split()[0])}.")
    return text, rest[end:].lstrip()


def _word(text: str, flag: str) -> tuple[str, int]:
    """The value that a text begins with, without its quotes, and where it ends.

    A value ends at white space, but for what stands in quotes, which may begin after an equals sign too
    (``stop="a b"``), and but for JSON in brackets (``x={"a": 1}``).
    """
    before = re.match(r"[\w.-]+=", text)
    start = before.end() if before else 0
    key = text[:start]
    if closing := _QUOTES.get(text[start : start + 1]):
        # Closed by a quote that ends the word: in 'it's fine' the one in the middle is an apostrophe.
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


def _add(values: dict[str, Any], option: Option, flag: str, text: str) -> None:
    try:
        value = option.read(text) if option.metavar else option.value
    except ValueError as error:
        raise UsageError(f"{flag} expects {error}, got {quoted(text)}.") from None
    if option.name == "params":
        values.setdefault("params", {}).update(value)
    elif option.repeats:
        values.setdefault(option.name, []).append(value)
    else:
        values[option.name] = value


def _check_params(values: dict[str, Any]) -> None:
    """A field that has its own option is not given both ways on one line: one would go unheard."""
    if not (params := values.get("params")):
        return
    from sfstream.run.prepare import FIELDS

    for option in OPTIONS:
        if option.name in values and (field := FIELDS.get(option.name, option.name)) in params:
            raise UsageError(f"{option.flags[-1]} and -p {field}=… set the same thing, and it may be given once.")


def _refuse_unknown(flag: str) -> NoReturn:
    meant = [known for known in BY_FLAG if known.startswith(flag) and len(flag) > 2]
    hint = f" Did you mean {' or '.join(meant)}? Options are written out." if meant else ""
    raise UsageError(
        f"There is no option {flag}.{hint} %%sfchat? lists them; put -- before a prompt that begins with a dash."
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


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("something")
    return text


def _speed(text: str) -> float | str:
    return text if text == "max" else _number(text)


def variable(text: str) -> str:
    """The name of a variable that a reply may be bound to.

    Raises:
        ValueError: it is none; the error says what is expected.
    """
    if not text.isidentifier() or keyword.iskeyword(text):
        raise ValueError("the name of a variable")
    if text in BOUND:
        raise ValueError("a name of your own: each answer is bound to that one")
    return text


def _param(text: str) -> dict[str, Any]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise ValueError("KEY=VALUE, such as seed=7")
    return {key: _json_or_text(value)}


def _json_or_text(text: str) -> Any:
    def no_number(word: str) -> NoReturn:
        raise ValueError(word)

    try:
        return json.loads(text, parse_constant=no_number)  # NaN and Infinity are no JSON, but a word like any other
    except (ValueError, RecursionError):
        return text


OPTIONS = (
    Option(("-m", "--model"), "model", "the model to ask", "NAME", _filled),
    Option(("-s", "--system"), "system", "the system prompt", "TEXT"),
    Option(("-o", "--out"), "out", "also bind the Reply to NAME", "NAME", variable),
    Option(("-t", "--temperature"), "temperature", "0 to 2", "NUMBER", _number),
    Option(("--top-p",), "top_p", "0 to 1", "NUMBER", _number),
    Option(("--top-k",), "top_k", "1 to 100, or -1 for all", "N", _whole),
    Option(("--min-p",), "min_p", "0 to 1", "NUMBER", _number),
    Option(("--max-tokens",), "max_tokens", "most tokens of the answer, reasoning apart", "N", _whole),
    Option(("--frequency-penalty",), "frequency_penalty", "-2 to 2", "NUMBER", _number),
    Option(("--stop",), "stop", "a text that ends the answer; up to 4 of them", "TEXT", repeats=True),
    Option(("--think",), "think", "think first (enable_thinking), where the model has that switch"),
    Option(("--no-think",), "think", "do not think first", value=False),
    Option(("--thinking-budget",), "thinking_budget", "most tokens of the reasoning, 128 to 32768", "N", _whole),
    Option(("--effort",), "effort", "how hard to think: high or max (reasoning_effort)", "LEVEL"),
    Option(
        ("-p", "--param"),
        "params",
        "any other field of the body; JSON if it parses, else text",
        "KEY=VALUE",
        _param,
        repeats=True,
    ),
    Option(("--via",), "via", "how to send: openai, requests or curl; the results are the same", "NAME"),
    Option(("--dry-run",), "dry_run", "show exactly what would be sent, and send nothing"),
    Option(("--record",), "record", "write the stream to FILE as it comes", "FILE", _filled),
    Option(("--replay",), "replay", "play FILE instead of asking: no key, no network", "FILE", _filled),
    Option(("--speed",), "speed", "of a replay: how many times as fast, or max", "N|max", _speed),
    Option(("--no-log",), "log", "keep this answer out of the log", value=False),
    Option(("--display",), "display", "auto, live, html, text or off", "MODE"),
)

BY_FLAG = {flag: option for option in OPTIONS for flag in option.flags}

"""Tab completion on the lines of our magics, and inside ``{{ }}`` in a prompt.

It is a matcher of IPython's completer (https://ipython.readthedocs.io/en/stable/api/generated/IPython.core.completer.html):
one that is told the whole cell, since only its first line says that the rest is a prompt.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, NamedTuple

from IPython.core.completer import SimpleCompletion, context_matcher
from IPython.core.error import UsageError
from IPython.core.getipython import get_ipython

from sfstream.core import config
from sfstream.core.parameters import BY_FLAG, Parameter
from sfstream.notebook.option_values import read_value

_CELL = re.compile(r"\s*%%sfchat(?=\s)")
_LINE = re.compile(r"(?:\s*[\w.\[\]]+\s*=)?\s*%{1,2}sfchat\s")
_COMMANDS = re.compile(r"\s*%(sf\w+)\s+(\S*)")
_FLAG = re.compile(r"-{1,2}[\w-]*")
_FILLED = re.compile(r"\{\{((?:(?!\}\}).)*)\Z", re.DOTALL)
_EXPRESSION_END = re.compile(r"[\w.]*\Z")
_PYTHON = ("instance", "name", "attribute")
"""Kinds of what Python knows, where IPython's own completions fit too."""
_FILES = "IPCompleter.file_matcher"
"""IPython's matcher of file names."""

WORDS = {
    "sflog": ("-n", "--all", "show", "last", "search", "export", "forget", "unused"),
    "sfdemo": ("--if-no-key", "--first-token", "--rate", "--jitter", "--chunk", "list", "stop"),
    "sfkey": ("--save", "--forget"),
}
"""The first words of the other magics."""
SUGGESTED = {"effort": ("high", "max")}
"""Values of options that accept others too."""


class _Found(NamedTuple):
    """The texts that can stand at the cursor.

    Attributes:
        fragment: what stands before the cursor already, from the beginning of the word.
        texts: what it can become.
        kind: shown beside each of them.
        with_files: whether IPython's file names are offered too.
    """

    fragment: str
    texts: Iterable[str]
    kind: str
    with_files: bool = False


@context_matcher(identifier="sfstream", priority=200)
def complete(context: Any) -> dict[str, Any]:
    """Return the completions at the cursor; none outside of our magics, where IPython's own are shown."""
    found = _found(context) if "%sf" in context.full_text else None
    if found is None:
        return {"completions": []}
    matching = [text for text in found.texts if text.startswith(found.fragment)]
    if not matching and found.kind not in _PYTHON and found.fragment:
        # Else IPython would offer Python's names here, and make "demo/chr" of "demo/ch" while the models are unknown.
        matching = [found.fragment]
    return {
        "completions": [SimpleCompletion(text=text, type=found.kind) for text in matching],
        "matched_fragment": found.fragment,
        "suppress": True,
        "do_not_suppress": {_FILES} if found.with_files else set(),
    }


def _found(context: Any) -> _Found | None:
    lines = context.full_text.split("\n")
    line = lines[context.cursor_line][: context.cursor_position]
    if match := _LINE.match(line):
        rest = line[match.end() :].lstrip()
        return _in_prompt(rest) or _on_line(rest)  # the system prompt is filled too
    if _CELL.match(context.full_text) and context.cursor_line:
        return _in_prompt("\n".join([*lines[1 : context.cursor_line], line]))
    if (match := _COMMANDS.fullmatch(line)) and match[1] in WORDS:
        return _Found(match[2], WORDS[match[1]], "command")
    return None


def _on_line(rest: str) -> _Found | None:
    """Return what can stand at the end of a line of options; None in a prompt."""
    while match := _FLAG.match(rest):
        if match.end() == len(rest):
            return _Found(rest, BY_FLAG, "option")
        option = BY_FLAG.get(match[0])
        if option is None:
            return None
        value = rest[match.end() :]
        if option.metavar:
            value = value.removeprefix("=") if value.startswith("=") else value.lstrip()
            if (end := _end(value, match[0])) == len(value):
                return _value(option, value)
            value = value[end:]
        rest = value.lstrip()
    return None if rest else _Found("", BY_FLAG, "option")


def _end(value: str, flag: str) -> int:
    """Return where the value at the beginning of a text ends: at its end, while it is being typed."""
    try:
        return read_value(value, flag)[1] if value else 0
    except UsageError:  # a quote is open
        return len(value)


def _value(option: Parameter, fragment: str) -> _Found | None:
    texts = option.choices or SUGGESTED.get(option.name)
    if texts:
        return _Found(fragment, texts, "value")
    if option.name == "model":
        return _Found(fragment, _models() or [config.model()], "model")
    if option.name == "conversation":
        from sfstream.core.conversation import conversations

        return _Found(fragment, [f'"{name}"' if " " in name else name for name in conversations], "conversation")
    if fits := _VARIABLES.get(option.name):
        return _Found(fragment, _variables(fits), "instance", with_files=option.name == "attach")
    return None


def _models() -> list[str]:
    """Return the models of the configured server that are known; none if it requires a key and there is none."""
    from sfstream.errors import ConfigurationError
    from sfstream.wire.credentials import configured_endpoint
    from sfstream.wire.model_names import known_models

    try:
        endpoint = configured_endpoint()
        endpoint.require_key()
    except ConfigurationError:
        return []
    return known_models(endpoint)


def _in_prompt(prompt: str) -> _Found | None:
    """Return the names that can stand at the end of an expression in ``{{ }}``, by IPython's own means."""
    if not (match := _FILLED.search(prompt)):
        return None
    fragment = _EXPRESSION_END.search(match[1])[0]  # type: ignore[index]  # it matches every text
    completer = get_ipython().Completer
    if "." in fragment:
        return _Found(fragment, completer.attr_matches(fragment), "attribute")
    if fragment:
        return _Found(fragment, completer.global_matches(fragment), "name")
    return _Found("", _variables(lambda _: True), "instance")


def _variables(fits: Callable[[Any], bool]) -> list[str]:
    """Return the names of the notebook's variables, without IPython's own and those that begin with an underscore."""
    shell = get_ipython()
    return [
        name
        for name, value in list(shell.user_ns.items())
        if not name.startswith("_") and name not in shell.user_ns_hidden and fits(value)
    ]


def _is_image(value: Any) -> bool:
    pillow = sys.modules.get("PIL.Image")
    is_pillow = pillow is not None and isinstance(value, pillow.Image)
    return is_pillow or isinstance(value, bytes | bytearray | str | os.PathLike) or hasattr(type(value), "savefig")


def _is_own(value: Any) -> bool:
    return not isinstance(value, ModuleType)


def _is_schema(value: Any) -> bool:
    return isinstance(value, type | dict) or hasattr(value, "__origin__")


_VARIABLES: dict[str, Callable[[Any], bool]] = {"attach": _is_image, "out": _is_own, "schema": _is_schema}
"""Which variables the options that take the name of one accept."""

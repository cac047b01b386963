"""Recognise values of several words that were typed without quotes: ``-s Answer in one sentence``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from IPython.core.error import UsageError

from sfstream.core.message import Message, joined, message
from sfstream.notebook.did_you_mean import OPTIONS, bare, did_you_mean
from sfstream.notebook.key_warning import quoted
from sfstream.notebook.option_values import QUOTES
from sfstream.notebook.options import Given, options_on, parse

_OF_WORDS = ("system", "stop", "conversation", "params", "attach", "record", "replay", "schema")
"""Options whose values may hold spaces."""


def note_missing_quotes(line: str, prompt: str) -> list[Message]:
    """Return a note if the system prompt seems to go on in the prompt: ``-s Answer in one sentence. Why?``"""
    for given in options_on(line):
        typed = line[given.start : given.end].strip()
        if given.option.name == "system" and re.fullmatch(r"[A-Za-z][a-z'’,-]*", typed) and re.match("[a-z]", prompt):
            return [message("The system prompt is {word} alone: several words need quotes.", word=quoted(typed))]
    return []


def refused_words(line: str, rest: str) -> Message:
    """Return what is said about words on the first line of a cell that are no options.

    Args:
        line: the first line after the name of the magic.
        rest: the end of it, from the first such word on.
    """
    for given in [*options_on(line[: len(line) - len(rest)])][-1:]:
        is_quoted = line[given.start] in QUOTES
        if given.option.name in _OF_WORDS and not is_quoted and (line_meant := _with_quotes(line, given)):
            refused = message("{flag} takes one word, unless its value is in quotes.", flag=given.flag)
            return joined(refused, did_you_mean(f"%%sfchat {line_meant}"))
    refused = message(
        "The prompt starts on the second line; the first line takes only options, got {got}.", got=quoted(rest)
    )
    return joined(refused, _with_dashes(rest))


def _with_quotes(line: str, given: Given) -> str:
    """Return the line with the last value and the words after it in quotes; an empty text if that does not help."""
    for candidate in _candidates(line, given.start):
        with suppress(UsageError):
            if not parse(candidate, has_prompt=False)[1]:
                return candidate
    return ""


def _candidates(line: str, start: int) -> Iterator[str]:
    """Yield the line with quotes from an index up to each word that may be the next option, and up to the end."""
    for match in re.finditer(r"\s+(?=-)|\s*$", line[start:]):
        value, after = line[start : start + match.start()], line[start + match.end() :]
        for opening, closing in QUOTES.items():
            if opening not in value and closing not in value:
                yield f"{line[:start]}{opening}{value}{closing} {after}".strip()
                break


def _with_dashes(rest: str) -> Message:
    """Return "Did you mean --temperature 0.5?" for ``temperature=0.5``; else an empty message."""
    match = re.match(r"([\w-]+)[=＝](\S+)", rest)
    if match and bare(match[1]) in OPTIONS.known:
        return did_you_mean(f"{OPTIONS.meanings[bare(match[1])]} {quoted(match[2])[1:-1]}")
    return Message("")

"""Find the JSON in the text of an answer. Nothing is repaired: the text is taken as the model wrote it, or refused.

Models put fences and sentences around their JSON. Reasoning between tags is no part of the text: the decoder has taken
it out. Where the text leaves a doubt about which value is meant, an error is raised rather than a value returned.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from sfstream.core.json_mistakes import mistake
from sfstream.core.message import Message, message
from sfstream.core.text import excerpt
from sfstream.errors import AmbiguousJson, NotJson

NEAR = 40
"""Maximum number of characters that an error quotes before and after the place of a mistake."""

_END_OF_THOUGHTS = re.compile(r"^[ \t]*</think>[ \t\r]*$", re.MULTILINE)
"""Some models go on to think after their reasoning has ended. A JSON string has no line of its own."""
# What follows the fence on its line is a language, and no JSON: ```json {"a": 1}``` in one line is no block.
_FENCE = re.compile(
    r"^[ \t]*(`{3,}+|~{3,}+)[ \t]*+([\w+.-]*+)[^\n`{\[]*+\n(.*?)(?:^[ \t]*\1[`~]*[ \t\r]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)
_BRACKET = re.compile(r"[\[\]{}]")
_LIKE_JSON = re.compile(
    r"""\{\s*(?:["'“}/]|[\w$]+\s*:)|\[[\[\s]*(?:["'“{\]/]|-?\d[\d.eE+-]*\s*[,\]]|(?:true|false|null)\b)"""
)
"""The beginning of what is meant as JSON, even if it is broken. ``[see below]`` and ``{name}`` are prose."""
_FRAGMENT = re.compile(r'"\s*:\s*\Z'), re.compile(r'\s*,\s*"')
"""What stands before and after a value that is only a part of a JSON text whose outer brackets are missing."""
_INTRODUCTION = re.compile(r"(?:[:：>]|`{1,3}\w*)$")
_HUGE = re.compile(r"[eE]\+?\d{3}|\d{300}")
_PLACE = re.compile(r" at line (\d+) column (\d+)$")
_DECODER = json.JSONDecoder()


class Found(NamedTuple):
    """The JSON of an answer.

    Attributes:
        text: its text.
        value: its value, as plain data.
        is_alone: whether the answer is nothing else but white space.
    """

    text: str
    value: Any
    is_alone: bool


class _Candidate(NamedTuple):
    text: str
    start: int
    end: int


def find_json(text: str, *, is_cut: bool = False) -> Found:
    """Return the JSON in the text of an answer.

    Args:
        text: the content of the answer.
        is_cut: whether the answer has no proper end. The JSON has to be complete nevertheless.

    Raises:
        NotJson: there is none, or it is broken or incomplete.
        AmbiguousJson: there are several that differ.
    """
    text = text.strip("\ufeff \t\r\n")
    try:
        return Found(text, parse(text), True)
    except NotJson:
        found = _only([*_candidates(_END_OF_THOUGHTS.split(text)[-1], is_cut=is_cut)], text)
    return Found(found, parse(found), False)


def parse(text: str) -> Any:
    """Return the value of a JSON text, as plain data.

    Stricter than most parsers, since each of these would give a wrong value in silence: ``NaN`` and ``Infinity``,
    numbers that only infinity can stand for, and keys that occur twice in one object. Nesting deeper than 200 is
    refused.

    Raises:
        NotJson: it is not JSON.
    """
    import jiter

    try:
        value = jiter.from_json(text.encode(), allow_inf_nan=False, catch_duplicate_keys=True)
        if _HUGE.search(text):
            json.dumps(value, allow_nan=False)
    except ValueError as error:
        raise NotJson(
            message("The answer is not valid JSON: {problem}.", problem=_described(str(error), text))
        ) from None
    return value


def _described(problem: str, text: str) -> Message | str:
    """Return a parser's message with the text around the place, instead of the line and the column."""
    if not (place := _PLACE.search(problem)):
        return mistake(problem)
    what = mistake(problem[: place.start()])
    line = text.split("\n")[max(0, int(place[1]) - 1)]
    column = len(line.encode()[: int(place[2])].decode(errors="ignore"))  # jiter counts bytes
    near = excerpt(line[max(0, column - NEAR) : column + NEAR], 2 * NEAR)
    if not near:
        return message("{problem}, in line {line}", problem=what, line=place[1])
    return message("{problem}, in line {line} near {text}", problem=what, line=place[1], text=repr(near))


def _candidates(text: str, *, is_cut: bool) -> Iterator[str]:
    """Yield each text that is meant as the answer, valid or not.

    Code blocks come first. What stands in the middle of a sentence, or in a block of other code, is an example.
    """
    blocks = [*_FENCE.finditer(text)]
    before = [*_values(text[: blocks[0].start()])] if blocks else []
    if before and before[-1].end == blocks[0].start():  # unclosed: the block is inside a string
        blocks = []
    answers = _blocks_of_json(blocks)
    for block in answers:
        body = block[3].strip()
        yield from [body] if _is_json(body) else (value.text for value in _values(body))
    outside = _FENCE.sub("\n", text) if blocks else text
    missing_before, missing_after = _FRAGMENT
    for value in _values(outside):
        start, end = value.start, value.end
        if missing_before.search(outside, max(0, start - NEAR), start) or missing_after.match(outside, end):
            raise NotJson(
                message(
                    "The outer brackets are missing around {text} in the answer.", text=repr(excerpt(value.text, NEAR))
                )
            )
        # A cut answer may have gone on to say that this was an example.
        if _begins_line(outside, start) or (not answers and not is_cut and _ends_line(outside, start, end)):
            yield value.text


def _blocks_of_json(blocks: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the code blocks that are the answer: those that are marked as JSON, else all if they hold JSON."""
    if marked := [block for block in blocks if block[2].lower().startswith("json") and block[3].strip()]:
        return marked
    unmarked = [block for block in blocks if _holds_json(block[2].lower(), block[3].strip())]
    if unmarked and len(unmarked) < len([block for block in blocks if block[3].strip()]):
        raise AmbiguousJson(
            message("The answer holds {count} code blocks, and none of them is marked as JSON.", count=len(blocks))
        )
    return unmarked


def _holds_json(language: str, body: str) -> bool:
    return body[:1] in ("{", "[") and (language in ("", "text", "txt", "plaintext") or _is_json(body))


def _begins_line(text: str, start: int) -> bool:
    """Return whether nothing but Markdown's marks stands before the value. A bracket that closes nothing does count."""
    return text[start] in "}]" or not _line_before(text, start).strip(" \t`*>")


def _ends_line(text: str, start: int, end: int) -> bool:
    """Return whether the value follows a colon, a tag or an opening fence, and a tag or nothing follows it."""
    after = text[end : (text.find("\n", end) + 1 or len(text) + 1) - 1].strip(" \t\r`*")
    return bool(_INTRODUCTION.search(_line_before(text, start).rstrip(" \t*"))) and after[:1] in ("", "<")


def _line_before(text: str, start: int) -> str:
    return text[text.rfind("\n", 0, start) + 1 : start]


def _is_json(text: str) -> bool:
    try:
        parse(text)
    except NotJson:
        return False
    return True


def _values(text: str) -> Iterator[_Candidate]:
    """Yield the objects and arrays in a text, and what looks like one and is broken."""
    position = 0
    while bracket := _BRACKET.search(text, position):
        start = bracket.start()
        if bracket[0] in "{[" and not _LIKE_JSON.match(text, start):
            position = _end_of_brackets(text, start)
            continue
        try:
            _, position = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            # Nothing inside is looked at: a part of a broken text is not the value that was meant.
            position = _end_of_brackets(text, start)
        yield _Candidate(text[start:position], start, position)


def _end_of_brackets(text: str, start: int) -> int:
    """Return where the bracket at `start` is closed, or the end of the text. A closing bracket is its own end."""
    depth = 0
    for bracket in _BRACKET.finditer(text, start):
        depth += 1 if bracket[0] in "{[" else -1
        if depth <= 0:
            return bracket.end()
    return len(text)


def _only(candidates: list[str], answer: str) -> str:
    """Return the one text that all candidates agree about."""
    if not answer:
        raise NotJson(message("The answer is not JSON: its content is empty."))
    if not candidates:
        begin = repr(excerpt(answer, 2 * NEAR))
        raise NotJson(message("The answer is not JSON. It begins with {text}.", text=begin))
    valid = {json.dumps(parse(text), sort_keys=True): text for text in candidates if _is_json(text)}
    broken = [text for text in candidates if not _is_json(text)]
    if valid and {"}", "]"} & {*broken}:
        before = repr(excerpt(next(iter(valid.values())), NEAR))
        raise NotJson(message("The brackets of the answer do not match after {text}.", text=before))
    if len(valid) + bool(broken) > 1:
        first, second = (repr(excerpt(text, NEAR)) for text in [*valid.values(), *broken][:2])
        raise AmbiguousJson(
            message(
                "The answer holds {count} JSON texts that differ, such as {first} and {second}.",
                count=len(valid) + len(broken),
                first=first,
                second=second,
            )
        )
    return broken[0] if broken else next(iter(valid.values()))

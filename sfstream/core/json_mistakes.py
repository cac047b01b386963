"""What jiter, pydantic and jsonschema say of a value that is wrong, as messages that are translated. No I/O."""

from __future__ import annotations

import functools
import re

from sfstream.core.message import Message, message

_JSON = (
    message("EOF while parsing a list"),
    message("EOF while parsing an object"),
    message("EOF while parsing a string"),
    message("EOF while parsing a value"),
    message("expected `:`"),
    message("expected `,` or `]`"),
    message("expected `,` or `}}`"),
    message("expected ident"),
    message("expected value"),
    message("invalid escape"),
    message("invalid number"),
    message("number out of range"),
    message("invalid unicode code point"),
    message("control character (\\u0000-\\u001F) found while parsing a string"),
    message("key must be a string"),
    message("trailing comma"),
    message("trailing characters"),
    message("recursion limit exceeded"),
    message('Detected duplicate key "{key}"'),
)
"""Of jiter 0.9."""
_TYPES = (
    message("Input should be a valid integer"),
    message("Input should be a valid integer, unable to parse string as an integer"),
    message("Input should be a valid integer, got a number with a fractional part"),
    message("Input should be a valid number"),
    message("Input should be a valid number, unable to parse string as a number"),
    message("Input should be a valid string"),
    message("Input should be a valid boolean"),
    message("Input should be a valid boolean, unable to interpret input"),
    message("Input should be a valid array"),
    message("Input should be a valid date or datetime, {reason}"),
    message("Input should be a valid datetime, {reason}"),
    message("Input should be a valid decimal"),
    message("Input should be an object"),
    message("Input should be null"),
    message("Input should be greater than or equal to {limit}"),
    message("Input should be greater than {limit}"),
    message("Input should be less than or equal to {limit}"),
    message("Input should be less than {limit}"),
    message("Input should be {choices}"),
    message("String should have at least {count} character"),
    message("String should have at least {count} characters"),
    message("String should have at most {count} character"),
    message("String should have at most {count} characters"),
    message("String should match pattern '{pattern}'"),
    message("List should have at least {count} item after validation, not {found}"),
    message("List should have at least {count} items after validation, not {found}"),
    message("List should have at most {count} item after validation, not {found}"),
    message("List should have at most {count} items after validation, not {found}"),
    message("Extra inputs are not permitted"),
    message("Value error, {reason}"),
    message("Assertion failed, {reason}"),
    message("Unable to generate pydantic-core schema for {type}"),
)
"""Of pydantic 2, for JSON."""
_SCHEMAS = (
    message("Additional properties are not allowed ({names} was unexpected)"),
    message("Additional properties are not allowed ({names} were unexpected)"),
    message("{name} is a required property"),
    message("{value} is not of type {type}"),
    message("{value} is not one of {choices}"),
    message("{value} is not valid under any of the given schemas"),
    message("{value} is less than the minimum of {limit}"),
    message("{value} is greater than the maximum of {limit}"),
    message("{value} is too short"),
    message("{value} is too long"),
    message("{value} should be non-empty"),
    message("{value} has non-unique elements"),
    message("{value} does not match {pattern}"),
    message("{value} was expected"),
)
"""Of jsonschema 4."""


def mistake(text: str) -> Message | str:
    """Return what a library says as a message, if it is one of the usual texts; else the text.

    Example:
        >>> mistake("'x' is not of type 'integer'").template
        '{value} is not of type {type}'
    """
    for known, pattern in _patterns():
        if found := pattern.fullmatch(text):
            return known.filled(**found.groupdict())
    return text


def _pattern(template: str) -> re.Pattern[str]:
    escaped = re.escape(template.replace("}}", "}"))
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", escaped), re.DOTALL)


@functools.cache
def _patterns() -> list[tuple[Message, re.Pattern[str]]]:
    return [(known, _pattern(known.template)) for known in (*_JSON, *_TYPES, *_SCHEMAS)]

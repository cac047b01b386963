"""Check one value by the row of its option in `sfstream.core.parameters`. No I/O."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Any

from sfstream.core.message import Message, joined, message
from sfstream.core.parameters import Parameter
from sfstream.errors import ConfigurationError


def check_value(row: Parameter, value: object, name: str = "") -> None:
    """Raise `ConfigurationError` unless the value can be sent as that option; `name` is what to call it."""
    if row.most:
        _check_texts(row, value)
    elif not (_is_number(row, value) if row.type in (int, float) else _is_of_type(row, value)):
        raise ConfigurationError(
            message(
                "{name} is {value}; expected {expected}.",
                name=name or row.name,
                value=f"{value!r:.60}",
                expected=_expected(row),
            )
        )


def _is_of_type(row: Parameter, value: object) -> bool:
    return isinstance(value, row.type) and (not row.choices or value in row.choices)


def _is_number(row: Parameter, value: Any) -> bool:
    is_number = isinstance(value, Integral if row.type is int else Real) and not isinstance(value, bool)
    return (is_number and row.low <= value <= row.high) or (is_number and row.also is not None and value == row.also[0])


def _check_texts(row: Parameter, value: object) -> None:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) and text for text in texts):
        raise ConfigurationError(
            message(
                "{name} is {value}; expected a text, or up to {most} of them.",
                name=row.name,
                value=f"{value!r:.100}",
                most=row.most,
            )
        )
    if not 1 <= len(texts) <= row.most:
        raise ConfigurationError(
            message("{name} holds {count} texts; expected 1 to {most}.", name=row.name, count=len(texts), most=row.most)
        )


def _expected(row: Parameter) -> Message:
    if row.choices:
        return message("one of {choices}", choices=joined(*row.choices, by=", "))
    if row.expected or row.type not in (int, float):
        return row.expected or (message("True or False") if row.type is bool else message("a text"))
    number = message("a whole number") if row.type is int else message("a number")
    if row.bounds:
        return message("{number} from {range}", number=number, range=row.bounds)
    return number if row.low == -math.inf else message("{number} of at least {low}", number=number, low=f"{row.low:g}")

"""Lengths that a formula or a style may have: a huge one would lay one thing over another. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WIDEST = 20.0
_NEAREST = -3.0
"""The greatest length, and the least, in em."""
_NEAREST_IN_ALL = -12.0
"""What all negative lengths of one formula may come to, in em."""

_EM = {
    "em": 1.0,
    "rem": 1.0,
    "pc": 1.0,
    "ex": 0.5,
    "ch": 0.5,
    "mu": 1 / 18,
    "px": 1 / 16,
    "pt": 1 / 12,
    "bp": 1 / 12,
    "in": 6.0,
    "cm": 2.4,
    "mm": 0.24,
    "q": 0.06,
    "%": 0.2,
}
"""What units are in em, about; 100% is the widest."""
_UNKNOWN = 5.0
"""Of other units, such as those of the window."""

_COLOUR = re.compile(r"#[0-9A-Fa-f]+")
_LENGTH = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*([a-z]+|%)", re.IGNORECASE)


def are_moderate(values: Iterable[str]) -> bool:
    """Whether all lengths in these values of attributes or styles may be shown, each of them and together."""
    found = [length for value in values for length in _lengths(value)]
    is_each = all(_NEAREST <= length <= _WIDEST for length in found)
    return is_each and sum(length for length in found if length < 0) >= _NEAREST_IN_ALL


def _lengths(value: str) -> list[float]:
    """The lengths in em. A number without a unit is none."""
    found = _LENGTH.findall(_COLOUR.sub("", value))
    return [float(number) * _EM.get(unit.lower(), _UNKNOWN) for number, unit in found]

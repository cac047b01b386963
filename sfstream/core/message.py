"""Sentences for the user that are translated only where they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Message:
    """An English template and the values that fill it; ``str(message)`` is the English sentence.

    The display looks the template up in its table of translations and fills in the same values.

    Attributes:
        template: an English sentence in the syntax of `str.format`, with named fields.
        values: the value of each field.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.values)

    def __bool__(self) -> bool:
        return bool(self.template)


def message(template: str, **values: Any) -> Message:
    """Return the `Message` of a template and its values.

    Example:
        >>> str(message("Stopped after {tokens} tokens.", tokens=12))
        'Stopped after 12 tokens.'
    """
    return Message(template, values)

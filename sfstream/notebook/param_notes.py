"""Notes on what ``-p`` sets: fields of the body that have an option, and names that are near one."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

from sfstream.core.message import Message, joined, message
from sfstream.core.parameters import FIELDS
from sfstream.notebook.did_you_mean import OPTIONS, bare
from sfstream.notebook.key_warning import quoted

_MISTYPED = 0.9
"""Least ratio of `difflib` from which the name of a field is taken for another: bodies may hold any field."""


def note_params(params: Mapping[str, Any]) -> list[Message]:
    """Return notes on fields of the body that have an option, and on names that are no field but near one."""
    return [note for name, value in params.items() if (note := _note(name, value))]


def _note(name: str, value: Any) -> Message:
    row = FIELDS.get(name)
    if row and row.flags:
        typed = f"{row.flags[0]} {value}" if row.metavar else row.flags[0 if value else -1]
        return message("-p {field} can also be typed as an option: {typed}.", field=name, typed=quoted(typed)[1:-1])
    names = [] if row else [each for each in OPTIONS.near(name, abbreviated=False) if each in OPTIONS.meanings]
    is_near = names and SequenceMatcher(a=names[0], b=bare(name)).ratio() > _MISTYPED
    meant = OPTIONS.meanings[names[0]] if is_near else ""
    if not meant or meant.startswith(f"-p {name}="):
        return Message("")
    return joined(
        message("The request holds the field {field}.", field=quoted(name)), OPTIONS.hint(name, abbreviated=False)
    )

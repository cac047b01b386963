"""Sentences for the user that are translated only where they are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sfstream.core.text import excerpt
from sfstream.errors import ShortInNotebook


@dataclass(frozen=True)
class Message:
    """An English template and the values that fill it; ``str(message)`` is the English sentence.

    The display looks the template up in its table of translations and fills in the same values.

    Attributes:
        template: an English sentence in the syntax of `str.format`, with named fields.
        values: the value of each field; a Message among them is translated too.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.values)

    def __bool__(self) -> bool:
        return bool(self.template)

    def filled(self, **values: Any) -> Message:
        """Return the message with these values. Ones that the template does not name are ignored."""
        return Message(self.template, values)

    def first_line(self, limit: int | None = None) -> Message:
        """Return the first line of the message.

        Args:
            limit: maximum number of characters of each text in it.
        """
        values = {name: _first_line(value, limit) for name, value in self.values.items()}
        return Message(self.template.partition("\n")[0], values)

    def redacted(self, clean: Callable[[str], str]) -> Message:
        """Return the message without what `clean` removes from a text."""
        values = {name: _clean(value, clean) for name, value in self.values.items()}
        text = str(self)
        cleaned = Message(self.template, values)
        # The secret may stand in a value that is no text, or across two of them: then the sentence stays English.
        return cleaned if str(cleaned) == clean(text) else joined(clean(text))


NOTHING = Message("")
"""The message that says nothing."""


def message(template: str, /, **values: Any) -> Message:
    """Return the `Message` of a template and its values.

    Example:
        >>> str(message("Stopped after {tokens} tokens.", tokens=12))
        'Stopped after 12 tokens.'
    """
    return Message(template, values)


def joined(*parts: Message | str, by: str = " ") -> Message:
    """Return several sentences as one message; empty ones are left out.

    Args:
        parts: messages, and texts that are shown as they are, such as a server's.
        by: what stands between them: a space, which Chinese does without, a comma and a space, or a line break.

    Example:
        >>> str(joined(message("The stream ended."), message("The partial answer is kept.")))
        'The stream ended. The partial answer is kept.'
    """
    values = {f"part{number}": part for number, part in enumerate(filter(None, parts))}
    return Message(by.join(f"{{{name}}}" for name in values), values)


def append_line(error: ShortInNotebook, line: Message | str) -> None:
    """Add a line to the message of an exception."""
    reword(error, joined(error.text, line, by="\n"))


def reword(error: ShortInNotebook, text: Message | str) -> None:
    """Replace the message of an exception."""
    error.text, error.args = text, (str(text),)


def _first_line(value: Any, limit: int | None) -> Any:
    if isinstance(value, Message):
        return value.first_line(limit)
    line = value.partition("\n")[0] if isinstance(value, str) else value
    return excerpt(line, limit) if limit and isinstance(line, str) else line


def _clean(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, Message):
        return value.redacted(clean)
    return clean(value) if isinstance(value, str) else value

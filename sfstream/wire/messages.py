"""Read a choice that has messages in place of deltas: with the next piece each, or with all of the text so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TEXTS = ("content", "reasoning_content")


class Messages:
    """The messages of one choice, frame by frame."""

    def __init__(self) -> None:
        self._so_far = dict.fromkeys(_TEXTS, "")
        self._are_whole = False  # whether each message holds all of the text so far

    def added(self, message: object, *, is_last: bool) -> Mapping[str, Any]:
        """Return the delta that a message adds.

        Args:
            message: the ``message`` of the choice.
            is_last: whether the choice has a finish reason. Such a message may repeat all that came before it.
        """
        if not isinstance(message, Mapping):
            return {"content": message}
        return {**message, **{name: self._new(name, message[name], is_last) for name in _TEXTS if name in message}}

    def _new(self, name: str, text: object, is_last: bool) -> object:
        if not isinstance(text, str):
            return text
        before = self._so_far[name]
        if before.strip() and not before.isdecimal() and text.startswith(before):
            if len(text) > len(before):
                self._are_whole = True
            if self._are_whole or is_last:
                self._so_far[name] = text
                return text[len(before) :]
        self._so_far[name] += text
        return text

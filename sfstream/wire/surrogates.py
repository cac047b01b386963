"""Halves of characters that a server has split over two deltas. No I/O."""

from __future__ import annotations

from collections.abc import Iterator

from sfstream.core.events import Delta, ToolCallDelta
from sfstream.core.text import encodable, has_surrogate


class Surrogates:
    r"""Joins an emoji that a server has split into two ``\uD8xx`` escapes over two deltas.

    Half a pair cannot be encoded, so it waits here for its other half; one that stays alone becomes U+FFFD.
    """

    def __init__(self) -> None:
        self._held: dict[tuple[int, str | int], str] = {}

    def join(self, index: int, content: str, reasoning: str) -> Iterator[Delta]:
        if self._held or has_surrogate(content + reasoning):
            content = self._whole((index, "content"), content)
            reasoning = self._whole((index, "reasoning"), reasoning)
        if content or reasoning:
            yield Delta(index, content, reasoning)

    def flush(self) -> Iterator[Delta | ToolCallDelta]:
        for index, place in self._held:
            if isinstance(place, int):
                yield ToolCallDelta(index, place, arguments="\ufffd")
            else:
                yield Delta(index, **{place: "\ufffd"})
        self._held.clear()

    def arguments(self, index: int, call: int, text: str) -> str:
        """The same for the arguments of a tool call."""
        return self._whole((index, call), text) if self._held or has_surrogate(text) else text

    def _whole(self, key: tuple[int, str | int], text: str) -> str:
        if not text:
            return ""
        text = self._held.pop(key, "") + text
        if "\ud800" <= text[-1] <= "\udbff":
            self._held[key] = text[-1]
            text = text[:-1]
        return encodable(text)

"""Join characters that a server has split over two deltas. No I/O."""

from __future__ import annotations

from collections.abc import Iterator

from sfstream.core.events import Delta, ToolCallDelta
from sfstream.core.text import encodable, has_surrogate


class Halves:
    r"""Joins a character that a server has split into two ``\uD8xx`` escapes in two deltas.

    Half of a UTF-16 pair cannot be encoded, so it waits here for the other half; without one it becomes U+FFFD.
    The events are joined, and not only the Reply, because users of `sfstream.stream` print them.

    Attributes:
        waiting: the halves, by the choice and its text or tool call.
    """

    def __init__(self) -> None:
        self.waiting: dict[tuple[int, str | int], str] = {}

    def joined(self, key: tuple[int, str | int], text: str) -> str:
        if not text or not (self.waiting or has_surrogate(text)):
            return text
        text = self.waiting.pop(key, "") + text
        if "\ud800" <= text[-1] <= "\udbff":
            self.waiting[key] = text[-1]
            text = text[:-1]
        return encodable(text)

    def flush(self) -> Iterator[Delta | ToolCallDelta]:
        for index, place in self.waiting:
            if isinstance(place, int):
                yield ToolCallDelta(index, place, arguments="\ufffd")
            else:
                yield Delta(index, **{place: "\ufffd"})
        self.waiting.clear()

"""The updates of a view: finished HTML is sent once, the rest as the difference to the last update. No I/O."""

from __future__ import annotations

from typing import Any, TypedDict

from sfstream.markdown.stream import Change, Markdown, Step
from sfstream.markdown.verbatim import Growing, growing


class PartFrame(TypedDict):
    """One update of one text.

    ``rest`` keeps its first ``keep`` UTF-16 code units, which is how JavaScript counts; then comes ``text``, and then
    it is ``length`` of them long.
    """

    steps: list[Step]
    keep: int
    text: str
    length: int


class Part:
    """One growing text, such as the content or the reasoning."""

    def __init__(self, renderer: Growing) -> None:
        self._renderer = renderer
        self._source = ""
        self._rest = ""

    def is_start_of(self, text: str) -> bool:
        """Return whether the text begins with what has been sent."""
        return text.startswith(self._source)

    def frame(self, text: str, *, last: bool = False) -> PartFrame | None:
        """Return what is new since the last update, or None.

        Args:
            text: all of it so far.
            last: whether nothing more comes.
        """
        if len(text) == len(self._source) and not last:
            return None
        self._renderer.feed(text[len(self._source) :])
        self._source = text
        return self._sent(self._renderer.finish() if last else self._renderer.change())

    def whole(self) -> dict[str, Any]:
        """Return everything up to the last update, for a view that has seen none of it: all steps, and the rest."""
        return {"steps": list(self._renderer.steps), "rest": self._rest}

    def _sent(self, change: Change) -> PartFrame | None:
        kept = common_start(self._rest, change.rest)
        if not change.steps and kept == len(self._rest) == len(change.rest):
            return None
        self._rest = change.rest
        keep = utf16_length(change.rest[:kept])
        text = change.rest[kept:]
        return {"steps": list(change.steps), "keep": keep, "text": text, "length": keep + utf16_length(text)}


class Growth:
    """The texts of one answer, on their way into a view.

    Args:
        format: of the content, see `sfstream.markdown.verbatim.growing`.

    Attributes:
        number: of the last update; 0 before the first. The view compares it, and asks for the whole if one is missing.
    """

    def __init__(self, format: str = "") -> None:  # noqa: A002  # the name of the option
        self.number = 0
        reasoning, content = Markdown("mathml", breaks=True), growing(format, "mathml")
        self._parts = {"reasoning": Part(reasoning), "content": Part(content)}

    def is_start_of(self, texts: dict[str, str]) -> bool:
        """Return whether each text begins with what has been sent of it."""
        return all(part.is_start_of(texts[name]) for name, part in self._parts.items())

    def frame(self, texts: dict[str, str], *, last: bool = False) -> dict[str, PartFrame]:
        """Return what is new of each text, by its name."""
        frames = {name: part.frame(texts[name], last=last) for name, part in self._parts.items()}
        return {name: frame for name, frame in frames.items() if frame}

    def whole(self) -> dict[str, Any]:
        """Return all of each text, by its name."""
        return {name: part.whole() for name, part in self._parts.items()}


def common_start(one: str, other: str) -> int:
    """Return the length of the common start of two texts, in characters, so that no surrogate pair is split."""
    low, high = 0, min(len(one), len(other))
    while low < high:  # comparing halves is much faster than comparing characters one by one
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def utf16_length(text: str) -> int:
    """Return the length of a text in UTF-16 code units, as JavaScript counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2

"""Estimate how many tokens a text is, from what earlier answers of the model in the log were counted as."""

from __future__ import annotations

import contextlib
import math
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sfstream.core.events import count_of
from sfstream.core.message import Message, message
from sfstream.core.text import excerpt
from sfstream.core.turns import message_text
from sfstream.errors import RecordingError
from sfstream.log.format import read_summary
from sfstream.log.store import folder, scan

ANSWERS = 20
"""How many of a model's newest answers are taken into account."""
_FILES = 100
"""How many of the newest files of the log are opened to find them."""
_LEAST = 200
"""Minimum number of characters to learn from: in a shorter request the model's own marks outweigh the text."""
_PLAUSIBLE = (0.5, 8)
"""Characters per token of any model. Counts beyond them are none, such as those of the demo's fixed answers."""
_LATIN, _CHINESE = 4, 1.5
"""Characters per token where nothing is known. They differ from model to model by half as much again."""


@dataclass(frozen=True)
class Estimate:
    """How many characters of a model make a token.

    Attributes:
        model: name of the model.
        ratio: characters per token, as learned; None if the log does not hold enough.
        answers: number of answers that it was learned from.
    """

    model: str
    ratio: float | None = None
    answers: int = 0

    def tokens(self, text: str) -> int:
        """Return how many tokens a text is, about."""
        if self.ratio:
            return math.ceil(len(text) / self.ratio)
        wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
        return math.ceil(wide / _CHINESE + (len(text) - wide) / _LATIN)

    @property
    def basis(self) -> Message:
        """Where the numbers come from."""
        model = excerpt(self.model, 60)
        if not self.ratio:
            return message(
                "rough: {latin} Latin or {chinese} Chinese characters a token, as the log holds too few counts of "
                "{model} to learn from",
                latin=_LATIN,
                chinese=_CHINESE,
                model=model,
            )
        values = {"ratio": f"{self.ratio:.1f}", "answers": self.answers, "model": model}
        if self.answers == 1:
            return message("{ratio} characters a token, as in {answers} earlier answer of {model}", **values)
        return message("{ratio} characters a token, as in {answers} earlier answers of {model}", **values)


def estimate(model: str) -> Estimate:
    """Return the estimate for a model, learned from its newest answers in the log."""
    characters = tokens = answers = 0
    for text, count in _counted(model):
        characters, tokens, answers = characters + len(text), tokens + count, answers + 1
        if answers == ANSWERS:
            break
    ratio = characters / tokens if characters >= _LEAST else 0
    least, most = _PLAUSIBLE
    return Estimate(model, ratio, answers) if least <= ratio <= most else Estimate(model)


def _counted(model: str) -> Iterator[tuple[str, int]]:
    """Yield the text of each request to a model and the server's count of its tokens, newest first."""
    with contextlib.suppress(RecordingError):  # the folder cannot be read
        for name in list(scan().values())[:_FILES]:
            with contextlib.suppress(RecordingError, FileNotFoundError):
                head, end = read_summary(folder() / name)
                count = count_of(end.usage, "prompt_tokens") if end else None
                text = _text(head.request.get("messages"))
                if head.request.get("model") == model and count and text:
                    yield text, count


def _text(messages: Any) -> str:
    """Return the text of all messages; none if some are no text only, such as images."""
    listed = messages if isinstance(messages, list) else []
    if not all(isinstance(each, Mapping) and isinstance(each.get("content"), str) for each in listed):
        return ""
    return "".join(map(message_text, listed))

"""The reasoning of a choice, under the names and in the shapes that servers give it. No I/O.

SiliconFlow, DeepSeek, DashScope and SGLang send ``reasoning_content``, a text that is appended. Only deltas of other
servers, and the first ones of a choice, are read here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sfstream.core.choice import GrowingText

NAMES = (
    "reasoning_content",
    "reasoning",  # OpenRouter, Groq, Cerebras, Together, Ollama, and vLLM since 0.12
    "reasoning_text",  # GitHub Copilot
    "reasoning_details",  # OpenRouter: a list of parts; MiniMax: all of it so far in each delta
    "thinking",  # the name in Ollama's and Anthropic's own APIs, kept by some gateways
    "thinking_content",
    "thinking_blocks",  # LiteLLM, beside ``reasoning_content``
    "thought",
    "thoughts",
    "reasoning_steps",  # Perplexity
    "cot_summary",  # Azure, through GitHub Copilot
)
"""Members of a delta that hold reasoning. Where several do, the first one counts: the others repeat it."""
_TEXTS = ("text", "content", "thinking", "summary", "reasoning", "reasoning_content", "thought", "parts", "value")
"""Members of a part that hold its text. An encrypted part has ``data`` or ``signature``, and none of these."""
_THOUGHT_PARTS = {"thinking", "redacted_thinking", "reasoning", "reasoning_text", "reasoning.text", "thought"}
_BEGINNING = re.compile(r"\s*<(?:think|thinking|thought|reasoning)>\s*", re.IGNORECASE)
_END = re.compile(r"\s*</(?:think|thinking|thought|reasoning)>\s*\Z", re.IGNORECASE)
"""Tags that some servers leave around the reasoning."""
_DEEPEST = 8
_LONG, _SHORT = 12, 4
"""Numbers of characters from which on no coincidence makes a text begin with the last one, or twice in a row."""


class Reasoning:
    """The reasoning of one choice: what each delta adds to it, also if it repeats what has been said.

    Attributes:
        text: all of it so far.
        is_plain: whether each ``reasoning_content`` only has to be appended, as the first ones have shown.
    """

    def __init__(self) -> None:
        self.text = GrowingText()
        self.is_plain = False
        self._is_cumulative = False
        self._count = 0  # of additions
        self._held: list[str] = []  # texts that may be pieces, or all of the reasoning so far each
        self._held_of = ""
        self._tag = ""  # that ends the reasoning, if nothing comes after it
        self._places: dict[str, int] = {}  # how much of it each source has said

    def added(self, delta: Mapping[str, Any]) -> str:
        """Return what a delta adds to the reasoning."""
        texts = {name: text for name in NAMES if name in delta and (text := text_in(delta[name]))}
        if texts and (self._tag or any("<" in text for text in texts.values())):
            tag, self._tag = self._tag, ""
            texts = {name: self._untagged(tag + text) for name, text in texts.items()}
        first = next((name for name, text in texts.items() if text.strip()), next(iter(texts), ""))
        new = self._added(first, texts[first]) if first and texts[first] else ""
        if len(texts) > 1:  # the others say the same
            self._places |= dict.fromkeys(texts, len(str(self.text)) if new else self._places.get(first, 0))
        is_usual = self._places.keys() == {"reasoning_content"} and not self._is_cumulative
        self.is_plain = is_usual and self._count > 1 and not (self._held or self._tag)
        return new

    def said(self, source: str, text: str) -> str:
        """Add a text, and return what is new of it.

        Args:
            source: who says it, such as the name of a member. What one source has said, another one may repeat.
            text: the next piece.
        """
        if self._places.keys() == {source}:  # nobody else could have said it
            self.text.add(text)
            self._count += 1
            return text
        if len(self._places) == 1:
            self._places = dict.fromkeys(self._places, len(str(self.text)))
        whole, place = str(self.text), self._places.get(source, 0)
        if not place and whole:  # sources differ in the white space before the first word
            place, text = len(whole) - len(whole.lstrip()), text.lstrip()
        left = whole[place:]
        if left.startswith(text):
            self._places[source] = place + len(text)
            return ""
        return self._append(source, text[len(left) :] if text.startswith(left) else text)

    def _untagged(self, text: str) -> str:
        """Return a text without the tag before all reasoning, and without one at the end, which waits for more."""
        if not str(self.text).strip():
            text = text[found.end() :] if (found := _BEGINNING.match(text)) else text
        end = _END.search(text)
        self._tag = end[0] if end else ""
        return text[: end.start()] if end else text

    def release(self) -> str:
        """Return what waited for a further piece."""
        self._tag = ""
        held, self._held = self._held, []
        if not held:
            return ""
        whole = str(self.text)  # of short texts, only the usual member is known to come in pieces
        is_piece = self._held_of == "reasoning_content" or len(whole.strip()) < _SHORT
        return self._append(self._held_of, "".join(held) if is_piece else held[-1][len(whole) :])

    def _added(self, source: str, text: str) -> str:
        """Add a text that may be all of the reasoning so far, and return what is new of it."""
        whole = str(self.text)
        if self._is_cumulative and whole.startswith(text):
            return ""
        is_whole = text.startswith(whole) and (self._is_cumulative or len(whole) >= _LONG)
        if not is_whole and self._count == 1 and self._grows(text, self._held[-1] if self._held else whole):
            is_whole = bool(self._held) and len(self._held[-1]) >= _SHORT
            if not is_whole:
                self._held_of = source
                self._held.append(text)
                return ""
        if not is_whole:
            return self.release() + self.said(source, text)
        self._is_cumulative, self._held = True, []
        return self._append(source, text[len(whole) :])

    def _grows(self, text: str, last: str) -> bool:
        """Return whether a text begins with all of the last one, as the second one of those that repeat does."""
        is_longer = len(text) > len(last) or bool(self._held)
        return is_longer and text.startswith(last) and any(map(str.isalnum, last))

    def _append(self, source: str, new: str) -> str:
        if new:
            self.text.add(new)
            self._count += 1
        self._places[source] = len(str(self.text))
        return new


def text_in(value: object, depth: int = 0) -> str:
    """Return the text of a member in any shape: a text, a number, a part, or a list of these."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if depth < _DEEPEST and isinstance(value, list):
        return "".join(text_in(item, depth + 1) for item in value)
    if depth < _DEEPEST and isinstance(value, Mapping):
        return next((text for name in _TEXTS if (text := text_in(value.get(name), depth + 1))), "")
    return ""


def is_thought(part: Mapping[str, Any]) -> bool:
    """Return whether a part of a content is reasoning, by its type (Mistral, Cohere) or by Gemini's mark."""
    return part.get("type") in _THOUGHT_PARTS or part.get("thought") is True or part.get("thinking") is not None


def is_marked(delta: Mapping[str, Any]) -> bool:
    """Return whether the content of a delta is marked as reasoning, as Gemini and Vertex AI do."""
    extra = delta.get("extra_content")
    google = extra.get("google") if isinstance(extra, Mapping) else None
    return delta.get("thought") is True or (isinstance(google, Mapping) and google.get("thought") is True)

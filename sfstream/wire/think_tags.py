"""Take the reasoning out of a content in which a model has written it between tags. No I/O."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from typing import TypeAlias

from sfstream.core.events import ContentWasReasoning, Delta
from sfstream.wire.reasoning import Reasoning

_THINK_ENDS = ("</think>", "</thinking>", "</mm:think>", "</seed:think>")
_ENDS = {
    "<think>": _THINK_ENDS,  # DeepSeek, Qwen, GLM, Kimi K2, MiniMax M2 and most others
    "<thinking>": _THINK_ENDS,
    "<mm:think>": _THINK_ENDS,  # MiniMax M3
    "<seed:think>": _THINK_ENDS,  # Seed-OSS
    "<thought>": ("</thought>",),  # Gemini
    "<reasoning>": ("</reasoning>",),
    "<reason>": ("</reason>",),
    "[THINK]": ("[/THINK]",),  # Magistral
    "◁think▷": ("◁/think▷",),  # Kimi-VL and Kimi-Dev
    "<|START_THINKING|>": ("<|END_THINKING|>",),  # Command A
    "<|begin_of_thought|>": ("<|end_of_thought|>",),  # Sky-T1
    "<|channel>thought": ("<channel|>",),  # Gemma 4
    "<|channel|>analysis<|message|>": ("<|end|>",),  # gpt-oss
}
"""The tags that begin reasoning, each with those that end it."""
_SKIPPED = (*_THINK_ENDS, "[/THINK]", "<|start|>assistant<|channel|>final<|message|>", "<|channel|>final<|message|>")
"""Tags that are left out at the beginning of the content: there they end or introduce nothing."""
_BARE = ("</think>", "</mm:think>", "</seed:think>")
"""Tags that end reasoning without a beginning: the prompts of some models end with the tag that begins it."""
_PAIRED, _ENDED = (re.compile(f"<{end}(?:mm:|seed:)?think>", re.IGNORECASE) for end in ("", "/"))
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)
_QUOTATION = ("“", "‘", "「", "『")

_Events: TypeAlias = Iterator[Delta | ContentWasReasoning]
_Step: TypeAlias = Generator[Delta | ContentWasReasoning, None, str]
"""Yields events, and returns what is left of the text."""


class ThinkTags:
    """Incremental splitter of the content of one choice.

    - A tag at the beginning of the content, or after reasoning that stands there, begins reasoning. White space may
      come before it. Later on it is text.
    - A ``</think>`` without its beginning makes all content before it reasoning, once, and only if the choice has had
      no other reasoning. In a fence, in backticks, in quotation marks and after a ``<think>`` in the text it is text.
    - White space around the reasoning is left out, also before the answer.
    - Reasoning that never ends is reasoning.

    Args:
        index: index of the choice.

    Attributes:
        reasoning: the reasoning of the choice, so that what a server sends in both ways is added once.
        is_open: whether the next content may be reasoning, or a part of a tag.
        is_plain: whether content without ``<`` can be passed on as it is.
        is_over: whether all content can.
        seen: the content so far, until the splitting is over.
    """

    def __init__(self, index: int) -> None:
        self.reasoning = Reasoning()
        self.is_open = self.is_plain = self.is_over = False
        self.seen: list[str] = []
        self._index = index
        self._step = self._begin
        self._held = ""  # the end of the content so far, which may be a part of a tag
        self._ends: tuple[str, ...] = ()  # that end the reasoning; empty outside
        self._backticks = 0  # in the last line of the reasoning
        self._has_tag = False
        self._has_thought = False  # between the last tags

    def takes(self, content: str) -> bool:
        """Return whether a tag decides what a content is."""
        return bool(self._ends or self._held or _begins_with(content.lstrip(), _ENDS) or _cut(content, _ENDS) == 0)

    def feed(self, content: str, reasoning: str = "") -> list[Delta | ContentWasReasoning]:
        """Return the events of a delta.

        Args:
            content: what it adds to the content; it may begin and end inside a tag.
            reasoning: what its other members add to the reasoning.
        """
        if reasoning and self._ends and not (content.strip() or self._has_thought):
            self._end()  # after the tag, the server itself separates the two
        if content:
            reasoning = self.reasoning.release() + reasoning
        events = [*self._split(content)]
        if reasoning:
            first = events[0] if events else None
            is_joined = isinstance(first, Delta) and bool(first.content)
            events[:is_joined] = [Delta(self._index, first.content if isinstance(first, Delta) else "", reasoning)]
        return events

    def flush(self) -> _Events:
        """End the content: yield what was withheld."""
        if reasoning := self.reasoning.release():
            yield Delta(self._index, reasoning=reasoning)
        text, self._held = self._held, ""
        if self._ends:
            yield from self._thought("" if _begins_with(text.strip(), self._ends) else text.rstrip())
        elif text:
            yield Delta(self._index, text)

    def _split(self, content: str) -> _Events:
        text, self._held = self._held + content, ""
        while text:
            text = yield from self._step(text)
        self.is_open = bool(self._ends or self._held)
        self.is_plain = self._step == self._answer and not self._held

    def _begin(self, text: str) -> _Step:
        """Take text before which nothing but white space and reasoning has come."""
        body = text.lstrip()
        if tag := _begins_with(body, (*_ENDS, *_SKIPPED)):
            self._ends = _ENDS.get(tag, ())
            self._step = self._think if self._ends else self._begin
            self._has_tag, self._has_thought = True, False
            return body[len(tag) :]
        if any(_is_start(body, tag) for tag in (*_ENDS, *_SKIPPED)):
            is_held = body or not (self._has_tag or str(self.reasoning.text).strip())
            self._held = text if is_held else ""
            if not (is_held or self._has_tag):
                yield from self._content(text)
            return ""
        self._step = self._answer
        return body if self._has_tag else text

    def _think(self, text: str) -> _Step:
        """Take text inside of reasoning. In backticks, the tag that ends it is a part of it."""
        text = text if self._has_thought else text.lstrip()
        for end in re.finditer("|".join(map(re.escape, self._ends)), text, re.IGNORECASE):
            if not (self._backticks_in(text[: end.start()]) % 2 and text[end.end() :][:1] in ("", "`")):
                yield from self._thought(text[: end.start()].rstrip())
                self._end()
                return text[end.end() :]
        cut = len(text[: _cut(text, self._ends)].rstrip())
        self._held = text[cut:]
        yield from self._thought(text[:cut])
        return ""

    def _end(self) -> None:
        self._ends, self._backticks, self._step = (), 0, self._begin

    def _thought(self, text: str) -> _Events:
        is_first = bool(text) and not self._has_thought and bool(str(self.reasoning.text).strip())
        if new := self.reasoning.said("tags", text):
            is_other = is_first and new == text
            yield Delta(self._index, reasoning=f"\n\n{new}" if is_other else new)
        self._backticks = self._backticks_in(text)
        self._has_thought = self._has_thought or bool(text)

    def _backticks_in(self, text: str) -> int:
        return text.rpartition("\n")[2].count("`") + (0 if "\n" in text else self._backticks)

    def _answer(self, text: str) -> _Step:
        """Take text of the answer; it was reasoning if a tag says so."""
        self.is_over = self.is_over or self._has_tag or bool(str(self.reasoning.text).strip())
        cut = len(text) if self.is_over else _cut(text, _BARE)
        for end in () if self.is_over else re.finditer("|".join(_BARE), text, re.IGNORECASE):
            if not _is_text("".join([*self.seen, text[: end.start()]])):
                yield from self._content(text[: end.start()])
                yield ContentWasReasoning(self._index)
                self.reasoning.said("tags", "".join(self.seen).strip())
                self._has_tag, self._step = True, self._begin
                return text[end.end() :]
        self._held = text[cut:]
        yield from self._content(text[:cut])
        return ""

    def _content(self, text: str) -> _Events:
        self.seen += [] if self.is_over else [text]
        if text:
            yield Delta(self._index, text)


def _is_start(text: str, tag: str) -> bool:
    """Return whether a tag begins with a text. XML's tags may be written in capitals."""
    return tag.startswith(text) or (tag.islower() and tag.startswith(text.lower()))


def _begins_with(text: str, tags: Iterable[str]) -> str:
    """Return the tag that a text begins with; empty if none."""
    return next((tag for tag in tags if _is_start(text[: len(tag)], tag) and len(text) >= len(tag)), "")


def _cut(text: str, tags: Iterable[str]) -> int:
    """Return where the text may end in a part of a tag, or its end."""
    start = max(text.rfind(tag[0]) for tag in tags)
    return start if start >= 0 and any(_is_start(text[start:], tag) for tag in tags) else len(text)


def _is_text(before: str) -> bool:
    """Return whether a tag that ends reasoning is text, by the answer before it: in code, in quotation marks, in a
    string of JSON, or after the tag that it belongs to."""
    line = before.rpartition("\n")[2]
    is_in_string = line.count('"') % 2 == 1 and (line.endswith('"') or before.lstrip().startswith(("{", "[")))
    is_quoted = is_in_string or line.count("`") % 2 == 1 or line.endswith(_QUOTATION)
    return is_quoted or _is_in_fence(before) or len(_PAIRED.findall(before)) > len(_ENDED.findall(before))


def _is_in_fence(text: str) -> bool:
    fence = ""
    for each in _FENCE.finditer(text):
        if not fence or each[1].startswith(fence):
            fence = "" if fence else each[1]
    return bool(fence)

"""Decode the choices of a completion frame by frame, in the dialects of several servers. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sfstream.core.events import Delta, Event, Finish, ToolCallDelta
from sfstream.core.text import excerpt, has_surrogate
from sfstream.wire.delta_text import number_of, texts_of
from sfstream.wire.halves import Halves
from sfstream.wire.messages import Messages
from sfstream.wire.skipped import Skipped
from sfstream.wire.think_tags import ThinkTags
from sfstream.wire.tool_calls import ToolCalls

_CUT = {"insufficient_system_resource", "error", "network_error", "abort"}
"""Finish reasons of an answer that the server aborted: of SiliconFlow, OpenRouter, Zhipu and vLLM."""

_USUAL = {"role", "content", "reasoning_content", "tool_calls"}
"""Members of SiliconFlow's deltas. Others, and other types, are read by `sfstream.wire.delta_text`."""

_Object = Mapping[str, Any]


class Choices:
    """Incremental decoder of the choices of all frames.

    Where one choice was asked for there is one answer, whatever its indices are: some servers count the frames with
    them, or think in choice 0 and answer in choice 1. Only choices that speak in the same frame are different choices.

    Args:
        skipped: counts what is not understood.
        asked: number of choices that were asked for.

    Attributes:
        aborted: the finish reason with which the server aborted the answer; empty if it did not.
    """

    def __init__(self, skipped: Skipped, asked: int = 1) -> None:
        self.aborted = ""
        self._skipped = skipped
        self._are_separate = asked > 1
        self._begun, self._finished = set[int](), set[int]()
        self._calls: dict[int, ToolCalls] = {}
        self._messages: dict[int, Messages] = {}
        self._tags: dict[int, ThinkTags] = {}
        self._halves = Halves()

    @property
    def has_begun(self) -> bool:
        """Whether text or a tool call has come."""
        return bool(self._begun)

    @property
    def finished(self) -> bool:
        """Whether each choice that has begun has a finish reason, and no text after it."""
        return bool(self._finished) and self._begun <= self._finished

    def events(self, choice: _Object, position: int) -> Iterator[Event]:
        """Yield the events of a choice.

        Args:
            choice: an item of the frame's ``choices``.
            position: its position there, which is used if the choice has no index.
        """
        index = _index(choice, position) if self._are_separate else 0
        delta = choice.get("delta")
        if not (delta and isinstance(delta, dict)):
            delta = self._delta(choice, index)
        tags = self._tags.get(index) or self._tags.setdefault(index, ThinkTags(index))
        content, reasoning = self._texts(delta, tags)
        calls = self._calls_in(delta, index)
        if content or reasoning or calls:
            self._begun.add(index)
            self._finished.discard(index)
        if self._halves.waiting or has_surrogate(content) or has_surrogate(reasoning):
            content = self._halves.joined((index, "content"), content)
            reasoning = self._halves.joined((index, "reasoning"), reasoning)
        # The usual delta is passed on here, without a call: no tag can be in it, or one would be text.
        if (tags.is_plain and (tags.is_over or "<" not in content)) or not (content or tags.is_open):
            if content or reasoning:
                yield Delta(index, content, reasoning)
            if content and not tags.is_over:
                tags.seen.append(content)
        else:
            yield from tags.feed(content, reasoning)
        yield from calls
        reason = choice.get("finish_reason")
        if reason and reason != "null":
            self._finished.add(index)
            reason = excerpt(reason if isinstance(reason, str) else repr(reason), 60)
            self.aborted = reason if reason in _CUT else self.aborted
            yield Finish(index, reason)

    def separate(self, choices: Sequence[_Object]) -> None:
        """Tell the choices apart from now on if several of one frame hold content."""
        speaking = {_index(choice, position) for position, choice in enumerate(choices) if _has_content(choice)}
        self._are_separate |= len(speaking) > 1

    def flush(self) -> Iterator[Event]:
        """End the stream: yield the withheld halves of characters and of tags."""
        for event in self._halves.flush():
            if isinstance(event, Delta):
                yield from self._tags[event.index].feed(event.content, event.reasoning)
            else:
                yield event
        yield from self.release()

    def release(self) -> Iterator[Event]:
        """Yield the text that was withheld because it may have become a tag."""
        for tags in self._tags.values():
            yield from tags.flush()

    def _texts(self, delta: _Object, tags: ThinkTags) -> tuple[str, str]:
        """Return the content and the reasoning that a delta adds."""
        content, reasoning = delta.get("content"), delta.get("reasoning_content")
        content, reasoning = "" if content is None else content, "" if reasoning is None else reasoning
        if isinstance(content, str) and isinstance(reasoning, str) and delta.keys() <= _USUAL:
            if not reasoning:
                return content, ""
            if tags.reasoning.is_plain and "<" not in reasoning:
                tags.reasoning.text.add(reasoning)
                return content, reasoning
        return texts_of(delta, tags, self._skipped)

    def _delta(self, choice: _Object, index: int) -> _Object:
        """Return the delta of a choice that has an empty one, or none, or one that is no object."""
        delta, message = choice.get("delta"), choice.get("message")
        if delta and isinstance(delta, str | list):
            return {"content": delta}
        if delta not in (None, "", [], {}):
            self._skipped.add(delta, is_text=True)
        if message and (index in self._messages or index not in self._begun):
            is_last = bool(choice.get("finish_reason"))
            return self._messages.setdefault(index, Messages()).added(message, is_last=is_last)
        if message:  # MiniMax ends by repeating the complete message
            return {}
        name = next((name for name in ("text", "content") if choice.get(name) is not None), None)
        return {"content": choice[name]} if name else {}

    def _calls_in(self, delta: _Object, index: int) -> list[ToolCallDelta]:
        calls = delta.get("tool_calls")
        if calls in (None, []) and (function := delta.get("function_call")):  # the predecessor of tools
            calls = [{"function": function}]
        if calls in (None, []):
            return []
        if index not in self._calls:
            self._calls[index] = ToolCalls(index, self._halves, self._skipped)
        return self._calls[index].events(calls)


def _index(choice: _Object, position: int) -> int:
    return number_of(choice.get("index"), position)


def _has_content(choice: _Object) -> bool:
    deltas = choice.get("delta"), choice.get("message"), {"content": choice.get("text")}
    return any(isinstance(delta, Mapping) and delta.get("content") for delta in deltas)

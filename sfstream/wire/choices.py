"""Decode the choices of a completion frame by frame, in the dialects of several servers. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sfstream.core.events import Delta, Event, Finish, ToolCallDelta
from sfstream.core.text import excerpt, has_surrogate
from sfstream.wire.delta_text import list_of, texts_of, unexpected
from sfstream.wire.halves import Halves
from sfstream.wire.tool_calls import ToolCalls

_CUT = {"insufficient_system_resource", "error", "network_error", "abort"}
"""Finish reasons of an answer that the server aborted: of SiliconFlow, OpenRouter, Zhipu and vLLM."""

_USUAL = {"role", "content", "reasoning_content", "tool_calls"}
"""Members of SiliconFlow's deltas. Others, and other types, are read by `sfstream.wire.delta_text`."""


class Choices:
    """Incremental decoder of the choices of all frames.

    Attributes:
        aborted: the finish reason with which the server aborted the answer; empty if it did not.
    """

    def __init__(self) -> None:
        self.aborted = ""
        self._begun, self._finished = set[int](), set[int]()
        self._calls: dict[int, ToolCalls] = {}
        self._halves = Halves()

    @property
    def finished(self) -> bool:
        """Whether each choice that has begun has a finish reason."""
        return bool(self._finished) and self._begun <= self._finished

    def events(self, choice: object, position: int) -> Iterator[Event]:
        """Yield the events of a choice.

        Args:
            choice: an item of the frame's ``choices``.
            position: its position there, which is used if the choice has no index.

        Raises:
            MalformedStream: the choice has a member of a wrong type.
        """
        if not isinstance(choice, Mapping):
            raise unexpected("a choice", choice)
        index = choice.get("index")
        index = index if isinstance(index, int) else position
        delta = self._delta(choice, index)
        content, reasoning = _texts(delta)
        calls = list_of(delta, "tool_calls") if delta.get("tool_calls") else []
        if not calls and (function := delta.get("function_call")):  # the predecessor of tools
            calls = [{"function": function}]
        if content or reasoning or calls:
            self._begun.add(index)
        if self._halves.waiting or has_surrogate(content) or has_surrogate(reasoning):
            content = self._halves.joined((index, "content"), content)
            reasoning = self._halves.joined((index, "reasoning"), reasoning)
        if content or reasoning:
            yield Delta(index, content, reasoning)
        for place, call in enumerate(calls):
            yield self._calls_of(index).event(call, place)
        reason = choice.get("finish_reason")
        if reason and reason != "null":
            self._finished.add(index)
            reason = excerpt(reason if isinstance(reason, str) else repr(reason), 60)
            self.aborted = reason if reason in _CUT else self.aborted
            yield Finish(index, reason)

    def flush(self) -> Iterator[Delta | ToolCallDelta]:
        """End the stream: yield the withheld halves of characters."""
        yield from self._halves.flush()

    def _delta(self, choice: Mapping[str, Any], index: int) -> Mapping[str, Any]:
        delta = choice.get("delta") or {}
        if not delta and index not in self._begun:  # MiniMax ends by repeating the complete message
            delta = choice.get("message") or {"content": choice.get("text")}
        if not isinstance(delta, Mapping):
            raise unexpected("a delta", delta)
        return delta

    def _calls_of(self, index: int) -> ToolCalls:
        if index not in self._calls:
            self._calls[index] = ToolCalls(index, self._halves)
        return self._calls[index]


def _texts(delta: Mapping[str, Any]) -> tuple[str, str]:
    """Return the content and the reasoning that a delta adds."""
    content, reasoning = delta.get("content") or "", delta.get("reasoning_content") or ""
    if isinstance(content, str) and isinstance(reasoning, str) and delta.keys() <= _USUAL:
        return content, reasoning
    return texts_of(delta)

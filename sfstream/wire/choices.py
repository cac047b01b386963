"""The choices of a completion, as its frames go on: what each adds, and whether it has ended. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sfstream.core.events import Delta, Event, Finish, ToolCallDelta
from sfstream.core.text import as_json, encodable, excerpt
from sfstream.wire.fields import list_of, text_of, unexpected
from sfstream.wire.surrogates import Surrogates

_CUT = {"insufficient_system_resource", "error", "network_error", "abort"}
"""Finish reasons of an answer that its server gave up: of SiliconFlow's API, OpenRouter, Zhipu, and vLLM."""


class Choices:
    """Give it each choice of each frame; it gives the events.

    Attributes:
        given_up: the finish reason with which the server gave the answer up; empty if it did not.
    """

    def __init__(self) -> None:
        self.given_up = ""
        self._begun, self._finished = set[int](), set[int]()
        self._calls: dict[int, _Calls] = {}
        self._text = Surrogates()

    @property
    def finished(self) -> bool:
        """Whether a finish reason came, for each choice that has begun."""
        return bool(self._finished) and self._begun <= self._finished

    def events(self, choice: object, position: int) -> Iterator[Event]:
        """What a choice adds.

        Args:
            choice: one of the frame's ``choices``.
            position: its place there, which counts where it has no index.

        Raises:
            MalformedStream: it is no choice.
        """
        if not isinstance(choice, Mapping):
            raise unexpected("a choice", choice)
        index = choice.get("index")
        index = index if isinstance(index, int) else position
        delta = self._delta(choice, index)
        content, reasoning = _texts(delta)
        calls = list_of(delta, "tool_calls")
        if not calls and (function := delta.get("function_call")):  # as it was before there were tools
            calls = [{"function": function}]
        if content or reasoning or calls:
            self._begun.add(index)
        yield from self._text.join(index, content, reasoning)
        for place, call in enumerate(calls):
            yield self._tool_call(index, place, call)
        reason = choice.get("finish_reason")
        if reason and reason != "null":
            self._finished.add(index)
            reason = excerpt(reason if isinstance(reason, str) else repr(reason), 60)
            self.given_up = reason if reason in _CUT else self.given_up
            yield Finish(index, reason)

    def flush(self) -> Iterator[Delta | ToolCallDelta]:
        """Nothing more comes: give what was held back."""
        yield from self._text.flush()

    def _delta(self, choice: Mapping[str, Any], index: int) -> Mapping[str, Any]:
        delta = choice.get("delta") or {}
        if not delta and index not in self._begun:  # MiniMax ends with the whole message, which has come already
            delta = choice.get("message") or {"content": choice.get("text")}
        if not isinstance(delta, Mapping):
            raise unexpected("a delta", delta)
        return delta

    def _tool_call(self, index: int, place: int, call: object) -> ToolCallDelta:
        if not isinstance(call, Mapping):
            raise unexpected("a tool call", call)
        function = call.get("function")
        function = function if isinstance(function, Mapping) else {}
        arguments = function.get("arguments") or ""
        if not isinstance(arguments, str):
            arguments = as_json(arguments)
        wire, ident, name = call.get("index"), encodable(text_of(call, "id")), encodable(text_of(function, "name"))
        calls = self._calls.setdefault(index, _Calls())
        number = calls.number(wire if isinstance(wire, int) else place, ident, begins=bool(name))
        arguments = self._text.arguments(index, number, arguments)
        return ToolCallDelta(index, number, id=ident, name=name, arguments=arguments)


class _Calls:
    """The tool calls of a choice. Gemini gives several one after the other, all as the first, each with its own id."""

    def __init__(self) -> None:
        self._now: dict[int, tuple[int, str]] = {}  # number and id of the call that the wire's number means
        self._highest = -1

    def number(self, wire: int, ident: str, *, begins: bool) -> int:
        number, known = self._now.get(wire, (None, ""))
        is_other = bool(begins and ident and known and ident != known)
        if number is None or is_other:
            number = max(wire, self._highest + 1) if is_other or wire <= self._highest else wire
        self._now[wire] = number, ident or known
        self._highest = max(self._highest, number)
        return number


def _texts(delta: Mapping[str, Any]) -> tuple[str, str]:
    """The content and the reasoning that a delta adds."""
    reasoning = text_of(delta, "reasoning_content") or text_of(delta, "reasoning")
    content = delta.get("content")
    if isinstance(content, list) and all(isinstance(part, Mapping) for part in content):  # Mistral
        thoughts = [text for part in content for text in list_of(part, "thinking")]
        return _joined(content), reasoning or _joined(thoughts)
    return text_of(delta, "content") or text_of(delta, "refusal"), reasoning


def _joined(parts: list[Any]) -> str:
    return "".join(text_of(part, "text") for part in parts if isinstance(part, Mapping))

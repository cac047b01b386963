"""Decode the choices of a completion frame by frame, in the dialects of several servers. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sfstream.core.events import Delta, Event, Finish, ToolCallDelta
from sfstream.core.text import as_json, encodable, excerpt, has_surrogate
from sfstream.errors import MalformedStream

_CUT = {"insufficient_system_resource", "error", "network_error", "abort"}
"""Finish reasons of an answer that the server aborted: of SiliconFlow, OpenRouter, Zhipu and vLLM."""


class Choices:
    """Incremental decoder of the choices of all frames.

    Attributes:
        aborted: the finish reason with which the server aborted the answer; empty if it did not.
    """

    def __init__(self) -> None:
        self.aborted = ""
        self._begun, self._finished = set[int](), set[int]()
        self._calls: dict[int, _Calls] = {}
        self._halves = _Halves()

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
        calls = list_of(delta, "tool_calls")
        if not calls and (function := delta.get("function_call")):  # the predecessor of tools
            calls = [{"function": function}]
        if content or reasoning or calls:
            self._begun.add(index)
        content = self._halves.joined((index, "content"), content)
        reasoning = self._halves.joined((index, "reasoning"), reasoning)
        if content or reasoning:
            yield Delta(index, content, reasoning)
        for place, call in enumerate(calls):
            yield self._tool_call(index, place, call)
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
        arguments = self._halves.joined((index, number), arguments)
        return ToolCallDelta(index, number, id=ident, name=name, arguments=arguments)


class _Halves:
    r"""Joins a character that a server has split into two ``\uD8xx`` escapes in two deltas.

    Half of a UTF-16 pair cannot be encoded, so it waits here for the other half; without one it becomes U+FFFD.
    The events are joined, and not only the Reply, because users of `sfstream.stream` print them.
    """

    def __init__(self) -> None:
        self._waiting: dict[tuple[int, str | int], str] = {}  # by choice, and its text or tool call

    def joined(self, key: tuple[int, str | int], text: str) -> str:
        if not text or not (self._waiting or has_surrogate(text)):
            return text
        text = self._waiting.pop(key, "") + text
        if "\ud800" <= text[-1] <= "\udbff":
            self._waiting[key] = text[-1]
            text = text[:-1]
        return encodable(text)

    def flush(self) -> Iterator[Delta | ToolCallDelta]:
        for index, place in self._waiting:
            if isinstance(place, int):
                yield ToolCallDelta(index, place, arguments="\ufffd")
            else:
                yield Delta(index, **{place: "\ufffd"})
        self._waiting.clear()


class _Calls:
    """Numbers of the tool calls of a choice. Gemini gives several calls the same number and different ids."""

    def __init__(self) -> None:
        self._now: dict[int, tuple[int, str]] = {}  # number and id by the number on the wire
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
    """Return the content and the reasoning that a delta adds."""
    reasoning = text_of(delta, "reasoning_content") or text_of(delta, "reasoning")
    content = delta.get("content")
    if isinstance(content, list) and all(isinstance(part, Mapping) for part in content):  # Mistral
        thoughts = [text for part in content for text in list_of(part, "thinking")]
        return _joined(content), reasoning or _joined(thoughts)
    return text_of(delta, "content") or text_of(delta, "refusal"), reasoning


def _joined(parts: list[Any]) -> str:
    return "".join(text_of(part, "text") for part in parts if isinstance(part, Mapping))


def text_of(holder: Mapping[str, Any], name: str) -> str:
    """Return a member that is text, null or absent.

    Raises:
        MalformedStream: the member is something else.
    """
    value = holder.get(name)
    if value is None or isinstance(value, str):
        return value or ""
    raise unexpected(f"text as {name}", value)


def list_of(holder: Mapping[str, Any], name: str) -> list[Any]:
    """Return a member that is a list, null or absent.

    Raises:
        MalformedStream: the member is something else.
    """
    value = holder.get(name)
    if value is None or isinstance(value, list):
        return value or []
    raise unexpected(f"a list as {name}", value)


def unexpected(wanted: str, value: object) -> MalformedStream:
    """Return the error for a member of another type than expected."""
    return MalformedStream(
        f"Expected {wanted} in the stream, got: {excerpt(as_json(value))}\nThe partial answer is kept."
    )

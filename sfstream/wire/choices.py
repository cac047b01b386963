"""The choices of a completion, as its frames go on: what each adds, and whether it has ended. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sfstream.events import Delta, Event, Finish, ToolCallDelta
from sfstream.text import as_json, encodable, excerpt
from sfstream.wire.fields import list_of, text_of, unexpected
from sfstream.wire.surrogates import Surrogates


class Choices:
    """Give it each choice of each frame; it gives the events.

    Attributes:
        out_of_resources: the server ended the answer since it had no more.
    """

    def __init__(self) -> None:
        self.out_of_resources = False
        self._begun, self._finished = set[int](), set[int]()
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
        delta = choice.get("delta") or choice.get("message") or {}
        if not isinstance(delta, Mapping):
            raise unexpected("a delta", delta)
        reasoning = text_of(delta, "reasoning_content") or text_of(delta, "reasoning")
        content, calls = text_of(delta, "content"), list_of(delta, "tool_calls")
        if content or reasoning or calls:
            self._begun.add(index)
        yield from self._text.join(index, content, reasoning)
        for place, call in enumerate(calls):
            yield self._tool_call(index, place, call)
        if reason := choice.get("finish_reason"):
            self._finished.add(index)
            self.out_of_resources |= reason == "insufficient_system_resource"
            yield Finish(index, excerpt(reason if isinstance(reason, str) else repr(reason), 60))

    def flush(self) -> Iterator[Delta | ToolCallDelta]:
        """Nothing more comes: give what was held back."""
        yield from self._text.flush()

    def _tool_call(self, index: int, place: int, call: object) -> ToolCallDelta:
        if not isinstance(call, Mapping):
            raise unexpected("a tool call", call)
        number = call.get("index")
        number = number if isinstance(number, int) else place
        function = call.get("function")
        function = function if isinstance(function, Mapping) else {}
        arguments = function.get("arguments") or ""
        if not isinstance(arguments, str):
            arguments = as_json(arguments)
        return ToolCallDelta(
            index,
            number,
            id=encodable(text_of(call, "id")),
            name=encodable(text_of(function, "name")),
            arguments=self._text.arguments(index, number, arguments),
        )

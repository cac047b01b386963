"""Decode the tool calls of one choice, whose pieces servers number in different ways. No I/O."""

from __future__ import annotations

from collections.abc import Mapping

from sfstream.core.events import ToolCallDelta
from sfstream.core.text import as_json, encodable
from sfstream.wire.delta_text import text_of, unexpected
from sfstream.wire.halves import Halves


class ToolCalls:
    """Incremental decoder of the tool calls of one choice.

    Gemini gives several calls the same number and different ids.

    Args:
        index: index of the choice.
        halves: joins split characters of the arguments.
    """

    def __init__(self, index: int, halves: Halves) -> None:
        self._index = index
        self._halves = halves
        self._now: dict[int, tuple[int, str]] = {}  # number and id by the number on the wire
        self._highest = -1

    def event(self, call: object, place: int) -> ToolCallDelta:
        """Return the event of a piece of a call.

        Args:
            call: an item of the delta's ``tool_calls``.
            place: its position there, which is used if the call has no index.
        """
        if not isinstance(call, Mapping):
            raise unexpected("a tool call", call)
        function = call.get("function")
        function = function if isinstance(function, Mapping) else {}
        arguments = function.get("arguments") or ""
        if not isinstance(arguments, str):
            arguments = as_json(arguments)
        wire, ident, name = call.get("index"), encodable(text_of(call, "id")), encodable(text_of(function, "name"))
        number = self._number(wire if isinstance(wire, int) else place, ident, begins=bool(name))
        arguments = self._halves.joined((self._index, number), arguments)
        return ToolCallDelta(self._index, number, id=ident, name=name, arguments=arguments)

    def _number(self, wire: int, ident: str, *, begins: bool) -> int:
        number, known = self._now.get(wire, (None, ""))
        is_other = bool(begins and ident and known and ident != known)
        if number is None or is_other:
            number = max(wire, self._highest + 1) if is_other or wire <= self._highest else wire
        self._now[wire] = number, ident or known
        self._highest = max(self._highest, number)
        return number

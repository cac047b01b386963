"""Decode the tool calls of one choice, whose pieces servers number in different ways. No I/O."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sfstream.core.events import ToolCallDelta
from sfstream.core.text import as_json, encodable
from sfstream.wire.delta_text import number_of, word_of
from sfstream.wire.halves import Halves
from sfstream.wire.skipped import Skipped

_MEMBERS = {"id", "function", "name", "arguments"}
"""Members of a tool call; a server may send ``function`` without its braces."""


@dataclass
class _Call:
    """What has come of a call.

    Attributes:
        number: in the events.
        pieces: of its arguments.
    """

    number: int
    id: str = ""
    name: str = ""
    pieces: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether the arguments so far are a JSON object."""
        return bool(self.pieces) and self.pieces[-1].rstrip()[-1:] == "}" and _is_object("".join(self.pieces))


@dataclass(frozen=True)
class _Piece:
    """A piece of a call, as it is on the wire. ``can_begin`` is whether it names an identifier or a type."""

    id: str
    name: str
    arguments: str
    can_begin: bool


class ToolCalls:
    """Incremental decoder of the tool calls of one choice.

    Gemini gives several calls the same number and different ids; other servers give them no ids.

    Args:
        index: index of the choice.
        halves: joins split characters of the arguments.
        skipped: counts what is not understood.
    """

    def __init__(self, index: int, halves: Halves, skipped: Skipped) -> None:
        self._index = index
        self._halves = halves
        self._skipped = skipped
        self._now: dict[int, _Call] = {}  # by the number on the wire
        self._last: _Call | None = None
        self._highest = -1

    def events(self, calls: object) -> list[ToolCallDelta]:
        """Return the events of a delta's ``tool_calls``. What is not understood is skipped."""
        if isinstance(calls, Mapping):
            calls = [calls] if _MEMBERS & calls.keys() else list(calls.values())
        if not (calls and isinstance(calls, list)):
            self._skipped.add(calls)
            return []
        seen: set[int] = set()
        return [event for place, call in enumerate(calls) for event in self._events(call, place, seen)]

    def _events(self, call: object, place: int, seen: set[int]) -> list[ToolCallDelta]:
        """Return the event of one item of the list.

        Args:
            call: the item.
            place: its position, which is used if it has no index.
            seen: numbers on the wire of the items before it, to which its own is added.
        """
        if not (isinstance(call, Mapping) and _MEMBERS & call.keys()):
            self._skipped.add(call)
            return []
        wire, piece = number_of(call.get("index"), place), self._piece(call)
        highest, now = self._highest, self._call(wire, piece, is_again=wire in seen)
        seen.add(wire)
        arguments = "" if _repeats(now, piece) else piece.arguments
        arguments = self._halves.joined((self._index, now.number), arguments)
        now.pieces.append(arguments) if arguments else None
        name = now.name if piece.name or now.number > highest else ""
        return [ToolCallDelta(self._index, now.number, id=piece.id, name=name, arguments=arguments)]

    def _piece(self, call: Mapping[str, Any]) -> _Piece:
        function = call.get("function")
        function = function if isinstance(function, Mapping) else call
        arguments = function.get("arguments") or ""
        return _Piece(
            encodable(word_of(call, "id", self._skipped)),
            encodable(word_of(function, "name", self._skipped)),
            arguments if isinstance(arguments, str) else as_json(arguments),
            isinstance(call.get("id"), str) or bool(call.get("type")),
        )

    def _call(self, wire: int, piece: _Piece, *, is_again: bool) -> _Call:
        """Return the call that a piece belongs to, which may be a new one: without a name, of the same function."""
        now = self._now.get(wire)
        last = self._last
        if not now and last and not piece.name and piece.id in ("", last.id):
            now = last  # Nebius and Cerebras count the pieces of one call
        if now is None or _begins_another(now, piece, is_again=is_again):
            self._highest = max(wire, self._highest + 1)
            now = _Call(self._highest, name=now.name if now and not piece.name else "")
        self._now[wire] = self._last = now
        now.id = piece.id or now.id
        is_more = not piece.name.startswith(now.name)  # otherwise it is repeated, or all of the name so far
        now.name = now.name + piece.name if is_more and piece.name else piece.name or now.name
        return now


def _begins_another(now: _Call, piece: _Piece, *, is_again: bool) -> bool:
    """Return whether a piece begins another call than the current one with the same number on the wire.

    Args:
        now: the current call.
        piece: the piece.
        is_again: whether the same frame has a piece of the current call.
    """
    is_same = piece.id == now.id != ""
    if piece.name and piece.id and now.id and not is_same:
        return True
    if piece.name and now.name and piece.name != now.name:
        # Servers may send a name in several pieces, but only before the arguments.
        is_part = is_same or not piece.can_begin or now.name[-1] in "_-." or piece.name[0] in "_-."
        return bool(now.pieces) or is_again or not is_part
    is_object = piece.arguments.lstrip()[:1] == "{"
    return is_object and not (is_same or _repeats(now, piece)) and now.is_whole


def _repeats(now: _Call, piece: _Piece) -> bool:
    """Return whether a piece holds the complete arguments of the current call once more."""
    is_same = piece.id == now.id != "" or len(now.pieces) > 1
    return is_same and piece.arguments[-1:] == "}" and piece.arguments == "".join(now.pieces)


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False

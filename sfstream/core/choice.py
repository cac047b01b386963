"""One answer of a reply, in the pieces that came. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field

from sfstream.core.events import ToolCallDelta


@dataclass(frozen=True)
class ToolCall:
    """A function that the model wants called.

    Attributes:
        id: to be named in the result.
        name: of the function.
        arguments: JSON text, whole when the reply is.
    """

    id: str = ""
    name: str = ""
    arguments: str = ""


class GrowingText:
    """A text to which one thread adds, and which any may read: ``str(text)`` is what has come so far."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        # Joined once: joining all at each reading would cost more with each. Count and text are set in one step, and
        # the pieces stay, so that a reading beside an addition, or beside another reading, loses nothing.
        self._joined = (0, "")

    def add(self, piece: str) -> None:
        """Add a piece."""
        self._pieces.append(piece)

    def __str__(self) -> str:
        count, text = self._joined
        if new := self._pieces[count:]:
            text += "".join(new)
            self._joined = (count + len(new), text)
        return text


@dataclass
class Choice:
    """One answer of the reply.

    Attributes:
        tool_calls: by their index, in the pieces that came.
        finish_reason: why the server says that it ended.
    """

    content: GrowingText = field(default_factory=GrowingText)
    reasoning: GrowingText = field(default_factory=GrowingText)
    tool_calls: dict[int, list[ToolCallDelta]] = field(default_factory=dict)
    finish_reason: str | None = None

    def called(self) -> list[ToolCall]:
        """The functions that the model wants called, so far."""
        return [_merged(pieces) for _, pieces in sorted(self.tool_calls.items())]


def _merged(pieces: list[ToolCallDelta]) -> ToolCall:
    """One tool call of its pieces. SiliconFlow repeats id and name as null or empty: these never overwrite."""
    return ToolCall(
        id=next((piece.id for piece in reversed(pieces) if piece.id), ""),
        name=next((piece.name for piece in reversed(pieces) if piece.name), ""),
        arguments="".join(piece.arguments for piece in pieces),
    )

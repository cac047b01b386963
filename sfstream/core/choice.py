"""One choice of a response: its texts and tool calls, put together from the events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from sfstream.core.events import ToolCallDelta


@dataclass(frozen=True)
class ToolCall:
    """A call of a function that the model asks for.

    Attributes:
        id: identifier that the result has to name.
        name: name of the function.
        arguments: the arguments as JSON text; complete when the stream has ended.
    """

    id: str = ""
    name: str = ""
    arguments: str = ""


class CodeBlock(NamedTuple):
    """A block of code in an answer.

    Attributes:
        language: as the model names it after the fence, such as ``python``; empty if it does not.
        text: the code, without its fences.
    """

    language: str
    text: str


class GrowingText:
    """A text that one thread appends to while any thread reads it with ``str()``."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        # What has been joined is cached, so that reading costs only the new pieces. Number and text are replaced in one
        # step and the pieces stay, so that concurrent readers lose nothing.
        self._joined = (0, "")

    def add(self, piece: str) -> None:
        """Append a piece."""
        self._pieces.append(piece)

    def __str__(self) -> str:
        count, text = self._joined
        if new := self._pieces[count:]:
            text += "".join(new)
            self._joined = (count + len(new), text)
        return text


@dataclass
class Choice:
    """One choice of a response, while it grows and afterwards.

    Attributes:
        content: text of the answer.
        reasoning: text of the reasoning.
        tool_calls: pieces of the tool calls, by the index of the call.
        finish_reason: why the choice ended, as the server says; None before that.
    """

    content: GrowingText = field(default_factory=GrowingText)
    reasoning: GrowingText = field(default_factory=GrowingText)
    tool_calls: dict[int, list[ToolCallDelta]] = field(default_factory=dict)
    finish_reason: str | None = None

    def take_content_as_reasoning(self) -> None:
        """Move the content to the reasoning, without the white space around it."""
        self.reasoning.add(str(self.content).strip())
        self.content = GrowingText()

    def merged_tool_calls(self) -> list[ToolCall]:
        """Return the tool calls so far, each merged from its pieces."""
        return [_merged(pieces) for _, pieces in sorted(self.tool_calls.items())]


def _merged(pieces: list[ToolCallDelta]) -> ToolCall:
    """Merge the pieces of one tool call. SiliconFlow repeats id and name as null or empty: these never overwrite."""
    return ToolCall(
        id=next((piece.id for piece in reversed(pieces) if piece.id), ""),
        name=next((piece.name for piece in reversed(pieces) if piece.name), ""),
        arguments="".join(piece.arguments for piece in pieces),
    )

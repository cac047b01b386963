"""Say what a body was that did not end like a stream of chat completion chunks. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

from sfstream.core.message import Message, joined, message
from sfstream.core.text import excerpt
from sfstream.errors import MalformedStream, SfStreamError, StreamCut
from sfstream.wire.kept import KEPT
from sfstream.wire.other_apis import other_api
from sfstream.wire.skipped import Skipped

_CONTENT_TYPE = 80
"""Maximum number of characters of a content type that an error quotes."""


@dataclass(frozen=True)
class Body:
    """What is known of a body at its end.

    Attributes:
        content_type: as the server declares it.
        stray: the lines that are no fields of an event stream.
        skipped: the frames that were not understood.
        is_empty: whether not a byte came.
        has_begun: whether text or a tool call of an answer came.
    """

    content_type: str
    stray: str
    skipped: Skipped
    is_empty: bool
    has_begun: bool

    def not_streamed(self) -> SfStreamError:
        """Return the error for an answer that came whole."""
        return MalformedStream(
            message(
                "Expected a stream of events, got {what}: the server did not stream. The answer is in the reply.",
                what=self._typed(message("one plain completion")),
            )
        )

    def problem(self) -> SfStreamError:
        """Return the error for a body without an answer, or without the end of one."""
        if self.is_empty:
            return MalformedStream(
                message(
                    "Expected a stream of events, got {what}: the response has no body. Usually the "
                    "prompt is longer than the model's context, or the server has not loaded the model: send less, or "
                    "look at the log of the server.",
                    what=self._typed(message("nothing at all")),
                )
            )
        if not self.has_begun and (name := other_api([*self.skipped.first, *self.skipped.lines[:3], self.stray])):
            return MalformedStream(
                message(
                    "This is not a chat completion stream (it looks like {api}). Is the base URL right? "
                    "It begins: {text}",
                    api=name,
                    text=self._frames() or excerpt(self.stray),
                )
            )
        if self.stray.strip() and not self.skipped.frames:
            return MalformedStream(
                message(
                    "Expected a stream of events, got {what}. Is the base URL right? It begins: {text}",
                    what=self._typed(message("something else")),
                    text=excerpt(self.stray),
                )
            )
        if self.skipped.count and not self.has_begun:
            return MalformedStream(
                message(
                    "Expected chat completion chunks, and understood none of the frames. Is the base URL right? "
                    "The server sent: {text}",
                    text=self._frames(),
                )
            )
        return self._cut()

    def _cut(self) -> SfStreamError:
        what = message("The stream was cut off: it ended without a finish reason and without [DONE].")
        said = Message("")
        if self.stray.strip():
            said = message("It ended with: {text}", text=excerpt(self.stray))
        elif self.skipped.first:
            said = message("Not understood: {text}", text=self._frames())
        return StreamCut(joined(what, KEPT if self.has_begun else "", said))

    def _frames(self) -> str:
        return excerpt("\n".join(self.skipped.first))

    def _typed(self, what: Message) -> Message:
        """Return what came with its content type."""
        declared = excerpt(self.content_type, _CONTENT_TYPE)
        return message("{what} ({type})", what=what, type=declared) if declared else what

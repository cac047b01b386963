"""Say what a body was that did not end like a stream of chat completion chunks. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

from sfstream.core.text import excerpt
from sfstream.errors import MalformedStream, SfStreamError, StreamCut
from sfstream.wire.advice import KEPT
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
            "Expected a stream of events, got one plain completion"
            f"{self._as()}: the server did not stream. The answer is in the reply."
        )

    def problem(self) -> SfStreamError:
        """Return the error for a body without an answer, or without the end of one."""
        if self.is_empty:
            return MalformedStream(
                f"Expected a stream of events, got nothing at all{self._as()}: the response has no body. Usually the "
                "prompt is longer than the model's context, or the server has not loaded the model: send less, or "
                "look at the log of the server."
            )
        if not self.has_begun and (name := other_api([*self.skipped.first, *self.skipped.lines[:3], self.stray])):
            return MalformedStream(
                f"This is not a chat completion stream (it looks like {name}). Is the base URL right? "
                f"It begins: {self._frames() or excerpt(self.stray)}"
            )
        if self.stray.strip() and not self.skipped.frames:
            return MalformedStream(
                f"Expected a stream of events, got something else{self._as()}. Is the base URL right? "
                f"It begins: {excerpt(self.stray)}"
            )
        if self.skipped.count and not self.has_begun:
            return MalformedStream(
                "Expected chat completion chunks, and understood none of the frames. Is the base URL right? "
                f"The server sent: {self._frames()}"
            )
        return self._cut()

    def _cut(self) -> SfStreamError:
        frames = f" Not understood: {self._frames()}" if self.skipped.first else ""
        said = f" It ended with: {excerpt(self.stray)}" if self.stray.strip() else frames
        return StreamCut(f"The stream was cut off: it ended without a finish reason and without [DONE]. {KEPT}{said}")

    def _frames(self) -> str:
        return excerpt("\n".join(self.skipped.first))

    def _as(self) -> str:
        return f" ({excerpt(self.content_type, _CONTENT_TYPE)})" if self.content_type else ""

"""Count what a stream holds that is not understood, so that it need not end the answer. No I/O."""

from __future__ import annotations

import logging

from sfstream.core.message import Message, message
from sfstream.core.text import as_json, excerpt

KEPT = 10
"""Number of frames that are kept, to say at the end what came."""
MAX_KEPT = 256 * 1024
"""Maximum number of characters kept of each."""
MAX_LINES = 4 * 1024 * 1024
"""Maximum number of characters kept of a body that is no event stream, to describe it."""

_log = logging.getLogger("sfstream")


class Skipped:
    """The frames of one stream that were not understood, in whole or in part, and the lines that are of no frame.

    Attributes:
        frames: number of frames so far. The decoder sets it.
        data: the current frame. The decoder sets it.
        first: the first frames that were not understood.
        lines: the lines that are no field of an event stream.
        has_lost_text: whether one of the frames probably held text of the answer.
    """

    def __init__(self) -> None:
        self.frames = 0
        self.data = ""
        self.first: list[str] = []
        self.lines: list[str] = []
        self.has_lost_text = False
        self._count = self._runs = self._size = 0
        self._last = self._last_run = -1

    @property
    def count(self) -> int:
        """Number of frames that were not understood. Lines between two frames count as one; without frames, as none."""
        return self._count + (self._runs if self.frames else 0)

    @property
    def notes(self) -> list[Message]:
        """Note for the user; empty if all was understood."""
        if self.count == 1:
            return [message("1 frame was not understood.")]
        return [message("{frames} frames were not understood.", frames=f"{self.count:,}")] if self.count else []

    def add(self, member: object = None, *, is_text: bool = False) -> None:
        """Skip the current frame, or a member of it. A frame is counted once.

        Args:
            member: what was not understood; None for the whole frame.
            is_text: whether it stands where the text of the answer is expected.
        """
        shown = self.data if member is None else as_json(member)
        _log.debug("Frame %d was not understood: %s", self.frames, excerpt(shown))
        self.has_lost_text |= is_text
        if self._last == self.frames:
            return
        self._last = self.frames
        self._count += 1
        if len(self.first) < KEPT:
            self.first.append(self.data[:MAX_KEPT])

    def add_line(self, line: str) -> None:
        """Skip a line that is no field of an event stream."""
        _log.debug("A line after frame %d was not understood: %s", self.frames, excerpt(line))
        self._runs += self._last_run != self.frames
        self._last_run = self.frames
        if self._size < MAX_LINES:
            self.lines.append(line[: MAX_LINES - self._size])
            self._size += len(line) + 1

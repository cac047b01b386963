"""A file that an answer is kept in while it comes. What goes wrong with it costs the file, never the answer."""

from __future__ import annotations

import os

from sfstream.core.events import Chunk
from sfstream.errors import RecordingError
from sfstream.wire.recorded_ends import End, Head
from sfstream.wire.recording import RecordingWriter


class KeptFile:
    """A recording, written as the chunks arrive.

    Attributes:
        warning: what went wrong; None while all is well.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._writer: RecordingWriter | None = None
        self._process = os.getpid()  # in a fork the file is the parent's, and goes on there
        self.warning: str | None = None

    def begin(self, head: Head) -> None:
        """The answer begins."""
        try:
            self._writer = self.create(head)
        except (OSError, ValueError, RecordingError) as error:
            self.warning = self.complaint(error)

    def add(self, chunk: Chunk) -> None:
        """Write a chunk. It is in the file when this returns."""
        if (writer := self._writer) and self._process == os.getpid():
            try:
                writer.add(chunk)
            except (OSError, ValueError) as error:
                self._give_up(writer, error)

    def end(self, end: End) -> None:
        """Write how it ended, and close the file."""
        if (writer := self._writer) and self._process == os.getpid():
            try:
                writer.end(end)
                writer.close()
            except (OSError, ValueError) as error:
                self._give_up(writer, error)
            self._writer = None

    def create(self, head: Head) -> RecordingWriter:
        """Make the file.

        Raises:
            OSError, RecordingError: it cannot be written.
        """
        return RecordingWriter(self._path, head)

    def complaint(self, error: OSError | ValueError | RecordingError) -> str | None:
        """What to say of a file that is missing or not whole."""
        if isinstance(error, RecordingError):
            return str(error)
        return f"The recording {self._path!r} is not whole: {reason(error)}."

    def _give_up(self, writer: RecordingWriter, error: OSError | ValueError) -> None:
        writer.abandon()
        self._writer = None
        self.warning = self.complaint(error)


def reason(error: Exception) -> str:
    """Why, in a few words."""
    return (isinstance(error, OSError) and error.strerror) or str(error)

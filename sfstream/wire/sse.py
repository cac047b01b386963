"""Decode bytes into server-sent events. No I/O.

The decoder follows the WHATWG specification
(https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream) with two additions. A line
that is no field of the specification, such as an error without ``data:`` or a page of HTML, is yielded as a
`StrayLine`. An event that the stream ends in is yielded too, and marked as incomplete.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sfstream.core.message import message
from sfstream.errors import MalformedStream

MAX_EVENT = 64 * 1024 * 1024
"""Maximum number of bytes of a line or an event: a server that never ends a line must not fill the memory."""

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event.

    Attributes:
        data: the ``data`` lines joined by a newline; never empty.
        event: the event type; ``message`` unless the server names another.
        complete: False for an event that the stream ended in, before its blank line.
    """

    data: str
    event: str = "message"
    complete: bool = True


@dataclass(frozen=True, slots=True)
class StrayLine:
    """A line that is neither a field of the specification nor a comment nor blank."""

    text: str


class SSEDecoder:
    """Incremental decoder: takes chunks of bytes that are cut anywhere, and yields the complete events."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []  # of the unfinished line
        self._size = 0  # bytes of the unfinished line and the unfinished event
        self._after_cr = False
        self._first_line = True
        self._data: list[str] = []
        self._event = ""

    def feed(self, data: bytes) -> Iterator[ServerSentEvent | StrayLine]:
        """Decode the next bytes.

        Yields:
            each event that they complete, and each stray line.

        Raises:
            MalformedStream: a line or event is larger than `MAX_EVENT` bytes.
        """
        for line in self._lines(data):
            if item := self._take(line):
                yield item

    def flush(self) -> Iterator[ServerSentEvent | StrayLine]:
        """End the stream: yield its unfinished line and its unfinished event."""
        if self._pieces:
            line = b"".join(self._pieces)
            self._pieces.clear()
            is_name = b"data: ".startswith(line)  # a field that was cut before its value
            if not is_name and (item := self._take(line)):
                yield item
        if item := self._dispatch(complete=False):
            yield item

    def _lines(self, data: bytes) -> Iterator[bytes]:
        # bytes.splitlines splits at \n, \r and \r\n only; str.splitlines also at U+2028 and U+0085.
        if self._after_cr and data[:1] == b"\n":
            data = data[1:]  # the second half of a \r\n that was cut
            self._after_cr = False
        if not data:
            return
        self._after_cr = data[-1:] == b"\r"
        for piece in data.splitlines(keepends=True):
            self._size += len(piece)
            if piece[-1:] not in (b"\n", b"\r"):
                self._check_size()
                self._pieces.append(piece)
                return
            if self._pieces:
                self._pieces.append(piece)
                piece = b"".join(self._pieces)
                self._pieces.clear()
            yield piece.rstrip(b"\r\n")

    def _take(self, raw: bytes) -> ServerSentEvent | StrayLine | None:
        if self._first_line:
            raw = raw.removeprefix(_BOM)
            self._first_line = False
        if not raw:
            return self._dispatch(complete=True)
        self._check_size()
        name, _, value = raw.decode("utf-8", "replace").partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._event = value
        elif name not in (
            "",
            "id",
            "retry",
        ):  # "" is a comment; the API does not use ids
            return StrayLine(raw.decode("utf-8", "replace"))
        return None

    def _dispatch(self, *, complete: bool) -> ServerSentEvent | None:
        data, event = "\n".join(self._data), self._event or "message"
        self._data, self._event, self._size = [], "", 0
        return ServerSentEvent(data, event, complete) if data else None

    def _check_size(self) -> None:
        if self._size > MAX_EVENT:
            raise MalformedStream(
                message(
                    "Expected events of at most {limit} bytes, got a longer event. Is the base URL that of a chat API?",
                    limit=f"{MAX_EVENT:,}",
                )
            )

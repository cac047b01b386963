"""What was recorded of one answer: its request, its raw chunks with their times, and how it ended. No I/O.

The file format is in `sfstream.log.format`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from sfstream.core.events import Chunk
from sfstream.core.message import Message

VERSION = 1


@dataclass(frozen=True)
class Head:
    """What was asked, and when.

    Attributes:
        request: the JSON body of the request; it never contains a key.
        time: when the request was sent, ISO 8601 in UTC.
        trace_id: SiliconFlow's identifier of the call.
        source: ``server``, or ``written by hand`` for an answer that no model gave.
        version: of the file format.
    """

    request: Mapping[str, Any]
    time: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="milliseconds"))
    trace_id: str | None = None
    source: str = "server"
    version: int = VERSION

    @property
    def local_time(self) -> datetime | None:
        """When the request was sent, in the local time zone; None if ``time``, which may be any text, is no time."""
        try:
            time = datetime.fromisoformat(self.time)
            return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone()
        except (ValueError, OverflowError, OSError):
            return None


@dataclass(frozen=True)
class End:
    """How an answer ended.

    Attributes:
        status: as `Reply.status`.
        usage: the last token counts; empty if the server sent none.
    """

    status: str
    usage: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Recording:
    """One answer as it arrived.

    Attributes:
        head: what was asked, and when.
        chunks: the bytes of the body with their arrival times, oldest first. One thread may append while others read.
        end: how the answer ended; None while it streams, or if its process ended first.
    """

    head: Head
    chunks: list[Chunk] = field(default_factory=list)
    end: End | None = None

    @property
    def request(self) -> Mapping[str, Any]:
        """The JSON body of the request, with the key redacted if the user has sent it there (`sfstream.show`)."""
        return self.head.request

    @property
    def data(self) -> bytes:
        """The whole body."""
        return b"".join(chunk.data for chunk in self.chunks)


class Sink(Protocol):
    """Receives a recording while the answer streams, such as the writer of a file. Its methods do not raise.

    Attributes:
        warning: what went wrong; None if all is well.
    """

    warning: Message | None

    def begin(self, head: Head) -> None:
        """Start: the response head of a successful answer is there."""

    def add(self, chunk: Chunk) -> None:
        """Store a chunk. It is on disk when this returns."""

    def end(self, end: End) -> None:
        """Finish. It is called once, after the last chunk."""

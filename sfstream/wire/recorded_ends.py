"""The two ends of a recording: what was asked and when, and how it ended. No I/O."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sfstream.errors import RecordingError

VERSION = 1


@dataclass(frozen=True)
class Head:
    """What was asked, and when.

    Attributes:
        request: the JSON body of the request; a key is never part of it.
        time: when it was sent, ISO 8601 in UTC.
        trace_id: SiliconFlow's name for the call.
        source: ``server``, or ``written by hand`` for an answer that no model gave.
        version: of the format.
    """

    request: Mapping[str, Any]
    time: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="milliseconds"))
    trace_id: str | None = None
    source: str = "server"
    version: int = VERSION


@dataclass(frozen=True)
class End:
    """How it ended.

    Attributes:
        status: as `Reply.status`.
        usage: the last token counts; empty where the server sent none.
    """

    status: str
    usage: Mapping[str, Any] = field(default_factory=dict)


def head_of(value: object, path: str | os.PathLike[str]) -> Head:
    """The head that the first line of a file holds.

    Raises:
        RecordingError: it holds none, or one of another version.
    """
    if not isinstance(value, Mapping) or not isinstance(value.get("request"), Mapping):
        raise no_recording(path)
    version = value.get("version")
    if version != VERSION:
        raise RecordingError(
            f"The recording {os.fspath(path)!r} has version {version!r:.30} of the format, and this sfstream reads "
            f"version {VERSION}: a newer sfstream may open it."
        )
    trace_id = value.get("trace_id")
    return Head(
        request=value["request"],
        time=str(value.get("time", "")),
        trace_id=trace_id if isinstance(trace_id, str) else None,
        source=str(value.get("source", "server")),
    )


def end_of(line: Mapping[str, Any]) -> End:
    """The end that the last line of a file holds."""
    usage = line.get("usage")
    return End(str(line.get("status")), usage if isinstance(usage, Mapping) else {})


def unreadable(path: str | os.PathLike[str], error: Exception) -> RecordingError:
    """What to raise of a file that cannot be read."""
    why = (isinstance(error, OSError) and error.strerror) or error
    return RecordingError(f"The recording {os.fspath(path)!r} cannot be read: {why}.")


def no_recording(path: str | os.PathLike[str]) -> RecordingError:
    """What to raise of a file whose first line is no head."""
    return RecordingError(
        f"{os.fspath(path)!r} is not a recording: its first line does not say what was asked. "
        "--record FILE and Reply.save(FILE) write recordings."
    )

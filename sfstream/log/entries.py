"""The answers of the log as a list. Only the two ends of each file are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

from sfstream.core.events import count_of
from sfstream.core.recording import End, Head
from sfstream.core.reply import Reply, Status
from sfstream.errors import RecordingError
from sfstream.log.format import open_recording
from sfstream.log.peek import peek
from sfstream.log.replies import reply_of
from sfstream.log.store import file_of, is_growing, numbers

_NO_END = "Its kernel ended before the answer did, or the disk was full."
_PROMPT = 1000
"""Characters of what was asked that an entry holds."""
_STATUSES = set(get_args(Status))


@dataclass(frozen=True)
class Entry:
    """One answer of the log. What it says comes from its file, which may be someone else's: it is data, not checked.

    Attributes:
        number: its name, which stays: a new answer's is higher than all others.
        path: its file.
        time: when it was asked, in the local time zone; None where the file does not say.
        model: which model was asked.
        prompt: the last thing that the user said; its first 1,000 characters, since a list holds thousands of them.
        status: as `Reply.status`; ``streaming`` while some kernel writes it, ``cut`` where its kernel ended first,
            ``failed`` where the file cannot be read.
        tokens: of the answer, by the server's count; None where it gave none.
        source: ``server``, or ``written by hand`` for an answer that no model gave.
        problem: why the file cannot be read, or that the kernel ended first; empty where all is well.
    """

    number: int
    path: Path
    time: datetime | None = None
    model: str = ""
    prompt: str = ""
    status: Status = "failed"
    tokens: int | None = None
    source: str = ""
    problem: str = ""

    @property
    def is_partial(self) -> bool:
        """Whether the answer is not whole."""
        return self.status in ("streaming", "stopped", "cut", "failed")

    def reply(self) -> Reply:
        """The answer.

        Raises:
            RecordingError: the file cannot be read.
        """
        reply = reply_of(open_recording(self.path), is_growing=self.status == "streaming")
        if reply.status == "streaming":
            reply.notes.append("This answer is still coming, in some kernel: this is what there is so far.")
        elif self.problem and reply.status != "complete":
            reply.notes.append(self.problem)
        return reply


def entries() -> Iterator[Entry]:
    """The answers of the log, newest first, each read when it is its turn."""
    for number in numbers():
        if found := entry(number, file_of(number)):
            yield found


def entry(number: int, path: Path) -> Entry | None:
    """The answer in a file; None where it is not there, or nothing of it has come yet."""
    try:
        ends = peek(path)
        grows = ends is not None and ends[1] is None and is_growing(path)
        if ends and not (ends[1] or grows):
            ends = peek(path)  # again: it may have ended between the two looks
        return ends and _entry(number, path, *ends, grows=grows)
    except FileNotFoundError:  # forgotten meanwhile
        return None
    except RecordingError as error:
        return Entry(number, path, problem=str(error))


def asked_of(request: Mapping[str, Any]) -> str:
    """The last thing that the user said in a request; empty where it is none."""
    messages = request.get("messages")
    said = [message for message in messages if isinstance(message, Mapping)] if isinstance(messages, list) else []
    by_user = [message for message in said if message.get("role") == "user"]
    return text_of(by_user[-1]) if by_user else ""


def text_of(message: Mapping[str, Any]) -> str:
    """The text of a message, whose content may be parts of several kinds."""
    content = message.get("content")
    parts = content if isinstance(content, list) else [{"text": content}]
    texts = (part.get("text") for part in parts if isinstance(part, Mapping))
    return "\n".join(text for text in texts if isinstance(text, str))


def _entry(number: int, path: Path, head: Head, end: End | None, *, grows: bool) -> Entry:
    status, problem = _status(end, grows)
    return Entry(
        number,
        path,
        time=_time(head.time),
        model=str(head.request.get("model", "")),
        prompt=asked_of(head.request)[:_PROMPT],
        status=status,
        tokens=count_of(end.usage, "completion_tokens") if end else None,
        source=head.source,
        problem=problem,
    )


def _status(end: End | None, grows: bool) -> tuple[Status, str]:
    if end is None:
        return ("streaming", "") if grows else ("cut", _NO_END)
    if end.status in _STATUSES - {"streaming"}:
        return end.status, ""  # type: ignore[return-value]  # it is one of them
    return "cut", "The file does not say how the answer ended."


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone()
    except (ValueError, OverflowError, OSError):
        return None

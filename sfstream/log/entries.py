"""The answers of the log as a list, and as the Replies that they were."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from sfstream.core.attachments import image_urls
from sfstream.core.events import Chunk, count_of
from sfstream.core.finish import Status
from sfstream.core.json_escapes import readable_json
from sfstream.core.message import NOTHING, Message, joined, message
from sfstream.core.recording import End, Head, Recording
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.core.turns import message_text
from sfstream.errors import (
    ConfigurationError,
    MalformedStream,
    RecordingError,
    SfStreamError,
    Stopped,
    StreamCut,
    StreamInterrupted,
)
from sfstream.log.format import open_recording, read_summary
from sfstream.log.store import folder, is_growing, scan
from sfstream.wire.completion import CompletionDecoder, choices_asked
from sfstream.wire.kept import note_kept
from sfstream.wire.replay import NO_END, WAS_CUT, WAS_STOPPED

_NO_END = message("Its kernel ended before the answer did, or the disk was full.")
_GROWING = message("This answer is still coming, in some kernel: this is what there is so far.")
_PROMPT = 1000
"""Characters of the prompt that an entry contains."""
_STATUSES = set(get_args(Status))


@dataclass(frozen=True)
class Entry:
    """One answer of the log. Its values come from a file, which may be somebody else's: they are not checked.

    Attributes:
        number: identifies the answer. It never changes, and a new answer gets a higher one.
        path: its file.
        time: when it was asked, in the local time zone; None if the file does not say.
        model: which model was asked.
        prompt: the first 1,000 characters of the last user message.
        images: how many images that message has.
        status: as `Reply.status`; ``streaming`` while some kernel writes it, ``cut`` if its kernel ended first,
            ``failed`` if the file cannot be read.
        tokens: of the answer, by the server's count; None if it sent none.
        source: ``server``, or ``written by hand`` for an answer that no model gave.
        explanation: why the file cannot be read, or that the kernel ended first; empty if all is well.
    """

    number: int
    path: Path
    time: datetime | None = None
    model: str = ""
    prompt: str = ""
    images: int = 0
    status: Status = "failed"
    tokens: int | None = None
    source: str = ""
    explanation: Message = field(default=NOTHING, repr=False)

    @property
    def problem(self) -> str:
        """The explanation as an English text; empty if all is well."""
        return str(self.explanation)

    @property
    def is_partial(self) -> bool:
        """Whether the answer is incomplete."""
        return self.status in ("streaming", "stopped", "cut", "failed")

    def reply(self) -> Reply:
        """Return the answer.

        Raises:
            RecordingError: the file cannot be read.
        """
        reply = reply_of(open_recording(self.path), is_growing=self.status == "streaming")
        if reply.status == "streaming":
            reply.notes.append(_GROWING)
        elif self.explanation and reply.status != "complete":
            reply.notes.append(self.explanation)
        return reply


def read_entries() -> Iterator[Entry]:
    """Yield the answers, newest first. Each file is read when it is its turn."""
    for number, name in scan().items():
        if entry := read_entry(number, folder() / name):
            yield entry


def read_entry(number: int, path: Path) -> Entry | None:
    """Read the head and the end of a file; None if it does not exist, or is still empty."""
    try:
        if not path.stat().st_size:
            return None
        growing = is_growing(path)  # looked at first, since the answer may end in between
        return _entry(number, path, *read_summary(path), growing=growing)
    except FileNotFoundError:  # it was forgotten in the meantime
        return None
    except RecordingError as error:
        return Entry(number, path, explanation=joined(error.text))


def contains(entry: Entry, text: str) -> bool:
    """Return whether the text occurs in a message of the request, the reasoning or the content of an answer.

    Neither case nor width matters: ``ＡＢＣ`` is ``abc``. A file that cannot be read contains nothing.
    """
    wanted = _folded(text)
    return any(wanted in _folded(part) for part in _texts(entry))


def reply_of(recording: Recording, *, is_growing: bool = False) -> Reply:
    """Decode a recording into the Reply that it was, with the status that it had.

    Args:
        recording: what was recorded.
        is_growing: whether its file is still being written. Without an end, the reply is then streaming.

    Raises:
        RecordingError: its request is not a chat request.
    """
    try:
        reply = Reply(ChatRequest.from_body(recording.request), via="replay")
    except ConfigurationError as problem:
        raise RecordingError(joined(message("The request in the recording is invalid."), problem.text)) from None
    reply.recording, reply.source, reply.trace_id = recording, recording.head.source, recording.head.trace_id
    decoder = CompletionDecoder(trace_id=reply.trace_id, asked=choices_asked(recording.request))
    error = _as_recorded(recording.end, _decode(recording, reply, decoder))
    if isinstance(error, StreamInterrupted) and reply.has_begun:
        note_kept(error)
    if not (is_growing and isinstance(error, StreamInterrupted)):
        reply.end(recording.chunks[-1].t if recording.chunks else 0.0, error)
    reply.notes += decoder.skipped.notes
    return reply


def _entry(number: int, path: Path, head: Head, end: End | None, *, growing: bool) -> Entry:
    status, explanation = _status(end, growing)
    return Entry(
        number,
        path,
        time=head.local_time,
        model=str(head.request.get("model", "")),
        prompt=prompt_of(head.request)[:_PROMPT],
        images=len(image_urls(head.request.get("messages"))),
        status=status,
        tokens=count_of(end.usage, "completion_tokens") if end else None,
        source=head.source,
        explanation=explanation,
    )


def _status(end: End | None, growing: bool) -> tuple[Status, Message]:
    if end is None:
        return ("streaming", NOTHING) if growing else ("cut", _NO_END)
    if end.status in _STATUSES - {"streaming"}:
        return end.status, NOTHING  # type: ignore[return-value]  # it is one of them
    return "cut", message("The file does not say how the answer ended.")


def prompt_of(request: Mapping[str, Any]) -> str:
    """Return the last message of the user in the body of a request."""
    messages = request.get("messages")
    messages = messages if isinstance(messages, list) else []
    by_user = [each for each in messages if isinstance(each, Mapping) and each.get("role") == "user"]
    return message_text(by_user[-1]) if by_user else ""


def _texts(entry: Entry) -> Iterator[str]:
    yield entry.prompt
    try:
        recording = open_recording(entry.path)
        # As one chunk: arrival times do not matter here, and decoding chunk by chunk takes half as long again.
        reply = reply_of(Recording(recording.head, [Chunk(0.0, recording.data)], recording.end))
    except RecordingError:
        return
    yield from map(message_text, reply.request.messages)
    yield reply.content
    yield reply.reasoning
    yield from (readable_json(call.arguments) for call in reply.tool_calls)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _decode(recording: Recording, reply: Reply, decoder: CompletionDecoder) -> SfStreamError | None:
    """Feed all chunks to the reply; return the error that the decoder raises."""
    t = 0.0
    try:
        for chunk in recording.chunks:
            t = chunk.t
            for event in decoder.feed(chunk.data):
                reply.add(event, t)
        for event in decoder.flush():
            reply.add(event, t)
    except SfStreamError as error:
        return error
    return None


def _as_recorded(end: End | None, error: SfStreamError | None) -> SfStreamError | Stopped | None:
    """Return the error that belongs to the recorded status; the bytes alone do not show a stop, for example."""
    if end is None:
        return StreamInterrupted(NO_END) if error else None
    if error and error.status == end.status:
        return error
    if end.status == "stopped":
        return Stopped(WAS_STOPPED)
    if end.status == "cut":
        return StreamCut(WAS_CUT)
    if end.status == "failed":
        return MalformedStream(message("This answer failed when it was recorded."))
    return error

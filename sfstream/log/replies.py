"""A recording as the Reply that it was: decoded as when it came, but without a run and its threads."""

from __future__ import annotations

from sfstream.core.recording import Recording
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.errors import (
    ConfigurationError,
    MalformedStream,
    RecordingError,
    SfStreamError,
    Stopped,
    StreamCut,
    StreamInterrupted,
)
from sfstream.wire.completion import CompletionDecoder
from sfstream.wire.replay import NO_END


def reply_of(recording: Recording, *, is_growing: bool = False) -> Reply:
    """The reply that was recorded, with the status that it had.

    Args:
        recording: what came of it.
        is_growing: whether more of it may come; then it is streaming where it has no end.

    Raises:
        RecordingError: the request in it is none.
    """
    try:
        reply = Reply(ChatRequest.from_body(recording.head.request), via="replay")
    except ConfigurationError as problem:
        raise RecordingError(f"The request in the recording is none. {problem}") from None
    reply.recording, reply.source, reply.trace_id = recording, recording.head.source, recording.head.trace_id
    error = _as_recorded(recording, _decode(recording, reply))
    if is_growing and isinstance(error, StreamInterrupted):
        return reply
    chunks = recording.chunks
    reply.end(chunks[-1].t if chunks else 0.0, error)
    return reply


def _decode(recording: Recording, reply: Reply) -> SfStreamError | None:
    """Give the reply all that came; return what the decoder finds wrong with it."""
    decoder = CompletionDecoder(trace_id=reply.trace_id)
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
    if not decoder.done:
        reply.notes.append("The stream ended without [DONE].")
    return None


def _as_recorded(recording: Recording, error: SfStreamError | None) -> SfStreamError | Stopped | None:
    """The error that goes with the status in the recording: a stop, for one, is not to be seen in the bytes."""
    if recording.end is None:
        return StreamInterrupted(NO_END) if error else None
    status = recording.end.status
    if error and error.status == status:
        return error
    if status == "stopped":
        return Stopped("This answer was stopped when it was recorded.")
    if status == "cut":
        return StreamCut("This answer was cut off when it was recorded.")
    if status == "failed":
        return MalformedStream("This answer failed when it was recorded.")
    return error

"""Finding answers by what was said in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from sfstream.core.events import Chunk
from sfstream.core.recording import Recording
from sfstream.errors import RecordingError
from sfstream.log.entries import Entry, entries, text_of
from sfstream.log.format import open_recording
from sfstream.log.replies import reply_of


def found(text: str) -> Iterator[Entry]:
    """The answers that hold the text, newest first: in what was asked, in the reasoning, or in the content.

    Neither case nor width matters: ``ＡＢＣ`` is ``abc``. What cannot be read is passed over.
    """
    wanted = _folded(text)
    return (entry for entry in entries() if any(wanted in _folded(part) for part in _parts(entry)))


def _parts(entry: Entry) -> Iterator[str]:
    yield entry.prompt
    try:
        recording = open_recording(entry.path)
        # As one chunk: when each came does not matter here, and decoding them one by one takes half as long again.
        reply = reply_of(Recording(recording.head, [Chunk(0.0, recording.data)], recording.end))
    except RecordingError:
        return
    yield from map(text_of, reply.request.messages)
    yield reply.content
    yield reply.reasoning
    yield from (call.arguments for call in reply.tool_calls)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()

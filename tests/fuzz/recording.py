"""The reader of recordings: any file opens as one or is refused; opened, it can be listed, shown and saved."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from sfstream.display.mimebundle import bundle
from sfstream.errors import RecordingError
from sfstream.log.entries import reply_of
from sfstream.log.format import compress, open_recording, read_summary
from sfstream.log.writer import save_recording
from tests.faults.truth import FRAMES, REQUEST
from tests.fuzz.mutations import mutated

_HEAD = {"version": 1, "time": "2026-10-01T08:00:00.000+00:00", "request": REQUEST.body(), "trace_id": "ti_1"}
_LINES = [
    _HEAD | {"source": "server"},
    *([number / 50, frame.decode()] for number, frame in enumerate(FRAMES)),
    [1.5, {"base64": "8J8="}],
    {"status": "complete", "usage": {"completion_tokens": 9}},
]
_WHOLE = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in _LINES)
_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["version", "request", "model", "messages", "role", "content", "time", "status", "usage", "stop"]
            )
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@st.composite
def _made(draw: st.DrawFn) -> bytes:
    """A head of any shape with a few lines of any shape."""
    head = {"version": 1, "request": draw(_ANY)} | draw(
        st.dictionaries(st.sampled_from(["time", "trace_id", "source"]), _ANY)
    )
    lines = [head, *draw(st.lists(st.tuples(st.floats(0, 9), st.text(max_size=5)) | _ANY, max_size=4))]
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


_FILES = mutated(st.just(_WHOLE) | _made())


def target(count: Callable[[], None]) -> Callable[[], None]:
    """The property, which calls ``count`` for each example."""

    @given(_FILES, st.sampled_from(["plain", "packed", "ours", "broken"]), st.data())
    def holds(data: bytes, how: str, more: st.DataObject) -> None:
        count()
        with TemporaryDirectory() as folder:
            path = Path(folder, "a.jsonl.gz")
            path.write_bytes(gzip.compress(data, 1) if how == "packed" else data)
            if how in ("ours", "broken"):
                path.write_bytes(compress(data, 1))
            if how == "broken":
                path.write_bytes(more.draw(mutated(st.just(path.read_bytes()))))
            _open(path, Path(folder, "again.jsonl"))

    return holds


def _open(path: Path, again: Path) -> None:
    """What the log and a replay do with a file. Anything but a refusal is raised."""
    try:
        summary = read_summary(path)
    except RecordingError:
        summary = None
    try:
        recording = open_recording(path)
        reply = reply_of(recording)
    except RecordingError:
        return
    assert summary, "it opens, and is not listed"
    assert recording.head == summary[0]
    save_recording(recording, again)
    assert [chunk.data for chunk in recording.chunks] == [chunk.data for chunk in open_recording(again).chunks]
    "".join([*bundle(reply).values(), repr(reply)]).encode()

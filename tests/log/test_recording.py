"""The file of a recording: written, read, cut anywhere, and refused."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfstream.core.events import Chunk
from sfstream.core.recording import End, Head, Recording
from sfstream.demo.prepared import recording as bundled
from sfstream.errors import RecordingError
from sfstream.log.format import open_recording
from sfstream.log.writer import RecordingFile, check_writable, save_recording

HEAD = Head({"model": "a/b", "stream": True}, time="2026-10-01T08:00:00.000+00:00", trace_id="ti_1")
CHUNKS = [
    Chunk(0.25, "data: 你好\u2028\n\n".encode()),
    Chunk(0.5, b"\xf0\x9f"),
    Chunk(0.75, b"\x98\x80"),
    Chunk(1.0, b""),
    Chunk(1.5, b"data: [DONE]\n\n"),
]
END = End("complete", {"completion_tokens": 2})
NAMES = ["a.jsonl", "a.jsonl.gz"]


def saved(folder: Path, name: str = "a.jsonl", end: End | None = END) -> Path:
    save_recording(Recording(HEAD, CHUNKS, end), folder / name)
    return folder / name


def written(folder: Path, *lines: object) -> Path:
    """A file of these lines: bytes as they are, all else as JSON."""
    path = folder / "a.jsonl"
    path.write_bytes(b"".join(x if isinstance(x, bytes) else json.dumps(x).encode() + b"\n" for x in lines))
    return path


def test_format(tmp_path: Path) -> None:
    """The head comes first, then a line for each chunk, base64 where it is not whole UTF-8, then the end."""
    lines = [json.loads(line) for line in saved(tmp_path).read_bytes().splitlines()]

    assert lines[0] == {
        "version": 1,
        "time": "2026-10-01T08:00:00.000+00:00",
        "request": {"model": "a/b", "stream": True},
        "trace_id": "ti_1",
        "source": "server",
    }
    assert lines[1:4] == [[0.25, "data: 你好\u2028\n\n"], [0.5, {"base64": "8J8="}], [0.75, {"base64": "mIA="}]]
    assert lines[-1] == {"status": "complete", "usage": {"completion_tokens": 2}}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("end", [END, None], ids=["ended", "interrupted"])
def test_round_trip(tmp_path: Path, name: str, end: End | None) -> None:
    """What is saved opens as it was, plain and packed, with its end and without."""
    assert Recording(HEAD, CHUNKS, end) == open_recording(saved(tmp_path, name, end))


def test_packed_by_its_name_and_known_by_its_bytes(tmp_path: Path) -> None:
    """A name in `.gz` packs the file; whether a file is packed is seen from its first bytes."""
    packed = saved(tmp_path, "a.gz")
    assert packed.read_bytes().startswith(b"\x1f\x8b")
    assert [packed] == list(tmp_path.iterdir())

    plain = packed.rename(tmp_path / "a.jsonl")
    assert Recording(HEAD, CHUNKS, END) == open_recording(plain)


@pytest.mark.skipif(not shutil.which("gzip"), reason="needs gzip: run where there is one")
def test_any_gzip_unpacks_it(tmp_path: Path) -> None:
    """Header, checksum and length are right by the program that everybody has."""
    plain, packed = tmp_path / "long.jsonl", tmp_path / "long.jsonl.gz"
    for path in (plain, packed):
        save_recording(bundled("long"), path)

    subprocess.run(["gzip", "--test", packed], check=True)
    assert plain.read_bytes() == subprocess.run(["gzip", "-dc", packed], capture_output=True, check=True).stdout


_CHUNKS = st.lists(st.builds(Chunk, st.floats(0, 1e6).map(lambda t: round(t, 6)), st.binary(max_size=20)), max_size=6)
_CHUNKS = _CHUNKS.map(lambda chunks: sorted(chunks, key=lambda chunk: chunk.t))


@settings(max_examples=100, deadline=None)
@given(_CHUNKS, st.sampled_from(NAMES), st.dictionaries(st.text(max_size=3), st.text(max_size=9), max_size=3))
def test_round_trip_of_any_chunks(chunks: list[Chunk], name: str, request: dict[str, str]) -> None:
    """Any bytes at any time come back as they were."""
    with TemporaryDirectory() as folder:
        recording = Recording(Head(request), chunks, END)
        save_recording(recording, Path(folder, name))

        assert recording == open_recording(Path(folder, name))


@pytest.mark.parametrize("name", NAMES)
def test_file_cut_at_any_byte(tmp_path: Path, name: str) -> None:
    """A file that was cut opens as an interrupted answer with what came first, or is refused; never anything else."""
    path = saved(tmp_path, name)
    whole = path.read_bytes()
    opened = []
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        try:
            opened.append(open_recording(path))
        except RecordingError as error:
            assert not opened, f"refused at {size} bytes, though {size - 1} could be read: {error}"  # noqa: PT017

    assert opened
    for recording in opened:
        assert HEAD == recording.head
        assert CHUNKS[: len(recording.chunks)] == recording.chunks
        assert recording.end in (None, END)
    assert [] == opened[0].chunks or name.endswith("gz")


def test_every_line_is_in_the_file_at_once(tmp_path: Path) -> None:
    """Whatever kills the process costs nothing that was added; the file is compressed at the end only."""
    path = tmp_path / "a.gz"
    sink = RecordingFile(path)
    sink.begin(HEAD)
    assert Recording(HEAD) == open_recording(path)
    for number, chunk in enumerate(CHUNKS, 1):
        sink.add(chunk)
        assert Recording(HEAD, CHUNKS[:number]) == open_recording(path)
        assert path.read_bytes().startswith(b"{")
    sink.end(END)

    assert path.read_bytes().startswith(b"\x1f\x8b")
    assert Recording(HEAD, CHUNKS, END) == open_recording(path)
    assert [path] == list(tmp_path.iterdir())
    assert sink.warning is None


def test_body_is_the_chunks_joined() -> None:
    """The data of a recording is the whole body."""
    assert "data: 你好\u2028\n\n😀data: [DONE]\n\n".encode() == Recording(HEAD, CHUNKS).data


def test_head_with_the_least_is_taken(tmp_path: Path) -> None:
    """A head written by hand needs the version and the request."""
    path = written(tmp_path, {"version": 1, "request": {}, "source": "written by hand", "more": 1}, [0, "a"])

    assert Recording(Head({}, "", None, "written by hand"), [Chunk(0.0, b"a")]) == open_recording(path)


_HEAD_LINE = {"version": 1, "request": {}}
_END_LINE = {"status": "complete", "usage": {}}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        pytest.param([], "is not a recording", id="empty"),
        pytest.param([b"\n"], "is not a recording", id="blank-line"),
        pytest.param([b"<html>\n"], "is not a recording", id="html"),
        pytest.param([b"\x89PNG\r\n\x1a\n"], "is not a recording", id="picture"),
        pytest.param([b"\x1f\x8bnot gzip"], "cannot be read", id="broken-gzip"),
        pytest.param([b"[" * 100_000 + b"\n"], "is not a recording", id="too-deep"),
        pytest.param([{"cells": []}], "is not a recording", id="notebook"),
        pytest.param([[0, "a"]], "is not a recording", id="no-head"),
        pytest.param([{"version": 2, "request": {}}], "version 2", id="newer-version"),
        pytest.param([{"request": {}}], "version None", id="no-version"),
        pytest.param([_HEAD_LINE, b"oops\n", [0, "a"]], "line 2 is not JSON", id="line-of-text"),
        pytest.param([_HEAD_LINE, [0, "a"], [0]], "line 3 is not a chunk", id="chunk-without-data"),
        pytest.param([_HEAD_LINE, 1], "line 2 is not a chunk", id="number"),
        pytest.param([_HEAD_LINE, ["0", "a"]], "line 2 is not a chunk", id="time-is-text"),
        pytest.param([_HEAD_LINE, [-1, "a"]], "line 2 is not a chunk", id="negative-time"),
        pytest.param([_HEAD_LINE, [float("nan"), "a"]], "line 2 is not a chunk", id="time-is-nan"),
        pytest.param([_HEAD_LINE, [float("inf"), "a"]], "line 2 is not a chunk", id="time-is-infinite"),
        pytest.param([_HEAD_LINE, [10**400, "a"]], "line 2 is not a chunk", id="time-is-no-float"),
        pytest.param([_HEAD_LINE, [0, {"base64": "é"}]], "line 2 is not a chunk", id="not-base64"),
        pytest.param([_HEAD_LINE, [0, {"base64": "8J 8="}]], "line 2 is not a chunk", id="base64-with-a-space"),
        pytest.param([_HEAD_LINE, [0, {"base64": 1}]], "line 2 is not a chunk", id="base64-is-a-number"),
        pytest.param([_HEAD_LINE, [0, {}]], "line 2 is not a chunk", id="empty-data"),
        pytest.param([_HEAD_LINE, [0, "\ud800"]], "line 2 is not a chunk", id="half-a-character"),
        pytest.param([_HEAD_LINE, [0, ["a"]]], "line 2 is not a chunk", id="data-is-a-list"),
        pytest.param([_HEAD_LINE, [2, "a"], [1, "b"]], "time of line 3 is before that of", id="time-goes-backwards"),
        pytest.param([_HEAD_LINE, _END_LINE, [1, "b"]], "line 3 stands after the end", id="end-in-the-middle"),
        pytest.param([_HEAD_LINE, _END_LINE, _END_LINE], "line 3 stands after the end", id="two-ends"),
        pytest.param([_HEAD_LINE, [0, "a"], _HEAD_LINE], "line 3 is neither a chunk nor the end", id="two-heads"),
        pytest.param([_HEAD_LINE, _END_LINE, _HEAD_LINE], "line 3 stands after the end", id="two-recordings"),
    ],
)
def test_file_that_is_no_recording(tmp_path: Path, lines: list[object], said: str) -> None:
    """A file that is no recording, or a broken one, is refused by name and with what is wrong."""
    path = written(tmp_path, *lines)
    with pytest.raises(RecordingError, match=said) as caught:
        open_recording(path)

    assert str(path) in str(caught.value)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=30), st.booleans(), st.booleans())
def test_no_file_does_harm(rest: bytes, with_head: bool, packed: bool) -> None:
    """Any bytes open as a recording, or are refused as none."""
    data = (json.dumps(_HEAD_LINE).encode() + b"\n" if with_head else b"") + rest
    with TemporaryDirectory() as folder:
        path = Path(folder, "a")
        path.write_bytes(gzip.compress(data) if packed else data)
        try:
            recording = open_recording(path)
        except RecordingError:
            return
        assert with_head
        assert {} == recording.head.request


@pytest.mark.parametrize("name", ["none.jsonl", "no/folder.jsonl", "", "a\0b", "~no-such-user/a.jsonl"])
def test_file_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A path where nothing is, or can be, is named."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RecordingError):
        open_recording(name)


@pytest.mark.parametrize("name", ["no/folder.jsonl", "", ".", "a\0b", "~no-such-user/a.jsonl"])
def test_file_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A path that cannot be written is refused before anything is sent, and by the writer too."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RecordingError):
        check_writable(name)
    with pytest.raises(RecordingError):
        save_recording(Recording(HEAD), name)


@pytest.mark.parametrize("place", [-6, -40, 60], ids=["checksum", "end", "middle"])
def test_a_changed_byte_of_a_packed_file_is_noticed(tmp_path: Path, place: int) -> None:
    """Its checksum covers every byte; a plain file has none."""
    path = saved(tmp_path, "a.jsonl.gz")
    data = bytearray(path.read_bytes())
    data[place] ^= 0x10
    path.write_bytes(data)
    with pytest.raises(RecordingError, match=r"cannot be read: its compressed data was changed or damaged\.$"):
        open_recording(path)


def test_empty_lines_are_passed_over(tmp_path: Path) -> None:
    """An editor may leave some, and the line ends of Windows."""
    path = saved(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n\n") + b" \n")
    assert Recording(HEAD, CHUNKS, END) == open_recording(path)


def test_file_on_a_full_disk() -> None:
    """A recording that does not fit is refused like one that cannot be opened."""
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full, a disk that is always full: run on Linux")
    with pytest.raises(RecordingError):
        save_recording(Recording(HEAD, CHUNKS), "/dev/full")


def test_writable_path_is_left_as_it_is(tmp_path: Path) -> None:
    """Asking whether a file can be written makes none, and empties none."""
    check_writable(tmp_path / "new.jsonl")
    assert not list(tmp_path.iterdir())

    path = saved(tmp_path)
    check_writable(path)
    assert Recording(HEAD, CHUNKS, END) == open_recording(path)

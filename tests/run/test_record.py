"""``record=``, and a disk that does not take it: that costs the recording, never the answer."""

from __future__ import annotations

import gc
import os
import shutil
import warnings
from pathlib import Path

import pytest

from sfstream.api import chat
from sfstream.core.recording import End, Head, Recording
from sfstream.core.reply import Reply
from sfstream.demo.server import DemoServer
from sfstream.errors import ConfigurationError, RecordingError, StreamCut
from sfstream.log.format import open_recording
from sfstream.log.writer import save_recording
from sfstream.run.ask import ask
from tests.fake_transport import DONE, ended, run_of, silent, streaming, word
from tests.waiting import until

FULL = Path("/dev/full")

needs_full = pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full, a disk that is always full: run on Linux")


def test_a_recording_is_written_on_the_way(tmp_path: Path) -> None:
    """What has come is in the file while the stream goes on, without an end; the end is there after it."""
    path = tmp_path / "answer.jsonl"
    during: list[Recording] = []

    def look() -> None:
        until(lambda: b"first" in open_recording(path).data)
        during.append(open_recording(path))

    run = ended(run_of(streaming(word("first "), look, word("last", "stop"), DONE), record=str(path)))
    assert [None] == [recording.end for recording in during]
    after = open_recording(path)
    assert after.data.endswith(word("last", "stop") + DONE)
    assert End(run.reply.status, run.reply.usage) == after.end


def test_a_stopped_recording_has_its_end(tmp_path: Path) -> None:
    """Also an answer that was stopped is closed, and says so."""
    path = tmp_path / "answer.jsonl"
    run = run_of(silent(word("first")), record=str(path))
    for batch in run.batches(0):
        if batch:
            run.stop()
    recording = open_recording(path)
    assert recording.end
    assert "stopped" == recording.end.status
    assert b"first" in recording.data


def test_a_refusal_leaves_an_older_recording_alone(asking_demo: DemoServer, tmp_path: Path) -> None:
    """The file is written when an answer begins, so that a refusal does not cost what stood there."""
    path = tmp_path / "answer.jsonl"
    assert "complete" == ask("Hello", model="demo/english", via="requests", display="off", record=path).status
    before = path.read_bytes()
    assert "failed" == ask("Hello", model="demo/status-400", via="requests", display="off", record=path).status
    assert before == path.read_bytes()


@needs_full
def test_a_full_disk_costs_the_recording_only(asking_demo: DemoServer) -> None:
    """The answer is whole, and one note says what is missing; saving it elsewhere still works."""
    reply = chat("Hello", model="demo/english", via="requests", display="off", record=FULL)
    assert "complete" == reply.status
    assert ["The file '/dev/full' cannot be written: No space left on device."] == [*map(str, reply.notes)]


@needs_full
def test_saving_to_a_full_disk_is_told(asking_demo: DemoServer, tmp_path: Path) -> None:
    """A reply that cannot be saved says why, in our own error."""
    reply = chat("Hello", model="demo/english", via="requests", display="off")
    for name in ("answer.md", "answer.jsonl"):
        (tmp_path / name).symlink_to(FULL)
        with pytest.raises(RecordingError, match="No space left on device"):
            reply.save(tmp_path / name, overwrite=True)


def test_a_folder_that_goes_costs_the_recording_only(tmp_path: Path) -> None:
    """A folder that is removed between the question and the answer is one note."""
    folder = tmp_path / "folder"
    run = ended(run_of(streaming(word("all", "stop"), DONE), record=str(folder / "answer.jsonl")))
    assert ("complete", "all", 1) == (run.reply.status, run.reply.content, len(run.reply.notes))
    assert "No such file or directory" in str(run.reply.notes[0])


def lost_on_the_way(tmp_path: Path) -> tuple[Reply, str, list[str]]:
    """The reply whose file fails after the first chunk, the file, and Python's warnings."""
    path = str(tmp_path / "pipe")
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    steps = (word("a"), lambda: os.close(reader), word("b"), word("c", "stop"), DONE)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        reply = ended(run_of(streaming(*steps), record=path)).reply
        gc.collect()
    return reply, path, [str(warning.message) for warning in warned]


def test_a_disk_that_fails_on_the_way_costs_the_recording_only(tmp_path: Path) -> None:
    """The rest of the answer comes, and one note says that the file is not whole."""
    reply, path, _ = lost_on_the_way(tmp_path)
    assert ("complete", "abc", None) == (reply.status, reply.content, reply.error)
    assert [f"The recording {path!r} is not complete: Broken pipe."] == [*map(str, reply.notes)]


def test_a_disk_that_fails_leaves_no_file_open(tmp_path: Path) -> None:
    """The file is closed when it is given up."""
    *_, warned = lost_on_the_way(tmp_path)
    assert [] == warned


def test_an_error_and_a_lost_recording_are_both_told(tmp_path: Path) -> None:
    """A stream that is cut while its file fails ends as a cut, with the note about the file."""
    run = ended(run_of(streaming(word("a")), record=str(tmp_path / "none" / "a.jsonl")))
    assert isinstance(run.reply.error, StreamCut)
    assert ("a", 1) == (run.reply.content, len(run.reply.notes))


@pytest.mark.parametrize("path", [".", "none/answer.jsonl", ""], ids=["folder", "no-folder", "empty"])
def test_a_path_that_cannot_be_is_told_before_anything_is_sent(
    asking_demo: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """A recording that cannot be written is an error before the question is paid for."""
    monkeypatch.chdir(tmp_path)
    before = len(asking_demo.requests)
    with pytest.raises(RecordingError, match="cannot be written"):
        chat("Hello", model="demo/english", via="requests", display="off", record=path or Path())
    assert before == len(asking_demo.requests)


def test_a_recording_is_not_played_onto_itself(
    asking_demo: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be gone where the player stops in the middle, and loses its times where it does not."""
    path = tmp_path / "answer.jsonl"
    chat("Hello", model="demo/english", via="requests", display="off", record=path)
    before = path.read_bytes()
    (tmp_path / "other.jsonl").symlink_to(path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for record in (path, tmp_path / "other.jsonl", "~/answer.jsonl"):
        with pytest.raises(ConfigurationError, match="record to another file"):
            chat(replay=path, record=record, speed="max", display="off")
    with pytest.raises(RecordingError, match="cannot be read"):
        chat(replay="a\0.jsonl", record=path, display="off")
    assert before == path.read_bytes()


def test_a_packed_recording_goes_where_it_was_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the process goes meanwhile, and through a link; other files stay."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kept").mkdir()
    Path("answer.jsonl.gz").symlink_to("kept/real.jsonl.gz")
    Path("kept/real.jsonl.gz.part").write_text("mine")
    steps = (word("a"), lambda: os.chdir("/"), word("b", "stop"), DONE)
    run = ended(run_of(streaming(*steps), record="answer.jsonl.gz"))
    assert [] == run.reply.notes
    assert (tmp_path / "answer.jsonl.gz").is_symlink()
    assert b"\x1f\x8b" == (tmp_path / "kept" / "real.jsonl.gz").read_bytes()[:2]
    assert {"real.jsonl.gz", "real.jsonl.gz.part"} == {path.name for path in (tmp_path / "kept").iterdir()}


def test_what_is_nested_too_deeply_is_told(tmp_path: Path) -> None:
    """By whoever is to write it, as a recording that cannot be written."""
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(RecordingError, match="nested too deeply"):
        save_recording(Recording(Head({"model": "m", "x": deep})), tmp_path / "a.jsonl")
    with pytest.raises(RecordingError, match="nested too deeply"):
        save_recording(Recording(Head({"model": "m"}), [], End("complete", {"x": deep})), tmp_path / "b.jsonl")


def test_a_packed_recording_whose_folder_goes_is_noted(tmp_path: Path) -> None:
    """A file that cannot be packed at the end costs the recording, and one note says so."""
    folder = tmp_path / "folder"
    folder.mkdir()
    steps = (word("a"), lambda: shutil.rmtree(folder), word("b", "stop"), DONE)
    run = ended(run_of(streaming(*steps), record=str(folder / "answer.jsonl.gz")))
    assert ("complete", "ab", 1) == (run.reply.status, run.reply.content, len(run.reply.notes))

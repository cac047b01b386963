"""An answer in a file for others, by ``Reply.save``, ``sfstream.log.export`` and ``%sflog export``: one rule."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sfstream import log
from sfstream.demo.prepared import recording as prepared
from sfstream.errors import ConfigurationError, RecordingError
from sfstream.log import writer
from sfstream.log.entries import reply_of
from sfstream.log.format import open_recording
from tests.log.places import path_of

Write = Callable[..., object]


@pytest.fixture(params=["save", "export"])
def write(request: pytest.FixtureRequest) -> Write:
    """Write one answer to a file, by the method of the Reply or by the function of the log."""
    recording = prepared("english")
    if request.param == "save":
        return reply_of(recording).save
    writer.save_recording(recording, path_of(1))
    return lambda file, **options: log.export(1, file, **options)


@pytest.mark.parametrize(
    "name", ["a.md", "A.MD", "a b.Md", "a.jsonl", "a.JSONL", "a.jsonl.gz", "A.JSONL.GZ", "数学.md"]
)
def test_the_ending_names_the_format_in_any_case(write: Write, tmp_path: Path, name: str) -> None:
    """As text or as Path; gzip where it says so."""
    for file in (tmp_path / name, str(tmp_path / f"2 {name}")):
        write(file)
        data = Path(file).read_bytes()
        assert name.lower().endswith(".gz") == data.startswith(b"\x1f\x8b")
        if ".jsonl" in name.lower():
            assert prepared("english").chunks == open_recording(file).chunks


@pytest.mark.parametrize("name", ["a.txt", "a", "a.gz", "a.md.bak", "a.MDX", "", "jsonl"])
def test_an_unknown_ending_is_refused(write: Write, tmp_path: Path, name: str) -> None:
    """Also where `overwrite` is set; nothing is written."""
    folder = tmp_path / "folder"
    folder.mkdir()
    for options in ({}, {"overwrite": True}):
        with pytest.raises(ConfigurationError, match=r"expected a name that ends in \.md, \.(html|json), \.jsonl, "):
            write(folder / name, **options)
    assert [] == [*folder.iterdir()]


@pytest.mark.parametrize("name", ["a.md", "a.jsonl", "a.jsonl.gz"])
def test_an_existing_file_is_replaced_only_on_request(write: Write, tmp_path: Path, name: str) -> None:
    """The error says how."""
    file = tmp_path / name
    file.write_bytes(b"mine")
    with pytest.raises(ConfigurationError, match=r"exists already\. .* replace it with overwrite=True"):
        write(file)
    assert b"mine" == file.read_bytes()
    write(file, overwrite=True)
    assert b"mine" != file.read_bytes()
    assert [name] == [each.name for each in tmp_path.glob("a*")]


def test_a_link_is_followed_and_a_mode_is_kept(write: Write, tmp_path: Path) -> None:
    """A link that leads nowhere counts as a file that exists."""
    link, file = tmp_path / "link.md", tmp_path / "file.md"
    link.symlink_to(file)
    with pytest.raises(ConfigurationError, match="exists already"):
        write(link)
    write(link, overwrite=True)
    file.chmod(0o640)
    write(link, overwrite=True)
    assert link.is_symlink()
    assert 0o640 == file.stat().st_mode & 0o777


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_existing_file_survives_a_failure(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """And nothing is left beside it."""
    file = tmp_path / "a.md"
    file.write_text("mine")

    def fail(path: Path, data: bytes) -> int:
        path.write_text("half")
        raise error

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises((RecordingError, KeyboardInterrupt)):
        write(file, overwrite=True)
    assert "mine" == file.read_text()
    assert ["a.md"] == [each.name for each in tmp_path.glob("a*")]


def test_where_it_cannot_be_written(write: Write, tmp_path: Path) -> None:
    """A missing folder is named; a folder is no file."""
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(RecordingError, match=r"there is no folder .*missing"):
        write(tmp_path / "missing" / "a.md")
    for options in ({}, {"overwrite": True}):
        with pytest.raises(RecordingError, match="it is a folder"):
            write(tmp_path / "folder.md", **options)
    with pytest.raises(RecordingError, match="NUL"):
        write(tmp_path / "a\0.md")


def test_the_home_of_the_user(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tilde stands for it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    write("~/a.md")
    assert (tmp_path / "a.md").exists()


def test_json_and_a_page_belong_to_one_of_them(tmp_path: Path) -> None:
    """A page is the reply's, JSON the log's."""
    recording = prepared("english")
    reply_of(recording).save(tmp_path / "a.HTML")
    assert (tmp_path / "a.HTML").read_text().startswith("<!DOCTYPE html>")
    with pytest.raises(ConfigurationError, match="exists already"):
        reply_of(recording).save(tmp_path / "a.HTML")
    writer.save_recording(recording, path_of(1))
    log.export(1, tmp_path / "a.Json")
    assert "complete" == json.loads((tmp_path / "a.Json").read_text())["status"]

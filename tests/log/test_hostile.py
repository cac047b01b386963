"""Files of the log that are broken, or somebody else's: each is data, and none spoils the list."""

from __future__ import annotations

import contextlib
import gzip
import html as html_module
import json
from pathlib import Path
from typing import Any

import pytest

from sfstream import log
from sfstream.demo.prepared import recording
from sfstream.display.mimebundle import bundle
from sfstream.errors import RecordingError
from sfstream.log import format as format_
from sfstream.log.writer import save_recording
from sfstream.notebook.sflog import sflog
from sfstream.notebook.table import Table
from tests.hostile.corpus import payloads
from tests.hostile.parsed import strictly
from tests.hostile.rules import faults
from tests.log.places import KEY, path_of

ESCAPE = "\x1b[2J\u202e\x9d8;;http://evil\x07"
HEAD: dict[str, Any] = {"version": 1, "request": {"model": "m", "messages": [{"role": "user", "content": "hi"}]}}


def placed(number: int, *lines: object, packed: bool = True) -> Path:
    """A file of the log with these lines: bytes as they are, all else as JSON."""
    path = path_of(number)
    data = b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines)
    path.write_bytes(gzip.compress(data) if packed else data)
    return path


def head(**fields: object) -> dict[str, Any]:
    return HEAD | {"request": HEAD["request"] | fields}


UNREADABLE: dict[str, list[object]] = {
    "text": [b"hello\n"],
    "binary": [bytes(range(256))],
    "blank": [b"\n"],
    "too deep": [b"[" * 200_000 + b"\n"],
    "a list": [[0, "a"]],
    "no request": [{"version": 1}],
    "request is text": [{"version": 1, "request": "hi"}],
    "newer": [{"version": 2, "request": {}}],
    "number of many digits": [b'{"version":' + b"9" * 5000 + b"}\n"],
}
ODD: dict[str, list[object]] = {
    "no model": [HEAD | {"request": {}}],
    "model is a list": [head(model=["x"])],
    "messages are text": [head(messages="hi")],
    "messages are numbers": [head(messages=[1, None])],
    "content is a number": [head(messages=[{"role": "user", "content": 7}])],
    "content is parts": [head(messages=[{"role": "user", "content": [{"text": "hi"}, {"text": 1}, 3]}])],
    "time is a number": [HEAD | {"time": 7}],
    "time is far": [HEAD | {"time": "9999-12-31T23:59:59+00:00"}, [0, "data: [DONE]\n\n"]],
    "tokens are text": [HEAD, [0, "a"], {"status": "complete", "usage": {"completion_tokens": "many"}}],
    "tokens are huge": [HEAD, [0, "a"], {"status": "complete", "usage": {"completion_tokens": 10**300}}],
    "usage is a list": [HEAD, [0, "a"], {"status": "complete", "usage": [1]}],
    "status is a list": [HEAD, [0, "a"], {"status": ["complete"]}],
    "status is streaming": [HEAD, [0, "a"], {"status": "streaming"}],
    "half a character": [b'{"version":1,"request":{"model":"\\ud800","messages":[]}}\n'],
    "escape sequences": [head(model=ESCAPE, messages=[{"role": "user", "content": ESCAPE}])],
    "no time at all": [HEAD, [1e308, "data: [DONE]\n\n"]],
    "long model": [head(model="m" * 100_000), [0, "data: [DONE]\n\n"]],
    "long prompt": [head(messages=[{"role": "user", "content": "long " * 100_000}])],
}


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_file_is_listed_as_such(name: str, packed: bool) -> None:
    """It is listed with its name and what is wrong, the others as usual; showing it is an error that says the same."""
    save_recording(recording("english"), placed(1))
    path = placed(2, *UNREADABLE[name], packed=packed)
    save_recording(recording("chinese"), placed(3))
    listed = log.entries()

    assert [3, 2, 1] == [entry.number for entry in listed]
    assert path.name in listed[1].problem
    assert ["unreadable"] == [row[4] for row in table().rows if row[0] == "2"]
    with pytest.raises(RecordingError, match=path.name):
        log.show(2)


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_spoils_nothing(name: str, packed: bool) -> None:
    """Whatever stands in the fields, the list and the search work, and a terminal is not driven."""
    save_recording(recording("english"), placed(1))
    placed(2, *ODD[name], packed=packed)
    shown = table()

    assert ["2", "1"] == [row[0] for row in shown.rows]
    assert not any(sign in repr(shown) + shown._repr_html_() for sign in "\x1b\x9d\x07\u202e\ud800")
    assert max(len(cell) for row in shown.rows for cell in row) < 200
    assert [1] == [entry.number for entry in log.search("token")]
    with contextlib.suppress(RecordingError):
        assert len(repr(log.show(2))) < 300


def test_a_hostile_prompt_is_text() -> None:
    """In the list, in what is found and in the answer that is shown again there is nothing but ours."""
    hostile = payloads()[::12]
    for number, payload in enumerate(hostile, 1):
        said = json.dumps({"choices": [{"index": 0, "delta": {"content": payload.text}}]})
        asked = head(model=payload.text, messages=[{"role": "user", "content": f"quagga {payload.text}"}])
        placed(number, asked, [0.1, f"data: {said}\n\ndata: [DONE]\n\n"])
    shown = {f"{number} again": bundle(log.show(number))["text/html"] for number in range(1, len(hostile) + 1)}
    shown |= {line: table(line)._repr_html_() for line in ("--all", "search quagga")}

    assert len(hostile) > 60
    assert {} == {name: found for name, html in shown.items() if (found := faults(strictly(html)))}
    assert html_module.escape(hostile[0].text[:40]) in shown["--all"]


def table(line: str = "") -> Table:
    shown = sflog(line)
    assert isinstance(shown, Table)
    return shown


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that unpacks to more than any answer is listed as unreadable, whether in its first line or after."""
    monkeypatch.setattr(format_, "MAX_LINE", 1 << 20)
    placed(1, b"{" + b" " * (2 << 20))
    placed(2, HEAD, b" " * (2 << 20))

    assert [2, 1] == [entry.number for entry in log.entries()]
    for number in (1, 2):
        with pytest.raises(RecordingError, match=r"longer than|not a recording"):
            log.show(number)


@pytest.mark.parametrize("after", [b"", b"\n\n", b"\r\n \n"], ids=["no-newline", "empty-lines", "white-space"])
@pytest.mark.parametrize("packed", [True, False])
def test_an_end_is_found_whatever_follows(after: bytes, packed: bool) -> None:
    """As it is when the file is opened."""
    end = b'{"status":"length","usage":{"completion_tokens":7}}'
    placed(1, HEAD, [0, "data: [DONE]\n\n"], end + after, packed=packed)
    assert [("length", 7)] == [(entry.status, entry.tokens) for entry in log.entries()]


def test_a_long_prompt_is_listed_by_its_beginning() -> None:
    """A list of thousands holds no books. What is shown and searched is the whole."""
    words = "".join(f"word {number} " for number in range(100_000))
    placed(1, head(messages=[{"role": "user", "content": words}]), [0, "data: [DONE]\n\n"])
    assert words[:1000] == log.entries()[0].prompt
    assert words == log.last().request.messages[0]["content"]
    assert [1] == [entry.number for entry in log.search("word 99999 ")]


def test_an_error_quotes_little_of_a_file() -> None:
    """Somebody else's file may hold anything, of any length."""
    placed(1, HEAD | {"version": "9" * 1_000_000})
    placed(2, head(model=["m" * 1_000_000]))
    for number in (1, 2):
        with pytest.raises(RecordingError) as caught:
            log.show(number)
        assert len(str(caught.value)) < 500


def test_other_files_are_left_alone() -> None:
    """What is not named as an answer is neither listed nor removed, but for what a killed kernel has left."""
    folder = placed(1, HEAD).parent
    others = {
        "000007.jsonl.gz",
        "notes.txt",
        f"７７７７７７-{KEY}.jsonl.gz",
        f"1-{KEY}.jsonl.gz",
        f"000002-{KEY}.jsonl",
        f"000002-{KEY.upper()}.jsonl.gz",
        f"000002-{KEY}.jsonl.gz.part",
    }
    for name in others | {f"000003-{KEY}.jsonl.gz.sfstream-part"}:
        (folder / name).write_text("mine")

    assert [1] == [entry.number for entry in log.entries()]
    assert 1 == log.count()
    assert 1 == log.forget_all()
    assert others == {path.name for path in folder.iterdir()}

"""Answers that are not asked twice, in cells: what is shown, bound, marked and listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sfstream import log
from sfstream.core.config import settings
from sfstream.demo.server import DemoServer
from sfstream.notebook.table import Table
from tests.notebook.cells import run


@pytest.fixture
def reusing(shell: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The shell, in an empty folder, with answers taken from the log."""
    (tmp_path / "notebook").mkdir()
    monkeypatch.chdir(tmp_path / "notebook")
    run(shell, "%config SfChat.reuse = True")
    return shell


def sent(reusing: Any, demo: DemoServer, *cells: str) -> list[int]:
    """Run cells; return how many requests each of them made."""
    numbers = []
    for cell in cells:
        before = len(demo.requests)
        run(reusing, cell)
        numbers.append(len(demo.requests) - before)
    return numbers


def test_a_cell_that_is_run_again_is_not_asked_again(
    reusing: Any, demo: DemoServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """The answer, its note and the variables are there; an unrelated change of the line makes no difference."""
    assert [1] == sent(reusing, demo, "%sfchat Hello")
    first = capsys.readouterr().out
    assert [0, 0] == sent(reusing, demo, "%sfchat Hello", "%%sfchat -o mine --via curl\nHello")
    names = reusing.user_ns
    assert names["mine"] is names["sf_reply"] is names["_"]
    assert names["sf_content"] == log.last().content
    shown = capsys.readouterr().out
    assert f"answered from the log, {log.entries()[0].time:%Y-%m-%d}; --fresh asks again" in shown
    assert "played from a recording" not in shown
    assert all(2 * first.count(line) == shown.count(line) > 0 for line in names["sf_content"].splitlines() if line)


def test_a_reused_answer_is_a_turn_like_any_other(reusing: Any, demo: DemoServer) -> None:
    """Another cell continues it; the second turn is reused as well, since the first is the same."""
    cells = "%sfchat -s brief Hello", "%sfchat -c and shorter?"
    assert [1, 1, 0, 0] == sent(reusing, demo, *cells, *cells)
    reply = reusing.user_ns["sf_reply"]
    assert ("reuse", "reuse") == (reply.via, reply.after.via)
    assert ["system", "user", "assistant", "user", "assistant"] == [each["role"] for each in reply.messages]
    assert [1, 1] == sent(reusing, demo, "%sfchat -s brief Hello!", cells[1])


def test_fresh_asks_again(reusing: Any, demo: DemoServer) -> None:
    """On the line, and as a setting; afterwards the new answer is the kept one."""
    assert [1, 1, 0] == sent(reusing, demo, "%sfchat Hello", "%sfchat --fresh Hello", "%sfchat Hello")
    newest = log.last()
    assert newest.trace_id == reusing.user_ns["sf_reply"].trace_id
    run(reusing, "%config SfChat.fresh = True")
    assert [1] == sent(reusing, demo, "%sfchat Hello")


def test_a_setting_of_another_kind_is_refused(reusing: Any) -> None:
    """By name, and the setting stays."""
    result = run(reusing, "%config SfChat.reuse = 3")
    assert "reuse is 3; expected True, False, or the name of a folder." == str(result.error_in_exec)
    assert settings["reuse"] is True


def test_a_dry_run_says_that_nothing_would_be_sent(
    reusing: Any, demo: DemoServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """And from where the answer would be taken; it does not count as use."""
    run(reusing, "%sfchat Hello")
    capsys.readouterr()
    assert [0, 0] == sent(reusing, demo, "%sfchat --dry-run Hello", "%sfchat --dry-run --fresh Hello")
    dry = capsys.readouterr().out
    assert ["Nothing would be sent: answered from the log, "] == [
        line[:46] for line in dry.splitlines() if "sent" in line
    ]
    assert 2 == dry.count("POST ")
    assert ["complete · demo"] == [row[4] for row in run(reusing, "%sflog").result.rows]


def test_the_list_marks_what_was_shown_again(reusing: Any, demo: DemoServer) -> None:
    """Only that answer."""
    assert [1, 1, 0] == sent(reusing, demo, "%sfchat one", "%sfchat two", "%sfchat one")
    assert ["complete · demo", "complete · demo · reused"] == [row[4] for row in run(reusing, "%sflog").result.rows]


def test_what_a_folder_holds_in_vain_is_listed(
    reusing: Any, demo: DemoServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """An answer is used if it was read or written; the folder may be left out where it is the setting."""
    run(reusing, '%config SfChat.reuse = "answers"')
    for line in ("%sflog unused answers", "%sflog unused 'answers'", "%sflog unused"):
        sent(reusing, demo, "%sfchat Hello")
        capsys.readouterr()
        run(reusing, line)
        assert "The folder 'answers' holds no answer that this session has not asked for." in capsys.readouterr().out

    (path,) = Path("answers").iterdir()
    path.rename(path.with_name("0123456789abcdef.jsonl"))
    Path("answers", "fedcba9876543210.jsonl").write_text("broken")
    Path("answers", "notes.jsonl").write_text("something else")
    shown = run(reusing, "%sflog unused answers").result
    assert isinstance(shown, Table)
    assert ("file", "when", "model", "prompt") == shown.heads
    assert [["0123456789abcdef.jsonl", "demo/english", "Hello"], ["fedcba9876543210.jsonl", "", shown.rows[1][3]]] == [
        [row[0], *row[2:]] for row in shown.rows
    ]
    assert "is not a recording" in shown.rows[1][3]


@pytest.mark.parametrize("line", ["%sflog unused", "%sflog unused nowhere"])
def test_a_folder_that_is_none_is_said(reusing: Any, line: str) -> None:
    """In one sentence."""
    result = run(reusing, line)
    assert any(word in str(result.error_in_exec) for word in ("expects a folder", "'nowhere' cannot be read: No such"))

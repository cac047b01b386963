"""``%sflog`` in a cell: what is shown, bound, written, removed and refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sfstream import log
from sfstream.demo.server import DemoServer
from sfstream.display.ending import ending
from sfstream.log.format import open_recording
from sfstream.notebook.table import Table
from tests.kernel import Kernel
from tests.notebook.cells import run


@pytest.fixture
def three(shell: Any) -> Any:
    """The shell, after three answers."""
    for cell in (
        "%sfchat 有诺贝尔数学奖吗？",
        "%sfchat -m demo/reasoning second",
        "%sfchat -m demo/cut-after-20 third",
    ):
        run(shell, cell)
    return shell


def table(three: Any, line: str) -> Table:
    result = run(three, line).result
    assert isinstance(result, Table)
    return result


def test_the_list(three: Any) -> None:
    """Newest first, each on a line that says what it was, how it ended, and whether it is whole."""
    shown = table(three, "%sflog")

    assert ["N", "when", "model", "prompt", "status", "tokens"] == list(shown.heads)
    assert [
        ["3", "demo/cut-after-20", "third", "cut · partial · demo", "20"],
        ["2", "demo/reasoning", "second", "complete · demo", "327"],
        ["1", "demo/english", "有诺贝尔数学奖吗？", "complete · demo", "57"],
    ] == [[row[0], *row[2:]] for row in shown.rows]


def test_a_long_list_is_cut(three: Any) -> None:
    """So many as are asked for, and the number of all."""
    shown = table(three, "%sflog -n 2")
    assert ["3", "2"] == [row[0] for row in shown.rows]
    assert "The newest 2 of 3" in shown.note
    assert 3 == len(table(three, "%sflog --all").rows)


def test_an_answer_is_shown_and_bound(three: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """It is the value of the cell and in the variables; its text is printed, and nothing is raised."""
    capsys.readouterr()
    result = run(three, "again = %sflog show 3")
    reply = three.user_ns["again"]

    assert result.success
    assert "cut" == reply.status
    assert (reply, reply.content) == (three.user_ns["sf_reply"], three.user_ns["sf_content"])
    assert reply.content in capsys.readouterr().out
    assert "complete" == run(three, "%sflog show 2").result.status
    for wide in ("%sflog show\u30002", "%sflog show\t2"):
        assert "complete" == run(three, wide).result.status
    assert three.user_ns["sf_reasoning"]
    assert reply.content == run(three, "%sflog last").result.content


@pytest.mark.parametrize("number", [2, 3])
def test_a_terminal_says_once_how_it_ended(three: Any, capsys: pytest.CaptureFixture[str], number: int) -> None:
    """In the status line of a whole answer, and otherwise in the line that follows its text, and there alone."""
    capsys.readouterr()
    result = run(three, f"%sflog show {number}")
    screen = capsys.readouterr().out

    content, status, line = result.result.content, repr(result.result), ending(result.result)
    assert content in screen
    assert 1 == screen.count(status.rpartition(" · ")[0])
    assert (0 if line else 1) == screen.count(status)
    assert (screen.count(content) if line else 0) == screen.count(f"{content}\n{line}\n")


def test_search(three: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """What is found is listed; quotes around it are no part of it."""
    assert ["1"] == [row[0] for row in table(three, "%sflog search 数学奖吗").rows]
    assert ["3"] == [row[0] for row in table(three, "%sflog search “THIRD”").rows]
    run(three, "%sflog search quagga zebra")
    assert "No answer contains 'quagga zebra'." in capsys.readouterr().out


def test_export(three: Any, tmp_path: Path) -> None:
    """The suffix says as what; a file that is there is not touched."""
    names = ["an answer.md", "answer.json", "answer.jsonl", "answer.jsonl.gz"]
    for name in names:
        assert run(three, f'%sflog export 2 "{tmp_path / name}"').success
    reply = log.show(2)
    markdown, fields = (tmp_path / names[0]).read_text(), json.loads((tmp_path / names[1]).read_text())

    assert all(text in markdown for text in ("## User\n\nsecond", reply.content, "> ", "demo/reasoning, complete"))
    assert (reply.content, reply.reasoning, "complete", reply.usage) == tuple(
        fields[name] for name in ("content", "reasoning", "status", "usage")
    )
    assert reply.recording == open_recording(tmp_path / names[2]) == open_recording(tmp_path / names[3])
    refused = run(three, f'%sflog export 1 "{tmp_path / names[0]}"').error_in_exec
    assert "exists already. Choose another name, or replace it with %sflog export --overwrite." in str(refused)
    assert markdown == (tmp_path / names[0]).read_text()
    for line in (f'--overwrite 1 "{tmp_path / names[0]}"', f"3 {tmp_path / names[0]} --overwrite"):
        assert run(three, f"%sflog export {line}").success
        assert markdown != (tmp_path / names[0]).read_text()


def test_forget(three: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """By number, by age, and all of them, which has to be said twice."""
    run(three, "%sflog forget 1 3")
    assert [2] == [entry.number for entry in log.entries()]
    run(three, "%sflog forget --older 999999w")
    run(three, "%sflog forget --all")
    *removed, warning = capsys.readouterr().out.splitlines()[-3:]
    assert ["Removed 2 answers.", "Removed 0 answers."] == removed
    assert "Answers in the log: 1." in warning
    assert 1 == log.count()
    run(three, "%sflog forget --yes --all")
    run(three, "%sflog forget --all --yes")
    assert ["Removed 1 answer.", "Removed 0 answers."] == capsys.readouterr().out.splitlines()
    for line in ("%sflog", "%sflog forget --all"):
        run(three, line)
        assert "is empty" in capsys.readouterr().out


def test_kept_out_by_option_and_by_setting(three: Any) -> None:
    """--no-log keeps out one answer, the setting all; where one is says it."""
    run(three, "%sfchat --no-log hi")
    assert 3 == log.count()
    assert ["3 answers in"] == [row[1][:12] for row in run(three, "%sfchat").result.rows if row[0] == "log"]
    run(three, "%config SfChat.log = False")
    run(three, "%sfchat hi")
    assert 3 == log.count()
    assert ["off, from %config"] == [
        row[1].partition(";")[0] for row in run(three, "%sfchat").result.rows if row[0] == "log"
    ]


@pytest.mark.parametrize(
    "line",
    [
        *("sometimes", "-n", "-n x", "--all 3", "show", "show x", "show 1 2", "last 2", "search", "search ''"),
        *("export", "export 1", "export 1 answer.txt", "export x a.md", "forget", "forget x", "forget --older"),
        *(
            "forget --older 3y",
            "forget --older 1",
            "forget --all 1",
            "forget --yes",
            "forget --all --older 30d",
            "forget 1 --yes",
            "show ²",
            "-n 0",
        ),
    ],
)
def test_what_cannot_be_done_is_told(three: Any, line: str) -> None:
    """One line, no traceback, and nothing is removed."""
    result = run(three, f"%sflog {line}")

    assert type(result.error_in_exec).__name__ in ("UsageError", "ConfigurationError")
    assert 3 == log.count()


@pytest.mark.kernel
def test_after_a_restart_the_answer_is_there(demo: DemoServer, tmp_path: Path) -> None:
    """A new kernel shows the last answer of the one before, once, and binds it."""
    where = {"SILICONFLOW_BASE_URL": demo.base_url, "XDG_DATA_HOME": str(tmp_path)}
    with Kernel(**where) as kernel:
        kernel.run("%load_ext sfstream")
        kernel.run("%sfchat -m demo/english 有诺贝尔数学奖吗？")
    with Kernel(**where) as kernel:
        kernel.run("%load_ext sfstream")
        shown = kernel.run("%sflog last").displays
        assert "诺贝尔" in kernel.run("print(sf_content)").stdout
        listed = kernel.run("%sflog").displays

    assert 1 == len(shown)
    assert "诺贝尔" in shown[0]["text/html"]
    assert "demo/english" in listed[0]["text/html"]


def test_the_list_in_chinese(three: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Heads, how each ended, the note below, and what the other commands print."""
    run(three, '%config SfChat.language = "zh"')
    shown = table(three, "%sflog -n 1")
    assert ["N", "时间", "模型", "提示词", "状态", "token 数"] == list(shown.heads)
    assert "中断 · 不完整 · 演示" == shown.rows[0][4]
    assert "最新的 1 个，共 3 个；%sflog --all 列出全部。%sflog show N 显示其中一个。" == shown.note
    run(three, "%sflog forget 1 3")
    run(three, "%sflog search quagga zebra")
    assert capsys.readouterr().out.endswith("已删除 2 个回答。\n没有回答包含 'quagga zebra'。\n")
    assert "应为回答的编号" in str(run(three, "%sflog show x").error_in_exec)

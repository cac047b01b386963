"""``--program``: the call of a cell as a program, and nothing sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sfstream.core.program import VIA
from sfstream.demo.server import DemoServer
from tests.notebook.cells import run


@pytest.mark.parametrize("via", VIA)
def test_the_program_is_shown_and_nothing_is_sent(
    shell: Any, demo: DemoServer, capsys: pytest.CaptureFixture[str], via: str
) -> None:
    """It is that of the cell's request: filled in, with its options and the server's address. No variable is bound."""
    run(shell, "topic = 'sed & awk'")
    sent = len(demo.requests)
    assert run(shell, f"%%sfchat --program {via} -t 0.25\nWhat is {{{{ topic }}}}?").success
    shown = capsys.readouterr().out
    assert "What is sed & awk?" in shown
    assert "0.25" in shown
    assert demo.base_url in shown
    assert sent == len(demo.requests)
    assert "sf_reply" not in shell.user_ns


def test_it_needs_no_key(shell: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The program takes it from an environment variable when it runs."""
    run(shell, "%config SfChat.base_url = 'https://api.siliconflow.cn/v1'")
    monkeypatch.delenv("SILICONFLOW_API_KEY", raising=False)
    assert run(shell, "%sfchat --program curl Hello").success
    assert "SILICONFLOW_API_KEY" in capsys.readouterr().out


def test_of_a_recording_it_is_the_recorded_request(
    shell: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --replay, and of the reply."""
    file = tmp_path / "a.jsonl"
    run(shell, f"%sfchat --display off --record {file} What is streaming?")
    assert run(shell, f"%sfchat --program requests --replay {file}").success
    shown = capsys.readouterr().out
    assert shell.user_ns["sf_reply"].program("requests") in shown
    assert '"What is streaming?"' in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("--program wget Hello", "one of openai, requests, curl"),
        ("-a data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs= --program curl Hello", "holds an image"),
    ],
)
def test_what_has_no_program_is_a_short_error(
    shell: Any, demo: DemoServer, capsys: pytest.CaptureFixture[str], typed: str, said: str
) -> None:
    """Nothing is sent."""
    sent = len(demo.requests)
    assert not run(shell, f"%sfchat {typed}").success
    written = capsys.readouterr()
    assert said in written.out + written.err
    assert "Traceback" not in written.out + written.err
    assert sent == len(demo.requests)

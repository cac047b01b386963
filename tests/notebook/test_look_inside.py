"""``--wire`` and ``--timeline``: what is shown below the answer, however it ended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sfstream import errors
from sfstream.core import config
from sfstream.demo.server import DemoServer
from sfstream.display.recording_view import RecordingView
from sfstream.run.ask import ask
from tests.notebook.cells import body, run


@pytest.fixture
def seen(shell: Any, monkeypatch: pytest.MonkeyPatch) -> list[RecordingView]:
    """The views that cells show; the variables are there by then."""
    made: list[RecordingView] = []

    def display(view: RecordingView) -> None:
        assert view.traced[0].reply is shell.user_ns["sf_reply"]
        made.append(view)

    monkeypatch.setattr("IPython.display.display", display)
    config.settings["display"] = "off"
    return made


@pytest.mark.parametrize(
    ("typed", "panes"),
    [("--wire", ["wire"]), ("--timeline", ["timeline"]), ("--wire --timeline", ["timeline", "wire"])],
)
def test_the_view_stands_below_the_answer(
    shell: Any, demo: DemoServer, seen: list[RecordingView], typed: str, panes: list[str]
) -> None:
    """Both together are one view; nothing of it is sent."""
    assert run(shell, f"%%sfchat {typed}\nHello").success
    [view] = seen
    assert panes == list(view.panes)
    assert not {"wire", "timeline"} & set(body(demo))
    assert view.static_text()


def test_it_is_also_a_setting(shell: Any, seen: list[RecordingView]) -> None:
    """Without it nothing is shown but the answer."""
    run(shell, "%sfchat Hello")
    assert [] == seen
    run(shell, "%config SfChat.timeline = True")
    run(shell, "%sfchat Hello")
    assert ["timeline"] == [*seen[0].panes]


@pytest.mark.parametrize(
    ("model", "error", "shown"),
    [
        ("demo/cut-after-3", errors.StreamCut, "cut off by the server"),
        ("demo/echo-key", errors.KeyRefused, "No token arrived."),
    ],
)
def test_it_is_shown_before_the_error(
    shell: Any, seen: list[RecordingView], model: str, error: type[Exception], shown: str
) -> None:
    """What had come of an answer, and the body of a refusal; a key that the server repeats is in neither."""
    result = run(shell, f"%sfchat -m {model} --wire --timeline Hello")
    assert isinstance(result.error_in_exec, error)
    [view] = seen
    assert shown in view.static_text()
    assert "sk-" not in view.static_text().replace("sk-…", "")


def test_a_stopped_answer_is_shown(shell: Any, seen: list[RecordingView], monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to where it was stopped."""

    def stop(*arguments: Any, **keywords: Any) -> Any:
        reply = ask(*arguments, **keywords)
        reply.end(reply.timing.total or 0.0, errors.Stopped("x"))
        return reply

    monkeypatch.setattr("sfstream.run.ask.ask", stop)
    assert isinstance(run(shell, "%sfchat --timeline Hello").error_in_exec, errors.Stopped)
    assert "stopped" in seen[0].static_text()


def test_without_a_byte_there_is_one_sentence(
    shell: Any, seen: list[RecordingView], capsys: pytest.CaptureFixture[str]
) -> None:
    """Such as with a server that is not there."""
    run(shell, "%config SfChat.retries = 0")
    run(shell, "%config SfChat.base_url = 'http://127.0.0.1:9/v1'")
    result = run(shell, "%sfchat --wire Hello")
    assert isinstance(result.error_in_exec, errors.ConnectionFailed)
    assert [] == seen
    assert "No stream came, so there is nothing to look into." in capsys.readouterr().out


def test_replays_and_dry_runs(shell: Any, seen: list[RecordingView], tmp_path: Path) -> None:
    """A replay is shown as it was played; a dry run has nothing to show."""
    assert run(shell, f"%sfchat --record {tmp_path}/a.jsonl Hello").success
    assert run(shell, f"%sfchat --replay {tmp_path}/a.jsonl --speed max --timeline").success
    assert 1 == len(seen)
    assert "played from a recording" in seen[0].static_text()
    assert run(shell, f"%sfchat --replay {tmp_path}/a.jsonl --dry-run --timeline").success
    assert 1 == len(seen)


def test_a_shell_without_html_prints_the_text(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Below the answer."""
    assert run(shell, "%%sfchat --timeline\nHello").success
    text = capsys.readouterr().out
    assert text.index("complete") < text.index("├───")

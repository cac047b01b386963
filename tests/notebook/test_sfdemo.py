"""``%sfdemo`` directs the settings to the demo server, and puts back what was there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from sfstream.core import config
from sfstream.demo.models import MODELS
from sfstream.demo.overview import LINES, PHYSICS
from sfstream.demo.physics import QUANTITIES, Physics, split
from sfstream.demo.server import is_demo, start_demo
from tests.notebook.cells import loaded_shell

OTHER = "https://other.example/v1"


@pytest.fixture
def shell() -> Iterator[Any]:
    """An IPython shell that has loaded sfstream."""
    with loaded_shell() as made:
        yield made


def test_a_server_of_ones_own_does_not_get_the_demos_model(shell: Any) -> None:
    """The demo, another base URL, the demo again: what is put back is what the user had set."""
    shell.run_cell("%config SfChat.model = 'of/mine'\n%sfdemo")
    shell.run_cell(f"%config SfChat.base_url = {OTHER!r}")
    shell.run_cell("%sfdemo")
    shell.run_cell("%sfdemo stop")
    assert {"base_url": OTHER, "model": "of/mine"} == config.settings


def test_what_is_set_during_the_demo_stays(shell: Any) -> None:
    """It was meant; only a model of the demo is of no use elsewhere."""
    shell.run_cell("%sfdemo")
    shell.run_cell(f"%config SfChat.base_url = {OTHER!r}\n%config SfChat.model = 'of/mine'")
    shell.run_cell("%sfdemo stop")
    assert {"base_url": OTHER, "model": "of/mine"} == config.settings
    shell.run_cell("%sfdemo\n%config SfChat.model = 'demo/echo'\n%sfdemo stop")
    assert {"base_url": OTHER, "model": "of/mine"} == config.settings


def test_a_server_that_python_started_can_be_stopped(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """There are no former settings then."""
    url = start_demo().base_url
    shell.run_cell(f"%config SfChat.base_url = {url!r}\n%config SfChat.model = 'demo/echo'")
    assert shell.run_cell("%sfdemo stop").success
    assert "has stopped" in capsys.readouterr().out
    assert {} == config.settings


@pytest.mark.parametrize(
    ("environ", "starts"),
    [
        pytest.param({}, True, id="no-key"),
        pytest.param({"SILICONFLOW_API_KEY": "sk-marked"}, False, id="key"),
        pytest.param({"SILICONFLOW_BASE_URL": "http://127.0.0.1:1/v1"}, False, id="server-without-key"),
    ],
)
def test_the_demo_only_where_a_key_is_missing(
    shell: Any, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], starts: bool
) -> None:
    """The quickstart asks a model if it can, without code of its own."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert shell.run_cell("%sfdemo --if-no-key").success
    assert starts == is_demo(config.settings.get("base_url"))


@pytest.mark.parametrize("line", ["--if", "start", "stop now", "--if-no-key stop"])
def test_another_word_is_refused(shell: Any, capsys: pytest.CaptureFixture[str], line: str) -> None:
    """The message says what can be typed."""
    assert not shell.run_cell(f"%sfdemo {line}").success
    assert "%sfdemo takes list, stop or --if-no-key" in capsys.readouterr().err


def test_physics_become_the_name_of_the_model(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Cells then ask that model, and the message names it; a bare line puts the usual pace back."""
    name = "demo/chat+first-2+rate-20+jitter-0.5+chunk-64"
    assert shell.run_cell("%sfdemo --chunk=64 --first-token 2 --rate 20 --jitter 0.5").success
    assert name == config.settings["model"]
    assert f"Cells ask {name}" in capsys.readouterr().out
    shell.run_cell("%sfdemo --first-token 0 --rate 10000")
    shell.run_cell("%sfchat --display text hi")
    reply = shell.user_ns["sf_reply"]
    assert ("demo/chat+first-0+rate-10000", "complete") == (reply.model, reply.status)
    shell.run_cell("%sfdemo")
    assert "demo/chat" == config.settings["model"]
    shell.run_cell("%sfdemo stop")
    assert {} == config.settings


def test_physics_only_where_a_key_is_missing(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both options go together; a wrong one is refused in any case."""
    shell.run_cell("%sfdemo --rate 5 --if-no-key")
    assert "demo/chat+rate-5" == config.settings["model"]
    shell.run_cell("%sfdemo stop")
    monkeypatch.setenv("SILICONFLOW_API_KEY", "sk-marked")
    assert shell.run_cell("%sfdemo --rate 5 --if-no-key").success
    assert not shell.run_cell("%sfdemo --rate 0 --if-no-key").success
    assert {} == config.settings


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--rate 0", "--rate expects a number from 0.1 to 10,000 tokens a second, got '0'."),
        ("--rate -5", "--rate expects a number from 0.1 to 10,000 tokens a second, got '-5'."),
        ("--rate", "--rate expects a number from 0.1 to 10,000 tokens a second, got ''."),
        ("--first-token nan", "--first-token expects a number from 0 to 120 seconds, got 'nan'."),
        ("--first-token 1e999", "--first-token expects a number from 0 to 120 seconds, got '1e999'."),
        ("--jitter abc", "--jitter expects a number from 0 to 1, got 'abc'."),
        ("--chunk 1.5", "--chunk expects a whole number from 1 to 65,536 bytes, got '1.5'."),
        ("--rate 5 --rate 6", "got '--rate'."),
    ],
)
def test_a_wrong_value_is_refused(shell: Any, capsys: pytest.CaptureFixture[str], line: str, said: str) -> None:
    """In one line with the range, and nothing is started."""
    assert not shell.run_cell(f"%sfdemo {line}").success
    assert said in capsys.readouterr().err
    assert not config.settings


def test_the_list_is_short(shell: Any) -> None:
    """Answers first; each model is on one line, and one name is there to be copied."""
    lines = repr(shell.run_line_magic("sfdemo", "list")).splitlines()
    assert len(lines) <= 25
    assert "demo/chat" in lines[1]
    assert "demo/cut-after-N" in lines[-1] + "".join(lines)
    found = [model for line in LINES[1:] for model in line.models]
    assert sorted(found) == sorted(model.pattern for model in MODELS)
    assert {quantity.name for quantity in QUANTITIES} == set(re.findall(r"\+(\w+)", PHYSICS.names))


def test_the_list_speaks_chinese(shell: Any) -> None:
    """Where the display does."""
    shell.run_cell("%config SfChat.language = 'zh'")
    rows = shell.run_line_magic("sfdemo", "list").rows
    assert all(re.search("[\u4e00-\u9fff]", text) for _, text in rows)


def test_the_manual_names_each_option(shell: Any) -> None:
    """With its range."""
    manual = shell.find_line_magic("sfdemo").__doc__
    for quantity in QUANTITIES:
        (line,) = (
            line for line in manual.splitlines() if line.strip().startswith(f"{quantity.flag} ") and "%" not in line
        )
        assert f"{quantity.low:g} to {quantity.high:,g}" in line
    assert split(re.findall(r"-m (\S+)", manual)[0])[1] == Physics(2, 20, 0.5, 64)

"""``%sfdemo`` directs the settings to the demo server, and puts back what was there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sfstream.core import config
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
    assert "stop, list or --if-no-key" in capsys.readouterr().err

"""A key typed into one of our magics draws a warning, and nothing else does."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from types import SimpleNamespace
from typing import Any

import pytest

from sfstream.demo.server import DemoServer
from sfstream.notebook.key_warning import WARNING, warn
from tests.notebook.cells import loaded_shell

KEY = "sk-" + "abcdefgh" * 6
IN_USE = "gw-Zm9vYmFyYmF6"


@pytest.fixture
def shell(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An IPython shell that has loaded sfstream, and has a key."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", IN_USE)
    with loaded_shell() as made:
        yield made


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param(f"%sfkey {KEY}", id="sfkey"),
        pytest.param(f"%%sfchat -m demo/english -p api_key={KEY}\nhi", id="param"),
        pytest.param("%sfchat -m demo/english --param Authorization=token-of-somebody hi", id="authorization"),
        pytest.param(f"%%sfchat -m demo/english\nWhat is {KEY}?", id="prompt"),
        pytest.param(f"mine = %sfchat -m demo/english {KEY}", id="assigned"),
        pytest.param(f"%sfchat --api-key {KEY} hi", id="no-option"),
        pytest.param(f"x = 1\n%sfmodels {KEY}", id="second-line"),
        pytest.param(f"%%sfchat {KEY}\nhi", id="prompt-on-the-line"),
        pytest.param(f"%%sfchat -t {KEY}\nhi", id="value"),
        pytest.param(f"%sflog {KEY}", id="log"),
        pytest.param(f"%sfdemo {KEY}", id="demo"),
        pytest.param(f"sfchat -m demo/english What is {KEY}?", id="automagic"),
        pytest.param(f"%sfchat -m demo/english (is {KEY} right?)", id="in-brackets"),
        pytest.param(f"%%sfchat -m demo/english\n(is {KEY} right?)", id="in-brackets-below"),
        pytest.param(f"%%sfchat\n... {KEY}", id="after-dots"),
        pytest.param(f"%sfmodels [{KEY}]", id="in-square-brackets"),
        pytest.param(f"%time %sfchat -m demo/english {KEY}", id="timed"),
        pytest.param('%sfchat -m demo/english -p headers={"Authorization":"Bearer-of-it"} hi', id="inside-json"),
        pytest.param("%sfkey gw-Zm9vYmFyYmF6", id="another-kind"),
        pytest.param("%sfkey --save gw-Zm9vYmFyYmF6", id="to-be-saved"),
        pytest.param(f"%%sfchat -m demo/english\nIs {IN_USE} mine?", id="in-use"),
        pytest.param(f'%config SfChat.params = {{"api_key": "{KEY}"}}', id="setting"),
    ],
)
def test_it_draws_a_warning(shell: Any, capsys: pytest.CaptureFixture[str], cell: str) -> None:
    """Wherever in the cell it stands; the warning names the better way. Neither it nor an error repeats the key."""
    result = shell.run_cell(cell)
    assert KEY not in str(result.error_in_exec)
    assert f"{WARNING}\n" in capsys.readouterr().err
    assert "%sfkey" in WARNING


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("%sfchat -m demo/english What is an API key such as sk-...?", id="no-key"),
        pytest.param("%%sfchat -m demo/english\nWhy does client(api_key=name) fail?", id="code-in-a-prompt"),
        pytest.param("%sfchat -m demo/english -p seed=7 hi", id="another-parameter"),
        pytest.param(f"key = '{KEY}'", id="not-ours"),
        pytest.param("%sfkey --forget", id="forget"),
        pytest.param("%sfkey --forget\ndataframe_describe = 1", id="forget-and-more"),
        pytest.param("%%sfchat -m demo/english\nWhat does sfkey accomplish-here?", id="asked-about"),
        pytest.param(f"sfkey = '{KEY}'", id="a-name"),
        pytest.param(f"key = '{IN_USE}'", id="not-ours-in-use"),
    ],
)
def test_nothing_else_does(shell: Any, capsys: pytest.CaptureFixture[str], cell: str) -> None:
    """A warning that is not meant is soon read by nobody."""
    shell.run_cell(cell)
    assert WARNING not in capsys.readouterr().err


def test_it_goes_with_the_extension(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """After ``%unload_ext`` nothing is looked at, and loading again does not warn twice."""
    shell.run_cell("%unload_ext sfstream")
    shell.run_cell(f"%sfkey {KEY}")
    assert WARNING not in capsys.readouterr().err
    shell.run_cell("%load_ext sfstream\n%reload_ext sfstream")
    shell.run_cell(f"%sfkey {KEY}")
    assert 1 == capsys.readouterr().err.count(WARNING)


def test_blank_lines_cost_next_to_nothing() -> None:
    """Every cell is searched for a key."""
    began = time.process_time()
    with redirect_stdout(io.StringIO()):
        warn(SimpleNamespace(raw_cell="\n" * 60_000 + "x = 1"))
    assert time.process_time() - began < 1

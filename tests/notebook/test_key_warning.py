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
from sfstream.errors import ConfigurationError
from sfstream.notebook.key_warning import warn, warning
from tests.notebook.cells import loaded_shell

KEY = "sk-" + "abcdefgh" * 6
BEGINNING = "This cell contains an API key"
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
    assert f"{warning()}\n" in capsys.readouterr().err
    assert "%sfkey" in warning()


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
    assert BEGINNING not in capsys.readouterr().err


def test_it_goes_with_the_extension(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """After ``%unload_ext`` nothing is looked at, and loading again does not warn twice."""
    shell.run_cell("%unload_ext sfstream")
    shell.run_cell(f"%sfkey {KEY}")
    assert BEGINNING not in capsys.readouterr().err
    shell.run_cell("%load_ext sfstream\n%reload_ext sfstream")
    shell.run_cell(f"%sfkey {KEY}")
    assert 1 == capsys.readouterr().err.count(BEGINNING)


def test_blank_lines_cost_next_to_nothing() -> None:
    """Every cell is searched for a key."""
    began = time.process_time()
    with redirect_stdout(io.StringIO()):
        warn(SimpleNamespace(raw_cell="\n" * 60_000 + "x = 1"))
    assert time.process_time() - began < 1


CELLS = [
    f"%%sfchat -m demo/echo\nIs {IN_USE} mine?",
    f"%%sfchat -m demo/echo --dry-run\nIs {IN_USE} mine?",
    f"%%sfchat -m demo/echo --program curl\nIs {IN_USE} mine?",
    f"%sfchat -m demo/echo -s {IN_USE} hi",
    f"%sfchat -m demo/echo -p user={IN_USE} hi",
    f"%sfchat -m demo/echo --fresh {IN_USE}",
    'import os\n%sfchat -m demo/echo What is {{ os.environ["SILICONFLOW_API_KEY"] }}?',
    'import os\n%sfchat -m demo/echo --dry-run What is {{ os.environ["SILICONFLOW_API_KEY"] }}?',
]


@pytest.mark.parametrize("cell", CELLS)
def test_the_key_in_use_is_not_sent(
    shell: Any, asking_demo: DemoServer, capsys: pytest.CaptureFixture[str], cell: str
) -> None:
    """Also where it comes from a variable. A dry run and a program fail as the request would."""
    before = len(asking_demo.requests)
    error = shell.run_cell(cell).error_in_exec
    assert isinstance(error, ConfigurationError)
    assert "The request holds the API key" in str(error)
    shown = capsys.readouterr()
    assert IN_USE not in f"{error} {shown.out} {shown.err}"
    assert before == len(asking_demo.requests)


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://api.siliconflow.cn/v1", "(https://cloud.siliconflow.cn/account/ak)"),
        ("https://api.siliconflow.com/v1", "(https://cloud.siliconflow.com/account/ak)"),
        ("https://api.ap.siliconflow.com/v1", "(https://cloud.siliconflow.com/account/ak)"),
        ("http://localhost:11434/v1", ""),
        ("http://127.0.0.1:8000/v1", ""),
        ("https://openrouter.ai/api/v1", ""),
        ("https://siliconflow.cn.example.org/v1", ""),
        ("no URL", ""),
    ],
)
def test_the_page_of_the_keys_is_that_of_the_server(monkeypatch: pytest.MonkeyPatch, url: str, page: str) -> None:
    """A key of another server does not come from SiliconFlow."""
    monkeypatch.setenv("SILICONFLOW_BASE_URL", url)
    assert f"create a new one{page and ' '}{page}, and" in warning()
    assert ("siliconflow" in warning()) == bool(page)

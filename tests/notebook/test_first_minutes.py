"""From nothing to a streamed answer, in a real kernel: keys, models, the demo, the quickstart."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sfstream.__main__ import main
from sfstream.demo.server import DemoServer
from tests.kernel import Kernel
from tests.waiting import until

ROOT = Path(__file__).parents[2]


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[Kernel]:
    """A kernel of somebody who has nothing: no key, no settings."""
    with Kernel(HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path)) as running:
        assert running.run("%load_ext sfstream").status == "ok"
        yield running


@pytest.mark.kernel
def test_without_a_key_one_is_told_what_to_do(kernel: Kernel) -> None:
    """The message names the three ways, and nothing is sent."""
    result = kernel.run("%sfchat hi")
    assert (
        "NoKey: No API key. Type %sfkey to enter one, set SILICONFLOW_API_KEY, or type %sfdemo to try without one."
        == result.error
    )


@pytest.mark.kernel
def test_the_demo_needs_no_key(kernel: Kernel) -> None:
    """It answers, says that there is no model, and leaves the settings as they were."""
    assert "there is no model behind it" in kernel.run("%sfdemo").stdout
    assert "ok" == kernel.run("%sfdemo").status
    result = kernel.run("%%sfchat\n有诺贝尔数学奖吗?")
    assert "没有" in result.displays[-1]["text/plain"]
    assert "written for the demo, no model" in result.displays[-1]["text/html"]
    shown = kernel.run("%sfchat Tell me of zebras").displays[-1]["text/plain"]
    assert "Tell me of zebras" in shown
    assert "What is streaming?" in shown
    assert "什么是流式输出" not in shown
    shown = kernel.run("%sfchat 斑马是什么？").displays[-1]["text/plain"]
    assert "什么是流式输出" in shown
    assert "What is streaming?" not in shown
    assert "demo/cut-after-N" in kernel.run("%sfdemo list").displays[0]["text/plain"]
    listed = kernel.run("%sfmodels RATE").displays[0]["text/plain"]
    assert "demo/rate-100" in listed
    assert "1 match." in listed
    assert "The demo needs no key" in kernel.run("%sfkey --save", allow_stdin=True).stdout
    kernel.run("%sfdemo stop")
    assert kernel.run("%sfchat hi").error.startswith("NoKey: ")
    assert "not running" in kernel.run("%sfdemo stop").stdout
    kernel.run("%sfdemo")
    assert "The demo server has stopped" in kernel.run("%reload_ext sfstream").stdout
    assert kernel.run("%sfchat hi").error.startswith("NoKey: ")


@pytest.mark.kernel
def test_a_key_is_asked_for_checked_and_used(kernel: Kernel, demo: DemoServer) -> None:
    """It is typed into a hidden field, sent to its server, and shown nowhere."""
    kernel.run(f"%config SfChat.base_url = {demo.base_url!r}")
    place = demo.base_url.split("/")[2]
    cell = kernel.start("%sfkey --save", allow_stdin=True)
    assert f"API key of {place}: (hidden)" == kernel.answer("sk-marked")
    result = kernel.result(cell)
    assert f"{place} accepts the key" in result.stdout
    assert "Saved in " in result.stdout
    kernel.run("%sfchat -m demo/english hi")
    assert "Bearer sk-marked" == demo.requests[-1].headers["authorization"]
    assert "typed with %sfkey" in kernel.run("%sfchat").displays[0]["text/plain"]
    assert "forgotten" in kernel.run("%sfkey --forget").stdout
    kernel.run("%sfchat -m demo/english hi")
    assert "authorization" not in demo.requests[-1].headers
    assert "sk-marked" not in str(result.messages)


@pytest.mark.kernel
def test_a_key_that_cannot_be_one_is_refused(kernel: Kernel, demo: DemoServer) -> None:
    """The message says where the trouble is, and not what was typed."""
    kernel.run(f"%config SfChat.base_url = {demo.base_url!r}")
    before = len(demo.requests)
    cell = kernel.start("%sfkey", allow_stdin=True)
    kernel.answer("sk-marked and more")
    result = kernel.result(cell)
    assert "a space at position 10" in result.error
    assert "marked" not in str(result.messages)
    assert before == len(demo.requests)


@pytest.mark.kernel
def test_an_interrupt_enters_no_key(kernel: Kernel) -> None:
    """It is told in a line, and not as a traceback through the prompt."""
    cell = kernel.start("%sfkey", allow_stdin=True)
    assert kernel.asked()
    kernel.interrupt()
    result = kernel.result(cell)
    assert result.error.startswith("ConfigurationError: No key was entered")
    assert 1 == len(next(content for kind, content in result.messages if kind == "error")["traceback"])


@pytest.mark.kernel
def test_without_input_the_environment_is_named(kernel: Kernel) -> None:
    """As under ``jupyter execute``."""
    result = kernel.run("%sfkey", allow_stdin=False)
    assert "Set SILICONFLOW_API_KEY in the environment" in result.error


@pytest.mark.kernel
def test_a_server_without_models_is_told(kernel: Kernel, demo: DemoServer) -> None:
    """One short message, and the key is kept."""
    kernel.run(f"%config SfChat.base_url = {demo.base_url + '/nothing'!r}")
    assert "lists no models" in kernel.run("%sfmodels").error
    cell = kernel.start("%sfkey", allow_stdin=True)
    kernel.answer("sk-marked")
    assert "could not be checked" in kernel.result(cell).stdout


@pytest.mark.kernel
def test_no_network_is_told(kernel: Kernel) -> None:
    """The message names the server."""
    kernel.run("%config SfChat.base_url = 'http://127.0.0.1:1/v1'")
    assert "No connection to 127.0.0.1:1: it was refused" in kernel.run("%sfmodels").error


def demo_command(folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sfstream", "demo", "--execute"]
    path = {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=folder, env=os.environ | path | environ, capture_output=True, text=True, timeout=110
    )


@pytest.mark.kernel
def test_the_quickstart_runs_with_a_key_and_without_curl(tmp_path: Path, demo: DemoServer) -> None:
    """The cell of curl says what is missing, and the notebook goes on."""
    variables = {"SILICONFLOW_API_KEY": "sk-marked", "SILICONFLOW_BASE_URL": demo.base_url}
    ran = demo_command(tmp_path, PATH="", SILICONFLOW_MODEL="demo/chat", **variables)
    assert 0 == ran.returncode, ran.stdout + ran.stderr
    assert "curl is not installed" in ran.stdout
    assert "complete stop" in ran.stdout
    assert "sk-marked" not in ran.stdout + ran.stderr
    assert "Bearer sk-marked" == demo.requests[-1].headers["authorization"]


@pytest.mark.kernel
def test_an_interrupt_ends_the_quickstart_quietly(tmp_path: Path) -> None:
    """In the middle of a cell, without a traceback, and with the exit status of an interrupt."""
    command = [sys.executable, "-m", "sfstream", "demo", "--execute"]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=tmp_path, env=environ, stdout=pipe, stderr=pipe, text=True) as running:
        until(lambda: any(path.is_file() for path in tmp_path.rglob("sfstream/log/*")), 60)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=60)
    assert 130 == running.returncode
    assert "Traceback" not in err


@pytest.mark.kernel
def test_a_cell_that_fails_is_printed_and_sets_the_status(tmp_path: Path) -> None:
    """What the cells before it gave is printed too."""
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "id": name, "metadata": {}, "source": source, "outputs": [], "execution_count": None}
        for name, source in (("a", "print(6 * 7)"), ("b", "1 / 0"), ("c", "print('not run')"))
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "quickstart.ipynb").write_text(json.dumps(notebook))
    ran = demo_command(tmp_path)
    assert (1, "A cell failed: ZeroDivisionError: division by zero\n") == (ran.returncode, ran.stderr)
    assert "    42\n" in ran.stdout


@pytest.mark.parametrize(("arguments", "name"), [(["demo"], "JupyterLab"), (["demo", "--execute"], "nbconvert")])
def test_what_is_not_installed_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], name: str
) -> None:
    """With the command that installs it."""
    monkeypatch.setattr("sfstream.__main__.find_spec", lambda module: None)
    assert 1 == main(arguments)
    assert f"{name} is not installed. Install it with: pip install 'sfstream[lab]'\n" == capsys.readouterr().err


def test_notebooks_that_are_there_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What somebody has changed is not written over, and what is no notebook is told in one line."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quickstart.ipynb").write_text("mine")
    assert 1 == main(["demo", "--execute"])
    assert "quickstart.ipynb cannot be run" in capsys.readouterr().err
    assert "mine" == (tmp_path / "quickstart.ipynb").read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc, which not even root may write to: run on Linux")
def test_a_folder_that_cannot_be_written_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One short message."""
    monkeypatch.chdir("/proc")
    assert 1 == main(["demo"])
    assert "Change to another folder" in capsys.readouterr().err


def test_loading_imports_next_to_nothing() -> None:
    """Settings and errors; neither a client library nor the display."""
    code = (
        "import sys; from IPython.core.interactiveshell import InteractiveShell as S\n"
        "shell = S.instance(); before = set(sys.modules)\n"
        "import sfstream; sfstream.load_ipython_extension(shell)\n"
        "print(*sorted({name.split('.')[0] for name in set(sys.modules) - before}))\n"
        "print(*sorted(name for name in sys.modules if name.startswith('sfstream.')))\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=ROOT)
    tops, ours = ran.stdout.splitlines()[-2:]
    assert not {"openai", "requests", "jiter", "tornado", "httpx2"} & set(tops.split())
    assert not [name for name in ours.split() if name.startswith(("sfstream.wire", "sfstream.display", "sfstream.api"))]

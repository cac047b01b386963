"""What a plain script prints: it names what a script can do, and no magic, option or variable of a notebook."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sfstream.core import hints
from sfstream.demo.server import DemoServer
from sfstream.run.messages import stopped_after

ROOT = Path(__file__).parents[2]
SCRIPT = """
import os, signal, threading
import sfstream

def tried(what, *arguments, **keywords):
    try:
        print(what(*arguments, **keywords))
    except BaseException as error:
        print(type(error).__name__, error)

def ask(prompt="Hello", **keywords):
    return sfstream.chat(prompt, **{"model": "demo/english", "via": "requests", **keywords})

print(sfstream.conversations)
tried(sfstream.log.show, 99)
ask()
ask(reuse=True)
tried(ask, model="demo/none-such")
tried(ask, model="demo/status-401", log=False)
tried(ask, model="demo/cut-after-3")
tried(ask, replay="script.py")
tried(ask, "")
tried(ask, display="loud")
tried(ask, temperature=7)
threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()
tried(ask, model="demo/stall-before-headers")
tried(sfstream.models, "none-such")
del os.environ["SILICONFLOW_BASE_URL"]
tried(ask)
"""


def test_a_script_is_told_of_no_magics(tmp_path: Path, demo: DemoServer) -> None:
    """Notes, lists and errors; the answer of the demo speaks of none either."""
    (tmp_path / "script.py").write_text(SCRIPT)
    environ = os.environ | {"SILICONFLOW_BASE_URL": demo.base_url, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "script.py"]
    ran = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60, check=True)
    assert "reuse=False asks again" in ran.stdout
    assert "Stopped Stopped before the answer began." in ran.stdout
    assert "NoKey No API key. Set the environment variable SILICONFLOW_API_KEY." in ran.stdout
    assert [] == re.findall(r".*(?:%|\s--?[a-z]|sf_).*", ran.stdout + ran.stderr)


@pytest.mark.parametrize(("has_magics", "place"), [(True, "sf_reply"), (False, "error.reply")])
def test_a_stop_says_where_the_beginning_is(monkeypatch: pytest.MonkeyPatch, has_magics: bool, place: str) -> None:
    """Where something had arrived."""
    monkeypatch.setattr(hints, "are_magics_loaded", has_magics)
    said = [str(stopped_after(tokens, has_begun=True)) for tokens in (None, 1, 1200)]
    assert ["Stopped.", "Stopped after 1 token.", "Stopped after 1,200 tokens."] == [
        text.removesuffix(f" The partial answer is in {place}.") for text in said
    ]
    assert "Stopped before the answer began." == str(stopped_after(None, has_begun=False))

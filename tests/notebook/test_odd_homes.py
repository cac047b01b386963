"""Where a program lives oddly: no terminal, no output at all, no home, another shell, a handler that raises."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

import sfstream
from sfstream.core import config
from sfstream.core.config import settings
from sfstream.demo.server import DemoServer
from sfstream.errors import StreamCut
from sfstream.notebook import key_warning


def test_an_output_that_only_writes_will_do(asking_demo: DemoServer) -> None:
    """Such as a user's own, which writes to two places; errors have their face there too."""

    class Tee:
        def __init__(self) -> None:
            self.text = ""

        def write(self, text: str) -> None:
            self.text += text

        def flush(self) -> None: ...

    tee: Any = Tee()
    with redirect_stdout(tee):
        reply = sfstream.chat("Hello", model="demo/echo", display="text")
        faces = StreamCut("gone")._render_traceback_()
    assert reply.content in tee.text
    assert "gone" in faces[0]


def test_no_output_at_all_is_no_error(asking_demo: DemoServer) -> None:
    """As with print(), which is silent then."""
    script = "import sys, sfstream; sys.exit(sfstream.chat('Hello', model='demo/echo').content.count('Hello'))"
    command = f'exec "$0" -c "{script}" >&-'
    done = subprocess.run(["sh", "-c", command, sys.executable], capture_output=True, text=True, timeout=60)
    assert (1, "") == (done.returncode, done.stderr)


def test_a_user_without_a_home_has_files_nowhere() -> None:
    """What is done there fails as in a folder that cannot be written, and so costs no answer."""

    def homeless(_: str) -> Path:
        raise RuntimeError("Could not determine home directory.")

    where = config._user_folder(homeless)
    with pytest.raises(OSError, match="directory"):
        where.mkdir(parents=True)
    with pytest.raises(NotADirectoryError):
        (where / "keys.json").read_text()


def test_another_shell_leaves_the_settings_of_the_first(asking_demo: DemoServer) -> None:
    """Else its next prompt would go to SiliconFlow, and be paid, while it thinks that the demo is asked."""
    first, second = InteractiveShell(), InteractiveShell()
    try:
        for shell in (first, second):
            shell.run_cell("%load_ext sfstream")
            first.run_cell("%config SfChat.model = 'demo/echo'")
        assert "demo/echo" == settings["model"]
    finally:
        for shell in (second, first):
            shell.run_cell("%unload_ext sfstream")
            shell.history_manager.end_session()
    assert "model" not in settings


def test_what_a_handler_raises_ends_the_answer_in_order(asking_demo: DemoServer) -> None:
    """A time limit of somebody's own: what had come is bound, shown to its end, and in the log."""
    script = """
import signal
from IPython.core.interactiveshell import InteractiveShell
from sfstream import log

def late(*_):
    if any(len(each.reply().content) > 9 for each in log.entries(1)):
        signal.setitimer(signal.ITIMER_REAL, 0)
        raise TimeoutError("too long")

signal.signal(signal.SIGALRM, late)
shell = InteractiveShell.instance()
shell.run_cell("%load_ext sfstream")
signal.setitimer(signal.ITIMER_REAL, 0.5, 0.1)
result = shell.run_cell("%sfchat --via requests -m demo/rate-100 Hello")
reply, content = (shell.user_ns[name] for name in ("sf_reply", "sf_content"))
print("\\n>", type(result.error_in_exec).__name__, reply.status, len(content) > 9)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert "> TimeoutError stopped True" == done.stdout.splitlines()[-1]
    assert "stopped" in done.stdout


def test_blank_lines_cost_next_to_nothing() -> None:
    """Every cell is looked at for a key, those of others too."""
    began = time.process_time()
    with redirect_stdout(io.StringIO()):
        key_warning.warn(SimpleNamespace(raw_cell="\n" * 60_000 + "x = 1"))
    assert time.process_time() - began < 1


@pytest.mark.curl
def test_what_curl_cannot_have_is_given_back(asking_demo: DemoServer) -> None:
    """Where the process may open no more files, each attempt fails with its reason, and leaves none open."""
    script = """
import os, resource, sfstream
from sfstream.errors import SfStreamError

sfstream.chat("Hello", model="demo/echo", via="curl", display="off")
held = len(os.listdir("/dev/fd")) - 1  # without that of the list itself
for more in range(4):  # with four more both pipes are there; Popen's own, of which Python 3.11.2 loses some, come next
    resource.setrlimit(resource.RLIMIT_NOFILE, (held + more, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    try:
        sfstream.chat("Hello", model="demo/echo", via="curl", display="off", log=False)
    except SfStreamError as error:
        print(type(error).__name__)
resource.setrlimit(resource.RLIMIT_NOFILE, (256, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
print(len(os.listdir("/dev/fd")) - 1 - held)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert ("0", "") == (done.stdout.split()[-1], done.stderr)
    assert "NoTransport" in done.stdout

"""``%%sfchat`` in a real IPython in a real terminal."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from sfstream.core.text import columns
from sfstream.demo.server import DemoServer

pytestmark = pytest.mark.kernel


@pytest.fixture
def terminal(asking_demo: DemoServer, tmp_path: Path) -> Iterator[pexpect.spawn[str]]:
    """An IPython that has loaded sfstream and asks the demo server."""
    child = pexpect.spawn(
        sys.executable,
        ["-m", "IPython", "--no-banner", "--no-confirm-exit", "--colors=NoColor", "--simple-prompt"],
        env=os.environ | {"SILICONFLOW_MODEL": "demo/echo", "TERM": "xterm", "HOME": str(tmp_path)},
        encoding="utf-8",
        dimensions=(40, 100),
        timeout=30,
    )
    child.expect(r"In \[1\]: ")
    child.sendline("%load_ext sfstream")
    child.expect(r"In \[2\]: ")
    yield child
    child.kill(signal.SIGKILL)
    child.wait()  # close() gives a process on a busy machine too little time to end
    child.close()


def prompt(demo: DemoServer) -> str:
    return str(json.loads(demo.requests[-1].body)["messages"][-1]["content"])


@pytest.mark.sampled
@pytest.mark.parametrize(
    "typed",
    ["What's 2+2?", "explain the -n flag of sed", r"Is $\frac{a}{b} \cdot {x}$ right?", "what is this?"],
)
def test_a_line_arrives_on_the_wire_as_typed(terminal: pexpect.spawn[str], demo: DemoServer, typed: str) -> None:
    """Neither the shell nor we change a character of the prompt."""
    terminal.sendline(f"%sfchat {typed}")
    terminal.expect(r"complete")
    assert typed == prompt(demo)


def test_a_system_prompt_arrives_as_typed(terminal: pexpect.spawn[str], demo: DemoServer) -> None:
    """Braces on the line are not filled in by IPython."""
    terminal.sendline('brief = 1; get_ipython().user_ns["x"] = 2')
    terminal.expect(r"In \[3\]: ")
    terminal.sendline('%sfchat -s "be {brief}" $x hi')
    terminal.expect(r"complete")
    messages = json.loads(demo.requests[-1].body)["messages"]
    assert ["be {brief}", "$x hi"] == [message["content"] for message in messages]


def test_a_cell_streams_and_says_how_it_went(terminal: pexpect.spawn[str]) -> None:
    """The answer, then one line with model, times, tokens and the end, which is also the value of the cell."""
    terminal.sendline("%%sfchat")
    terminal.expect(r"\.\.\.: ")
    terminal.sendline("tell me of zebras")
    for _ in range(2):  # a cell ends with a blank line after a blank line
        terminal.expect(r"\.\.\.: ")
        terminal.sendline("")
    terminal.expect("zebras")
    terminal.expect(r"Out\[2\]: demo/echo · first token [\d.]+ s · .* tokens · .*complete\r\n")
    terminal.expect(r"In \[3\]: ")
    terminal.sendline("sf_reply is _, 'zebras' in sf_content")
    terminal.expect(r"\(True, True\)")


@pytest.mark.parametrize("code", ["import sfstream; sfstream.chat('hi')", "%time %sfchat hi"])
def test_the_last_line_is_printed_once(terminal: pexpect.spawn[str], code: str) -> None:
    """As the value of a cell that has shown it, the reply says so; later it is the line again."""
    terminal.sendline(code)
    terminal.expect(r"Out\[2\]: <Reply complete>\r\n")
    assert 1 == (terminal.before or "").count("· complete")
    terminal.sendline("_")
    terminal.expect(r"Out\[3\]: demo/echo · first token .* complete\r\n")


def test_reasoning_is_dim_and_apart(terminal: pexpect.spawn[str]) -> None:
    """It ends before the answer begins."""
    terminal.sendline("%sfchat -m demo/reasoning go")
    terminal.expect(r"\x1b\[2m[^\x1b]+")
    terminal.expect(r"\x1b\[0m\r\n\r\n[^\x1b]")
    terminal.expect("complete")


def test_an_error_is_a_few_lines(terminal: pexpect.spawn[str]) -> None:
    """No traceback."""
    terminal.sendline("%sfchat -m demo/status-401 go")
    terminal.expect(r"KeyRefused")
    terminal.expect(r"In \[3\]: ")
    assert "Traceback" not in (terminal.before or "")
    assert (terminal.before or "").count("\n") < 7


def test_ctrl_c_keeps_what_has_come(terminal: pexpect.spawn[str], demo: DemoServer) -> None:
    """The next line works, and the variables are whole."""
    terminal.sendline("%sfchat -m demo/rate-100 go")
    terminal.expect("What streaming is")
    terminal.sendintr()
    terminal.expect(r"\x1b\[1;36m■\x1b\[0m Stopped after")
    terminal.expect(r"In \[3\]: ")
    terminal.sendline("sf_reply.status, len(sf_content) > 10, _ is sf_reply")
    terminal.expect(r"\('stopped', True, True\)")


def test_what_the_terminal_echoes_is_erased(terminal: pexpect.spawn[str]) -> None:
    """Where Ctrl-C is pressed at the beginning of a line, the closing line does not stand behind ^C."""
    terminal.sendline("%sfchat -m demo/stall-after-5 go")
    terminal.expect(r"What streaming is\r\n")
    terminal.sendintr()
    terminal.expect(r"\^C[^\n]*\r\x1b\[K[^\n]*■\x1b\[0m Stopped")


def test_an_error_fits_a_narrow_terminal(terminal: pexpect.spawn[str]) -> None:
    """Its lines break between words, at the terminal's width."""
    terminal.setwinsize(40, 50)
    terminal.sendline("%sfchat -m demo/status-503 go")
    terminal.expect(r"ServerBusy")
    terminal.expect(r"In \[3\]: ")
    assert max(map(len, f"ServerBusy{terminal.before}".splitlines())) <= 50


def test_a_failure_of_a_cell_is_not_the_end(terminal: pexpect.spawn[str]) -> None:
    """A cut stream keeps its content, and the shell goes on."""
    terminal.sendline("%sfchat -m demo/cut-after-20 go")
    terminal.expect(r"▲\x1b\[0m Cut off by the server\.")
    terminal.expect("StreamCut")
    terminal.expect(r"In \[3\]: ")
    terminal.sendline("sf_reply.status, len(sf_content) > 10")
    terminal.expect(r"\('cut', True\)")


@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_log_fits_the_terminal(terminal: pexpect.spawn[str], width: int) -> None:
    """Each answer is one line: the prompt is cut, a Chinese character counted as the two columns that it takes."""
    terminal.setwinsize(40, width)
    for number, asked in enumerate(("Why is the sky blue? " * 5, "有诺贝尔数学奖吗？" * 10), start=2):
        terminal.sendline(f'get_ipython().run_line_magic("sfchat", {asked!r}); 7')
        terminal.expect(rf"Out\[{number}\]: 7")
    terminal.sendline("%sflog")
    terminal.expect(r"(N  when .*)\r\n(2 .*)\r\n(1 .*)\r\n%sflog show N shows one\.")
    assert terminal.match
    heads, *shown = terminal.match.groups()
    assert width == columns(heads)
    assert [True, True] == ["… " in line and columns(line) == width for line in shown]

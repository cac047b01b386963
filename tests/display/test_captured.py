"""While IPython captures output, an answer is one output of it, and nothing appears in the cell: in a real kernel."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from sfstream.demo.server import DemoServer
from tests.kernel import Asker, Kernel

pytestmark = pytest.mark.kernel

STATIC = ["text/html", "text/markdown", "text/plain"]
TOLD = "print([sorted(output.data) for output in out.outputs], [out.stdout, out.stderr])"
WITH = "from IPython.utils.capture import capture_output\nwith capture_output() as out:\n    "
CHAT = "import sfstream\nsfstream.chat('hi', model='demo/echo')"


@pytest.fixture(scope="module")
def kernel(demo: DemoServer) -> Iterator[Kernel]:
    """A kernel that has loaded sfstream and asks the demo server."""
    with Kernel(SILICONFLOW_BASE_URL=demo.base_url, SILICONFLOW_MODEL="demo/echo") as running:
        assert running.run("%load_ext sfstream").status == "ok"
        running.run("%sfchat Hello")
        yield running


@pytest.mark.parametrize(
    "code",
    [
        "%%capture out\n%sfchat hi",
        "%%capture out\n%%sfchat\nhi",
        "%%capture out\n%sfchat --display live hi",
        "%%capture out\n%sfchat --display html hi",
        "%%capture out --no-stderr\n%sfchat -m demo/reasoning hi",
        "%%capture --no-stdout out\nanswer = %sfchat hi",
        f"%%capture out\n{CHAT}",
        "%%capture out\nimport sfstream\nsfstream.show(iter(['Hel', 'lo']))",
        "%%capture out\n%sflog last",
        f"{WITH}%sfchat hi",
        f"{WITH}display(sfstream.chat('hi'))",
        f"import contextlib, io\n{WITH}\n        with contextlib.redirect_stdout(io.StringIO()): sfstream.chat('hi')",
        f"{WITH}\n        with capture_output(display=False): sfstream.chat('hi')",
    ],
)
def test_an_answer_is_one_output(kernel: Kernel, code: str) -> None:
    """The static one, however it is asked for and shown; the cell itself shows nothing, and makes no widget."""
    before = kernel.run("import ipywidgets\nprint(len(ipywidgets.widgets.widget._instances))").stdout
    result = kernel.run(code)
    assert ("ok", []) == (result.status, result.messages)
    assert f"{[STATIC]} ['', '']\n" == kernel.run(TOLD).stdout
    assert before == kernel.run("print(len(ipywidgets.widgets.widget._instances))").stdout


def test_the_other_outputs_of_the_cell_are_captured_too(kernel: Kernel) -> None:
    """In their order: what was shown already stands once, also if it is the value of the cell or is displayed again."""
    kernel.run("%%capture out\n%sfchat --wire hi\ndisplay(sf_reply)\n1 + 1")
    assert f"{[STATIC, ['text/html', 'text/plain'], ['text/plain']]} ['', '']\n" == kernel.run(TOLD).stdout


@pytest.mark.parametrize(("model", "error"), [("demo/status-401", "KeyRefused"), ("demo/cut-after-5", "StreamCut")])
def test_an_answer_that_fails_is_one_output(kernel: Kernel, model: str, error: str) -> None:
    """The exception appears in the cell, as any exception under ``%%capture`` does."""
    result = kernel.run(f"%%capture out\n%sfchat -m {model} hi")
    assert ["error"] == [kind for kind, _ in result.messages]
    assert result.error.startswith(error)
    assert f"{[STATIC]} ['', '']\n" == kernel.run(TOLD).stdout


def test_an_answer_that_is_stopped_or_sent_again_is_one_output(kernel: Kernel) -> None:
    """Nothing is shown of the wait between two attempts."""
    message = kernel.start("%%capture out\n%config SfChat.retries = 5\n%sfchat -m demo/status-503 hi")
    time.sleep(1.5)
    kernel.interrupt()
    result = kernel.result(message)
    assert result.error.startswith("Stopped")
    assert ["error"] == [kind for kind, _ in result.messages]
    assert f"{[STATIC]} ['', '']\n" == kernel.run(TOLD).stdout
    kernel.run("%config SfChat.retries = 2")


@pytest.mark.parametrize("by", ["notebook", "batch", "other"])
def test_the_next_cell_is_as_ever(kernel: Kernel, by: Asker) -> None:
    """The display is chosen for each cell; bare ``%sfchat`` says why while output is captured."""
    shown = {kind for kind, _ in kernel.run("%sfchat hi", by=by).messages}
    kernel.run("%%capture out\n%sfchat hi", by=by)
    assert shown == {kind for kind, _ in kernel.run("%sfchat hi", by=by).messages}
    assert ("update_display_data" in shown) == (by == "notebook")
    assert ("stream" in shown) == (by == "other")


def test_where_says_why(kernel: Kernel) -> None:
    """Bare ``%sfchat`` names the reason."""
    kernel.run(f"{WITH}where = get_ipython().run_line_magic('sfchat', '')")
    said = kernel.run("print(dict(where.rows)['display'])").stdout
    assert "auto: the static answer at the end, since the output of this cell is captured\n" == said


def test_a_message_of_the_page_is_heard(kernel: Kernel) -> None:
    """Such as that a view of an earlier cell is gone; ipykernel notes the request of each on the publisher."""
    result = kernel.run(f"{WITH}get_ipython().set_parent(get_ipython().get_parent())\nprint('heard')")
    assert ("ok", "heard\n") == (result.status, result.stdout)

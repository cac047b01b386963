"""Answers in an ``ipywidgets.Output``, where nothing is replaced: the first display is the last."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sfstream.demo.server import DemoServer
from tests.kernel import Kernel

pytestmark = pytest.mark.kernel

WIDGET = "application/vnd.jupyter.widget-view+json"
START = """import ipywidgets, sfstream, threading
from sfstream.display import frontend
frontend.note_hello({})
out, inner = ipywidgets.Output(), ipywidgets.Output()
def ask(): sfstream.chat('hi', model='demo/echo')
def ask_in(out, *others):
    with out: ask_in(*others) if others else ask()
def in_thread(function, *values):
    thread = threading.Thread(target=function, args=values)
    thread.start()
    thread.join()
"""
ANOTHER_REQUEST = """kernel = get_ipython().kernel
former = kernel.get_parent('shell')
def work():
    kernel._shell_parent.set(former | {'header': former['header'] | {'msg_id': 'of another'}})
    ask_in(out)
in_thread(work)"""
"""As in a thread of a cell that has ended, while the kernel handles a later request."""


@pytest.fixture(scope="module")
def kernel(demo: DemoServer) -> Iterator[Kernel]:
    """A kernel that has loaded sfstream and asks the demo server."""
    with Kernel(SILICONFLOW_BASE_URL=demo.base_url) as running:
        assert running.run("%load_ext sfstream").status == "ok"
        assert running.run(START).status == "ok"
        yield running


@pytest.mark.parametrize(
    "code",
    [
        "ask_in(out)",
        "ask_in(out, inner)",
        "out.capture()(ask)()",
        "in_thread(ask_in, out)",
        "in_thread(ask_in, out, inner)",
        "in_thread(out.capture()(ask))",
        "ipywidgets.interactive(lambda n: ask(), n=(1, 3)).update()",
        ANOTHER_REQUEST,
    ],
)
def test_a_view_in_an_output_stays(kernel: Kernel, code: str) -> None:
    """Nothing replaces it, so that it is one that says nothing of a page that was loaded."""
    result = kernel.run(f"_ = {code}" if "\n" not in code else code)
    shown = [display["text/plain"] for display in result.displays if "sfstream" in str(display)]
    assert "ok" == result.status
    assert shown
    assert ["InlineWidget" in text for text in shown] == [True] * len(shown)


def test_beside_an_output_the_static_answer_replaces_the_view(kernel: Kernel) -> None:
    """A thread that displays in the cell is not taken for one that displays in a widget of the same cell."""
    first, *_, last = kernel.run("with out: pass\nin_thread(ask)").displays
    assert WIDGET in first
    assert "text/markdown" in last

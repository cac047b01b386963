"""Which display is chosen, by who asks: tried in a real kernel, and without one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sfstream.demo.server import DemoServer
from sfstream.display.frontend import choose
from tests.kernel import Asker, Kernel

WIDGET = "application/vnd.jupyter.widget-view+json"
WHERE = "print(dict(get_ipython().run_line_magic('sfchat', '').rows)['display'])"
ASK = "%sfchat -m demo/reasoning {} hi"
SLOW = "import sfstream, time\nsfstream.show(word for word in 'ab' if not time.sleep(0.4))"


@pytest.fixture(scope="module")
def kernel(demo: DemoServer) -> Iterator[Kernel]:
    """A kernel that has loaded sfstream and asks the demo server."""
    with Kernel(SILICONFLOW_BASE_URL=demo.base_url) as running:
        assert running.run("%load_ext sfstream").status == "ok"
        yield running


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("batch", "auto: the static answer at the end, since the notebook is executed as a whole and nobody watches"),
        ("console", "auto: text, since this is a console"),
        ("notebook", "auto: live, since this is a notebook"),
    ],
)
def test_where_says_which_and_why(kernel: Kernel, by: Asker, said: str) -> None:
    """Bare ``%sfchat`` names the display that would be taken, and the reason."""
    assert said == kernel.run(WHERE, by=by).stdout.strip()


@pytest.mark.kernel
def test_the_cell_that_runs_is_known(kernel: Kernel) -> None:
    """A notebook names it, others do not."""
    code = "from sfstream.display import frontend\nprint([frontend.cell_id()])"
    assert ["['a-cell']\n", "['']\n", "['']\n"] == [
        kernel.run(code, by=by).stdout for by in ("notebook", "console", "batch")
    ]


@pytest.mark.kernel
@pytest.mark.parametrize("code", [ASK.format(""), "import sfstream\nsfstream.chat('hi', model='demo/reasoning')"])
def test_a_batch_gets_one_output(kernel: Kernel, code: str) -> None:
    """Nobody watches: one display at the end with all three types and the metadata, no widget, nothing shown again."""
    result = kernel.run(code, by="batch")
    (output,) = result.outputs
    assert [("display_data", output)] == result.messages
    assert {"text/html", "text/markdown", "text/plain"} == set(output["data"])
    about = output["metadata"]["sfstream"]
    assert ("demo/reasoning", "complete", "stop") == (about["model"], about["status"], about["finish_reason"])
    assert about["usage"]["completion_tokens"] > 10
    assert about["timing"]["first_token"] >= 0


@pytest.mark.kernel
def test_a_console_gets_text(kernel: Kernel) -> None:
    """Text as it comes, and no display; the value of the cell is not shown again."""
    result = kernel.run(ASK.format(""), by="console")
    assert {"stream"} == {kind for kind, _ in result.messages}
    assert "complete" in result.stdout


@pytest.mark.kernel
def test_a_notebook_gets_a_widget(kernel: Kernel) -> None:
    """A widget first, and the static answer in its place."""
    first, *_, last = kernel.run(ASK.format("")).displays
    assert WIDGET in first
    assert {"text/html", "text/markdown", "text/plain"} == set(last)


@pytest.mark.kernel
@pytest.mark.parametrize("by", ["batch", "notebook", "other"])
@pytest.mark.parametrize(("mode", "types"), [("live", {WIDGET, "text/html", "text/plain"}), ("html", {"text/html"})])
def test_what_is_asked_for_is_obeyed(kernel: Kernel, by: Asker, mode: str, types: set[str]) -> None:
    """Whoever asks, ``live`` is the widget and ``html`` is HTML, each with the static answer at the end."""
    first, *_, last = kernel.run(ASK.format(f"--display {mode}"), by=by).displays
    assert types <= set(first)
    assert (WIDGET in first) == (mode == "live")
    assert "text/markdown" in last


@pytest.mark.kernel
@pytest.mark.parametrize("mode", ["live", "html"])
def test_a_console_gets_text_whatever_is_set(kernel: Kernel, mode: str) -> None:
    """Jupyter's consoles show nothing in the place of something else: the answer would be lost on them."""
    result = kernel.run(ASK.format(f"--display {mode}"), by="console")
    assert {"stream"} == {kind for kind, _ in result.messages}
    assert f"Shown as text: {mode} is set, but this is a console." in result.stdout
    assert "complete" in result.stdout


@pytest.mark.kernel
def test_a_page_without_the_widget_is_remembered(kernel: Kernel) -> None:
    """No page runs the widget here: after the first answer it is not tried again, until a page says hello."""
    kernel.run("from sfstream.display import frontend\nfrontend._pages_without_widgets.clear()")
    seen = []
    for _ in range(2):
        seen += [WIDGET in kernel.run(SLOW).displays[0], kernel.run(WHERE).stdout.strip()]
    assert [True, "auto: html, since this page has not loaded the widget"] == seen[:2]
    assert [False, seen[1]] == seen[2:]
    kernel.run("frontend.note_hello({}); frontend._pages_with_widgets.clear()")
    assert WIDGET in kernel.run(SLOW).displays[0]


OUTPUT = "import ipywidgets, sfstream\nfrom sfstream.display import frontend\nfrontend.note_hello({{}})\n"
OUTPUT += "if not {}: frontend._pages_with_widgets.clear()\n"
OUTPUT += "with ipywidgets.Output(): reply = sfstream.chat('hi', model='demo/echo', display='{}')"


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("hello", "mode", "types"),
    [
        (True, "auto", {WIDGET, "text/plain"}),
        (False, "live", {WIDGET, "text/plain"}),
        (False, "auto", {"text/html", "text/markdown", "text/plain"}),
        (True, "html", {"text/html", "text/markdown", "text/plain"}),
    ],
)
def test_in_an_output_widget_nothing_is_replaced(kernel: Kernel, hello: bool, mode: str, types: set[str]) -> None:
    """There the first display is the last: a widget that stays, where a page runs them, or the static answer."""
    result = kernel.run(OUTPUT.format(hello, mode))
    assert [types] == [set(shown) for shown in result.displays]
    assert "True" in kernel.run("frontend._pages_with_widgets.clear(); print(reply.status == 'complete')").stdout


@pytest.mark.kernel
def test_a_reply_is_shown_once_and_later_again(kernel: Kernel) -> None:
    """In the cell that has shown it, the value of the cell is silent; in another it is the static answer."""
    result = kernel.run("import sfstream\nreply = sfstream.chat('hi', model='demo/echo', display='html')\nreply")
    assert "execute_result" not in [kind for kind, _ in result.messages]
    (shown,) = kernel.run("reply").outputs
    assert {"text/html", "text/markdown", "text/plain"} == set(shown["data"])
    assert "demo/echo" == shown["metadata"]["sfstream"]["model"]


@pytest.mark.kernel
def test_what_was_not_shown_is_shown_as_a_value(kernel: Kernel) -> None:
    """With ``off`` nothing has shown it, so that the value of the cell does."""
    result = kernel.run("import sfstream\nreply = sfstream.chat('hi', model='demo/echo', display='off')\nreply")
    assert ["execute_result"] == [kind for kind, _ in result.messages]


@pytest.mark.kernel
def test_into_a_view_of_the_user(kernel: Kernel) -> None:
    """A view that is given gets the reply, and nothing else is shown."""
    result = kernel.run(
        "import sfstream\n"
        "class Mine:\n"
        "    def begin(self, stop): print('begin')\n"
        "    def paint(self, reply, doing): ...\n"
        "    def finish(self, reply): print(reply.status)\n"
        "sfstream.chat('hi', model='demo/echo', into=Mine())"
    )
    assert "begin\ncomplete\n" == result.stdout
    assert ["stream"] == sorted({kind for kind, _ in result.messages})


@pytest.mark.parametrize("mode", ["live", "html"])
def test_without_a_notebook_it_is_text(asking_demo: DemoServer, capsys: pytest.CaptureFixture[str], mode: str) -> None:
    """A setting for all cells does not break a terminal: text, with one remark in all."""
    import sfstream

    keywords: dict[str, Any] = {"model": "demo/echo", "via": "requests", "display": mode}
    for count in (1, 0):
        assert sfstream.chat("Hello", **keywords).content
        out = capsys.readouterr().out
        assert count == out.count(f"Shown as text: {mode} is set, but this is not a notebook.")
        assert "complete" in out


def test_without_a_kernel_all_is_text() -> None:
    """``auto`` is text, and the reason is said."""
    assert ("text", "this is not a notebook", False) == (choose().kind, str(choose().why), choose().refused)
    assert ("text", True) == (choose("live").kind, choose("live").refused)

"""Which front-end runs the current cell, whether it shows widgets, and which display is right for it.

The front-end is recognised by the request that the kernel executes. This is the only module that uses private parts of
ipykernel and ipywidgets: `in_output_widget` and `allow_messages_while_busy`. For IPython's capturing see
`sfstream.display.captured`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sfstream.core.checks import check_value
from sfstream.core.message import Message, message
from sfstream.core.parameters import BY_NAME
from sfstream.display import translations
from sfstream.display.captured import accept_messages_while_captured, is_captured

Mode: TypeAlias = Literal["auto", "live", "html", "text", "off"]
"""Values of the option ``--display``."""
Kind: TypeAlias = Literal["live", "html", "static", "text", "off"]
"""Kinds of display: ``static`` shows nothing but the static answer, when the stream has ended."""
FrontEnd: TypeAlias = Literal["none", "batch", "console", "notebook"]

_JUPYTER_CLIENT_ID = re.compile(r"_\d+_\d+$")
"""End of the message ids of jupyter_client: process and count."""
_VSCODE_CELL = "vscode-notebook-cell:"
_PROBE = """
export default {
  initialize({ model }) {
    model.send({ kind: "hello", language: document.documentElement.lang || navigator.language });
  },
};
"""

_pages_with_widgets: set[str] = set()
"""Sessions of the front-ends that have loaded a widget of ours; each connection to the kernel has its own."""
_pages_without_widgets: set[str] = set()
"""Sessions of the front-ends that had to fall back to HTML, as they had not loaded a widget in time."""
_probe: list[Any] = []


@dataclass(frozen=True)
class Choice:
    """The display for a mode in the current front-end.

    Attributes:
        kind: the kind of display.
        why: the reason, in a few words.
        is_set: whether the user asked for this kind.
        refused: whether the user asked for a kind that is not possible here.
    """

    kind: Kind
    why: Message
    is_set: bool = False
    refused: bool = False


_AUTO: dict[FrontEnd, Choice] = {
    "none": Choice("text", message("this is not a notebook")),
    "batch": Choice("static", message("the notebook is executed as a whole and nobody watches")),
    "console": Choice("text", message("this is a console")),
    "notebook": Choice("live", message("this is a notebook")),
}
_CAPTURED = Choice("static", message("the output of this cell is captured"))


def choose(mode: str = "auto") -> Choice:
    """Return the display for a mode in the current front-end.

    Args:
        mode: ``auto``, or ``live``, ``html``, ``text`` or ``off``, which are obeyed wherever they are possible.

    Raises:
        ConfigurationError: there is no such mode.
    """
    choice = _choose(mode)
    return _CAPTURED if choice.kind in ("live", "html") and is_captured() else choice


def _choose(mode: str) -> Choice:
    check_value(BY_NAME["display"], mode)
    here = front_end()
    if mode == "auto":
        is_without = here == "notebook" and session() in _pages_without_widgets
        return Choice("html", message("this page has not loaded the widget")) if is_without else _AUTO[here]
    if mode in ("live", "html") and (here == "none" or (here == "console" and _is_jupyter_console())):
        why = message("{mode} is set, but {reason}", mode=mode, reason=_AUTO[here].why)
        return Choice("text", why, refused=True)
    return Choice(mode, message("set"), is_set=True)  # type: ignore[arg-type]  # every mode but auto is a kind


def front_end() -> FrontEnd:
    """Return the kind of front-end that runs the current cell.

    JupyterLab, Notebook 7 and VS Code name the cell in the metadata of their requests. nbclient and papermill do not,
    and do not allow input; consoles do not, and allow it.
    """
    if not in_kernel():
        return "none"
    request = _request()
    if request.get("header", {}).get("msg_type") == "comm_msg":  # the callback of a widget
        return "notebook"
    if cell_id() or "google.colab" in sys.modules:
        return "notebook"
    return "console" if request.get("content", {}).get("allow_stdin") else "batch"


def session() -> str:
    """Return the session of the front-end whose request is being handled; empty outside of a kernel."""
    return str(_request().get("header", {}).get("session", "")) if in_kernel() else ""


def cell_id() -> str:
    """Return the front-end's name for the cell that runs; empty outside of a kernel, and in consoles and nbclient.

    A copy of a cell has another name, a cell that was moved or edited keeps its own, also when the kernel is restarted.
    """
    return str(_request().get("metadata", {}).get("cellId") or "") if in_kernel() else ""


def page_can_interrupt() -> bool:
    """Return whether a widget's page can interrupt the kernel.

    VS Code names cells by addresses of their own. Its widgets have a kernel connection with an ``interrupt`` that has
    no server behind it.
    """
    return not cell_id().startswith(_VSCODE_CELL)


def execution_id() -> str:
    """Return what tells one run of a cell from the next; empty outside of a kernel."""
    return str(_request().get("header", {}).get("msg_id", "")) if in_kernel() else ""


def can_add_cell() -> bool:
    """Return whether `add_cell` has an effect.

    It has none in nbclient and papermill, in the callback of a widget, and without IPython. JupyterLab, Notebook 7,
    nbclassic and VS Code (since 2021) add a cell; consoles and terminals fill the next prompt.
    """
    if not in_kernel():
        return current_shell() is not None
    return _request().get("header", {}).get("msg_type") == "execute_request" and front_end() != "batch"


def add_cell(code: str) -> None:
    """Ask the front-end for a new cell below the current one when that has ended. Of several, the last one counts."""
    current_shell().set_next_input(code, replace=False)


def runs_widgets() -> bool:
    """Return whether the current front-end has loaded a widget of ours."""
    return session() in _pages_with_widgets


def note_hello(message: dict[str, Any]) -> None:
    """Remember that the front-end whose message is being handled has loaded a widget, and the language of its page."""
    _pages_with_widgets.add(session())
    _pages_without_widgets.discard(session())
    translations.page_language = str(message.get("language") or translations.page_language)


def note_fallback() -> None:
    """Remember that the current front-end has not loaded the widget in time; a later hello revokes it."""
    _pages_without_widgets.add(session())


def open_probe() -> None:
    """Create a widget that is never displayed and says hello when a front-end loads it. A second call does nothing."""
    if _probe:
        return
    import anywidget  # imports ipywidgets, which only notebooks need

    class Probe(anywidget.AnyWidget):
        _esm = _PROBE

    def receive(_: object, content: Any, _buffers: object) -> None:
        if isinstance(content, dict) and content.get("kind") == "hello":
            note_hello(content)

    probe = Probe()
    allow_messages_while_busy(probe.comm)
    probe.on_msg(receive)
    _probe.append(probe)


def close_probe() -> None:
    """Close the widget of `open_probe`, if there is one."""
    while _probe:
        _probe.pop().close()


def allow_messages_while_busy(comm: Any) -> None:
    """Let a widget's messages reach the kernel while a cell runs, also while its output is captured.

    JupyterLab 4.4 and Notebook 7.4 send them to a kernel thread of their own, a subshell. ipykernel 7.4 then routes
    them to the subshell that last sent something on the comm, which is the busy cell: a stop would arrive after the
    end. This override of a private method keeps the subshell that the front-end has chosen. Other versions of ipykernel
    have no such routing, and nothing is changed.
    """
    accept_messages_while_captured()
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda _data, default: default


def in_output_widget() -> bool:
    """Return whether displays go into an ``ipywidgets.Output``, where they cannot be replaced later.

    Such a widget takes what is displayed for one request. In a thread this is the request that the thread displays for,
    which is another than the one that the kernel is handling by then. ipywidgets' private registry of widgets is read,
    since the public ``Widget.widgets`` is deprecated and warns.
    """
    widgets = getattr(sys.modules.get("ipywidgets.widgets.widget"), "_instances", {})
    if not widgets or not in_kernel():
        return False
    message = getattr(current_shell().display_pub, "parent_header", {}).get("msg_id")
    outputs = (widget for widget in list(widgets.values()) if type(widget).__name__ == "Output")
    return bool(message) and any(widget.msg_id == message for widget in outputs)


def in_kernel() -> bool:
    """Return whether this process is a Jupyter kernel."""
    return hasattr(current_shell(), "kernel")


def when_idle(seconds: float, call: Callable[[], None]) -> None:
    """Call a function from the kernel's event loop after some seconds without a cell. Can be called from any thread."""
    shell = current_shell()
    loop = shell.kernel.io_loop

    def wait() -> None:
        loop.call_later(seconds, look, shell.execution_count)

    def look(count: int) -> None:
        call() if shell.execution_count == count else wait()

    loop.add_callback(wait)


def _is_jupyter_console() -> bool:
    """Return whether this is a console of Jupyter, which cannot update a display; others, such as nbclassic, can."""
    return bool(_JUPYTER_CLIENT_ID.search(str(_request().get("header", {}).get("msg_id"))))


def _request() -> dict[str, Any]:
    """Return the message that the kernel is handling in this thread."""
    request: dict[str, Any] = current_shell().kernel.get_parent("shell")
    return request


def current_shell() -> Any:
    """Return the IPython shell; None outside of IPython, whose import takes some tenths of a second."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None

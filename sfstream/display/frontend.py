"""Who asks for this cell, by the request that the kernel is executing, and which display is right for it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from sfstream.errors import ConfigurationError

Mode: TypeAlias = Literal["auto", "live", "html", "text", "off"]
"""What can be asked for."""
Kind: TypeAlias = Literal["live", "html", "once", "text", "off"]
"""What can be shown: ``once`` is the static answer alone, when it has ended."""
FrontEnd: TypeAlias = Literal["none", "batch", "console", "notebook"]

SET = "set"
"""Why: it was asked for."""

no_widget = False
"""Whether a widget was given up, as no page had loaded it in time; until one says that it has."""

_BY_JUPYTER_CLIENT = re.compile(r"_\d+_\d+$")
"""How the ids of its messages end: process and count."""


@dataclass(frozen=True)
class Choice:
    """The display for this place.

    Attributes:
        kind: which.
        why: the reason, in a few words.
        refused: whether what was asked for cannot be had here.
    """

    kind: Kind
    why: str
    refused: bool = False


_AUTO: dict[FrontEnd, Choice] = {
    "none": Choice("text", "this is no notebook"),
    "batch": Choice("once", "nobody watches: the notebook is executed as a whole"),
    "console": Choice("text", "this is a console"),
    "notebook": Choice("live", "this is a notebook"),
}
_PLACES = {"none": "no notebook", "console": "a console"}
"""Where nothing that has been shown can be changed."""


def choose(mode: str = "auto") -> Choice:
    """The display for a mode, here.

    Args:
        mode: ``auto``; or ``live``, ``html``, ``text`` or ``off``, which are obeyed wherever they can be.

    Raises:
        ConfigurationError: there is no such mode.
    """
    if mode not in get_args(Mode):
        raise ConfigurationError(f"display is {mode!r:.60}; expected one of {', '.join(get_args(Mode))}.")
    here = front_end()
    if mode == "auto":
        is_refused = here == "notebook" and no_widget
        return Choice("html", "this page has not loaded the widget") if is_refused else _AUTO[here]
    if mode in ("live", "html") and (here == "none" or (here == "console" and _is_bare())):
        return Choice("text", f"{mode} is set, and this is {_PLACES[here]}", refused=True)
    return Choice(mode, SET)  # type: ignore[arg-type]  # every mode but auto is a kind


def front_end() -> FrontEnd:
    """Who asks for this cell.

    JupyterLab, Notebook 7 and VS Code name the cell in the metadata of their requests. nbclient and papermill do not,
    and cannot give input either; consoles do not, and can.
    """
    if not in_kernel():
        return "none"
    request = _request()
    if request.get("header", {}).get("msg_type") == "comm_msg":  # the callback of a widget: there are widgets
        return "notebook"
    if request.get("metadata", {}).get("cellId") or "google.colab" in sys.modules:
        return "notebook"
    return "console" if request.get("content", {}).get("allow_stdin") else "batch"


def in_output_widget() -> bool:
    """Whether what is displayed goes into an ``ipywidgets.Output``, as in the callback of a button.

    It takes what it is given, and shows nothing in its place later.
    """
    # Private, but what is public of the same is deprecated. Where there is no such thing, there is no such widget.
    instances = getattr(sys.modules.get("ipywidgets.widgets.widget"), "_instances", {})
    if not instances or not in_kernel():
        return False
    message = _request().get("header", {}).get("msg_id")
    return any(type(each).__name__ == "Output" and each.msg_id == message for each in list(instances.values()))


def _is_bare() -> bool:
    """Whether this console is one of Jupyter's own, which show nothing in the place of what they have shown.

    Other programs that do not name the cell, such as nbclassic, may.
    """
    return bool(_BY_JUPYTER_CLIENT.search(str(_request().get("header", {}).get("msg_id"))))


def in_kernel() -> bool:
    """Whether this is a Jupyter kernel, whose front-end shows HTML."""
    return hasattr(_shell(), "kernel")


def when_idle(seconds: float, call: Callable[[], None]) -> None:
    """Call it from the kernel's loop, when no cell has run for so many seconds. May be called from any thread."""
    shell = _shell()
    loop = shell.kernel.io_loop

    def wait() -> None:
        loop.call_later(seconds, look, shell.execution_count)

    def look(count: int) -> None:
        call() if shell.execution_count == count else wait()

    loop.add_callback(wait)


def _request() -> dict[str, Any]:
    """The message that the kernel is executing."""
    request: dict[str, Any] = _shell().kernel.get_parent("shell")
    return request


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None

"""What ``%%capture`` and ``capture_output()`` of IPython need: they replace the display publisher and the display hook.

While they capture, nothing reaches the page, so that a widget would neither be seen nor be replaced.
"""

from __future__ import annotations

import sys
from typing import Any


def is_captured() -> bool:
    """Return whether IPython captures the displays of the current cell."""
    displaypub = sys.modules.get("IPython.core.displaypub")
    publisher = getattr(_shell(), "display_pub", None)
    return displaypub is not None and isinstance(publisher, displaypub.CapturingDisplayPublisher)


def accept_messages_while_captured() -> None:
    """Let messages of the page reach the kernel while output is captured.

    For each message, ipykernel 7.4 calls a method of the publisher that IPython's capturing one lacks (IPython 9.18). A
    message that a kernel thread handles meanwhile, such as that an earlier view is gone, is then lost, and the cell
    shows a traceback. The method has nothing to do there, since what is captured belongs to no request.
    """
    from IPython.core.displaypub import CapturingDisplayPublisher

    if not hasattr(CapturingDisplayPublisher, "set_parent"):
        CapturingDisplayPublisher.set_parent = _ignore_parent


def ignore_captured_value() -> None:
    """Keep the value that is being displayed out of what is captured: it would be an output without any data."""
    from IPython.core.displayhook import CapturingDisplayHook

    if isinstance(hook := sys.displayhook, CapturingDisplayHook):
        hook.outputs = _IgnoreEmpty(hook)


class _IgnoreEmpty(list[Any]):
    """Stands for the outputs of a hook until the next is added, which is ignored if it holds nothing."""

    def __init__(self, hook: Any) -> None:
        super().__init__()
        self._hook, self._outputs = hook, hook.outputs

    def append(self, output: Any) -> None:
        self._hook.outputs = self._outputs
        if output["data"]:
            self._outputs.append(output)


def _ignore_parent(_: object, __: object) -> None: ...


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None

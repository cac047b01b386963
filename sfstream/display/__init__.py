"""Showing a Reply while it grows and when it is done. Knows nothing of transports."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Literal, Protocol, TypeAlias, get_args

from sfstream.errors import ConfigurationError
from sfstream.reply import Reply

Mode: TypeAlias = Literal["auto", "text", "off"]


class View(Protocol):
    """Something that shows one reply."""

    def begin(self, stop: Callable[[], None]) -> None:
        """Called once, before anything is painted.

        Args:
            stop: ends the run soon; may be called from any thread.
        """
        ...

    def paint(self, reply: Reply, doing: str) -> None:
        """Show what there is.

        Args:
            reply: as far as it has come.
            doing: what is waited for, in a few words; empty while the answer comes.
        """
        ...

    def finish(self, reply: Reply) -> None:
        """Show it as it stays. Called once, however the reply ended."""
        ...


class Silent:
    """Shows nothing."""

    def begin(self, stop: Callable[[], None]) -> None: ...

    def paint(self, reply: Reply, doing: str) -> None: ...

    def finish(self, reply: Reply) -> None: ...


def in_kernel() -> bool:
    """Whether this is a Jupyter kernel, whose front-end shows HTML."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return hasattr(shell, "kernel")


def view(mode: str = "auto", *, closing: bool = True) -> View:
    """The view for a display mode, here.

    Args:
        mode: ``text``: plain text as it comes; ``off``: nothing; ``auto``: HTML in a kernel, else text.
        closing: whether plain text ends with the status line; False where the reply's repr, which is that line,
            is shown after it anyway.

    Raises:
        ConfigurationError: there is no such mode.
    """
    if mode not in get_args(Mode):
        raise ConfigurationError(f"display is {mode!r}; expected one of {', '.join(get_args(Mode))}.")
    if mode == "off":
        return Silent()
    if mode == "auto" and in_kernel():
        from sfstream.display.html import HtmlView

        return HtmlView()
    from sfstream.display.terminal import TextView

    return TextView(closing=closing)

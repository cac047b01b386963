"""Run a request to its end, and paint the answer meanwhile."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Generator

from sfstream.core.events import Event
from sfstream.core.message import Message, message
from sfstream.core.reply import Reply
from sfstream.display.code_cell import offer_code
from sfstream.display.view import View
from sfstream.errors import Stopped
from sfstream.run.interrupts import InterruptGuard
from sfstream.run.loop import Run

FRAME = 0.05
"""Seconds between two updates of the view while tokens arrive."""

_log = logging.getLogger("sfstream")


def consume(run: Run, view: View, batches: Generator[list[Event], None, None] | None = None) -> Reply:
    """Run a request to its end, and paint the answer on a view. An error that ends the stream is not raised.

    Args:
        run: the request.
        view: displays the reply.
        batches: the rest of ``run.batches()``, if its iteration has begun.

    Returns:
        the reply, with its ``status`` and ``error``.

    Raises:
        KeyboardInterrupt: at the third interrupt.
    """
    run.pause = FRAME
    with InterruptGuard.current() as guard:
        guard.on_interrupt(run.stop)
        painter = _Painter(view, run.reply)
        painter.begin(run.stop)
        try:
            with contextlib.closing(batches or run.batches(FRAME)) as remaining:
                for _ in remaining:
                    painter.paint(run.doing)
            offer_code(run.reply)
        except BaseException as error:  # the third interrupt, or the exception of a user's signal handler
            with contextlib.suppress(AttributeError):
                error.reply = run.reply  # type: ignore[attr-defined]  # gives the partial answer to whoever catches it
            raise
        finally:
            painter.finish()
        guard.is_handled = guard.is_handled or isinstance(run.reply.error, Stopped)
    return run.reply


class _Painter:
    """Paint until the view fails; the answer, which is billed, continues without it. The end is painted in any case."""

    def __init__(self, view: View, reply: Reply) -> None:
        self._view = view
        self._reply = reply
        self._has_failed = False

    def begin(self, stop: Callable[[], None]) -> None:
        self._try(lambda view: view.begin(stop))

    def paint(self, doing: Message) -> None:
        if not self._has_failed:
            self._try(lambda view: view.paint(self._reply, doing))

    def finish(self) -> None:
        self._try(lambda view: view.finish(self._reply))

    def _try(self, draw: Callable[[View], None]) -> None:
        try:
            draw(self._view)
        except Exception as error:
            _log.warning("The display failed.", exc_info=True)
            if self._has_failed:
                return
            self._has_failed = True
            what = f"{type(error).__name__}: {error}"
            self._reply.notes.append(message("The display failed ({error}); the answer is complete.", error=what))

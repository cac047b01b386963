"""Watching a run: paint it until it ends, and keep interrupts from tearing anything."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from typing import Protocol

from sfstream.core.events import Event
from sfstream.core.reply import Reply
from sfstream.display.view import View
from sfstream.errors import Stopped
from sfstream.run.interrupts import Held

FRAME = 0.05
"""Seconds between two paintings while tokens come."""


class Watched(Protocol):
    """What can be watched: a `sfstream.run.loop.Run`, or the rest of one."""

    @property
    def reply(self) -> Reply: ...

    @property
    def doing(self) -> str: ...

    def stop(self) -> None: ...

    def batches(self, pause: float) -> Generator[list[Event], None, None]: ...


def watch(run: Watched, view: View) -> Reply:
    """Run to the end, painting on the way. Never raises what ended the stream.

    Args:
        run: the question.
        view: what to paint.

    Returns:
        the reply, with ``status`` and ``error``.

    Raises:
        KeyboardInterrupt: at the third interrupt.
    """
    with Held.here() as held:
        held.call(run.stop)
        painter = _Painter(view, run.reply)
        painter.begin(run.stop)
        try:
            with contextlib.closing(run.batches(FRAME)) as batches:
                for _ in batches:
                    painter.paint(run.doing)
        except BaseException as error:  # a third interrupt, or of somebody's own signal handler
            with contextlib.suppress(AttributeError):
                error.reply = run.reply  # type: ignore[attr-defined]  # whoever catches it finds what had come
            raise
        finally:
            painter.finish()
        held.answered = held.answered or isinstance(run.reply.error, Stopped)
    return run.reply


class _Painter:
    """Paints until painting fails: the answer has been paid for, and goes on without it. The end is tried anyway."""

    def __init__(self, view: View, reply: Reply) -> None:
        self._view = view
        self._reply = reply
        self._has_failed = False

    def begin(self, stop: Callable[[], None]) -> None:
        self._try(lambda view: view.begin(stop))

    def paint(self, doing: str) -> None:
        if not self._has_failed:
            self._try(lambda view: view.paint(self._reply, doing))

    def finish(self) -> None:
        self._try(lambda view: view.finish(self._reply))

    def _try(self, draw: Callable[[View], None]) -> None:
        try:
            draw(self._view)
        except Exception as error:
            if self._has_failed:
                return
            self._has_failed = True
            self._reply.notes.append(f"The display failed ({type(error).__name__}: {error}); the answer is whole.")

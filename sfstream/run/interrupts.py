"""Interrupts (Ctrl-C, the notebook's stop button) while answers stream.

A plain ``KeyboardInterrupt`` may be raised anywhere: inside rendering, sending, or writing a file. While a run is in
the foreground of the main thread, our handler therefore only counts the interrupt and calls the run's ``stop``. The
run ends normally, and then the exception is raised. A third interrupt raises at once, in case the run does not end.

The second click of a double click would interrupt the kernel after the cell, and the cell's reply would be lost
(measured on ipykernel 7.4: in 1 of 12 double interrupts). An interrupt within half a second of a stop is therefore
ignored: by a handler that stays installed or, where the kernel replaces our handler (in a cell with ``await``), by a
short wait before the handler is restored.
"""

from __future__ import annotations

import contextvars
import functools
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, ClassVar, TypeVar

from sfstream.core.message import message
from sfstream.errors import ShortInNotebook, Stopped

_Result = TypeVar("_Result")

IMPATIENT = 3
"""Number of the interrupt that raises KeyboardInterrupt at once."""
_OF_KERNEL = {"ipykernel", "IPython", "tornado"}
"""Packages whose own asyncio tasks run cells; a KeyboardInterrupt is safe there."""
DOUBLE_CLICK = 0.5
"""Seconds after a stop in which a further interrupt counts as the second click of a double click."""
STAY = 0.3
"""Seconds to wait for the second click where the kernel replaces our handler."""


class InterruptGuard:
    """Context manager that counts SIGINT instead of raising KeyboardInterrupt. Nested uses share one instance.

    Attributes:
        count: number of interrupts so far.
        is_handled: whether the interrupts have ended a run; if not, leaving the context raises KeyboardInterrupt.
    """

    _outermost: ClassVar[InterruptGuard | None] = None

    def __init__(self) -> None:
        self.count = 0
        self.is_handled = False
        self._stops: list[Callable[[], None]] = []
        self._former: Any = None
        self._depth = 0
        self._first = 0.0  # time of the first interrupt

    @classmethod
    def current(cls) -> InterruptGuard:
        """Return the active guard of the main thread if this is the main thread, else a new guard."""
        if threading.current_thread() is threading.main_thread() and cls._outermost:
            return cls._outermost
        return cls()

    def on_interrupt(self, stop: Callable[[], None]) -> None:
        """Call ``stop`` at an interrupt. It runs in a signal handler, so it must not acquire a lock."""
        self._stops.append(stop)
        if self.count:
            stop()

    def __enter__(self) -> InterruptGuard:
        self._depth += 1
        if self._depth == 1 and threading.current_thread() is threading.main_thread():
            former = signal.getsignal(signal.SIGINT)
            if former is not None:  # a handler that Python did not install could not be put back
                InterruptGuard._outermost = self
                self._former = former
                signal.signal(signal.SIGINT, self._count)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._depth -= 1
        if self._depth:
            return
        if self._former is not None:
            self._restore(self._former)
        if self.count and not self.is_handled and kind is None:
            raise raisable(KeyboardInterrupt())

    def _restore(self, former: Any) -> None:
        if self.count and isinstance(former, _SecondClick):
            former = former.former
        try:
            if self.count and former is not signal.default_int_handler:
                time.sleep(max(0.0, self._first + STAY - time.monotonic()))
        finally:
            InterruptGuard._outermost = None
            again = self.count and former is signal.default_int_handler
            signal.signal(signal.SIGINT, _SecondClick(former) if again else former)

    def _count(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        if self.count == 1:
            self._first = time.monotonic()
        for stop in self._stops:
            stop()
        if self.count >= IMPATIENT:
            raise KeyboardInterrupt


def raisable(error: BaseException) -> BaseException:
    """Return the exception to raise for an error: usually the error itself.

    A ``KeyboardInterrupt`` that leaves an asyncio task ends the event loop; ipykernel 7.4 then exits, and all variables
    are lost. In a task of the user inside a kernel, and in a thread that such a task awaits, it therefore becomes a
    ``CancelledError`` with the same reply.
    """
    if not isinstance(error, KeyboardInterrupt) or not {"asyncio", "ipykernel"} <= sys.modules.keys():
        return error
    if not (threading.current_thread().name.startswith("asyncio_") or _is_in_task_of_user()):
        return error
    cancelled = _stopped_task()(error.text if isinstance(error, Stopped) else message("Stopped."))
    cancelled.reply = error.reply if isinstance(error, Stopped) else None
    return cancelled


@functools.cache
def _stopped_task() -> type[ShortInNotebook]:
    """Return the class StoppedTask. It is created on first use, because importing asyncio is slow."""
    from asyncio import CancelledError

    class StoppedTask(ShortInNotebook, CancelledError):
        """Raised for `Stopped` in an asyncio task of the user."""

    return StoppedTask


def _is_in_task_of_user() -> bool:
    """Return whether this thread runs an asyncio task that is not the kernel's own."""
    from asyncio import current_task

    try:
        task = current_task()
    except RuntimeError:  # no event loop runs in this thread
        return False
    frame = getattr(task and task.get_coro(), "cr_frame", None)
    return bool(task) and (frame is None or frame.f_globals.get("__name__", "").split(".")[0] not in _OF_KERNEL)


def interruptible(work: Callable[[], _Result], stop: Callable[[], None]) -> _Result:
    """Run a function in another thread, so that an interrupt ends the wait at once, also in a cell with ``await``.

    Args:
        work: the function. Its exceptions are raised here.
        stop: called after an interrupt, to end the function.

    Raises:
        KeyboardInterrupt: there was an interrupt.
    """
    ended: queue.SimpleQueue[None] = queue.SimpleQueue()
    results: list[_Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)
        finally:
            ended.put(None)

    with InterruptGuard.current() as guard:
        guard.on_interrupt(lambda: ended.put(None))
        threading.Thread(
            target=contextvars.copy_context().run, args=(run,), name="sfstream request", daemon=True
        ).start()
        ended.get()
        if guard.count:
            stop()
            raise raisable(KeyboardInterrupt())
    if errors:
        raise errors[0]
    return results[0]


class _SecondClick:
    """Signal handler that ignores interrupts for a moment and then restores the former handler."""

    def __init__(self, former: Any) -> None:
        self.former = former
        self._until = time.monotonic() + DOUBLE_CLICK

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if time.monotonic() < self._until:
            return
        signal.signal(signal.SIGINT, self.former)
        if callable(self.former):
            self.former(number, frame)
        elif self.former == signal.SIG_DFL:
            signal.raise_signal(number)

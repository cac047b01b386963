"""Interrupts (Ctrl-C, the notebook's stop button) while answers stream.

A plain ``KeyboardInterrupt`` may be raised anywhere: inside rendering, sending, or writing a file. So while a run is in
the foreground of the main thread, our own handler only counts the interrupt and calls the run's ``stop``. The run ends
normally, and only then is anything raised. A third interrupt raises at once, in case something does not end.

The second click of a double click would fall into the kernel's own tidying up, and the cell's reply would be lost with
it (measured on ipykernel 7.4: in 1 of 12 double interrupts). So an interrupt within half a second of a stop is ignored:
by a handler that stays installed, or, where the kernel puts its own handler over ours (in a cell with ``await``), by
waiting here for a moment.
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

from sfstream.errors import ShortInNotebook, Stopped

_Result = TypeVar("_Result")

IMPATIENT = 3
"""Number of the interrupt that raises KeyboardInterrupt at once."""
_OF_KERNEL = {"ipykernel", "IPython", "tornado"}
"""Packages whose tasks run cells: there a KeyboardInterrupt is raised as in any cell."""
DOUBLE_CLICK = 0.5
"""Seconds after a stop in which a further interrupt is taken for the second click."""
STAY = 0.3
"""Seconds to wait for the second click where our handler would be replaced."""


class InterruptGuard:
    """Context manager that records SIGINT instead of raising KeyboardInterrupt. Nested uses share the outermost
    instance.

    Attributes:
        count: number of interrupts so far.
        is_handled: whether something has ended because of them; otherwise leaving the context raises.
    """

    _outermost: ClassVar[InterruptGuard | None] = None

    def __init__(self) -> None:
        self.count = 0
        self.is_handled = False
        self._stops: list[Callable[[], None]] = []
        self._former: Any = None
        self._depth = 0
        self._first = 0.0  # when the first interrupt came

    @classmethod
    def current(cls) -> InterruptGuard:
        """Return the guard that is active in the main thread, if this is the main thread, else a new one."""
        if threading.current_thread() is threading.main_thread() and cls._outermost:
            return cls._outermost
        return cls()

    def on_interrupt(self, stop: Callable[[], None]) -> None:
        """Call ``stop`` at an interrupt. It runs in a signal handler, so it must not take a lock."""
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
        if self.count and isinstance(
            former, _SecondClick
        ):  # without an interrupt, it goes on ignoring the second click
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
    """Return what to raise here for an error.

    A ``KeyboardInterrupt`` that leaves an asyncio task ends the event loop, and a kernel with it: ``asyncio.Task``
    raises it out of the loop; ipykernel 7.4 then exits, and all variables are lost. So in a task of the user inside a
    kernel, and in a thread that such a task awaits, it becomes a ``CancelledError`` that carries the reply too.
    """
    if not isinstance(error, KeyboardInterrupt) or not {"asyncio", "ipykernel"} <= sys.modules.keys():
        return error
    if not (threading.current_thread().name.startswith("asyncio_") or _is_in_task_of_user()):
        return error
    cancelled = _stopped_task()(*(error.args or ("Stopped.",)))
    cancelled.reply = error.reply if isinstance(error, Stopped) else None
    return cancelled


@functools.cache
def _stopped_task() -> type[ShortInNotebook]:
    """Return the class StoppedTask; made when first needed, since importing asyncio takes long."""
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
    """Run a function in a thread of its own, so that an interrupt has an effect at once, also in a cell with ``await``,
    and is raised nowhere inside the function.

    Args:
        work: the function.
        stop: ends it; called after an interrupt.

    Returns:
        what the function returns.

    Raises:
        KeyboardInterrupt: there was an interrupt. Exceptions of the function are raised here too.
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

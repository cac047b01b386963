"""Interrupts (Ctrl-C, the notebook's stop button) while answers stream.

A plain ``KeyboardInterrupt`` may be raised anywhere: inside rendering, sending, writing a file. So while
something streams in the main thread, a handler of our own only takes note and calls ``stop``: the run
ends by itself, everything is put in order, and only then is anything raised. A third interrupt raises at
once, in case something does not end.

The second click of a double click would fall into the kernel's own tidying up, and the cell's reply would
be lost with it (measured on ipykernel 7.4: 1 of 12 double interrupts). So for half a second after a stop an
interrupt is the same one: by a handler that ignores it, or, where the kernel will put its own handler over
ours (in a cell with ``await``), by staying here for a while.
"""

from __future__ import annotations

import contextvars
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, ClassVar, TypeVar

_Result = TypeVar("_Result")

IMPATIENT = 3
"""The interrupt that is raised where it falls."""
DOUBLE_CLICK = 0.5
"""Seconds after a stop in which another interrupt is the same one."""
STAY = 0.3
"""Seconds to stay for that where no handler of ours can: a cell that was stopped is waited for."""


class Held:
    """A context in which interrupts are taken note of. One inside another is the same as the outer one.

    Attributes:
        count: interrupts so far.
        answered: whether something has ended because of them; otherwise leaving the context raises.
    """

    _outer: ClassVar[Held | None] = None

    def __init__(self) -> None:
        self.count = 0
        self.answered = False
        self._stops: list[Callable[[], None]] = []
        self._former: Any = None
        self._depth = 0
        self._first = 0.0  # when the first interrupt came

    @classmethod
    def here(cls) -> Held:
        """The context for this place: the one that is active in the main thread, else a new one."""
        if threading.current_thread() is threading.main_thread() and cls._outer:
            return cls._outer
        return cls()

    def call(self, stop: Callable[[], None]) -> None:
        """Call ``stop`` at an interrupt. It runs in a signal handler: it must take no lock."""
        self._stops.append(stop)
        if self.count:
            stop()

    def __enter__(self) -> Held:
        self._depth += 1
        if self._depth == 1 and threading.current_thread() is threading.main_thread():
            former = signal.getsignal(signal.SIGINT)
            if former is not None:  # a handler that Python did not install could not be put back
                Held._outer = self
                self._former = former
                signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._depth -= 1
        if self._depth:
            return
        if self._former is not None:
            self._put_back(self._former)
        if self.count and not self.answered and kind is None:
            raise fitting(KeyboardInterrupt())

    def _put_back(self, former: Any) -> None:
        if self.count and isinstance(
            former, _SecondClick
        ):  # without an interrupt, it goes on ignoring the second click
            former = former.former
        try:
            if self.count and former is not signal.default_int_handler:
                time.sleep(max(0.0, self._first + STAY - time.monotonic()))
        finally:
            Held._outer = None
            again = self.count and former is signal.default_int_handler
            signal.signal(signal.SIGINT, _SecondClick(former) if again else former)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        if self.count == 1:
            self._first = time.monotonic()
        for stop in self._stops:
            stop()
        if self.count >= IMPATIENT:
            raise KeyboardInterrupt


def fitting(error: BaseException) -> BaseException:
    """What to raise here for an error: a KeyboardInterrupt would end a kernel from inside an asyncio task, and from a
    thread for which one waits."""
    if not isinstance(error, KeyboardInterrupt) or not {"asyncio", "ipykernel"} <= sys.modules.keys():
        return error
    from sfstream.run import tasks

    is_inside = threading.current_thread().name.startswith("asyncio_") or tasks.is_of_a_user()
    return tasks.stopped_task(error) if is_inside else error


def interruptible(work: Callable[[], _Result], stop: Callable[[], None]) -> _Result:
    """Do the work in a thread of its own, so that an interrupt is heard at once, also in a cell with ``await``, and
    falls nowhere inside it.

    Args:
        work: what to do.
        stop: ends it; called after an interrupt.

    Returns:
        what it returns.

    Raises:
        KeyboardInterrupt: there was an interrupt; also what the work raises.
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

    with Held.here() as held:
        held.call(lambda: ended.put(None))
        threading.Thread(
            target=contextvars.copy_context().run, args=(run,), name="sfstream request", daemon=True
        ).start()
        ended.get()
        if held.count:
            stop()
            raise fitting(KeyboardInterrupt())
    if errors:
        raise errors[0]
    return results[0]


class _SecondClick:
    """A handler that ignores interrupts for a moment, and then makes way for the former one."""

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

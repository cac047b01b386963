"""Interrupts (Ctrl-C, the notebook's stop button) while answers stream.

A plain ``KeyboardInterrupt`` may be raised anywhere: inside rendering, sending, writing a file. So while
something streams in the main thread, a handler of our own only takes note and calls ``stop``: the run
ends by itself, everything is put in order, the former handler is put back, and only then is anything
raised. A third interrupt raises at once, in case something does not end.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, ClassVar

IMPATIENT = 3
"""The interrupt that is raised where it falls."""


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
            Held._outer = None
            signal.signal(signal.SIGINT, self._former)
        if self.count and not self.answered and kind is None:
            raise KeyboardInterrupt

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        for stop in self._stops:
            stop()
        if self.count >= IMPATIENT:
            raise KeyboardInterrupt

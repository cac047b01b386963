"""The events of an answer, one by one: what `sfstream.stream` gives."""

from __future__ import annotations

import atexit
import contextlib
import inspect
import os
import threading
import time
import weakref
from collections.abc import Generator, Iterator

from sfstream.core.events import Event
from sfstream.core.reply import Reply
from sfstream.errors import Stopped
from sfstream.run.consume import Watched
from sfstream.run.interrupts import Held, fitting
from sfstream.run.loop import Run
from sfstream.wire.reader import LEAVE

_LOOK = 0.01
"""Seconds between two looks at whether another thread has left the run."""
_MORE = 0.5
"""Seconds that it has for that, once its own thread has left."""
_PROCESS = os.getpid()


class _State:
    """What a stream and its generator share. Not the stream itself: with a cycle, one that nobody holds any more would
    go on, and be paid, until the collector comes."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.batches: Iterator[list[Event]] = run.batches(pause=0)
        self.has_begun = False


class Stream:
    """The events of an answer, one by one. Leaving it early closes the connection, and so does letting go of it.

    Iterating raises what ends the stream, as `chat` does, after the last event.
    """

    def __init__(self, run: Run) -> None:
        self._state = _State(run)
        self._user = 0  # the thread that has asked for an event last
        self._is_taken_away = False
        self._events = _each(self._state)
        _open.add(self)

    @property
    def reply(self) -> Reply:
        """What has come so far."""
        return self._state.run.reply

    def close(self) -> None:
        """End it; what has come stays in `reply`. Another thread that iterates meanwhile gets `Stopped` there."""
        self._is_taken_away = self.reply.status == "streaming" and self._user not in (0, threading.get_ident())
        until = time.monotonic() + LEAVE + _MORE
        while self._is_waited_for() and time.monotonic() < until:
            self._state.run.stop()
            time.sleep(_LOOK)
        with contextlib.suppress(ValueError):  # it is waited for still, or again
            self._events.close()
        self._state.batches = iter(())  # the run's own, let go of, ends its connection
        if self.reply.status == "streaming" and not self._state.has_begun:  # nobody has asked for its first event
            self.reply.end(0.0, Stopped("Stopped by you before it began."))

    def rest(self) -> Watched:
        """What has not come yet, to be watched by another. Nothing is left here for whoever iterates."""
        if self._state.has_begun or self.reply.status != "streaming":
            return _Rest(self._state.run, self._state.batches)
        self._state.batches = iter(())
        return self._state.run

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        self._user = threading.get_ident()
        try:
            return next(self._events)
        except StopIteration:
            is_taken_away, self._is_taken_away = self._is_taken_away, False
            if is_taken_away and self.reply.status in ("streaming", "stopped"):
                error = self.reply.error or Stopped("Stopped by another thread. What had come is kept.")
                raise fitting(error) from None
            raise

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _is_waited_for(self) -> bool:
        return inspect.getgeneratorstate(self._events) == inspect.GEN_RUNNING


def _each(state: _State) -> Generator[Event, None, None]:
    state.has_begun = True
    was_interrupted = False
    reply = state.run.reply
    while True:
        # Held, since a cell with await does not hear of an interrupt while this waits.
        with Held.here() as held:
            held.call(state.run.stop)
            batch = next(state.batches, None)
            held.answered = True  # in the end, below
        was_interrupted |= held.count > 0
        if batch is None:
            break
        yield from batch
    if was_interrupted and not isinstance(reply.error, Stopped):  # it had ended before the stop was heard
        raise fitting(KeyboardInterrupt())
    if reply.error:
        raise fitting(reply.error)


_open: weakref.WeakSet[Stream] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    """Close what nobody has closed while Python is still whole: later the log can be written no more."""
    for stream in list(_open) if os.getpid() == _PROCESS else ():  # a fork's are its parent's, and go on there
        with contextlib.suppress(Exception):
            stream.close()


class _Rest:
    """A run of which somebody has had the first batches."""

    def __init__(self, run: Run, batches: Iterator[list[Event]]) -> None:
        self._run = run
        self._batches = batches
        self.stop = run.stop

    @property
    def reply(self) -> Reply:
        return self._run.reply

    @property
    def doing(self) -> str:
        return self._run.doing

    def batches(self, pause: float) -> Generator[list[Event], None, None]:
        for batch in self._batches:
            yield batch
            time.sleep(pause if batch else 0)

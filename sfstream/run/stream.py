"""The public `Stream`: an iterator over the events of an answer."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from sfstream.core.events import Event
from sfstream.core.reply import Reply
from sfstream.errors import Stopped
from sfstream.run.interrupts import InterruptGuard, raisable
from sfstream.run.loop import Run


class Stream:
    """Iterator over the events of an answer, and a context manager that closes the connection.

    An error that ends the stream is raised after the last event, as `sfstream.chat` raises it. A stream without
    references closes itself.

    Attributes:
        reply: the `Reply` so far.

    Example:
        >>> with sfstream.stream("Hello") as events:
        ...     for event in events:
        ...         print(event)
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._batches = run.batches(pause=0)
        # The generator must not refer to this object: in a reference cycle, an abandoned stream would continue, and be
        # billed, until the garbage collector runs.
        self._events = _events(run, self._batches)
        self._has_begun = False

    @property
    def reply(self) -> Reply:
        return self._run.reply

    def close(self) -> None:
        """Close the connection; the partial answer stays in `reply`."""
        try:
            self._events.close()
            self._batches.close()
        except ValueError:  # another thread waits for the next event; `Stopped` is raised there
            self._run.stop()
        if not self._has_begun:
            self._has_begun = True
            self.reply.end(0.0, Stopped("Stopped before the request was sent."))

    def remaining(self) -> tuple[Run, Generator[list[Event], None, None]]:
        """Return the run and the rest of its batches; this stream yields no more events."""
        self._has_begun = True
        self._events = _events(self._run, _nothing())
        return self._run, self._batches

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        self._has_begun = True
        return next(self._events)

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _events(run: Run, batches: Generator[list[Event], None, None]) -> Generator[Event, None, None]:
    was_interrupted = False
    while True:
        # Guarded, because a cell with ``await`` does not notice an interrupt while this waits.
        with InterruptGuard.current() as guard:
            guard.on_interrupt(run.stop)
            batch = next(batches, None)
            guard.is_handled = True  # raised below
        was_interrupted |= guard.count > 0
        if batch is None:
            break
        yield from batch
    error = run.reply.error
    if was_interrupted and not isinstance(error, Stopped):  # the stream had ended before the stop had an effect
        raise raisable(KeyboardInterrupt())
    if error:
        raise raisable(error)


def _nothing() -> Generator[list[Event], None, None]:
    yield from ()

"""The public `Stream`: an iterator over the events of an answer."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from itertools import chain
from typing import Any

from sfstream.core.events import ContentWasReasoning, Delta, Event
from sfstream.core.json_items import ItemScanner
from sfstream.core.json_schema import Schema
from sfstream.core.json_text import Found, parse
from sfstream.core.message import message, reword
from sfstream.core.reply import Reply
from sfstream.errors import ConfigurationError, Stopped, ValueProblem
from sfstream.run.interrupts import InterruptGuard, raisable
from sfstream.run.loop import Run


class Stream:
    """Iterator over the events of an answer, and a context manager that closes the connection.

    An error that ends the stream is raised after the last event, as `sfstream.chat` raises it. A stream without
    references closes itself. A `ContentWasReasoning` event says that the content so far was reasoning: some models do
    not mark where it begins.

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
            self.reply.end(0.0, Stopped(message("Stopped before the request was sent.")))

    def remaining(self) -> tuple[Run, Generator[list[Event], None, None]]:
        """Return the run and the rest of its batches; this stream yields no more events."""
        self._has_begun = True
        self._events = _events(self._run, _nothing())
        return self._run, self._batches

    def items(self) -> Iterator[Any]:
        """Return an iterator over the items of the list that the schema describes, each as soon as it is complete.

        The answer is read to its end. With ``schema=list[Item]`` each item is an `Item`, and ``reply.value`` is the
        list of them afterwards.

        Raises:
            ConfigurationError: the call has no schema, or not that of a list.
            ValueProblem: while it iterates: an item does not fit the schema, or at the end, as `sfstream.chat` raises
                it. ``error.reply`` holds what had arrived.

        Example:
            >>> with sfstream.stream("Name three fruits.", schema=list[Fruit]) as stream:
            ...     for fruit in stream.items():
            ...         print(fruit)
        """
        schema = self.reply.schema and self.reply.schema.of_items()
        if schema is None:
            raise ConfigurationError(
                message(
                    "items() needs the schema of a list, such as schema=list[Item], and a stream that has not ended."
                )
            )
        return _items(self.reply, schema, _guarded(*self.remaining()))

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
    for batch in _guarded(run, batches):
        yield from batch


def _guarded(run: Run, batches: Generator[list[Event], None, None]) -> Generator[list[Event], None, None]:
    """Yield the batches, and raise the error that ended the answer."""
    was_interrupted = False
    while True:
        # Guarded, because a cell with ``await`` does not notice an interrupt while this waits.
        with InterruptGuard.current() as guard:
            guard.on_interrupt(run.stop)
            # Empty batches are passed over in here: between two guards an interrupt would not end the stream.
            while (batch := next(batches, None)) is not None and not batch:
                pass
            guard.is_handled = True  # raised below
        was_interrupted |= guard.count > 0
        if batch is None:
            break
        yield batch
    error = run.reply.error
    if was_interrupted and not isinstance(error, Stopped):  # the stream had ended before the stop had an effect
        raise raisable(KeyboardInterrupt())
    if error:
        raise raisable(error)


def _items(reply: Reply, schema: Schema, batches: Iterator[list[Event]]) -> Iterator[Any]:
    for number, item in enumerate(_scanned(reply, batches), 1):
        try:
            value = schema.check(Found(item, parse(item), True))
        except ValueProblem as error:
            reword(error, message("Item {number} of the list: {error}", number=number, error=error.text))
            error.reply = reply
            raise
        yield value


def _scanned(reply: Reply, batches: Iterator[list[Event]]) -> Iterator[str]:
    """Yield the text of each item."""
    scanner = ItemScanner()
    yield from scanner.feed(reply.content)  # the stream may have yielded some of it already
    for event in chain.from_iterable(batches):
        if isinstance(event, ContentWasReasoning):
            scanner = ItemScanner()
        elif isinstance(event, Delta):
            yield from scanner.feed(event.content)


def _nothing() -> Generator[list[Event], None, None]:
    yield from ()

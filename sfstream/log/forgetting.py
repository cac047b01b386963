"""Taking answers out of the log."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from sfstream.errors import RecordingError
from sfstream.log.entries import Entry, entries
from sfstream.log.folder import file_of, folder, make, numbers


def remove(unwanted: Iterable[int]) -> int:
    """Remove the files of these numbers.

    Returns:
        how many there were.

    Raises:
        RecordingError: one cannot be removed.
    """
    highest = max(numbers(), default=0)
    removed = [number for number in unwanted if _unlink(number)]
    if highest in removed:
        with contextlib.suppress(OSError):
            make(file_of(highest))  # empty: it keeps its number from being given again
    return len(removed)


def remove_leftovers() -> None:
    """Remove what kernels that were killed while they packed a file have left."""
    for path in folder().glob("*.jsonl.gz.part"):
        with contextlib.suppress(OSError):
            path.unlink()


def older_than(age: timedelta) -> Iterator[int]:
    """The numbers of the answers that were asked longer ago than that."""
    try:
        until = datetime.now(UTC) - age
    except OverflowError:  # before there were years
        return iter(())
    return (entry.number for entry in entries() if _time(entry) < until)


def _time(entry: Entry) -> datetime:
    """When it was asked; where the file does not say, when it was last written."""
    return entry.time or datetime.fromtimestamp(entry.path.stat().st_mtime, UTC)


def _unlink(number: int) -> bool:
    path = file_of(number)
    with contextlib.suppress(OSError):
        path.with_name(f"{path.name}.part").unlink()  # left where its kernel was killed while it packed the file
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise RecordingError(f"Answer {number} cannot be removed from {folder()}: {error.strerror}.") from None
    return True

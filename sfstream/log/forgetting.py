"""Taking answers out of the log."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from sfstream.errors import RecordingError
from sfstream.log.entries import Entry, entries
from sfstream.log.packing import PART
from sfstream.log.store import file_of, folder, number_of, numbers

_SUFFIX = ".jsonl.gz"


def remove_all() -> None:
    """Remove every answer, and what kernels that were killed while they packed one have left.

    Raises:
        RecordingError: some cannot be removed; the others are.
    """
    try:
        remove(numbers())
    finally:
        _remove_pieces()


def remove(unwanted: Iterable[int]) -> int:
    """Remove the files of these numbers.

    Returns:
        how many there were.

    Raises:
        RecordingError: some cannot be removed; the others are.
    """
    highest, chosen = max(numbers(), default=0), set(unwanted)
    removed, failed = set[int](), dict[int, str]()
    # Twice, since a kernel that packs one of them meanwhile may put it back; without its piece, it cannot.
    for _ in range(2):
        for number in chosen:
            try:
                _empty(number) if number == highest else file_of(number).unlink()
                removed.add(number)
                failed.pop(number, None)
            except FileNotFoundError:
                pass
            except OSError as error:
                failed[number] = error.strerror or str(error)
        _remove_pieces(chosen)
    if failed:
        number = max(failed)
        others = f", nor can {len(failed) - 1:,} others" if len(failed) > 1 else ""
        raise RecordingError(f"Answer {number} cannot be removed from {folder()}: {failed[number]}{others}.")
    return len(removed)


def _empty(number: int) -> None:
    """Take away what the highest of all holds, at once; the empty file keeps its number from being given again."""
    path = file_of(number)
    path.stat()
    try:
        file, name = tempfile.mkstemp(dir=folder(), prefix=f"{path.name}.", suffix=PART)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        path.unlink()  # which makes room, if it was that
        with contextlib.suppress(OSError):
            path.touch(0o600)
        return
    os.close(file)
    os.replace(name, path)


def _remove_pieces(of: set[int] | None = None) -> None:
    """Remove the files that others were being packed to: those of these numbers, or all."""
    with contextlib.suppress(OSError):
        for name in filter(_is_piece, os.listdir(folder())):
            number = number_of(name.partition(_SUFFIX)[0] + _SUFFIX)
            if number is not None and (of is None or number in of):
                with contextlib.suppress(OSError):
                    (folder() / name).unlink()


def _is_piece(name: str) -> bool:
    return name.endswith(PART) and _SUFFIX in name


def older_than(age: timedelta) -> Iterator[int]:
    """The numbers of the answers that were asked longer ago than that."""
    try:
        until = datetime.now(UTC) - age
    except OverflowError:  # before there were years
        return iter(())
    return (entry.number for entry in entries() if _time(entry) < until)


def _time(entry: Entry) -> datetime:
    """When it was asked; where the file does not say, when it was last written."""
    try:
        return entry.time or datetime.fromtimestamp(entry.path.stat().st_mtime, UTC)
    except (OSError, OverflowError, ValueError):  # gone meanwhile, or of no year that there is: it is left alone
        return datetime.now(UTC)

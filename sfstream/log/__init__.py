"""The log: each answer as a recording on disk, and found again.

An answer is named by its number, which stays as it is: new ones count up, and one that was forgotten is not given
again. The files are the whole truth; there is no database and no index.
"""

from __future__ import annotations

import itertools
import os
from datetime import timedelta
from pathlib import Path

from sfstream.core.reply import Reply
from sfstream.errors import ConfigurationError, RecordingError
from sfstream.log import export as exporting
from sfstream.log import forgetting, searching
from sfstream.log.entries import Entry, entry
from sfstream.log.entries import entries as _each
from sfstream.log.store import LogFile, count, file_of, folder

__all__ = [
    "Entry",
    "LogFile",
    "count",
    "entries",
    "export",
    "folder",
    "forget",
    "forget_all",
    "get",
    "last",
    "search",
    "show",
]


def entries(limit: int | None = None) -> list[Entry]:
    """The answers of the log, newest first.

    Args:
        limit: at most so many; None for all.
    """
    return list(itertools.islice(_each(), limit))


def search(text: str, limit: int | None = None) -> list[Entry]:
    """The answers that hold a text, newest first: in what was asked, in the reasoning or in the content.

    Args:
        text: what to look for; neither case nor width matters.
        limit: at most so many; None for all.

    Raises:
        ConfigurationError: the text is empty.
    """
    if not text.strip():
        raise ConfigurationError("There is nothing to look for: expected a text.")
    return list(itertools.islice(searching.found(text), limit))


def get(number: int) -> Entry:
    """The answer of that number as it is listed, without its text.

    Raises:
        RecordingError: there is none.
    """
    if found := entry(number, file_of(number)):
        return found
    raise RecordingError(f"The log holds no answer {number}. %sflog, or sfstream.log.entries(), lists what it holds.")


def show(number: int) -> Reply:
    """The answer of that number, as it was: the value of a cell shows it again.

    Raises:
        RecordingError: there is none, or its file cannot be read.
    """
    return get(number).reply()


def last() -> Reply:
    """The newest answer.

    Raises:
        RecordingError: there is none, or its file cannot be read.
    """
    for newest in _each():
        return newest.reply()
    raise RecordingError(f"The log in {folder()} is empty.")


def export(number: int, file: str | os.PathLike[str]) -> Path:
    """Write an answer to a file for others, which must not be there yet.

    Args:
        number: of the answer.
        file: its suffix says as what: ``.md``, ``.json``, or ``.jsonl`` or ``.jsonl.gz`` for a recording.

    Returns:
        the path of the file.

    Raises:
        ConfigurationError: the suffix is another, or the file is there.
        RecordingError: there is no such answer, it cannot be read, or the file cannot be written.
    """
    return exporting.export(get(number), file)


def forget(*unwanted: int, older: timedelta | None = None) -> int:
    """Remove answers for good.

    Args:
        unwanted: their numbers.
        older: also all that were asked longer ago than this.

    Returns:
        how many were removed.

    Raises:
        RecordingError: there is none of such a number, and nothing was removed; or one cannot be removed.
    """
    chosen = {get(number).number for number in unwanted}
    return forgetting.remove(chosen | set(forgetting.older_than(older) if older is not None else ()))


def forget_all() -> int:
    """Remove every answer for good, and give how many there were.

    Raises:
        RecordingError: one cannot be removed.
    """
    there = count()
    forgetting.remove_all()
    return there

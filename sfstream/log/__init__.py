"""The log: every answer is stored on this machine as a recording, and can be listed, shown and searched.

This is the Python side of ``%sflog``. An answer is identified by its number; numbers count up and are never given
twice, also not after an answer was forgotten. There is no database: the log is a folder of files.
"""

from __future__ import annotations

import itertools
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sfstream.core.hints import either
from sfstream.core.message import message
from sfstream.core.reply import Reply
from sfstream.errors import ConfigurationError, RecordingError
from sfstream.log.entries import Entry, contains, read_entries, read_entry
from sfstream.log.export import export_entry
from sfstream.log.store import folder, remove, remove_parts, scan

__all__ = ["Entry", "count", "entries", "export", "folder", "forget", "forget_all", "last", "search", "show"]


def entries(limit: int | None = None) -> list[Entry]:
    """List the answers of the log, newest first.

    Args:
        limit: maximum number of answers; None for all.

    Raises:
        RecordingError: the folder of the log cannot be read.

    Example:
        >>> [(entry.number, entry.status) for entry in sfstream.log.entries(2)]
        [(12, 'complete'), (11, 'stopped')]
    """
    return list(itertools.islice(read_entries(), limit))


def count() -> int:
    """Return how many answers the log contains."""
    return len(scan())


def search(text: str, limit: int | None = None) -> list[Entry]:
    """List the answers that contain a text in the request, the reasoning or the content, newest first.

    Args:
        text: what to look for; neither case nor width matters.
        limit: maximum number of answers; None for all.

    Raises:
        ConfigurationError: the text is empty.
        RecordingError: the folder of the log cannot be read.

    Example:
        >>> [entry.prompt for entry in sfstream.log.search("Nobel")]
        ['有诺贝尔数学奖吗？ Nobel?']
    """
    if not text.strip():
        raise ConfigurationError(message("There is nothing to look for: expected a text."))
    return list(itertools.islice((entry for entry in read_entries() if contains(entry, text)), limit))


def show(number: int) -> Reply:
    """Return an answer of the log. As the value of a cell it is shown as it was.

    Args:
        number: of the answer, as `entries` lists it.

    Raises:
        RecordingError: there is no such answer, or its file cannot be read.

    Example:
        >>> sfstream.log.show(12).content
        'There is no Nobel Prize in mathematics.'
    """
    return find_entry(number).reply()


def last() -> Reply:
    """Return the newest answer of the log.

    Raises:
        RecordingError: the log is empty, or the file cannot be read.

    Example:
        >>> reply = sfstream.log.last()
    """
    for newest in read_entries():
        return newest.reply()
    raise RecordingError(message("The log in {folder} is empty.", folder=folder()))


def export(number: int, file: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
    """Write an answer to a file for others.

    Args:
        number: of the answer.
        file: its ending names the format: ``.md``, ``.json``, or ``.jsonl`` or ``.jsonl.gz`` for a recording.
        overwrite: whether an existing file is replaced.

    Returns:
        The path of the file.

    Raises:
        ConfigurationError: the ending is another one, or the file exists and `overwrite` is not set.
        RecordingError: there is no such answer, it cannot be read, or the file cannot be written.

    Example:
        >>> sfstream.log.export(12, "nobel.md")
        PosixPath('nobel.md')
    """
    return export_entry(find_entry(number), file, overwrite=overwrite)


def forget(*unwanted: int, older: timedelta | None = None) -> int:
    """Remove answers for good.

    Args:
        unwanted: their numbers.
        older: remove all answers, too, that were asked longer ago than this.

    Returns:
        How many were removed.

    Raises:
        RecordingError: there is no answer of one of the numbers, and none was removed; or a file cannot be removed.

    Example:
        >>> sfstream.log.forget(11, 12)
        2
    """
    names = scan()
    chosen = {names[find_entry(number).number] for number in unwanted}
    if older is not None:
        now = datetime.now(UTC)
        chosen |= {entry.path.name for entry in read_entries() if now - _time(entry) > older}
    return remove(chosen)


def forget_all() -> int:
    """Remove every answer for good.

    Returns:
        How many were removed.

    Raises:
        RecordingError: a file cannot be removed; the others have been.

    Example:
        >>> sfstream.log.forget_all()
        12
    """
    remove_parts()
    return remove(scan().values())


def find_entry(number: int) -> Entry:
    """Return an answer without reading its chunks.

    Raises:
        RecordingError: there is no such answer.
    """
    name = scan().get(number)
    if name and (found := read_entry(number, folder() / name)):
        return found
    raise RecordingError(
        either(
            message("The log holds no answer {number}. %sflog, or sfstream.log.entries(), lists what it holds."),
            message("The log holds no answer {number}. sfstream.log.entries() lists what it holds."),
        ).filled(number=number)
    )


def _time(entry: Entry) -> datetime:
    """Return when the answer was asked, or when its file was written last if the file does not say."""
    return entry.time or datetime.fromtimestamp(entry.path.stat().st_mtime, UTC)

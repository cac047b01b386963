"""Why a file cannot be read or written, in words that are translated."""

from __future__ import annotations

from sfstream.core.message import Message, joined, message

_SYSTEM = {
    each.template: each
    for each in (
        message("Permission denied"),
        message("No such file or directory"),
        message("Is a directory"),
        message("Not a directory"),
        message("File exists"),
        message("File name too long"),
        message("No space left on device"),
        message("Disk quota exceeded"),
        message("Read-only file system"),
        message("Input/output error"),
        message("Too many open files"),
    )
}
"""What the system calls the errors that a notebook meets. It is in English, since Python leaves LC_MESSAGES alone."""


def reason(error: Exception) -> Message:
    """Return why something failed, without the path and the number that an OSError adds.

    An error that was raised with a Message gives that.
    """
    if isinstance(error, OSError) and error.strerror:
        return _SYSTEM.get(error.strerror) or joined(error.strerror)
    given = error.args[0] if error.args else None
    return given if isinstance(given, Message) else joined(str(error))

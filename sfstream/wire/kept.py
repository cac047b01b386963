"""What errors say about the part of an answer that came before them. No I/O."""

from __future__ import annotations

from sfstream.core.message import append_line, joined, message, reword
from sfstream.errors import SfStreamError, Stopped, StreamInterrupted, UnexpectedError

KEPT = message("The partial answer is kept; asking again is a new request, and is billed again.")
PART_KEPT = message("The partial answer is kept.")
"""The same where asking again is not what the user would do, as for a recording."""


def note_kept(error: SfStreamError | Stopped, *, is_foreign: bool = False) -> None:
    """Say in the error that ended a body too early that the part that had come is kept.

    Args:
        error: the error. One that has ended another reply, such as that of `sfstream.stream`, says so already.
        is_foreign: whether the stream was opened elsewhere.
    """
    if error.reply is not None or isinstance(error, Stopped | UnexpectedError):
        return
    if isinstance(error, StreamInterrupted):
        reword(error, joined(error.text, PART_KEPT))
    else:
        append_line(error, PART_KEPT if is_foreign else KEPT)

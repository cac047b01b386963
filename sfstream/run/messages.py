"""Messages of a run to the user: its state, its notes, and the texts of some errors."""

from __future__ import annotations

import sys

from sfstream.core.hints import either
from sfstream.core.message import Message, joined, message
from sfstream.display.captions import CONNECTING, LOADING
from sfstream.wire.kept import PART_KEPT

NO_DONE = message("The stream ended without [DONE].")


def before_sending(transport: str) -> Message:
    """Return what a run waits for first."""
    return LOADING if transport == "openai" and "openai" not in sys.modules else CONNECTING


def once_sent(doing: Message) -> Message:
    """Return what a run waits for when its request has been sent, if it waited for ``doing`` before."""
    return CONNECTING if doing == LOADING else doing


def decoded(done: int, arrived: int) -> Message:
    """Return the progress of the decoding after a stop."""
    return message("stopping: decoded {done} of {all} chunks", done=done, all=arrived)


def stopped_after(tokens: int | None, *, has_begun: bool) -> Message:
    """Return the message of a stopped answer, with the number of tokens if the server has counted them."""
    if not has_begun:
        return message("Stopped before the answer began.")
    where = either("sf_reply", "error.reply")
    if not tokens:
        return message("Stopped. The partial answer is in {where}.", where=where)
    if tokens == 1:
        return message("Stopped after 1 token. The partial answer is in {where}.", where=where)
    return message(
        "Stopped after {tokens} tokens. The partial answer is in {where}.", tokens=f"{tokens:,}", where=where
    )


def nothing_arrived(place: str, seconds: float, *, has_begun: bool) -> Message:
    """Return the message of a stream in which nothing came for too long."""
    what = message("Nothing arrived from {place} for {seconds} s.", place=place, seconds=f"{seconds:g}")
    how = message("For a slow model, increase %config SfChat.first_byte or SfChat.between.")
    return joined(what, PART_KEPT if has_begun else "", either(how, Message("")))

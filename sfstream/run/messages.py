"""Messages of a run to the user, apart from its errors: templates that the display translates."""

from __future__ import annotations

import sys

from sfstream.core.message import Message, message
from sfstream.display.captions import CONNECTING, LOADING

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


def stopped_after(tokens: int | None) -> Message:
    """Return the message of a stopped answer, with the number of tokens if the server has counted them."""
    if not tokens:
        return message("Stopped. The partial answer is in sf_reply.")
    if tokens == 1:
        return message("Stopped after 1 token. The partial answer is in sf_reply.")
    return message("Stopped after {tokens} tokens. The partial answer is in sf_reply.", tokens=f"{tokens:,}")

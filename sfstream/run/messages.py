"""Messages of a run to the user, apart from its errors: templates that the display translates."""

from __future__ import annotations

from sfstream.core.message import Message, message

NO_DONE = message("The stream ended without [DONE].")


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

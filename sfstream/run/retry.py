"""Decide whether a request is sent again. Errors carry facts; only this module decides.

A request is repeated only if the failure can pass by itself and the answer has not begun, because a begun answer is
billed. A request for JSON in a way that the model does not take is followed by one in another way
(`sfstream.run.json_ladder`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from sfstream.core.message import Message, joined
from sfstream.core.text import EXCERPT
from sfstream.errors import ConnectionFailed, NotTrusted, RateLimited, ServerBusy, ServerRefusal, SfStreamError
from sfstream.wire.connect import clock

LONGEST_WAIT = 60.0
"""Seconds up to which a server's ``Retry-After`` is obeyed; if the server asks for more, the error is raised."""
FIRST_WAIT, LONGEST_BACK_OFF = 0.5, 8.0
"""Seconds before the first repetition, doubled with each further one up to the longest, if the server names no time."""
JITTER = 0.25
"""Share by which that wait varies at random, so that clients that failed together do not repeat together."""
NO_JSON_MODE = 20024
"""SiliconFlow's code for a model without the JSON mode that was asked for."""
STATUS_CODES = {408, 429, 500, 502, 503, 504, 529}
"""HTTP statuses of temporary failures; 529 is Anthropic's for an overloaded service."""


def seconds_before_retry(error: SfStreamError, attempt: int, retries: int) -> float | None:
    """Return how long to wait before the request is sent again, or None if it is not sent again.

    Args:
        error: the error of the attempt.
        attempt: number of the attempt that failed, from 0.
        retries: how often a request may be sent again (the setting ``retries``).

    Example:
        >>> seconds_before_retry(NotTrusted("self-signed certificate"), attempt=0, retries=2) is None
        True
    """
    if attempt >= retries or not _can_pass(error):
        return None
    asked = error.retry_after if isinstance(error, ServerRefusal) else None
    wait = _back_off(attempt) if asked is None else asked
    return wait if wait <= LONGEST_WAIT else None


def time_left(seconds: float) -> Iterator[float]:
    """Yield the seconds that are left, until they are over."""
    until = clock() + seconds
    while (left := until - clock()) > 0:
        yield left


def refuses_json_mode(error: SfStreamError) -> bool:
    """Return whether the model does not take the ``response_format`` of the request, so that another may help.

    SiliconFlow says so with its code 20024; other servers name the field.
    """
    if not isinstance(error, ServerRefusal) or error.status_code is None:
        return False
    is_named = error.status_code in (400, 422) and "response_format" in str(error)
    return error.code == NO_JSON_MODE or is_named


def first_line(error: SfStreamError, redact: Callable[[str], str]) -> Message:
    """Return the first line of an error, short enough to be shown during the wait."""
    line = joined(error.text).redacted(redact).first_line()
    return line if len(str(line)) <= EXCERPT else line.first_line(EXCERPT // 2)


def _can_pass(error: SfStreamError) -> bool:
    if isinstance(error, ConnectionFailed):
        # The certificate or the unreadable answer would be the same, and the answer may be billed again.
        return not (isinstance(error, NotTrusted) or error.is_unreadable)
    if not isinstance(error, ServerRefusal) or error.status_code is None:  # without a status: inside a begun answer
        return False
    if isinstance(error, RateLimited):  # by status or by SiliconFlow's code
        return not error.is_long_term
    return isinstance(error, ServerBusy) and error.status_code in STATUS_CODES


def _back_off(attempt: int) -> float:
    wait: float = min(LONGEST_BACK_OFF, FIRST_WAIT * 2**attempt)
    return wait * random.uniform(1 - JITTER, 1 + JITTER)

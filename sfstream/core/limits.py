"""How patient a run is: silence that it puts up with, and waits between attempts."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from sfstream.errors import ConnectionFailed, ServerRefusal

LONGEST_WAIT = 60.0
"""Seconds up to which a server's ``Retry-After`` is waited for."""


@dataclass(frozen=True)
class Limits:
    """How patient a run is.

    Attributes:
        retries: how often a refusal that may pass, or a failed connection, is tried again.
        first_byte: seconds without anything before the first byte.
        between: seconds without anything after it.
        after_finish: seconds without anything once the finish reason is there; where it is that tools are called,
            ``between`` counts.
    """

    retries: int = 2
    first_byte: float = 120.0
    between: float = 60.0
    after_finish: float = 5.0


PATIENT = Limits(retries=0, first_byte=math.inf, between=math.inf, after_finish=math.inf)
"""For what ends by itself, or knows better how long it may be silent; asking again is not ours."""


def back_off(error: ConnectionFailed | ServerRefusal, attempt: int) -> float:
    """Seconds to wait: what the server asks for, else 0.5, 1, 2, … up to 8, more or less a quarter."""
    asked = error.retry_after if isinstance(error, ServerRefusal) else None
    return asked if asked is not None else min(8.0, 0.5 * 2**attempt) * random.uniform(0.75, 1.25)

"""How long to wait before asking again."""

from __future__ import annotations

import random

from sfstream.errors import ConnectionFailed, ServerRefusal

LONGEST_WAIT = 60.0
"""Seconds up to which a server's ``Retry-After`` is waited for."""


def back_off(error: ConnectionFailed | ServerRefusal, attempt: int) -> float:
    """Seconds to wait: what the server asks for, else 0.5, 1, 2, … up to 8, more or less a quarter."""
    asked = error.retry_after if isinstance(error, ServerRefusal) else None
    return asked if asked is not None else min(8.0, 0.5 * 2**attempt) * random.uniform(0.75, 1.25)

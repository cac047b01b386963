"""The steps of a stream as plain values: bytes to send now, a time to wait for, an ending. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Wait until ``seconds`` after the answer began."""

    seconds: float


class Ending(Enum):
    """What happens to the connection instead of a proper end of the body."""

    SILENCE = auto()
    """The server sends nothing more and keeps the connection open until the client closes it."""
    CLOSE = auto()
    """The server closes the connection."""
    RESET = auto()
    """The server resets the connection: the client sees "connection reset by peer"."""


Step: TypeAlias = bytes | WaitUntil | Ending
"""One step of a stream. The response head goes out with the first bytes, even if they are empty."""

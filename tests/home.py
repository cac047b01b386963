"""A home of its own for whatever runs the project: nothing of the person who runs it is read, and nothing is written
into their folders."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

_REMOVED = (
    *("SILICONFLOW_", "OPENAI_", "VIRTUAL_ENV", "NO_COLOR", "COLUMNS", "PYTHONTRACEMALLOC"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("XDG_", "JUPYTER", "IPYTHON", "MPLCONFIGDIR", "NETRC"),
)
"""Beginnings of environment variables that the tests run without: keys, proxies, settings, and folders."""


def clean_environment(home: Path) -> dict[str, str]:
    """Return the environment of this process with that home, and without anything of the person who runs it."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(_REMOVED)}
    return kept | {"HOME": str(home), "IPYTHONDIR": str(home / "ipython")}


@contextmanager
def own_home() -> Iterator[Path]:
    """Give this process, and those that it starts, a clean environment; its home is removed afterwards."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,  # a process may still be ending
        mock.patch.dict(os.environ, clean_environment(Path(folder)), clear=True),
    ):
        yield Path(folder)

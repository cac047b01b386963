"""The programs that the tests need and that no Python package brings."""

from __future__ import annotations

import shutil

PROGRAMS = ("curl", "chromium")
"""Names of the commands, which are also those of Debian's packages."""


def missing() -> list[str]:
    """Return the programs that are not installed."""
    return [program for program in PROGRAMS if shutil.which(program) is None]

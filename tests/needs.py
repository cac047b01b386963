"""What the tests need that no Python package brings, and Debian's packages that hold it."""

from __future__ import annotations

import shutil

PACKAGES = {"curl": "curl", "chromium": "chromium"}
"""Programs, and the packages."""


def missing() -> list[str]:
    """Return those programs that are not installed."""
    return [need for need in PACKAGES if shutil.which(need) is None]

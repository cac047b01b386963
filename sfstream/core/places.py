"""Where a user's files are."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import platformdirs

_NOWHERE = Path(os.devnull) / "no home directory"
"""Of a user without a home: whatever is done there fails as it does in a folder that cannot be written."""


def data() -> Path:
    """The data folder of sfstream."""
    return _of(platformdirs.user_data_path)


def config() -> Path:
    """The configuration folder of sfstream."""
    return _of(platformdirs.user_config_path)


def _of(kind: Callable[[str], Path]) -> Path:
    try:
        return kind("sfstream")
    except RuntimeError:  # of pathlib, in a container whose user has no entry in the system's list
        return _NOWHERE

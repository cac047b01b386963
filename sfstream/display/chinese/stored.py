"""The log, recordings, saved files and answers that are kept."""

from __future__ import annotations

STORED: dict[str, str] = {}

"""What the magics show: tables, lists, hints and refused options."""

from __future__ import annotations

NOTEBOOK: dict[str, str] = {}

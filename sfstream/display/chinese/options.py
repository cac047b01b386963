"""What is typed on the line of a magic: options, commands, and what was meant by others."""

from __future__ import annotations

OPTIONS: dict[str, str] = {}

"""Values, settings and prompts that cannot be used: errors before anything is sent."""

from __future__ import annotations

REQUESTS: dict[str, str] = {}

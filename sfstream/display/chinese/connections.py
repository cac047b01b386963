"""Errors of connections, servers and streams, and what to do about them."""

from __future__ import annotations

CONNECTIONS: dict[str, str] = {}

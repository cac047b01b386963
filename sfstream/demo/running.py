"""The one demo server of this process."""

from __future__ import annotations

from sfstream.demo.server import DemoServer

_servers: list[DemoServer] = []


def start() -> DemoServer:
    """The demo server, started where it does not run."""
    if not _servers:
        server = DemoServer()
        server.start()
        _servers.append(server)
    return _servers[0]


def is_at(base_url: str | None) -> bool:
    """Whether it runs, and at that address."""
    return bool(_servers) and base_url == _servers[0].base_url


def stop() -> bool:
    """Stop it; whether it ran."""
    if not _servers:
        return False
    _servers.pop().stop()
    return True

"""The proxy that the environment puts between us and a server."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from sfstream.wire.server import Server


def proxy_of(server: Server) -> str | None:
    """Its address; None where none stands in between."""
    if server.is_loopback or proxy_bypass(server.parts.netloc.rpartition("@")[2]):
        return None
    proxies = getproxies()
    proxy = proxies.get(server.parts.scheme) or proxies.get("all")
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


def in_between(server: Server) -> str:
    """A sentence that names it, without its user and password; empty where there is none."""
    proxy = proxy_of(server)
    host = proxy and urlsplit(proxy).netloc.rpartition("@")[2]
    return f" The proxy {host} of the environment stands in between." if host else ""

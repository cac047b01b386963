"""The proxy that the environment names for an endpoint: its address, and messages without its password.

Kept apart from `sfstream.wire.endpoint`, since only the transports use a proxy.
"""

from __future__ import annotations

import re
from urllib.request import getproxies

from sfstream.core.message import Message, message
from sfstream.core.text import excerpt
from sfstream.wire.endpoint import Endpoint

_PART = 3
"""Shortest part of a password that is removed from a message; a shorter part would occur in any sentence."""


def proxy_of(endpoint: Endpoint) -> str | None:
    """Return the URL of the proxy as requests chooses it, for all transports; None without a proxy."""
    if endpoint.is_loopback or not getproxies():
        return None
    from requests.utils import get_environ_proxies, select_proxy

    proxy: str | None = select_proxy(endpoint.base_url, get_environ_proxies(endpoint.base_url))
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


def proxy_place(endpoint: Endpoint) -> str:
    """Return host and port of the proxy, without its user and password; empty without a proxy."""
    place = (proxy_of(endpoint) or "").rpartition("@")[2].rpartition("://")[2]
    return excerpt(re.split("[/?#]", place)[0])


def in_between(endpoint: Endpoint) -> Message:
    """Return a sentence that names the proxy; empty without a proxy."""
    place = proxy_place(endpoint)
    return message("The proxy {place} of the environment stands in between.", place=place) if place else Message("")


def without_password(text: str, endpoint: Endpoint) -> str:
    """Remove the proxy's password from a library's message, which may quote any part of an address that it cannot
    parse."""
    password = (proxy_of(endpoint) or "").rpartition("@")[0].rpartition("://")[2].partition(":")[2]
    for part in (password, *re.split("[:/?#@]", password)):
        text = text.replace(part, "…") if len(part) >= _PART else text
    return text

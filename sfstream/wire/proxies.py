"""The proxy that the environment puts between us and a server."""

from __future__ import annotations

import re
from urllib.request import getproxies

from sfstream.core.text import excerpt
from sfstream.wire.endpoint import Endpoint

_PART = 3
"""Characters from which on a part of a password is one to hide; fewer would be found in any sentence."""


def proxy_of(endpoint: Endpoint) -> str | None:
    """Its address, as requests chooses it, for all transports; None where none stands in between."""
    if endpoint.is_loopback or not getproxies():
        return None
    from requests.utils import get_environ_proxies, select_proxy

    proxy: str | None = select_proxy(endpoint.base_url, get_environ_proxies(endpoint.base_url))
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


def in_between(endpoint: Endpoint) -> str:
    """A sentence that names it, without its user and password; empty where there is none."""
    place = (proxy_of(endpoint) or "").rpartition("@")[2].rpartition("://")[2]
    host = excerpt(re.split("[/?#]", place)[0])
    return f" The proxy {host} of the environment stands in between." if host else ""


def without_password(said: str, endpoint: Endpoint) -> str:
    """A library's words without the proxy's password: of an address that it cannot read it may quote any part."""
    password = (proxy_of(endpoint) or "").rpartition("@")[0].rpartition("://")[2].partition(":")[2]
    for part in (password, *re.split("[:/?#@]", password)):
        said = said.replace(part, "…") if len(part) >= _PART else said
    return said

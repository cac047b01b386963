"""The base URL of an API: what is checked before anything is sent to it, and which hosts are SiliconFlow's. No I/O."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sfstream.core.message import Message, joined, message
from sfstream.errors import ConfigurationError

BASE_URL = "https://api.siliconflow.cn/v1"
"""Where requests go if no setting says otherwise."""
REGIONS = ("siliconflow.cn", "siliconflow.com")
"""Domains of SiliconFlow's regions. A key of one does not work in the other."""

_FORBIDDEN = re.compile("[\\s\x00-\x1f\x7f\ud800-\udfff]")
_PLACE = re.compile(r"([\w.-]+|\[[\da-f:.]+\])(:\d+)?", re.IGNORECASE)
"""Host and port. Libraries and curl read other characters, such as a backslash or an IPv6 zone, differently, and so
would send the key to another host than the one that was checked."""


def checked_url(url: str) -> str:
    """Return the base URL without white space around it and without a slash at its end.

    Raises:
        ConfigurationError: it cannot be used. The message shows no password and no key.
    """
    url = url.strip()
    if "@" in url:  # not shown: it may hold a password
        raise _unusable(message("The base URL holds a user name or password;"))
    shown = repr(re.sub(r"sk-[\w-]+", "sk-…", url).partition("?")[0])  # nor a key that was typed in the wrong place
    try:
        parts = urlsplit(url)
        is_place = parts.port != 0 and _PLACE.fullmatch(parts.netloc)
        (parts.hostname or "").encode("idna" if url.isascii() else "utf-8")  # a label that is empty or too long
    except ValueError:
        raise _unusable(message("The base URL {url} cannot be read;", url=shown)) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_place or _FORBIDDEN.search(url):
        raise _unusable(message("The base URL is {url};", url=shown))
    if parts.query or parts.fragment:
        raise _unusable(message("The base URL {url} has a part after ? or #;", url=shown))
    path = parts.path.rstrip("/")
    if path.endswith("/chat/completions"):
        path = path.removesuffix("/chat/completions")
        shorter = f"{parts.scheme}://{parts.netloc}{path}"
        raise ConfigurationError(
            message("The base URL {url} is one step too long; take {shorter}", url=shown, shorter=shorter)
        )
    if not path and is_siliconflow(parts.hostname):
        whole = f"{parts.scheme}://{parts.netloc}/v1"
        raise ConfigurationError(message("The base URL {url} lacks /v1; take {whole}", url=shown, whole=whole))
    return f"{parts.scheme}://{parts.netloc}{path}"


def _unusable(what: Message) -> ConfigurationError:
    return ConfigurationError(joined(what, message("expected one such as {url}.", url=BASE_URL)))


def is_siliconflow(host: str) -> bool:
    """Return whether the host is SiliconFlow's."""
    return any(host == region or host.endswith(f".{region}") for region in REGIONS)


def other_scheme(url: str) -> Message:
    """Return the advice to use https in place of http, or http in place of https."""
    scheme, _, rest = url.partition("://")
    other = "http" if scheme == "https" else "https"
    return message(
        "If the server expects {scheme}, set the base URL to {url} instead.", scheme=other, url=f"{other}://{rest}"
    )

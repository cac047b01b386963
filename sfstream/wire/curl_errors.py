"""Find out which kind of failure an exit code of curl means (https://curl.se/libcurl/c/libcurl-errors.html). No I/O."""

from __future__ import annotations

import re

from sfstream.wire.connection_errors import Kind

_BY_CODE: dict[int, Kind] = {
    0: "closed",  # within the head
    1: "not HTTP",  # "Received HTTP/0.9 when not allowed"
    5: "not found",  # the proxy
    6: "not found",
    7: "unreachable",
    8: "not HTTP",
    16: "closed",  # HTTP/2
    28: "timeout",
    35: "no agreement",
    51: "untrusted",
    52: "closed",
    55: "closed",
    56: "closed",
    60: "untrusted",
    92: "closed",  # HTTP/2
    97: "proxy",
}
_TUNNEL = re.compile(r"tunnel failed|from proxy after CONNECT", re.IGNORECASE)
_ENDED = re.compile(r"\beof\b|reset by peer|closed|SSL_ERROR_SYSCALL|non-properly terminated", re.IGNORECASE)
_NO_TLS = re.compile(r"wrong version|packet length|record|unknown protocol|unexpected TLS packet", re.IGNORECASE)


def kind_of(code: int, text: str) -> Kind:
    """Return the kind of a failure before the head of the answer.

    Args:
        code: curl's exit code.
        text: its message.
    """
    if code == 35 and _ENDED.search(text):
        return "closed"
    if code == 35 and _NO_TLS.search(text) and "alert" not in text:
        return "not encrypted"
    if code == 56 and _TUNNEL.search(text):
        return "proxy"
    return _BY_CODE.get(code, "other")


def kind_after_head(text: str) -> Kind:
    """Return the kind of a failure in the middle of the answer, by curl's message."""
    return "reset" if re.search("reset by peer|connection was reset", text, re.IGNORECASE) else "cut"

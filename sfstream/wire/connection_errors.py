"""The messages for failed connections. Each transport says which kind of failure it was; the words are the same for
all of them.

`sfstream.wire.library_errors` finds the kind of an exception, `sfstream.wire.curl` that of an exit code.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from sfstream.core.message import Message, joined, message
from sfstream.core.text import excerpt
from sfstream.errors import ConnectionFailed, NotTrusted
from sfstream.wire.base_url import other_scheme
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.proxies import in_between, proxy_place
from sfstream.wire.transport import CONNECT_TIMEOUT

Kind: TypeAlias = Literal[
    "not found",  # the host has no address
    "unreachable",  # nothing accepts connections there
    "timeout",  # no connection in time
    "untrusted",  # the certificate
    "not encrypted",  # the server does not answer in TLS
    "no agreement",  # the server ends the TLS handshake with an alert
    "silent",  # connected, and nothing came for too long; only where the library limits the wait
    "closed",  # the connection ended before the first byte of the answer
    "not HTTP",  # the head of the answer cannot be read
    "reset",  # in the middle of the answer
    "cut",  # the body ended too early
    "proxy",  # the proxy answered, and refused
    "other",
]

_PLAIN: dict[Kind, Message] = {
    "no agreement": message("No encrypted connection to {place}: the server refused it. Is the base URL {url} right?"),
    "silent": message("{place} did not answer in time. Is the base URL {url} right, or is the server busy?"),
    "reset": message("The connection to {place} was reset in the middle of the answer."),
    "cut": message("The connection to {place} ended too early: the body was cut off."),
}
_BEFORE_THE_SERVER: dict[Kind, tuple[Message, Message]] = {
    "not found": (
        message("The host {place} was not found."),
        message("Is the base URL {url} right, and is there a network?"),
    ),
    "unreachable": (
        message("No connection to {place}: it was refused, or the host cannot be reached."),
        message("Is a server running at {url}?"),
    ),
    "timeout": (
        message("No connection to {place} within {seconds} s."),
        message("Is a server running at {url}, and can it be reached from here?"),
    ),
}
"""What happened, and what to ask where no proxy is in between: otherwise it happened on the way to the proxy."""
_OTHER_SCHEME: dict[Kind, Message] = {
    "not encrypted": message("No encrypted connection to {place}: the server does not speak TLS."),
    "closed": message("{place} ended the connection without an HTTP answer."),
    "not HTTP": message("{place} ended the connection without an HTTP answer."),
}
"""What a server does that is asked with the wrong scheme. The openai library reports a line that is not HTTP, such as
the greeting of an SSH server, as no answer at all."""
_REASONS = {
    r"expired": message("it has expired"),
    r"not yet valid": message("it is not valid yet; is the clock of this machine right?"),
    r"mismatch|match|not valid for": message("it is for another host"),
    r"self.signed certificate in": message("its issuer is not known here"),
    r"self.signed": message("it is self-signed"),
    r"local issuer|unable to verify|unknown ca|issuer": message("its issuer is not known here"),
    r"revoked": message("it was revoked"),
}


def connection_error(kind: Kind, endpoint: Endpoint, detail: str = "") -> ConnectionFailed:
    """Return the error for a failure of that kind.

    Args:
        kind: what happened.
        endpoint: where the request went.
        detail: a text of the library without the key: what is wrong with a certificate, the status of a proxy, or
            all that is known about the kind ``other``. Other kinds do not show it.
    """
    failed = (NotTrusted if kind == "untrusted" else ConnectionFailed)(
        joined(_sentence(kind, endpoint, detail), in_between(endpoint))
    )
    failed.is_unreadable = kind in ("not HTTP", "not encrypted")
    return failed


def _sentence(kind: Kind, endpoint: Endpoint, detail: str) -> Message:
    proxy = proxy_place(endpoint)
    values = {"place": endpoint.place, "url": endpoint.base_url, "seconds": f"{CONNECT_TIMEOUT:g}"}
    if kind in _BEFORE_THE_SERVER:
        what, question = _BEFORE_THE_SERVER[kind]
        return (
            what.filled(**values | {"place": proxy})
            if proxy
            else joined(what.filled(**values), question.filled(**values))
        )
    if kind in _OTHER_SCHEME:
        return joined(_OTHER_SCHEME[kind].filled(**values), _other_scheme(kind, endpoint))
    if kind == "untrusted":
        return message(
            "The certificate of {place} cannot be trusted: {reason}. Is the base URL {url} right? "
            "Behind a proxy that decrypts, its certificate must be trusted here too.",
            reason=_reason(detail),
            **values,
        )
    if kind == "proxy":
        return _proxy_refused(endpoint.place, detail)
    if kind == "other":
        return message(
            "The connection to {place} failed: {reason}.", place=endpoint.place, reason=excerpt(detail).rstrip(".")
        )
    return _PLAIN[kind].filled(**values)


def _proxy_refused(place: str, detail: str) -> Message:
    if not (status := re.search(r"\b[1-5]\d\d\b", detail)):
        return message("The proxy refused to connect to {place}.", place=place)
    refused = message("The proxy refused to connect to {place} (HTTP {status}).", place=place, status=status[0])
    return joined(refused, message("It asks for a user and a password.") if status[0] == "407" else "")


def _reason(detail: str) -> Message | str:
    found = (reason for pattern, reason in _REASONS.items() if re.search(pattern, detail, re.IGNORECASE))
    return next(found, excerpt(detail).rstrip("."))


def _other_scheme(kind: Kind, endpoint: Endpoint) -> Message:
    """Return the advice to try the other scheme. SiliconFlow has no other, and a key is not sent unencrypted."""
    if endpoint.parts.scheme == "http":
        return other_scheme(endpoint.base_url)
    is_possible = endpoint.is_loopback or endpoint.key is None
    if endpoint.is_siliconflow or not (is_possible or kind == "not encrypted"):
        return message("Is the base URL {url} right?", url=endpoint.base_url)
    return joined(other_scheme(endpoint.base_url), "" if is_possible else message("No key is sent there."))

"""Find out which kind of failure an exception of an HTTP library means, and raise the `ConnectionFailed` for it."""

from __future__ import annotations

import errno
import logging
import re
import socket
import ssl
import traceback
from collections.abc import Iterator
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from typing import NoReturn

from sfstream.wire.connection_errors import Kind, connection_error
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.proxies import without_password

_log = logging.getLogger("sfstream")

_UNREACHABLE = {
    errno.ECONNREFUSED,
    errno.ENETUNREACH,
    errno.EHOSTUNREACH,
    errno.ENETDOWN,
    errno.EHOSTDOWN,
    errno.EADDRNOTAVAIL,
    errno.EACCES,
    errno.EPERM,
}
_NO_TLS = re.compile("WRONG_VERSION|PACKET_LENGTH|RECORD|UNKNOWN_PROTOCOL|HTTP", re.IGNORECASE)
"""Reasons of OpenSSL for bytes that are not TLS."""
_NO_HEAD = re.compile("without sending a response|before response", re.IGNORECASE)
_UNREADABLE = {"InvalidHeader", "LocalProtocolError", "RemoteProtocolError", "ProtocolError"}
"""Names of exceptions of urllib3, httpx and h11 for a head that they cannot read."""


def fail(error: Exception, endpoint: Endpoint, *, has_begun: bool = False) -> NoReturn:
    """Raise the `ConnectionFailed` that a library's exception means.

    Its cause is the root of that exception. The exceptions around the root stay behind, since the request with the
    key can be reached from them; their traceback is in the log.

    Args:
        error: what the library raised.
        endpoint: where the request went.
        has_begun: whether the head of the answer has arrived.
    """
    chain = list(_chain(error))
    root = chain[-1]
    text = without_password(endpoint.redact(str(root)), endpoint)
    if _log.isEnabledFor(logging.DEBUG):
        trace = without_password(endpoint.redact("".join(traceback.format_exception(error))), endpoint)
        _log.debug("The connection to %s failed:\n%s", endpoint.place, trace)
    kind = _kind_after_head(root) if has_begun else _kind_of(chain)
    failed = connection_error(kind, endpoint, text or type(root).__name__)
    # The address of a proxy that cannot be parsed would be the same again.
    failed.is_unreadable |= kind == "other" and isinstance(root, ValueError)
    # Exceptions of the interpreter hold nothing but their text; others may hold the request, or what a server sent.
    is_plain = isinstance(root, OSError) and type(root).__module__ in ("builtins", "socket", "ssl")
    raise failed from (root if is_plain else ConnectionError(f"{type(root).__name__}: {text}"))


def _kind_of(chain: list[BaseException]) -> Kind:
    """Return the kind of a failure before the head of the answer."""
    root, names = chain[-1], {type(each).__name__ for each in chain}
    if isinstance(root, socket.gaierror):
        return "not found"
    if isinstance(root, ssl.SSLError):
        return _kind_of_tls(root)
    if isinstance(root, TimeoutError):
        is_connected = "ReadTimeout" in names and "handshake" not in str(root)
        return "silent" if is_connected else "timeout"
    if isinstance(root, RemoteDisconnected | ConnectionResetError | ConnectionAbortedError | BrokenPipeError):
        return "closed"
    if isinstance(root, OSError) and root.errno in _UNREACHABLE:
        return "unreachable"
    if "ProxyError" in names and not isinstance(root, HTTPException):
        return "proxy"
    if _NO_HEAD.search(str(root)) or "ReadError" in names or "WriteError" in names:
        return "closed"
    return "not HTTP" if isinstance(root, HTTPException) or names & _UNREADABLE else "other"


def _kind_of_tls(root: ssl.SSLError) -> Kind:
    if isinstance(root, ssl.SSLCertVerificationError):
        return "untrusted"
    if isinstance(root, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return "closed"
    reason = root.reason or str(root)
    return "not encrypted" if _NO_TLS.search(reason) and "ALERT" not in reason.upper() else "no agreement"


def _kind_after_head(root: BaseException) -> Kind:
    if isinstance(root, TimeoutError):
        return "silent"
    is_reset = isinstance(root, ConnectionError) and not isinstance(root, IncompleteRead | BrokenPipeError)
    return "reset" if is_reset else "cut"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the exception and those that it was raised from, down to the root."""
    yield error
    if not isinstance(error, HTTPException) and (inner := error.__cause__ or error.__context__ or _wrapped(error)):
        yield from _chain(inner)


def _wrapped(error: BaseException) -> BaseException | None:
    """Return the exception in another's arguments: urllib3 passes on those of TLS without raising from them."""
    return next((each for each in error.args if isinstance(each, BaseException)), None)

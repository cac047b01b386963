"""Exceptions of the interpreter that no server on this machine can cause: which kind of failure they are."""

from __future__ import annotations

import errno
import os
import socket
import ssl

import pytest

from sfstream import errors
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.library_errors import fail

HERE = Endpoint("http://127.0.0.1:8000/v1")
UNREACHABLE = "No connection to 127.0.0.1:8000: it was refused, or the host cannot be reached."
ENDED = "127.0.0.1:8000 ended the connection without an HTTP answer."


def system(number: int) -> OSError:
    return OSError(number, os.strerror(number))


def tls(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, f"[SSL: {reason}] {reason.lower()} (_ssl.c:1006)")
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (system(errno.ECONNREFUSED), UNREACHABLE),
        (system(errno.ENETUNREACH), UNREACHABLE),
        (system(errno.EHOSTUNREACH), UNREACHABLE),
        (system(errno.EADDRNOTAVAIL), UNREACHABLE),
        (system(errno.ETIMEDOUT), "No connection to 127.0.0.1:8000 within 10 s."),
        (TimeoutError("timed out"), "No connection to 127.0.0.1:8000 within 10 s."),
        (TimeoutError("_ssl.c:989: The handshake operation timed out"), "No connection to 127.0.0.1:8000 within 10 s."),
        (socket.gaierror(-2, "Name or service not known"), "The host 127.0.0.1:8000 was not found."),
        (socket.gaierror(-3, "Temporary failure in name resolution"), "The host 127.0.0.1:8000 was not found."),
        (system(errno.ECONNRESET), ENDED),
        (system(errno.EPIPE), ENDED),
        (system(errno.ECONNABORTED), ENDED),
        (ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), ENDED),
        (tls("WRONG_VERSION_NUMBER"), "the server does not speak TLS."),
        (tls("PACKET_LENGTH_TOO_LONG"), "the server does not speak TLS."),
        (tls("RECORD_LAYER_FAILURE"), "the server does not speak TLS."),
        (tls("SSLV3_ALERT_HANDSHAKE_FAILURE"), "the server refused it."),
        (tls("TLSV1_ALERT_PROTOCOL_VERSION"), "the server refused it."),
        (tls("TLSV1_ALERT_RECORD_OVERFLOW"), "the server refused it."),
        (tls("TLSV1_UNRECOGNIZED_NAME"), "the server refused it."),
        (OSError("something new"), "The connection to 127.0.0.1:8000 failed: something new."),
    ],
    ids=str,
)
def test_before_the_answer(error: OSError, expected: str) -> None:
    """The error is the cause; what is not known is quoted."""
    with pytest.raises(errors.ConnectionFailed) as caught:
        fail(error, HERE)
    assert expected in str(caught.value)
    assert error is caught.value.__cause__


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (system(errno.ECONNRESET), "was reset in the middle of the answer"),
        (ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), "the body was cut off"),
        (tls("DECRYPTION_FAILED_OR_BAD_RECORD_MAC"), "the body was cut off"),
        (TimeoutError("timed out"), "did not answer in time"),
        (OSError("something new"), "the body was cut off"),
    ],
    ids=str,
)
def test_in_the_middle_of_the_answer(error: OSError, expected: str) -> None:
    """There it is a cut, of whatever kind."""
    with pytest.raises(errors.ConnectionFailed, match=expected):
        fail(error, HERE, has_begun=True)

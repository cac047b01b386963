"""Exit codes and messages of curl's versions and TLS libraries, as people quote them."""

from __future__ import annotations

import pytest

from sfstream.wire.connection_errors import connection_error
from sfstream.wire.curl_errors import kind_after_head, kind_of
from sfstream.wire.endpoint import Endpoint

MESSAGES = [
    (7, "Failed to connect to 127.0.0.1 port 1 after 0 ms: Couldn't connect to server", "unreachable"),
    (7, "Failed to connect to localhost port 8000: Connection refused", "unreachable"),
    (7, "Failed to connect to 10.0.0.9 port 80 after 3069 ms: No route to host", "unreachable"),
    (7, "Couldn't connect to server", "unreachable"),
    (6, "Could not resolve host: llm.invalid", "not found"),
    (5, "Could not resolve proxy: proxy.invalid", "not found"),
    (28, "Connection timed out after 10001 milliseconds", "timeout"),
    (28, "Failed to connect to 10.0.0.9 port 80 after 10002 ms: Timeout was reached", "timeout"),
    (28, "SSL connection timeout", "timeout"),
    (28, "Resolving timed out after 10000 milliseconds", "timeout"),
    (35, "error:0A00010B:SSL routines::wrong version number", "not encrypted"),
    (35, "OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number", "not encrypted"),
    (35, "error:1408F10B:SSL routines:ssl3_get_record:wrong version number", "not encrypted"),
    (35, "TLS connect error: error:0A0000C6:SSL routines::packet length too long", "not encrypted"),
    (35, "TLS connect error: error:0A000139:SSL routines::record layer failure", "not encrypted"),
    (35, "gnutls_handshake() failed: An unexpected TLS packet was received.", "not encrypted"),
    (35, "error:0A000410:SSL routines::sslv3 alert handshake failure", "no agreement"),
    (35, "error:0A000438:SSL routines::tlsv1 alert internal error", "no agreement"),
    (35, "LibreSSL/3.3.6: error:1404B42E:SSL routines:ST_CONNECT:tlsv1 alert protocol version", "no agreement"),
    (35, "gnutls_handshake() failed: Handshake failed", "no agreement"),
    (35, "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to llm.test:443", "closed"),
    (35, "OpenSSL SSL_connect: Connection reset by peer in connection to llm.test:443", "closed"),
    (35, "Recv failure: Connection reset by peer", "closed"),
    (35, "TLS connect error: error:0A000126:SSL routines::unexpected eof while reading", "closed"),
    (35, "gnutls_handshake() failed: The TLS connection was non-properly terminated.", "closed"),
    (52, "Empty reply from server", "closed"),
    (55, "Send failure: Broken pipe", "closed"),
    (56, "Recv failure: Connection reset by peer", "closed"),
    (56, "Proxy CONNECT aborted", "closed"),
    (56, "CONNECT tunnel failed, response 407", "proxy"),
    (56, "Received HTTP code 407 from proxy after CONNECT", "proxy"),
    (1, "Received HTTP/0.9 when not allowed", "not HTTP"),
    (8, "Weird server reply", "not HTTP"),
    (8, "Invalid Content-Length: value", "not HTTP"),
    (92, "HTTP/2 stream 1 was not closed cleanly: INTERNAL_ERROR (err 2)", "closed"),
    (77, "error setting certificate verify locations: CAfile: /x.pem CApath: none", "other"),
    (2, "", "other"),
]


@pytest.mark.parametrize(("code", "text", "kind"), MESSAGES)
def test_the_kind_of_a_failure(code: int, text: str, kind: str) -> None:
    """By the exit code, and by the message where one code has several meanings."""
    assert kind == kind_of(code, text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("transfer closed with outstanding read data remaining", "cut"),
        ("transfer closed with 412 bytes remaining to read", "cut"),
        ("Recv failure: Connection reset by peer", "reset"),
        ("Recv failure: Connection was reset", "reset"),
        ("OpenSSL SSL_read: Connection reset by peer, errno 104", "reset"),
        ("OpenSSL SSL_read: OpenSSL/3.0.19: error:0A000126:SSL routines::unexpected eof while reading, errno 0", "cut"),
        ("GnuTLS recv error (-110): The TLS connection was non-properly terminated.", "cut"),
        ("HTTP/2 stream 1 was not closed cleanly: INTERNAL_ERROR (err 2)", "cut"),
        ("Illegal or missing hexadecimal sequence in chunked-encoding", "cut"),
    ],
)
def test_the_kind_of_a_cut(text: str, kind: str) -> None:
    """After the head there are two."""
    assert kind == kind_after_head(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("SSL certificate problem: self-signed certificate", "it is self-signed"),
        ("SSL certificate problem: self signed certificate", "it is self-signed"),
        ("SSL certificate problem: self-signed certificate in certificate chain", "its issuer is not known here"),
        ("SSL certificate problem: unable to get local issuer certificate", "its issuer is not known here"),
        ("unable to get local issuer certificate", "its issuer is not known here"),
        ("SSL certificate problem: unable to verify the first certificate", "its issuer is not known here"),
        ("SSL certificate problem: certificate has expired", "it has expired"),
        ("certificate has expired", "it has expired"),
        ("SSL certificate problem: certificate is not yet valid", "it is not valid yet"),
        ("SSL: no alternative certificate subject name matches target host name 'localhost'", "it is for another host"),
        ("SSL: no alternative certificate subject name matches target ipv4 address '127.0.0.1'", "it is for another"),
        ("SSL: certificate subject name 'a.example' does not match target hostname 'b'", "it is for another host"),
        ("Hostname mismatch, certificate is not valid for 'localhost'.", "it is for another host"),
        ("IP address mismatch, certificate is not valid for '127.0.0.1'.", "it is for another host"),
        (
            "server certificate verification failed. CAfile: none CRLfile: none",
            "server certificate verification failed",
        ),
        ("certificate revoked", "it was revoked"),
    ],
)
def test_why_a_certificate_is_not_trusted(text: str, why: str) -> None:
    """In the same words for the messages of curl and of Python; a reason that is not known is quoted."""
    said = str(connection_error("untrusted", Endpoint("https://localhost:8443/v1"), text))
    assert f"The certificate of localhost:8443 cannot be trusted: {why}" in said


@pytest.mark.parametrize(
    ("url", "key", "advice"),
    [
        ("https://localhost:1/v1", "sk-marked0123", "set the base URL to http://localhost:1/v1 instead."),
        ("https://192.168.1.5:8000/v1", None, "set the base URL to http://192.168.1.5:8000/v1 instead."),
        (
            "https://192.168.1.5:8000/v1",
            "sk-marked0123",
            "set the base URL to http://192.168.1.5:8000/v1 instead. No key is sent there.",
        ),
        ("https://api.siliconflow.cn/v1", None, "Is the base URL https://api.siliconflow.cn/v1 right?"),
        ("http://api.siliconflow.cn/v1", None, "set the base URL to https://api.siliconflow.cn/v1 instead."),
    ],
)
def test_the_other_scheme(url: str, key: str | None, advice: str) -> None:
    """SiliconFlow is never to be asked unencrypted, and others only without a key."""
    assert str(connection_error("not encrypted", Endpoint(url, key))).endswith(advice)

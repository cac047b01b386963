"""A certificate that is not trusted, and a TLS handshake that fails, read the same through every transport."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme

from sfstream import errors
from tests.wire.failing import days_ago, read_request, served, the_error, with_tls

NO_TRUST = (
    "The certificate of {} cannot be trusted: {}. Is the base URL https://{}/v1 right? "
    "Behind a proxy that decrypts, its certificate must be trusted here too."
)
IP, NAME = "127.0.0.1:PORT", "localhost:PORT"
CERTIFICATES: dict[str, tuple[str, dict[str, Any], str]] = {
    "unknown issuer": (NAME, {}, "its issuer is not known here"),
    "expired": (NAME, {"trusted": True, "not_before": days_ago(9), "not_after": days_ago(2)}, "it has expired"),
    "not yet": (
        NAME,
        {"trusted": True, "not_before": days_ago(-2), "not_after": days_ago(-9)},
        "it is not valid yet; is the clock of this machine right?",
    ),
    "other name": (NAME, {"trusted": True, "name": "other.example"}, "it is for another host"),
    "unknown issuer, address": (IP, {}, "its issuer is not known here"),
}


@pytest.mark.parametrize(("place", "certificate", "why"), CERTIFICATES.values(), ids=CERTIFICATES)
def test_a_certificate(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str, certificate: dict[str, Any], why: str
) -> None:
    """Why it is not trusted is said in our words, as the libraries and the versions of OpenSSL differ in theirs."""
    authority = trustme.CA()
    if certificate.get("trusted"):
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            monkeypatch.setenv(name, str(tmp_path / "authority.pem"))
    given = {name: value for name, value in certificate.items() if name != "trusted"}
    answer = with_tls(read_request, authority=authority, **given)
    error, said = the_error(served(answer, "https", place.partition(":")[0]))
    assert isinstance(error, errors.NotTrusted)
    assert NO_TRUST.format(place, why, place) == said


def test_a_certificate_that_signed_itself(tmp_path: Path) -> None:
    """As people make them for a server of their own."""
    authority = trustme.CA()
    key = authority.private_key_pem.bytes()
    (tmp_path / "own.pem").write_bytes(authority.cert_pem.bytes() + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "own.pem")

    def answer(connection: Any) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            read_request(secure)

    error, said = the_error(served(answer, "https", "localhost"))
    assert isinstance(error, errors.NotTrusted)
    assert NO_TRUST.format(NAME, "it is self-signed", NAME) == said


def test_a_server_that_refuses_the_handshake() -> None:
    """It speaks TLS, but none that we speak: http would not help."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("PSK")

    def answer(connection: Any) -> None:
        context.wrap_socket(connection, server_side=True)

    _, said = the_error(served(answer, "https", "localhost"))
    assert f"No encrypted connection to {NAME}: the server refused it. Is the base URL https://{NAME}/v1 right?" == said

"""A connection that is lost in the middle of the answer reads the same through every transport."""

from __future__ import annotations

from pathlib import Path

import pytest
import trustme

from sfstream import errors
from tests.wire.failing import FRAME, HEAD, Server, after_request, chunk, served, the_error, with_tls

CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
SIZED = HEAD + b"Content-Length: 500\r\n\r\n"
CUT = "The connection to 127.0.0.1:PORT ended too early: the body was cut off."
RESET = "The connection to 127.0.0.1:PORT was reset in the middle of the answer."
MIDDLE: dict[str, tuple[Server, str]] = {
    "between chunks": (served(after_request(CHUNKED + chunk(FRAME))), CUT),
    "within a chunk": (served(after_request(CHUNKED + chunk(FRAME) + chunk(FRAME)[:20])), CUT),
    "within a size": (served(after_request(CHUNKED + chunk(FRAME) + b"4")), CUT),
    "shorter than said": (served(after_request(SIZED + FRAME)), CUT),
    "reset between chunks": (served(after_request(CHUNKED + chunk(FRAME), resets=True)), RESET),
    "reset within a chunk": (served(after_request(CHUNKED + chunk(FRAME) + b"99\r\nda", resets=True)), RESET),
    "reset of a sized body": (served(after_request(SIZED + FRAME, resets=True)), RESET),
    "reset without a size": (served(after_request(HEAD + b"Connection: close\r\n\r\n" + FRAME, resets=True)), RESET),
}


@pytest.mark.parametrize(("server", "expected"), MIDDLE.values(), ids=MIDDLE)
def test_in_the_middle_of_the_answer(server: Server, expected: str) -> None:
    """What came is kept."""
    error, said = the_error(server)
    assert isinstance(error, errors.StreamCut)
    assert expected in said
    assert "Hi" == error.reply.content


def test_a_cut_of_an_encrypted_body(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the farewell of TLS."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(tmp_path / "authority.pem"))
    for body in (CHUNKED + chunk(FRAME), SIZED + FRAME):
        answer = with_tls(after_request(body), authority=authority)
        error, said = the_error(served(answer, "https"))
        assert isinstance(error, errors.StreamCut)
        assert CUT in said

"""A programming error in a transport is neither repeated nor disguised as a lost connection."""

from __future__ import annotations

import logging

import pytest

from sfstream import errors
from tests.fake_transport import Answer, FakeTransport, ended, run_of, streaming, word

KEY = "sk-not-to-be-shown-anywhere"


def broken() -> None:
    raise TypeError(f"unsupported operand: {KEY}")


@pytest.mark.parametrize(
    "answer",
    [pytest.param(Answer(first=broken), id="before-the-head"), pytest.param(streaming(word("a"), broken), id="after")],
)
def test_a_programming_error_is_sent_once(answer: Answer, caplog: pytest.LogCaptureFixture) -> None:
    """The request is billed once, the error keeps its cause, and the log has the traceback without the key."""
    with caplog.at_level(logging.DEBUG, "sfstream"):
        run = ended(run_of(answer, key=KEY))
    error = run.reply.error
    assert isinstance(run._transport, FakeTransport)
    assert 1 == run._transport.asked
    assert isinstance(error, errors.SfStreamError)
    assert not isinstance(error, errors.ConnectionFailed | errors.StreamCut)
    assert isinstance(error.__cause__, TypeError)
    assert "TypeError" in str(error)
    assert "Traceback" in caplog.text
    assert "in broken" in caplog.text
    assert KEY not in f"{error} {error.__cause__} {caplog.text}"
    assert "failed" == run.reply.status

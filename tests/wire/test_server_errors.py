"""What a server says when it refuses, in every shape that SiliconFlow has been seen to use."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfstream import errors
from sfstream.wire.complaints import Complaint, complaint_in, complaint_of
from sfstream.wire.server_errors import refusal, retry_after

BALANCE = '{"code":30001,"message":"Sorry, your account balance is insufficient","data":null}'
MODEL = '{"code":20012,"message":"Model does not exist. Please check it carefully.","data":null}'
CONTEXT = (
    '{"code":20015,"message":"length of prompt_tokens (68957) must be less than max_seq_len (65536).","data":null}'
)
THINKING = '{"code":20015,"message":"Value error, current model does not support parameter `enable_thinking`."}'
TPM = '{"message":"Request was rejected due to rate limiting. Details:TPM limit reached.","data":"x"}'
RPD = '{"message":"Request was rejected due to rate limiting. Details:RPD limit reached.","data":null}'
BUSY = '{"code":50505,"message":"Model service overloaded. Please try again later.","data":null}'
HTML = "<html>\n<head><title>504 Gateway Time-out</title></head>\n</html>"


@pytest.mark.parametrize(
    ("status_code", "body", "kind", "code", "said"),
    [
        pytest.param(400, MODEL, errors.NotFound, 20012, "Model does not exist", id="400-model"),
        pytest.param(400, "\ufeff" + MODEL, errors.NotFound, 20012, "Model does not exist", id="400-bom"),
        pytest.param(400, CONTEXT, errors.TooLarge, 20015, "prompt_tokens (68957)", id="400-context"),
        pytest.param(400, THINKING, errors.RequestRefused, 20015, "leave out --think", id="400-thinking"),
        pytest.param(401, '"Api key is invalid"', errors.KeyRefused, None, "Api key is invalid", id="401"),
        pytest.param(402, BALANCE, errors.BalanceTooLow, 30001, "balance is insufficient", id="402-balance"),
        pytest.param(403, BALANCE, errors.BalanceTooLow, 30001, "balance is insufficient", id="403-balance"),
        pytest.param(403, '"Forbidden"', errors.AccessDenied, None, "real name", id="403-string"),
        pytest.param(403, '"no Balance"', errors.BalanceTooLow, None, "no Balance", id="403-balance-string"),
        pytest.param(404, "404 page not found", errors.NotFound, None, "404 page not found", id="404-text"),
        pytest.param(404, '"404 page not found"', errors.NotFound, None, "base URL", id="404-string"),
        pytest.param(413, '{"code":20043,"message":"too big"}', errors.TooLarge, 20043, "too big", id="413"),
        pytest.param(422, '{"detail":[{"msg":"bad"}]}', errors.RequestRefused, None, "request: bad (", id="422"),
        pytest.param(429, TPM, errors.RateLimited, None, "TPM limit reached", id="429-per-minute"),
        pytest.param(429, RPD, errors.RateLimited, None, "per hour or per day", id="429-per-day"),
        pytest.param(429, "", errors.RateLimited, None, "it gave no reason", id="429-empty"),
        pytest.param(451, '{"code":20021,"message":"no"}', errors.RequestRefused, 20021, "no", id="451"),
        pytest.param(500, '{"code":50507,"message":"x"}', errors.ServerBusy, 50507, "x", id="500"),
        pytest.param(502, "", errors.ServerBusy, None, "it gave no reason", id="502-empty"),
        pytest.param(503, BUSY, errors.ServerBusy, 50505, "Model service overloaded", id="503"),
        pytest.param(504, HTML, errors.ServerBusy, None, "504 Gateway Time-out", id="504-html"),
        pytest.param(504, '"timeout"', errors.ServerBusy, None, "timeout", id="504-string"),
        pytest.param(418, '{"error":{"code":"x","message":"tea"}}', errors.RequestRefused, "x", "tea", id="418"),
    ],
)
def test_refusal_of_each_kind(status_code: int, body: str, kind: type[Exception], code: object, said: str) -> None:
    """A refusal is the error that it means, with status, code, the server's words and the trace id."""
    error = refusal(complaint_of(body), status_code=status_code, trace_id="ti_1", retry_after=2.5)

    assert kind is type(error)
    assert (status_code, code, "ti_1", 2.5) == (error.status_code, error.code, error.trace_id, error.retry_after)
    assert (body == RPD) is getattr(error, "is_long_term", False)
    for part in (said, f"HTTP {status_code}", "trace id ti_1", f"code {code}" if code else ""):
        assert part in str(error)
    assert vars(error) == vars(pickle.loads(pickle.dumps(error)))


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        pytest.param('{"code":1,"message":"a","data":null}', Complaint(1, "a"), id="object"),
        pytest.param('{"code":"1","message":"a"}', Complaint(1, "a"), id="code-as-text"),
        pytest.param('{"code":1,"message":null,"data":"b"}', Complaint(1, "b"), id="words-in-data"),
        pytest.param('{"message":"a","data":"b"}', Complaint(None, "a"), id="no-code"),
        pytest.param('{"error":{"message":"a","code":"x_y"}}', Complaint("x_y", "a"), id="openai-style"),
        pytest.param('{"error":{"code":7}}', Complaint(7, '{"code": 7}'), id="error-without-message"),
        pytest.param('{"error":"a","code":7}', Complaint(7, "a"), id="error-is-text"),
        pytest.param('"a"', Complaint(None, "a"), id="string"),
        pytest.param("a\n  b", Complaint(None, "a\n  b"), id="text"),
        pytest.param("[1]", Complaint(None, "[1]"), id="list"),
        pytest.param("{}", Complaint(None, "{}"), id="empty-object"),
        pytest.param("", Complaint(None, ""), id="nothing"),
        pytest.param("[" * 100_000, Complaint(None, "[" * 100_000), id="too-deep"),
    ],
)
def test_complaint_of_each_shape(body: str, complaint: Complaint) -> None:
    """Code and words are found in every shape of a body."""
    assert complaint == complaint_of(body)


@pytest.mark.parametrize(
    "value",
    [{"choices": [{}], "message": "a"}, {"choices": []}, {"error": None}, {"code": None}, [], None, 1],
    ids=["chunk", "empty-chunk", "error-null", "code-null", "list", "null", "number"],
)
def test_no_complaint_where_there_is_none(value: object) -> None:
    """A chunk is never taken for a complaint."""
    assert complaint_in(value) is None


def test_refusal_in_the_stream() -> None:
    """Inside a stream there is no status."""
    error = refusal(Complaint(50505, "overloaded"), trace_id="ti_1")

    assert "(in the stream, code 50505, trace id ti_1)" in str(error)
    assert error.status_code is None


def test_advice_can_be_given() -> None:
    """Advice that fits better takes the place of the usual one."""
    error = refusal(Complaint(None, "a"), status_code=404, advice="Do this.")

    assert "The server did not find what was asked for: a (HTTP 404)\nDo this." == str(error)


_BODIES = st.one_of(
    st.text(max_size=40),
    st.builds(
        '{{"code":{},"message":"{}\\ud83d"}}'.format, st.integers(0, 60000), st.sampled_from(["a", "TPM", "\u2028"])
    ),
)


@settings(max_examples=200, deadline=None)
@given(st.integers(300, 599), _BODIES)
def test_any_body_makes_an_error(status_code: int, body: str) -> None:
    """Any body makes an error of a few lines that can be shown and stored: its own, and one of advice."""
    text = str(refusal(complaint_of(body), status_code=status_code))

    assert text.encode().decode() == text
    assert 10 < len(text) < 700
    assert text.count("\n") <= max(1, len(body.splitlines()))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("3", 3.0), ("0.5", 0.5), (" 2 ", 2.0), ("-1", 0.0), ("", None), (None, None), ("soon", None)],
    ids=["whole", "fraction", "spaces", "negative", "empty", "none", "word"],
)
def test_retry_after_in_seconds(value: str | None, seconds: float | None) -> None:
    """Retry-After is read as seconds, and ignored where it cannot be read."""
    assert seconds == retry_after(value)


@pytest.mark.parametrize(("wait", "least", "most"), [(60, 50, 60), (-60, 0, 0)], ids=["later", "past"])
def test_retry_after_as_a_date(wait: int, least: float, most: float) -> None:
    """Retry-After is read as a date too, and never lies in the past."""
    when = datetime.now(UTC) + timedelta(seconds=wait)
    seconds = retry_after(format_datetime(when, usegmt=True))

    assert seconds is not None
    assert least <= seconds <= most


_DATES = st.builds(
    "Wed, 21 Oct {} 07:28:00 {}".format, st.integers(0, 10**6), st.one_of(st.text(max_size=6), st.integers())
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=30), _DATES, st.sampled_from(["Wed, 21 Oct 2015 07:28:00 +" + "9" * 30])))
def test_retry_after_of_any_text(value: str) -> None:
    """Whatever a proxy writes there, it is a number of at least 0 or nothing."""
    seconds = retry_after(value)

    assert seconds is None or seconds >= 0


def test_nothing_that_a_server_says_drives_a_terminal() -> None:
    """Neither its words, nor its code, nor its trace id: escape sequences are shown as signs."""
    hostile = "\x1b]8;;http://evil\x1b\\x\x1b[2J\x9b\u202e\x07\r"
    complaint = complaint_of(json.dumps({"code": hostile, "message": hostile}))
    error = refusal(complaint, status_code=429, trace_id=hostile)
    assert 3 == str(error).count("\u241b]8;;http://evil")
    assert all(each.isprintable() or each == "\n" for each in str(error))


def test_a_long_wait_is_told() -> None:
    """Nobody waits for it here; what is no sensible time is not repeated."""
    complaint = Complaint(None, "slow down")
    said = {wait: str(refusal(complaint, status_code=429, retry_after=wait)) for wait in (3600, 5, None, float("inf"))}
    assert "asks to wait 60 minutes" in said[3600]
    assert {said[5]} == {said[None], said[float("inf")]}

"""Make the exceptions of `sfstream.errors` from the error responses of servers. No I/O.

`sfstream.wire.complaints` finds the code and the message, `sfstream.wire.meanings` the class, and
`sfstream.wire.advice` what to do.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from sfstream import errors
from sfstream.core.message import Message, joined, message
from sfstream.core.request import ChatRequest
from sfstream.core.text import excerpt, passage
from sfstream.wire.advice import LONG_LIMIT, advice_on, on_fields
from sfstream.wire.complaints import Complaint
from sfstream.wire.kept import KEPT
from sfstream.wire.meanings import is_about_context, kind_of

_TRACE_ID = 80
"""Maximum number of characters of a trace id that an error quotes."""


def refusal(
    complaint: Complaint,
    *,
    status_code: int | None = None,
    trace_id: str | None = None,
    retry_after: float | None = None,
    advice: Message | str = "",
    request: ChatRequest | None = None,
    has_begun: bool = False,
) -> errors.ServerRefusal:
    """Return the exception for a complaint.

    Args:
        complaint: the code and the message of the server.
        status_code: the HTTP status; None inside a stream.
        trace_id: SiliconFlow's trace id.
        retry_after: seconds that the server asks to wait.
        advice: replaces the usual advice for this kind of error.
        request: what was sent, if it is known.
        has_begun: whether a part of the answer has arrived.
    """
    kind = kind_of(complaint, status_code)
    marks = [
        f"HTTP {status_code}" if status_code else message("in the stream"),
        message("code {code}", code=complaint.code) if complaint.code not in (None, "", status_code) else "",
        message("trace id {id}", id=excerpt(trace_id, _TRACE_ID)) if trace_id else "",
    ]
    advice = advice or (on_fields(complaint, request) if kind is errors.RequestRefused else "")
    advice = advice or advice_on(kind, complaint, status_code, retry_after)
    said = _said(_headline(kind, complaint, status_code), complaint, joined(*marks, by=", "))
    error = kind(joined(said, advice, KEPT if has_begun else "", by="\n"))
    error.status_code, error.code, error.trace_id = status_code, complaint.code, trace_id
    error.retry_after = retry_after
    if isinstance(error, errors.RateLimited):
        error.is_long_term = bool(LONG_LIMIT.search(complaint.message))
    return error


def _headline(kind: type[errors.ServerRefusal], complaint: Complaint, status_code: int | None) -> Message:
    if kind is not errors.TooLarge or not is_about_context(complaint, status_code):
        return _HEADLINES[kind]
    if "max_tokens" in complaint.message:
        return message("The prompt and the answer are longer than the model's context")
    return message("The prompt is longer than the model's context")


_HEADLINES: dict[type[errors.ServerRefusal], Message] = {
    errors.KeyRefused: message("The server refused the API key"),
    errors.BalanceTooLow: message("The account's balance is too low"),
    errors.AccessDenied: message("The server denied access"),
    errors.NotFound: message("The server did not find what was asked for"),
    errors.TooLarge: message("The request is too large"),
    errors.RateLimited: message("A rate limit was reached"),
    errors.ServerBusy: message("The server could not answer"),
    errors.RequestRefused: message("The server refused the request"),
}


def _said(headline: Message, complaint: Complaint, marks: Message) -> Message:
    """Return what happened. A reason of several lines follows the marks, so that its lines stay as they are."""
    reason = passage(complaint.message) or message("it gave no reason")
    values = {"what": headline, "marks": marks, "reason": reason}
    return (
        message("{what} ({marks}): {reason}", **values)
        if "\n" in str(reason)
        else message("{what}: {reason} ({marks})", **values)
    )


def retry_after(value: str | None) -> float | None:
    """Return the seconds from now, at least 0, that a ``Retry-After`` header asks for (RFC 9110, section 10.2.3).

    The header holds seconds or a date. The result is None if there is no header, or if it cannot be parsed.
    """
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds())

"""Translate the error responses of servers into the exceptions of `sfstream.errors`. No I/O.

The codes are those of SiliconFlow's error page (https://docs.siliconflow.cn/faqs/error-code).
`sfstream.wire.complaints` finds the code and the message.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from sfstream import errors
from sfstream.core.text import excerpt
from sfstream.wire.complaints import Complaint

_BY_STATUS: dict[int, type[errors.ServerRefusal]] = {
    401: errors.KeyRefused,
    402: errors.BalanceTooLow,
    403: errors.AccessDenied,
    404: errors.NotFound,
    413: errors.TooLarge,
    429: errors.RateLimited,
}

_BY_CODE: dict[int, type[errors.ServerRefusal]] = {
    20012: errors.NotFound,
    20042: errors.TooLarge,
    20043: errors.TooLarge,
    30001: errors.BalanceTooLow,
    30011: errors.BalanceTooLow,
    30014: errors.KeyRefused,
    **dict.fromkeys((50601, 50602, 50604, 50605, 50606, 50607, 50608), errors.RateLimited),
    **dict.fromkeys(range(50500, 50511), errors.ServerBusy),
}

_MINUTE, _WEEK = 60, 604800
_NO_IMAGES = 20041
_TRACE_ID = 80
"""Maximum number of characters of a trace id that an error quotes."""
_LONG_LIMIT = re.compile(r"\b[RTI]P[HD]\b")  # requests, tokens or images per hour or day


def refusal(
    complaint: Complaint,
    *,
    status_code: int | None = None,
    trace_id: str | None = None,
    retry_after: float | None = None,
    advice: str = "",
) -> errors.ServerRefusal:
    """Return the exception for a complaint.

    Args:
        complaint: the code and the message of the server.
        status_code: the HTTP status; None inside a stream.
        trace_id: SiliconFlow's trace id.
        retry_after: seconds that the server asks to wait.
        advice: replaces the usual advice for this kind of error.
    """
    kind = _kind(status_code, complaint)
    marks = [
        f"HTTP {status_code}" if status_code else "in the stream",
        f"code {complaint.code}" if complaint.code not in (None, "") else "",
        f"trace id {excerpt(trace_id, _TRACE_ID)}" if trace_id else "",
    ]
    reason = excerpt(complaint.message) or "it gave no reason"
    error = kind(f"{kind.headline}: {reason} ({', '.join(filter(None, marks))})")
    if advice := advice or _advice(kind, complaint, retry_after):
        error.args = (f"{error.args[0]}\n{advice}",)
    error.status_code, error.code, error.trace_id = status_code, complaint.code, trace_id
    error.retry_after = retry_after
    if isinstance(error, errors.RateLimited):
        error.is_long_term = bool(_LONG_LIMIT.search(complaint.message))
    return error


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


def _kind(status_code: int | None, complaint: Complaint) -> type[errors.ServerRefusal]:
    code = complaint.code
    if isinstance(code, int) and (kind := _BY_CODE.get(code) or _BY_STATUS.get(code)):
        return kind
    if status_code == 403 and "balance" in complaint.message.lower():
        return errors.BalanceTooLow
    for number in (status_code, code):
        if isinstance(number, int) and 500 <= number < 600:
            return errors.ServerBusy
    return _BY_STATUS.get(status_code or 0, errors.RequestRefused)


def _advice(kind: type[errors.ServerRefusal], complaint: Complaint, wait: float | None) -> str:
    message = complaint.message
    if complaint.code == _NO_IMAGES:
        return "This model takes no images: choose one that does with -m. %sfmodels lists the models."
    if kind is errors.RateLimited and _LONG_LIMIT.search(message):
        return "This limit is per hour or per day: wait, or use another model."
    if "enable_thinking" in message:
        return "This model cannot switch its reasoning: leave out --think and --no-think."
    if kind in (errors.RateLimited, errors.ServerBusy) and wait and _MINUTE < wait < _WEEK:
        return f"The server asks to wait {wait / _MINUTE:,.0f} minutes. Ask again then, or use another model."
    return _ADVICE.get(kind, "")


_ADVICE: dict[type[errors.ServerRefusal], str] = {
    errors.BalanceTooLow: "Top up the account, or use a free model with -m.",
    errors.AccessDenied: "On SiliconFlow this means the balance, or an account whose real name is not verified.",
    errors.NotFound: "Check the model's name (-m) and the base URL, which usually ends in /v1.",
    errors.TooLarge: "Send less: a shorter prompt, or smaller images.",
    errors.RateLimited: "Wait a little, or use another model.",
    errors.ServerBusy: "Try again a little later, or use another model.",
}

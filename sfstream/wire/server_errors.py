"""What a server says when it refuses, in whichever shape, as the error that it means. No I/O.

The shapes and codes are those of SiliconFlow's error page
(https://docs.siliconflow.cn/faqs/error-code), and those that its users have met: an object with
``code`` and ``message``, one without a code, OpenAI's ``{"error": …}``, a bare JSON string, plain
text, HTML, nothing.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from sfstream import errors
from sfstream.core.text import as_json, excerpt

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
_TRACE_ID = 80
"""Characters of a trace id that an error shows."""
_SUCCESS = (0, 200, 20000)
"""Codes that are no complaint: SiliconFlow answers 20000 where all is well."""
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_LONG_LIMIT = re.compile(r"\b[RTI]P[HD]\b")  # requests, tokens or images per hour or day


class Complaint(NamedTuple):
    """What a server said when it refused: its code, if it gave one, and its words."""

    code: int | str | None
    message: str


def complaint_in(value: object) -> Complaint | None:
    """Find the complaint in a parsed JSON value; None where it holds none."""
    if isinstance(value, str):
        return Complaint(None, value)
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], Mapping):  # Gemini
        value = value[0]
    if not isinstance(value, Mapping):
        return None
    if inner := value.get("error"):
        return _in_error(inner, value)
    if value.get("choices"):
        return None
    code, message = _code_and_message(value)
    if code is not None and code in _SUCCESS:
        return None
    if (isinstance(message, str | list) and message) or (code and value.get("object") is None):
        return Complaint(code, _text(message) or _text(value.get("data")))
    if detail := value.get("detail"):
        return Complaint(code, _text(detail))
    return None


def complaint_of(body: str) -> Complaint:
    """Read the body of a refusal, whatever it is: JSON of any shape, text, a page of HTML, nothing."""
    try:
        found = complaint_in(json.loads(body.removeprefix("\ufeff")))
    except (ValueError, RecursionError):
        found = None
    return found or Complaint(None, _title(body) or body)


def refusal(
    complaint: Complaint,
    *,
    status_code: int | None = None,
    trace_id: str | None = None,
    retry_after: float | None = None,
    advice: str = "",
) -> errors.ServerRefusal:
    """Make the error that a complaint means.

    Args:
        complaint: what the server said.
        status_code: the HTTP status; None inside a stream.
        trace_id: SiliconFlow's trace id.
        retry_after: seconds that the server asks to wait.
        advice: what to do, in place of what the kind of error advises by itself.
    """
    kind = _kind(status_code, complaint)
    marks = [
        f"HTTP {status_code}" if status_code else "in the stream",
        f"code {complaint.code}" if complaint.code not in (None, "") else "",
        f"trace id {excerpt(trace_id, _TRACE_ID)}" if trace_id else "",
    ]
    said = excerpt(complaint.message) or "it gave no reason"
    error = kind(f"{kind.headline}: {said} ({', '.join(filter(None, marks))})")
    if advice := advice or _advice(kind, complaint.message, retry_after):
        error.args = (f"{error.args[0]}\n{advice}",)
    error.status_code, error.code, error.trace_id = status_code, complaint.code, trace_id
    error.retry_after = retry_after
    if isinstance(error, errors.RateLimited):
        error.is_long_term = _is_long_term(complaint.message)
    return error


def retry_after(value: str | None) -> float | None:
    """Read a ``Retry-After`` header: seconds, or a date (RFC 9110, section 10.2.3).

    Returns:
        seconds from now, at least 0; None where there is no header or it cannot be read.
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


def _code_and_message(value: Mapping[str, Any]) -> tuple[int | str | None, object]:
    """By SiliconFlow's names, Baidu's, or MiniMax's."""
    if isinstance(base := value.get("base_resp"), Mapping):
        return _code(base.get("status_code")), base.get("status_msg")
    code, message = value.get("code"), value.get("message")
    return _code(value.get("error_code") if code is None else code), value.get(
        "error_msg"
    ) if message is None else message


def _title(body: str) -> str:
    """What the title of a page of HTML says; empty where there is none."""
    if not (body.lstrip()[:1] == "<" and (found := _TITLE.search(body))):
        return ""
    return f"{html.unescape(found[1]).strip()} (a page of HTML)" if found[1].strip() else ""


def _in_error(inner: object, outer: Mapping[str, Any]) -> Complaint:
    if not isinstance(inner, Mapping):
        return Complaint(_code(outer.get("code")), _text(outer.get("message")) or _text(inner))
    return Complaint(_code(inner.get("code")), _text(inner.get("message")) or _text(dict(inner)))


def _code(value: object) -> int | str | None:
    if isinstance(value, str):
        return int(value) if re.fullmatch(r"\d{1,9}", value) else excerpt(value, 60)
    return value if isinstance(value, int) else None


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return as_json(value)


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


def _is_long_term(message: str) -> bool:
    return _LONG_LIMIT.search(message) is not None


def _advice(kind: type[errors.ServerRefusal], message: str, wait: float | None) -> str:
    if kind is errors.RateLimited and _is_long_term(message):
        return "This limit counts hours or days: wait, or take another model."
    if "enable_thinking" in message:
        return "This model has no such switch: leave out --think and --no-think."
    if kind in (errors.RateLimited, errors.ServerBusy) and wait and _MINUTE < wait < _WEEK:
        return f"The server asks to wait {wait / _MINUTE:,.0f} minutes. Ask again then, or take another model."
    return _ADVICE.get(kind, "")


_ADVICE: dict[type[errors.ServerRefusal], str] = {
    errors.BalanceTooLow: "Charge the account, or take a free model with -m.",
    errors.AccessDenied: "On SiliconFlow this means the balance, or an account whose real name is not verified.",
    errors.NotFound: "Check the model's name (-m), and that the base URL ends where the API begins, mostly in /v1.",
    errors.TooLarge: "Send less: a shorter prompt, or smaller images.",
    errors.RateLimited: "Wait a little, or take another model.",
    errors.ServerBusy: "Try again a little later, or take another model.",
}

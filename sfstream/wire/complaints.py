"""Find the complaint in what a server says: its code and its message, in the shapes of several servers. No I/O.

The shapes are those of SiliconFlow's error page (https://docs.siliconflow.cn/faqs/error-code) and of other servers: an
object with ``code`` and ``message``, an object without a code, OpenAI's ``{"error": …}``, a JSON string, plain text,
HTML, or an empty body.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from sfstream.core.text import as_json, excerpt

_SUCCESS = (0, 200, 20000)
"""Codes of success: SiliconFlow sends 20000."""
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)


class Complaint(NamedTuple):
    """The code, if there is one, and the message of an error response."""

    code: int | str | None
    message: str


def complaint_in(value: object) -> Complaint | None:
    """Return the complaint in a parsed JSON value; None if there is none."""
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
    """Return the complaint in the body of an error response: JSON of any shape, text, HTML, or nothing."""
    try:
        found = complaint_in(json.loads(body.removeprefix("\ufeff")))
    except (ValueError, RecursionError):
        found = None
    return found or Complaint(None, _title(body) or body)


def _code_and_message(value: Mapping[str, Any]) -> tuple[int | str | None, object]:
    """Return the members that have the names of SiliconFlow, Baidu or MiniMax."""
    if isinstance(base := value.get("base_resp"), Mapping):
        return _code(base.get("status_code")), base.get("status_msg")
    code, message = value.get("code"), value.get("message")
    code = value.get("error_code") if code is None else code
    return _code(code), value.get("error_msg") if message is None else message


def _title(body: str) -> str:
    """Return the title of a page of HTML; empty if there is none."""
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

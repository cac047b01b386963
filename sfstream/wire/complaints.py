"""Find the complaint in what a server says: its code and its message, in the shapes of several servers. No I/O.

This is the only module that says whether a parsed value is an error. The shapes are those of SiliconFlow's error page
(https://docs.siliconflow.cn/faqs/error-code) and of other servers: an object with ``code`` and ``message``, or with
other words for them, OpenAI's ``{"error": …}``, a JSON string, plain text, HTML, or an empty body.
`sfstream.wire.reasons` finds the words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sfstream.core.text import as_json, excerpt
from sfstream.wire.reasons import labels_in, members, page, said

_SUCCESS = (0, 200, 20000)
"""Codes of success: SiliconFlow sends 20000."""
_SUCCESS_WORDS = re.compile(
    r"\W*(success(ful|fully)?|succeed(ed)?|ok(ay)?|done|none|null|nil|no errors?"
    r"|(操作|请求|处理|执行|调用|响应|返回)?成功|正常)?\W*",
    re.IGNORECASE,
)
_CODES = ("code", "errorcode", "errcode", "statuscode", "errorno", "errno", "retcode", "resultcode", "ret")
_LEAST_ERROR = 400
_STRONG = ("message", "errormsg", "errmsg", "errormessage", "errordescription", "detail", "statusmsg", "faultstring")
"""Words that stand for an error even where there is no code; other words need one, or another sign."""
_HOLDERS = ("baseresp", "fault", "response", "responsemetadata")
"""Members that hold the error of MiniMax, Apigee, Tencent Cloud and Volcengine."""
_IDENTIFIER = re.compile(r"[A-Za-z]\w*([._-]\w+)+")


@dataclass(frozen=True)
class Complaint:
    """What an error response says.

    Attributes:
        code: the server's code, if there is one.
        message: the reason in words, with its lines.
        labels: all words in the response that classify an error, such as ``insufficient_quota``.
        names: the names of the fields of the request that the response blames.
    """

    code: int | str | None
    message: str
    labels: str = field(default="", compare=False)
    names: tuple[str, ...] = field(default=(), compare=False)


def complaint_in(value: object) -> Complaint | None:
    """Return the complaint in a parsed JSON value of a stream; None if it is no error.

    In a chunk with choices only a real ``error`` counts.
    """
    if isinstance(value, str):
        return None if _SUCCESS_WORDS.fullmatch(value) else _labelled(Complaint(None, said(value) or value), value)
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], Mapping):  # Gemini
        value = value[0]
    found = _complaint_in(value) if isinstance(value, Mapping) else None
    return found and _labelled(found, value)


def complaint_of(body: str) -> Complaint:
    """Return the complaint in the body of an error response: JSON of any shape, text, HTML, or nothing."""
    text = re.sub(r"^\ufeff?\s*((data|error):\s*(?=[{\"\[]))?", "", body)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return _labelled(Complaint(None, page(body) or body), None)
    if found := complaint_in(value):
        return found
    # The status says that this is an error, whatever it looks like.
    if isinstance(value, Mapping) and (reason := said(value)) and not _SUCCESS_WORDS.fullmatch(reason):
        return _labelled(Complaint(_code_of(members(value)), reason), value)
    return _labelled(Complaint(None, (isinstance(value, list) and said(value)) or body), value)


def _complaint_in(value: Mapping[str, Any]) -> Complaint | None:
    own = members(value)
    if _is_real(own.get("error")):
        return _in_error(own["error"], own)
    if value.get("choices"):
        return None
    for name in _HOLDERS:
        if isinstance(own.get(name), Mapping) and (found := _complaint_in(own[name])):
            return found
    code, is_marked = _code_of(own), _is_marked(own)
    if _is_success(code) and not is_marked:
        return None
    words = own.get("message") if isinstance(own.get("message"), str | list) or is_marked else None
    is_told = bool(words) or any(own.get(name) for name in _STRONG[1:])
    is_coded = bool(code) and own.get("object") is None
    if not (is_told or is_coded or is_marked):
        return None
    reason = said(value)
    if _SUCCESS_WORDS.fullmatch(reason) and not (reason == "" and (code or is_marked)):
        return None
    return Complaint(code, reason or as_json(value))


def _in_error(inner: object, outer: Mapping[str, Any]) -> Complaint:
    """Return the complaint of a member ``error``, and of the members beside it."""
    code, beside = _code_of(outer), said({name: outer[name] for name in outer if name != "error"})
    if isinstance(inner, Mapping):
        inner_code = _code_of(members(inner))
        return Complaint(code if inner_code is None else inner_code, said(inner) or beside or as_json(inner))
    if isinstance(inner, str):
        is_code = beside and code is None and _IDENTIFIER.fullmatch(inner)
        return Complaint(excerpt(inner, 60) if is_code else code, beside or said(inner))
    return Complaint(code, (isinstance(inner, list) and said(inner)) or beside or as_json(dict(outer)))


def _is_real(error: object) -> bool:
    """Return whether a member ``error`` is one: gateways send empty ones, and ones that report a success."""
    if isinstance(error, str):
        return not _SUCCESS_WORDS.fullmatch(error)
    if not isinstance(error, Mapping):
        return bool(error)
    own = members(error)
    known = [own[name] for name in (*_CODES, *_STRONG, "status", "msg", "type") if name in own]
    return any(map(_is_telling, known)) if known else bool(error)


def _is_telling(value: object) -> bool:
    code = _code(value)
    return not _is_success(code) if code is not None else bool(value)


def _is_marked(own: Mapping[str, Any]) -> bool:
    """Return whether an object says that it is an error."""
    return (
        any(
            str(own.get(name)).lower() in ("error", "fail", "failed", "failure")
            for name in ("object", "type", "status")
        )
        or own.get("success") is False
        or (own.get("ok") is False)
        or bool(own.get("errors"))
    )


def _is_success(code: int | str | None) -> bool:
    return code is not None and (code in _SUCCESS or bool(isinstance(code, str) and _SUCCESS_WORDS.fullmatch(code)))


def _code_of(own: Mapping[str, Any]) -> int | str | None:
    codes = [_code(own.get(name)) for name in _CODES]
    status = own.get("status")  # of an error it is a number; of a task it is a word
    codes += [status] if isinstance(status, int) and status >= _LEAST_ERROR else []
    return next((code for code in codes if code is not None), None)


def _code(value: object) -> int | str | None:
    if isinstance(value, str):
        return int(value) if re.fullmatch(r"\d{1,9}", value) else excerpt(value, 60)
    return value if isinstance(value, int) else None


def _labelled(complaint: Complaint, value: object) -> Complaint:
    labels, names = labels_in(value)
    return Complaint(complaint.code, complaint.message, f"{labels} {complaint.code or ''}", names)

"""Find the words in a parsed error response: its reason, and labels for `sfstream.wire.meanings`. No I/O.

Servers put the reason under many names, in lists, inside one another, and as JSON in a text.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

_WORDS = (
    *("message", "errormessage", "errormsg", "errmsg", "msg", "errordescription", "faultstring", "statusmsg"),
    *("statusmessage", "statustext", "retmsg", "resultmsg", "errormessages", "err", "exception", "explanation"),
    *("detail", "details", "reason", "description", "title", "raw", "text", "info", "data"),
)
"""Names of the reason, the most telling first; without case, hyphens and underscores."""
_MORE = ("detail", "details", "errors", "issues", "innererror", "cause")
"""Names of what explains the reason."""
_LABELS = ("code", "type", "status", "errortype", "errorcode", "errcode", "error", "reason")
_NAMES = ("param", "parameter", "field", "argument", "loc", "path", "keys", "additionalproperty")
_ECHOES = {"input", "ctx", "messages", "choices", "request"}
"""Members that repeat what was asked."""
_DEPTH = 6
"""Maximum depth to which objects, lists and JSON in texts are followed."""
_MOST = 200
"""Maximum number of members that are looked at for labels."""
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_HTML = re.compile(r"\s*(<!--.*?-->\s*)*<(!doctype html|html|head|body|h[1-6]|p|div|center|title)\b", re.I | re.DOTALL)
_UNSEEN = re.compile(r"<(script|style|head)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.I | re.DOTALL)


def members(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members by their names without case, hyphens and underscores: ``errMsg`` and ``err_msg`` are one."""
    return {re.sub(r"[-_]", "", str(name)).lower(): each for name, each in value.items()}


def said(value: object, depth: int = _DEPTH) -> str:
    """Return the reason in a parsed value; empty if no member of it is known to hold one."""
    if isinstance(value, str):
        return _said_in_text(value, depth)
    if not depth:
        return ""
    if isinstance(value, Mapping):
        return _said_in_object(members(value), depth - 1)
    if isinstance(value, Sequence):
        return "; ".join(dict.fromkeys(filter(None, (said(each, depth - 1) for each in value[:_MOST]))))
    return ""


def page(text: str) -> str:
    """Return the title or the text of a page of HTML; empty if the text is none."""
    if not _HTML.match(text):
        return ""
    title = _TITLE.search(text)
    shown = html.unescape(title[1] if title else _UNSEEN.sub(" ", text)).split()
    return f"{' '.join(shown)} (a page of HTML)" if shown else ""


def labels_in(value: object) -> tuple[str, tuple[str, ...]]:
    """Return the labels of an error, parted by spaces, and the names of the fields of the request that it blames."""
    found = list(islice(_walked(value, _DEPTH), _MOST))
    labels = [each for name, each in found if name in _LABELS and isinstance(each, str) and len(each) < 80]
    names = [name for label, each in found if label in _NAMES and (name := _name(each))]
    return " ".join(dict.fromkeys(labels)), tuple(dict.fromkeys(names))


def _said_in_text(text: str, depth: int) -> str:
    if depth and text.lstrip()[:1] in ("{", "[", '"') and (inner := _parsed(text)) is not None:
        return said(inner, depth - 1) or text.strip()
    return page(text) or text.strip()


def _said_in_object(own: Mapping[str, Any], depth: int) -> str:
    main = next((words for name in _WORDS if (words := said(own.get(name), depth))), "")
    for name in ("error", "errors", "fault") if not main else ():
        main = main or said(own.get(name), depth)
    place = next((where for name in ("loc", "path") if (where := _place(own.get(name)))), "")
    main = f"{place}: {main}" if place and main else main
    more = [*(said(own.get(name), depth) for name in _MORE), _by_name(own.get("errors"), depth)]
    for words in (*more, _upstream(own.get("metadata"), depth)):
        main = _joined(main, words) if words and words not in main and main not in words else main or words
    return main


def _by_name(errors: object, depth: int) -> str:
    """Return the reasons of an object that has them by the names of the fields, as ASP.NET and Rails do."""
    if not isinstance(errors, Mapping) or said(errors, depth):
        return ""
    each = ((name, said(reason, depth)) for name, reason in islice(errors.items(), _MOST))
    return "; ".join(f"{name}: {reason}" for name, reason in each if reason)


def _upstream(metadata: object, depth: int) -> str:
    """Return what the provider behind OpenRouter said, and its name (https://openrouter.ai/docs/api-reference/errors)."""
    if not isinstance(metadata, Mapping):
        return ""
    reason = said(metadata.get("raw"), depth) or said(metadata.get("reasons"), depth)
    name = metadata.get("provider_name")
    return f"{reason} (from {name})".strip() if isinstance(name, str) and name else reason


def _joined(main: str, more: str) -> str:
    return f"{main}{' ' if main[-1:] in '.:!?。：！？' else ': '}{more}"


def _place(value: object) -> str:
    """Return where in the request a mistake is, as FastAPI and Zod have it: ``body.top_k``."""
    if not isinstance(value, list) or not all(isinstance(part, str | int) for part in value):
        return ""
    return ".".join(map(str, value))


def _name(value: object) -> str:
    """Return the field of the request that a member names: the outermost one, without ``body``."""
    parts = (
        list(map(str, value))
        if isinstance(value, list)
        else re.split(r"[.\[]", value)
        if isinstance(value, str)
        else []
    )
    found = next((part for part in parts if part not in ("body", "$", "")), "")
    return found if re.fullmatch(r"[A-Za-z_]\w{0,60}", found) and found.lower() not in ("none", "null") else ""


def _walked(value: object, depth: int) -> Iterator[tuple[str, object]]:
    """Yield the members of all objects in a value, also of those that are JSON in a text."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        value = _parsed(value)
    if depth and isinstance(value, Mapping):
        for name, each in members(value).items():
            if name not in _ECHOES:
                yield name, each
                yield from _walked(each, depth - 1)
    elif depth and isinstance(value, list):
        for each in value:
            yield from _walked(each, depth - 1)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None

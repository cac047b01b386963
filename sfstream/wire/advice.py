"""Say what the user can do about a refusal. No I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sfstream import errors
from sfstream.core.hints import either
from sfstream.core.message import Message, joined, message
from sfstream.core.parameters import FIELDS
from sfstream.core.request import ChatRequest
from sfstream.wire.complaints import Complaint
from sfstream.wire.meanings import MONEY, is_about_context, is_about_model, is_about_real_name

LONG_LIMIT = re.compile(
    r"\b[RTI]P[HD]\b|\bper[ _-]?(hour|day|week|month)\b|PerDay|\b(hourly|daily|weekly|monthly)\b|每(小时|日|天)|当日",
    re.I,
)
"""Limits on requests, tokens or images per hour or day, for which nobody waits."""

_MINUTE, _WEEK = 60, 604800
_NO_IMAGES = 20041
_SILICONFLOW = 20000
"""Least of SiliconFlow's codes, each of which has a message that explains it."""
_OF_ACCOUNT = range(30000, 30014)
"""SiliconFlow's codes of the permissions of an account."""
_UNKNOWN = re.compile(
    r"(unrecogni[sz]ed|unknown|unexpected|unsupported|extra|additional)[ _-](request |body |keyword |model )?"
    r"(argument|key|parameter|param|field|name|input|propert|value)|extra_forbidden|cannot find field"
    r"|(not|n't) (support|accept|allow|permit)\w*[^.\n]{0,40}(argument|param|field|propert)"
    r"|(argument|param|field|propert)[^\n]{0,80}(not |un)(support|allow|permit|accept|know|recogni|valid|a valid)"
    r"|is not allowed|不支持.{0,20}(参数|字段)|(参数|字段).{0,30}(不支持|未知|无法识别)|未知.{0,6}(参数|字段)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[`'\"“‘({]\s*([a-z][\w.]*)\s*[`'\"”’)}:,]")
_LISTED = re.compile(
    r"(?:supplied|fields?|param(?:eter)?s?|arguments?|propert(?:y|ies)|keys?)\b[\w ]{0,20}: *([a-z][\w, ]+)"
)
_LEADING = re.compile(
    r"(?:^|[\n;]|body(?:\.| -> ))\s*([a-z]\w*)(?=:? (?:extra|property|unknown|is )|\n)", re.IGNORECASE
)
_ALLOWED = re.compile(
    r"expected (one of|[`'\"])|did you mean|\b(use|try) [`'\"]"
    r"|\b(supported|valid|allowed|known|accepted) (field|param|key|arg|prop)",
    re.IGNORECASE,
)
"""Where a list of the fields begins that the server does take."""
_NO_FIELDS = {"body", "type", "loc", "msg", "ctx", "url", "input", "model", "messages", "stream", "value", "error"}


def advice_on(
    kind: type[errors.ServerRefusal], complaint: Complaint, status_code: int | None, wait: float | None
) -> Message:
    """Return what to do about a complaint; empty if nothing is known to help.

    Args:
        kind: the class of its exception.
        complaint: what the server says.
        status_code: the HTTP status; None inside a stream.
        wait: seconds that the server asks to wait.
    """
    if complaint.code == _NO_IMAGES:
        return either(
            message("This model takes no images: choose one that does with -m. %sfmodels lists the models."),
            message("This model takes no images: choose another model. sfstream.models() lists the models."),
        )
    if kind is errors.RateLimited and LONG_LIMIT.search(complaint.message):
        return message("This limit is per hour or per day: wait, or use another model.")
    if kind in (errors.RateLimited, errors.ServerBusy) and wait and _MINUTE < wait < _WEEK:
        return message(
            "The server asks to wait {minutes} minutes. Ask again then, or use another model.",
            minutes=f"{wait / _MINUTE:,.0f}",
        )
    if kind is errors.TooLarge and is_about_context(complaint, status_code):
        return message(
            "Send less: a shorter prompt or conversation, or a smaller {max_tokens}; or use a model with more context.",
            max_tokens=either("--max-tokens", "max_tokens"),
        )
    if kind is errors.NotFound and is_about_model(complaint):
        return either(
            message("Check the model's name (-m). %sfmodels, or sfstream.models() in Python, lists the models."),
            message("Check the model's name. sfstream.models() lists the models."),
        )
    if kind in (errors.BalanceTooLow, errors.AccessDenied):
        return _on_account(kind, complaint, status_code)
    return _usual(kind)


def on_fields(complaint: Complaint, request: ChatRequest | None = None) -> Message:
    """Return which options set the fields that the server does not take; empty if that is not its complaint.

    Args:
        complaint: what the server says.
        request: what was sent, if it is known; then no other field is named.
    """
    is_unknown = bool(_UNKNOWN.search(f"{complaint.message} {complaint.labels}"))
    found = _sent(complaint, request) if request else _blamed(complaint, only_known=not is_unknown)
    # A word with an underscore is a field; another one may be a word of the sentence.
    found = found if is_unknown else [name for name in found if name in complaint.names or "_" in name]
    if not found:
        return Message("")
    ways = [_way(name, is_param=request is not None and name in request.params) for name in found]
    keywords = {str(keyword): keyword for _, keyword in ways}
    flags, arguments = _listed([flag for flag, _ in ways]), _listed([each for _, each in sorted(keywords.items())])
    if is_unknown:
        return either(
            message(
                "The server or the model does not take {names}: leave out {flags} (in Python: {keywords}).",
                names=_listed(found),
                flags=flags,
                keywords=arguments,
            ),
            message(
                "The server or the model does not take {names}: leave out {keywords}.",
                names=_listed(found),
                keywords=arguments,
            ),
        )
    return either(
        message(
            "{names} is set by {flags} (in Python: {keywords}).", names=_listed(found), flags=flags, keywords=arguments
        ),
        message("{names} is set by {keywords}.", names=_listed(found), keywords=arguments),
    )


def may_lack_key(error: errors.ServerRefusal, complaint: Complaint) -> bool:
    """Return whether the refusal of a request without a key may be for want of one: some servers answer 400 or 500."""
    is_explained = (isinstance(complaint.code, int) and complaint.code >= _SILICONFLOW) or _UNKNOWN.search(
        complaint.message
    )
    is_open = type(error) in (errors.RequestRefused, errors.ServerBusy, errors.AccessDenied)
    return is_open and error.status_code in (400, 403, 500) and not (is_explained or on_fields(complaint))


def _on_account(kind: type[errors.ServerRefusal], complaint: Complaint, status_code: int | None) -> Message:
    if is_about_real_name(complaint):
        return message("Verify the identity of the account's owner on the website of the server.")
    top_up = either(
        message("Top up the account, or use a free model with -m."),
        message("Top up the account, or use a free model."),
    )
    is_told = kind is errors.BalanceTooLow and _is_money_named(complaint)
    # SiliconFlow sends 402 and 403 for both, on both of its hosts (https://docs.siliconflow.cn/faqs/error-code).
    both = message("On SiliconFlow this means the balance, or an account whose real name is not verified.")
    return joined(
        top_up if kind is errors.BalanceTooLow else "", both if status_code in (402, 403) and not is_told else ""
    )


def _is_money_named(complaint: Complaint) -> bool:
    """Return whether the server names the balance, and is not SiliconFlow, which names it for both reasons.

    "Payment Required" alone is only the name of HTTP 402.
    """
    if complaint.message.strip(" .!").lower() == "payment required":
        return False
    is_siliconflow = isinstance(complaint.code, int) and complaint.code in _OF_ACCOUNT
    return bool(MONEY.search(f"{complaint.message} {complaint.labels}")) and not is_siliconflow


def _sent(complaint: Complaint, request: ChatRequest) -> list[str]:
    """Return the fields of the request that the complaint names."""
    text = " ".join((_before_allowed(complaint), *complaint.names))
    names = [*request.fields, *request.params]
    return [name for name in names if re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text)]


def _blamed(complaint: Complaint, *, only_known: bool) -> list[str]:
    """Return the fields that the complaint seems to name, where the request is not known."""
    text = _before_allowed(complaint)
    listed = [name for names in _LISTED.findall(text) for name in re.split(r"[,\s]+", names)]
    snakes = re.findall(r"\b[a-z]+_[a-z_]+\b", text) if only_known else []
    names = [*complaint.names, *_QUOTED.findall(text), *listed, *_LEADING.findall(text), *snakes]
    plain = dict.fromkeys(name.removeprefix("body.").partition(".")[0] for name in names)
    fields = [name for name in plain if name[:1].islower() and name not in _NO_FIELDS and "_forbidden" not in name]
    return [name for name in fields if name in FIELDS] or ([] if only_known else fields[:1])


def _before_allowed(complaint: Complaint) -> str:
    found = _ALLOWED.search(complaint.message)
    return complaint.message[: found.start()] if found else complaint.message


def _way(name: str, *, is_param: bool) -> tuple[Message | str, Message | str]:
    """Return how a field is set on the line of the magic, and by which argument in Python."""
    row = FIELDS.get(name)
    if name == "response_format" and not is_param:
        return _listed(["-f json", "--schema"]), _listed(["format", "schema"])
    if row is None or is_param or not row.flags:
        return f"-p {name}=…", "params"
    return _listed([flag for flag in row.flags if flag.startswith("--")]), row.name


def _listed(names: Sequence[Message | str]) -> Message:
    *before, last = names
    return message("{names} and {last}", names=joined(*before, by=", "), last=last) if before else joined(last)


def _usual(kind: type[errors.ServerRefusal]) -> Message:
    """Return what usually helps against errors of that class."""
    if kind is errors.NotFound:
        return either(
            message("Check the model's name (-m) and the base URL, which usually ends in /v1."),
            message("Check the model's name and the base URL, which usually ends in /v1."),
        )
    return _ADVICE.get(kind, Message(""))


_ADVICE: dict[type[errors.ServerRefusal], Message] = {
    errors.TooLarge: message("Send less: a shorter prompt, or smaller images."),
    errors.RateLimited: message("Wait a little, or use another model."),
    errors.ServerBusy: message("Try again a little later, or use another model."),
}

"""Decide which exception a complaint means: by its code, its labels, its words and the HTTP status. No I/O.

Servers and the gateways before them disagree on statuses: a model that does not exist is a 400, a 404, a 500 or a 503.
The codes are those of SiliconFlow's error page (https://docs.siliconflow.cn/faqs/error-code).
"""

from __future__ import annotations

import re

from sfstream import errors
from sfstream.wire.complaints import Complaint

_Kind = type[errors.ServerRefusal]

_BY_STATUS: dict[int, _Kind] = {
    401: errors.KeyRefused,
    402: errors.BalanceTooLow,
    403: errors.AccessDenied,
    404: errors.NotFound,
    408: errors.ServerBusy,
    413: errors.TooLarge,
    429: errors.RateLimited,
}

_BY_CODE: dict[int, _Kind] = {
    20012: errors.NotFound,
    20042: errors.TooLarge,
    20043: errors.TooLarge,
    30001: errors.BalanceTooLow,
    30005: errors.AccessDenied,
    30011: errors.BalanceTooLow,
    30014: errors.KeyRefused,
    **dict.fromkeys((50601, 50602, 50604, 50605, 50606, 50607, 50608), errors.RateLimited),
    **dict.fromkeys(range(50500, 50511), errors.ServerBusy),
}

_ANY = r"(?:[^.!?\n。]|\.(?=\S)){0,100}?"
"""Characters up to the end of a sentence; a point in the name of a model ends none."""
_NOT = "(?! (out|param|arg|set|field|type))"
"""Words after "model" with which it is no name: its output, parameters, arguments, settings, fields and type."""


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts).replace("<ANY>", _ANY).replace("<NOT>", _NOT), re.IGNORECASE)


_CONTEXT = _pattern(
    r"context_?length_?exceeded|exceed_?context_?size|context_?window_?exceeded|string_above_max_length|\bn_ctx\b",
    r"(maximum|max|model'?s?) context|context (length|window|size|limit)<ANY>(exceed|too|limit|full|small|maximum)",
    r"exceed\w*<ANY>((?<!request )context(?! (deadline|cancel))|max_seq_len|max_model_len|token limit|tokens? allowed)",
    r"exceed\w*<ANY>(input (length|token|limit)|max(imum)?( \w+)? (length|tokens))|context\b.{0,20}overflow",
    r"(larger|longer|greater|more|bigger) than<ANY>context|(fit|room)<ANY> context|(prompt|sequence)<ANY>longer than",
    r"max(imum)? (input|prompt) (characters|length|tokens)|prompt<ANY>exceed|inputs? must have (less|fewer)",
    r"max_seq_len|max_model_len|max_position_emb|`inputs` tokens|(shorten|reduce) (the|your) (length|prompt|mess|inp)",
    r"(prompt|input|conversation|messages?)( text| content)?( is| are| was)? too (long|large)|at most [\d,]+ tokens",
    r"too many (input |prompt )?tokens(?! per)|(input|prompt) (length|tokens?)( count)?<ANY>(exceed|should be|must be)",
    r"tokens?\b<ANY>exceed|prompt_tokens<ANY>less than",
    r"(上下文|输入|提示词|请求|token)<ANY>(超出|超过|超限|过长|太长)|(超出|超过)<ANY>(上下文|输入|长度|token)",
)
_ANSWER = re.compile(r"max_(completion_|output_)?tokens|(completion|output) tokens|image|audio|video", re.IGNORECASE)
_INPUT = re.compile(r"prompt|input|message|context|inputs` tokens", re.IGNORECASE)
_WINDOW = _pattern(r"context_?length_?exceeded|maximum context length|context_?window_?exceeded")
"""What says so also under 429, where other words mean a limit per minute."""
_PER_TIME = _pattern(r"rate.?limit|\bper (min|minute|hour|day|second)\b|[TRI]P[MHD]\b|频率|频繁|并发|每分钟")

_REQUEST = _pattern(r"(request|payload)( body| entity)?( is| was)? too (large|big|long)|reduce your message size")
"""A request that is too large for the server, or for its limit per minute, so that no wait helps."""

MONEY = _pattern(
    r"insufficient[ _-]*(account |user[ _])?(balance|quota|credits?|funds?)|billing[ _](hard[ _]limit|not[ _]active)",
    r"arrear|overdue|budget( has been)?[ _]?exceeded|exceeded ?(their |your )?budget|spend(ing)? limit",
    r"top[ -]?up|recharge|exceeded_current_quota|pre_consume_token_quota",
    r"(balance|credits?|quota)( is| are| has been)? ?(too low|insufficient|not enough|exhausted|used up|depleted)",
    r"(not enough|out of|no( more| remaining)?|requires more|purchase( more)?) (balance|credits?|quota|funds)\b",
    r"good standing|free_?tier_?only|payment[ _]required",
    r"余额<ANY>(不足|用完|用尽|耗尽)|额度<ANY>(不足|用完|用尽|耗尽)|欠费|(请|需要?)<ANY>充值|账户.{0,4}(欠|冻结)",
)
_PLAN = _pattern(r"exceeded your current quota|check your plan and billing")
_RETRIED = _pattern(r"retry in|RESOURCE_EXHAUSTED|free_tier_requests|per (minute|day)")
"""Gemini says the words of OpenAI's lack of money where a limit per minute or day was reached."""

_REAL_NAME = _pattern(
    r"real[- ]?name|实名|(organization|account|identity)<ANY>(must be|not( been)?|needs? to be) verified"
)

_NO_MODEL = _pattern(
    r"model_?not_?(found|exist|open|available|supported)|(invalid|unknown|unsupported)_?model|DeploymentNotFound",
    r"InvalidEndpointOrModel|\bmodels?\b<ANY>(not( be)? found|not exist|n'?t exist|not a valid|is unknown|no such)",
    r"\bmodels?\b<ANY>(not recogni[sz]ed|not in the list|not served)|not a valid model|no 'model_name'",
    r"(no such|unknown|invalid|unsupported|unrecognized|not found the|no) models?\b<NOT>",
    r"(not|n't|unable to|fail\w* to) find( the| a| any)?( \w+)? model(id)?\b<NOT>",
    r"(invalid|incorrect|wrong) model (name|id)|model (id|name|identifier)<ANY>invalid|无可用渠道",
    r"(无效|未知|不支持)的?模型(?!参数)|模型<ANY>(不存在|未找到|找不到|不可用|未开通|下线)|(不存在|未找到|找不到|没有)<ANY>模型",
)
_AWAY = _pattern(
    r"no (healthy|available)? ?(deployments?|channels?|providers?|endpoints?)\b|unable to access model",
    r"\bmodel\b<ANY>((not|n't) available|unavailable|not (loaded|enabled)|no longer|decommissioned|deprecated|retired)",
    r"model( [`'\"]?[\w./:-]+[`'\"]? is)? not supported(?! \w)|model<ANY> is not supported (on|by) this",
    r"(deployment|engine)\b<ANY>(not found|not exist)|not_?found_?error|resource_not_found",
)
"""What may pass by itself under 429 and 5xx, and means a wrong name under 400."""

_KEY = _pattern(
    r"(invalid|incorrect|missing|wrong|expired|malformed|no|unauthorized)[ _-]?api[ _-]?key|api[ _-]?key[ _-]?invalid",
    r"api[ _-]?key<ANY>(invalid|not valid|missing|expired|required|incorrect|not (been )?provided|not found|无效|错误)",
    r"authentication_?(error|fail)|invalid_authentication|UNAUTHENTICATED|auth_error|invalid_iam_token",
    r"login fail|身份验证|无效的令牌|令牌<ANY>(无效|过期|未提供)|未提供<ANY>令牌|(密钥|鉴权)<ANY>(无效|错误|失败|过期)",
)
_KEY_LABELS = _pattern(r"api_?key|authentication|UNAUTHENTICATED|auth_error|unauthorized")
_RATE = _pattern(
    r"rate.?limit|too.?many.?requests|throttl|request limit reached|RESOURCE_EXHAUSTED",
    r"请求<ANY>(频繁|频率|过多)|并发<ANY>(超|限)",
)
_BUSY = _pattern(
    r"overload|server_?error|internal[ _]?(server[ _]?)?error|\binternal\b|unavailable|bad gateway|timed? ?out",
    r"try again later|engine_|繁忙|稍后|超时",
)


def kind_of(complaint: Complaint, status_code: int | None) -> _Kind:
    """Return the class of the exception.

    Args:
        complaint: what the server says.
        status_code: the HTTP status; None inside a stream.
    """
    code = complaint.code
    if isinstance(code, int) and (kind := _BY_CODE.get(code)):
        return kind
    status = code if isinstance(code, int) and code in _BY_STATUS else status_code
    if kind := _by_meaning(complaint, status):
        return kind
    if kind := _BY_STATUS.get(status or 0):
        return kind
    if any(isinstance(number, int) and 500 <= number < 600 for number in (status, code)):
        return errors.ServerBusy
    return _without_status(complaint) if status is None else errors.RequestRefused


def is_about_context(complaint: Complaint, status_code: int | None) -> bool:
    """Return whether the prompt, with the answer, is longer than the model's context."""
    text = f"{complaint.message}\n{complaint.labels}"
    if status_code in (401, 402, 403, 404, 408):
        return False
    if _WINDOW.search(text):
        return True
    if status_code == 429 or _PER_TIME.search(text) or (_ANSWER.search(text) and not _INPUT.search(text)):
        return False
    return bool(_CONTEXT.search(text))


def is_about_real_name(complaint: Complaint) -> bool:
    """Return whether the account's owner is to be verified."""
    return complaint.code == 30005 or bool(_REAL_NAME.search(complaint.message))


def is_about_model(complaint: Complaint) -> bool:
    """Return whether the name of the model is to blame."""
    return complaint.code == 20012 or any(
        pattern.search(f"{complaint.message}\n{complaint.labels}") for pattern in (_NO_MODEL, _AWAY)
    )


def _by_meaning(complaint: Complaint, status: int | None) -> _Kind | None:
    """Return what the words mean, where they say more than the status."""
    text = f"{complaint.message}\n{complaint.labels}"
    is_open = status is None or status in (400, 405, 409, 422) or status >= 500  # such a status says little
    if is_about_context(complaint, status):
        return errors.TooLarge
    if status in (None, 400, 422, 429, 500) and _REQUEST.search(text):
        return errors.TooLarge
    if status != 404 and (MONEY.search(text) or (_PLAN.search(text) and not _RETRIED.search(text))):
        return errors.BalanceTooLow
    if status in (None, 400, 402, 403, 404) and _REAL_NAME.search(text):
        return errors.AccessDenied
    if status == 403 and re.search(r"\bbalance\b", text, re.IGNORECASE):
        return errors.BalanceTooLow
    if (is_open or status == 403) and _NO_MODEL.search(text):
        return errors.NotFound
    if status in (None, 400, 422) and _AWAY.search(text):
        return errors.NotFound
    # In a stream a text without a code may be anything.
    if (status in (400, 403, 422, 500) or (status is None and complaint.code is not None)) and _KEY.search(text):
        return errors.KeyRefused
    return errors.RateLimited if status in (None, 400, 403) and _RATE.search(text) else None


def _without_status(complaint: Complaint) -> _Kind:
    """Return what an error inside a stream means."""
    if _KEY_LABELS.search(complaint.labels):
        return errors.KeyRefused
    return errors.ServerBusy if _BUSY.search(f"{complaint.message}\n{complaint.labels}") else errors.RequestRefused

"""Answers with an error status, with the bodies that SiliconFlow sends, and the models that give them.

The bodies are those of the error page (https://docs.siliconflow.cn/faqs/error-code) and of reports by users: an
object with or without a code, a bare JSON string, plain text, a page of HTML.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sfstream.demo.answer import JSON, Answer, Call, Model, Respond
from sfstream.demo.compose import dump

NOT_FOUND = "404 page not found"

_LIMITED = (
    "Request was rejected due to rate limiting. If you want more, please contact contact@siliconflow.cn. "
    "Details:{} limit reached."
)
_PAGE = "<html>\n<head><title>{0}</title></head>\n<body>\n<center><h1>{0}</h1></center>\n</body>\n</html>\n"


def refuse(status: int, body: object, content_type: str = JSON, *, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer with an error status. The body is sent as JSON, or as it is if the content type is not JSON."""
    text = dump(body) if content_type == JSON else str(body)
    return Answer(text.encode(), status, content_type, headers or {})


def no_such_model(problem: str = "") -> Answer:
    """Return the answer to a call that names a model which does not exist, with a sentence on what is wrong with it."""
    return refuse(400, _coded(20012, f"Model does not exist. {problem or 'Please check it carefully.'}"))


def bad_request(message: str) -> Answer:
    """Return the answer to a body that is not a valid request."""
    return refuse(400, _coded(20015, message))


def not_found() -> Answer:
    """Return the answer to a path that does not exist."""
    return refuse(404, NOT_FOUND, "text/plain; charset=utf-8")


def page(title: str, status: int = 200) -> Answer:
    """Return a page of HTML."""
    return refuse(status, _PAGE.format(title), "text/html; charset=utf-8")


def rate_limited(limit: str, **headers: str) -> Answer:
    """Return 429. It has no code; only the text names the limit, such as TPM."""
    return refuse(429, {"message": _LIMITED.format(limit), "data": None}, headers=headers)


def busy_first(answer: Respond, times: int | None = None) -> Respond:
    """Refuse with 503 ``times`` times (None: the N in the model's name), then answer, then refuse again."""
    return lambda call: refuse(503, BUSY) if call.attempt % ((times or call.number) + 1) else answer(call)


def without_json(kinds: Collection[str], answer: Respond) -> Respond:
    """Refuse the kinds of ``response_format`` that the model does not take with 20024, and answer otherwise."""
    refusal = refuse(400, _coded(20024, "Json mode is not supported for this model."))
    return lambda call: refusal if format_of(call) in kinds else answer(call)


def format_of(call: Call) -> str:
    """Return the ``type`` of the ``response_format``; empty if there is none."""
    asked = call.body.get("response_format")
    return str(asked.get("type", "")) if isinstance(asked, Mapping) else ""


def limited_first(answer: Respond) -> Respond:
    """Refuse every other request with 429 and ``Retry-After: 1``."""
    return lambda call: rate_limited("RPM", **{"Retry-After": "1"}) if call.attempt % 2 else answer(call)


def echo_key(call: Call) -> Answer:
    """Refuse with a message that repeats the ``Authorization`` header, as some proxies do. No client may show it."""
    return refuse(401, f"Api key is invalid: {call.authorization}")


def _coded(code: int, message: str) -> dict[str, object]:
    return {"code": code, "message": message, "data": None}


def _model(name: str, description: str, answer: Answer) -> Model:
    return Model(f"demo/status-{name}", f"Refuses with {name[:3]}: {description}", lambda _: answer)


BUSY = _coded(50505, "Model service overloaded. Please try again later.")
_BALANCE = {"code": 30001, "message": "Sorry, your account balance is insufficient"}

REFUSALS = (
    _model("400", "a parameter is invalid (20015).", bad_request("The parameter is invalid. Please check again.")),
    _model("401", "the key is invalid, as a bare JSON string.", refuse(401, "Api key is invalid")),
    _model("402", "the balance is too low (30001), as on the .com site.", refuse(402, _BALANCE)),
    _model("403", "the balance is too low (30001), as on the .cn site.", refuse(403, _BALANCE)),
    _model("404", "no such page, as plain text.", not_found()),
    _model("413", "the request is too large (20042).", refuse(413, _coded(20042, "The request is too large."))),
    _model("422", "a field is missing (20015).", refuse(422, _coded(20015, "Field required"))),
    _model("429", "the limit on tokens per minute (TPM), without a code.", rate_limited("TPM")),
    _model("429-hourly", "the limit on requests per hour (RPH), which no wait helps.", rate_limited("RPH")),
    _model("451", "the content is blocked (20021).", refuse(451, _coded(20021, "The content is blocked."))),
    _model("500", "the service failed (50507).", refuse(500, _coded(50507, "Request failed. Please try again later."))),
    _model("503", "the model is overloaded (50505).", refuse(503, BUSY)),
    _model("504", "a gateway timed out, as a page of HTML.", page("504 Gateway Time-out", 504)),
)
"""The models that always refuse."""

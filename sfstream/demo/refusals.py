"""The faults that are a refusal: a status other than 200, with the body that SiliconFlow sends with it.

The bodies are those of the error page (https://docs.siliconflow.cn/faqs/error-code) and of reports by
its users: an object with a code or without one, a bare JSON string, plain text, a page of HTML.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

from sfstream.demo.answer import JSON, Answer, Asked, Model
from sfstream.demo.compose import dump

BUSY = {"code": 50505, "message": "Model service overloaded. Please try again later.", "data": None}
NOT_FOUND = "404 page not found"

_TEXT = "text/plain; charset=utf-8"
_HTML = "text/html; charset=utf-8"
_BALANCE = {"code": 30001, "message": "Sorry, your account balance is insufficient"}
_PAGE = "<html>\n<head><title>{0}</title></head>\n<body>\n<center><h1>{0}</h1></center>\n</body>\n</html>\n"


def refuse(status: int, body: object, content_type: str = JSON, *, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer with a status: the body is sent as JSON, or as it is where the content type is another."""
    text = dump(body) if content_type == JSON else str(body)
    return Answer(text.encode(), status, content_type, headers or {})


def no_such_model() -> Answer:
    return refuse(400, _coded(20012, "Model does not exist. Please check it carefully."))


def no_request(message: str) -> Answer:
    """What is sent where the request cannot be used."""
    return refuse(400, _coded(20015, message))


def not_found() -> Answer:
    return refuse(404, NOT_FOUND, _TEXT)


def page(title: str, status: int = 200) -> Answer:
    """A page of HTML where an answer was expected."""
    return refuse(status, _PAGE.format(title), _HTML)


def limited(limit: str) -> Answer:
    """429, which has no code: only the text says which limit it was."""
    text = "Request was rejected due to rate limiting. If you want more, please contact contact@siliconflow.cn."
    return refuse(429, {"message": f"{text} Details:{limit} limit reached.", "data": None})


def busy(asked: Asked, then: Callable[[Asked], Answer], times: int) -> Answer:
    """503 so many times, then the answer, then from the start again."""
    return refuse(503, BUSY) if asked.attempt % (times + 1) else then(asked)


def retry_after(asked: Asked, then: Callable[[Asked], Answer]) -> Answer:
    """429 with ``Retry-After`` to every other request."""
    if not asked.attempt % 2:
        return then(asked)
    answer = limited("RPM")
    return Answer(answer.body, answer.status, answer.content_type, {"Retry-After": "1"})


def echo_key(asked: Asked) -> Answer:
    """401 with a message that repeats the header, as some proxies do: no client may show it."""
    return refuse(401, f"Api key is invalid: {asked.authorization}")


def _coded(code: int, message: str) -> dict[str, object]:
    return {"code": code, "message": message, "data": None}


_STATUSES: dict[str, tuple[str, Callable[[], Answer]]] = {
    "400": (
        "400: a parameter is invalid (20015).",
        lambda: no_request("The parameter is invalid. Please check again."),
    ),
    "401": ("401: the key is invalid, said as a bare JSON string.", lambda: refuse(401, "Api key is invalid")),
    "402": ("402: the balance is too low (30001), as on the .com site.", lambda: refuse(402, _BALANCE)),
    "403": ("403: the balance is too low (30001), as on the .cn site.", lambda: refuse(403, _BALANCE)),
    "404": ("404: no such page, said as plain text.", not_found),
    "413": (
        "413: the request is too large (20042).",
        lambda: refuse(413, _coded(20042, "The request is too large.")),
    ),
    "422": ("422: a field is missing (20015).", lambda: refuse(422, _coded(20015, "Field required"))),
    "429": ("429: the limit on tokens per minute (TPM), without a code.", lambda: limited("TPM")),
    "429-hourly": ("429: the limit on requests per hour (RPH), for which no wait helps.", lambda: limited("RPH")),
    "451": ("451: the content is blocked (20021).", lambda: refuse(451, _coded(20021, "The content is blocked."))),
    "500": (
        "500: the service failed (50507).",
        lambda: refuse(500, _coded(50507, "Request failed. Please try again later.")),
    ),
    "503": ("503: the model is overloaded (50505).", lambda: refuse(503, BUSY)),
    "504": ("504: a gateway gave up, said as a page of HTML.", lambda: page("504 Gateway Time-out", 504)),
}


def _status(make: Callable[[], Answer], _: Asked) -> Answer:
    return make()


STATUSES = tuple(
    Model(f"demo/status-{name}", f"Refuses with {says}", functools.partial(_status, make))
    for name, (says, make) in _STATUSES.items()
)
"""The models that always refuse."""

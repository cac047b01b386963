"""The refusals of the demo server: their status, and the body that comes with it."""

from __future__ import annotations

import math

import pytest
import requests

from sfstream.demo import prepared
from sfstream.demo.models import MODELS
from sfstream.demo.server import DemoServer
from tests.demo.client import (
    WAIT,
    ask,
    asked,
    post,
    text_in,
)


@pytest.mark.parametrize(
    "name", ["demo/nobody", "demo/cut-after-", "demo/cut-after-x", "demo/cut-after-N", "", None, 3]
)
def test_another_model_does_not_exist(demo: DemoServer, name: object) -> None:
    """A model that is none of the demo's is refused as SiliconFlow refuses it."""
    response = post(demo, {**asked("x"), "model": name})
    assert response.status_code == 400
    message = "Model does not exist. Please check it carefully."
    assert response.json() == {"code": 20012, "message": message, "data": None}


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"{}", b'{"model":"demo/english","messages":[]}', b"\xff"])
def test_a_bad_request_is_refused(demo: DemoServer, body: bytes) -> None:
    """What is not JSON, or holds no messages, is refused with the code 20015."""
    response = requests.post(f"{demo.base_url}/chat/completions", data=body, timeout=WAIT)
    assert response.status_code == 400
    assert response.json()["code"] == 20015
    assert response.json()["data"] is None


@pytest.mark.parametrize("message", [None, "text", {}, {"role": "user"}, {"role": "user", "content": [1, {"text": 2}]}])
def test_an_odd_message_is_taken(demo: DemoServer, message: object) -> None:
    """A message without any text is answered all the same."""
    response = post(demo, {"model": "demo/echo", "messages": [message], "stream": True})
    assert text_in(response.content).startswith("This is a demo server")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/chat/completions"), ("POST", "/models"), ("PUT", "/models"), ("GET", ""), ("POST", "/x")],
)
def test_everything_else_is_not_found(demo: DemoServer, method: str, path: str) -> None:
    """Another path or method gets 404 as plain text."""
    response = requests.request(method, demo.base_url + path, json=asked("demo/english"), timeout=WAIT)
    assert (response.status_code, response.text) == (404, "404 page not found")
    assert response.headers["Content-Type"].startswith("text/plain")


STATUSES = {
    "400": (400, '"code":20015'),
    "401": (401, '"Api key is invalid"'),
    "402": (402, '{"code":30001,"message":"Sorry, your account balance is insufficient"}'),
    "403": (403, '{"code":30001,"message":"Sorry, your account balance is insufficient"}'),
    "404": (404, "404 page not found"),
    "413": (413, '"code":20042'),
    "422": (422, "Field required"),
    "429": (429, "Details:TPM limit reached."),
    "429-hourly": (429, "Details:RPH limit reached."),
    "451": (451, '"code":20021'),
    "500": (500, '"code":50507'),
    "503": (503, '"code":50505'),
    "504": (504, "<h1>504 Gateway Time-out</h1>"),
}


@pytest.mark.parametrize("name", STATUSES)
@pytest.mark.parametrize("stream", [True, False])
def test_a_status_has_its_body(demo: DemoServer, name: str, stream: bool) -> None:
    """demo/status-N refuses with that status and the body that SiliconFlow sends with it, streamed or not."""
    response = post(demo, asked(f"demo/status-{name}", stream=stream))
    status, part = STATUSES[name]
    assert response.status_code == status
    assert part in response.text
    assert "code" not in response.text or status != 429


def test_every_status_is_tested() -> None:
    """The table above names all models that refuse."""
    assert {model.name for model in MODELS if "/status-" in model.name} == {f"demo/status-{name}" for name in STATUSES}


@pytest.mark.parametrize(
    ("model", "codes"),
    [
        ("demo/busy-twice", [503, 503, 200, 503, 503, 200]),
        ("demo/busy-3", [503, 503, 503, 200, 503]),
        ("demo/busy-0", [200, 200]),
        ("demo/retry-after", [429, 200, 429]),
    ],
)
def test_a_passing_trouble_passes(model: str, codes: list[int]) -> None:
    """The busy models answer after so many requests, and then start over; they count for each server."""
    with DemoServer(speed=math.inf) as server:
        answers = [ask(server, model) for _ in codes]
    assert [answer.status_code for answer in answers] == codes
    assert [text_in(answer.content) for answer in answers if answer.ok] == [prepared.text("english")] * codes.count(200)
    assert {answer.headers.get("Retry-After") for answer in answers if answer.status_code == 429} <= {"1"}


def test_echo_key_repeats_the_header(demo: DemoServer) -> None:
    """demo/echo-key puts the Authorization header into its message."""
    response = ask(demo, "demo/echo-key", Authorization="Bearer sk-secret")
    assert response.status_code == 401
    assert response.json() == "Api key is invalid: Bearer sk-secret"


def test_redirect_leads_nowhere(demo: DemoServer) -> None:
    """demo/redirect leads to another path, which is not found."""
    response = ask(demo, "demo/redirect")
    assert response.status_code == 307
    target = demo.base_url.removesuffix("/v1") + response.headers["Location"]
    assert requests.post(target, json=asked("demo/english"), timeout=WAIT).status_code == 404

"""A server that repeats the key: it is shown nowhere, kept nowhere, and goes into no file."""

from __future__ import annotations

import json
import logging
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from sfstream import chat, errors, show
from sfstream.core.config import settings
from sfstream.core.recording import Recording
from sfstream.core.reply import Reply
from sfstream.demo.server import DemoServer
from sfstream.run.ask import ask
from sfstream.wire.transport import VIA
from tests.fake_transport import DONE, Answer, Step, ended, frame, run_of, streaming, word
from tests.key_search import texts_behind

KEY = "sk-marked-0123456789"
MARK = "marked"


@pytest.fixture
def with_key(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> DemoServer:
    """The demo server is asked, with a key."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", KEY)
    return asking_demo


def echo(with_key: DemoServer, via: str = "requests") -> errors.KeyRefused:
    """The refusal that repeats the key, as it is raised."""
    with pytest.raises(errors.KeyRefused) as caught:
        chat("Hello", model="demo/echo-key", via=via, display="off")
    assert f"Bearer {KEY}" == with_key.requests[-1].headers["authorization"]
    return caught.value


def texts(error: BaseException | None) -> Iterator[str]:
    """Whatever an error says, and those behind it that Python shows with it."""
    while error:
        yield from (str(error), repr(error), repr(error.args), repr(getattr(error, "__notes__", "")))
        yield repr({name: value for name, value in vars(error).items() if name != "reply"})
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


@pytest.mark.parametrize("via", VIA)
def test_the_error_does_not_show_it(with_key: DemoServer, via: str) -> None:
    """Neither its text, nor its repr, nor its face in a cell holds the key, and the text says what stood there."""
    error = echo(with_key, via)
    assert "Bearer [the API key]" in str(error)
    assert MARK not in "".join(texts(error))
    assert MARK not in "".join(error._render_traceback_())


def test_the_reply_does_not_show_it(with_key: DemoServer) -> None:
    """Nor does the reply that the error carries, in any of its faces."""
    reply = echo(with_key).reply
    assert reply
    assert MARK not in f"{reply} {reply!r} {reply.notes} {reply.trace_id} {reply.request} {reply._repr_mimebundle_()}"


def test_the_pickled_error_does_not_hold_it(with_key: DemoServer) -> None:
    """An error that goes to another process takes no key there."""
    assert MARK.encode() not in pickle.dumps(echo(with_key))


def test_the_saved_reply_does_not_hold_it(with_key: DemoServer, tmp_path: Path) -> None:
    """A refusal that is saved takes no key into the file."""
    reply = echo(with_key).reply
    assert reply
    reply.save(tmp_path / "refusal.jsonl")
    assert MARK not in (tmp_path / "refusal.jsonl").read_text()


def test_the_traceback_does_not_hold_it(with_key: DemoServer) -> None:
    """Tools that print the variables of each frame find no key in ours."""
    seen, step = [], echo(with_key).__traceback__
    while step:
        if "sfstream" in step.tb_frame.f_globals["__name__"]:
            seen += list(map(repr, step.tb_frame.f_locals.values()))
        step = step.tb_next
    assert MARK not in "".join(seen)


@pytest.mark.parametrize("via", VIA)
def test_the_recording_on_the_way_does_not_hold_it(with_key: DemoServer, tmp_path: Path, via: str) -> None:
    """A recording says what was asked and what came, never with which key."""
    path = tmp_path / "answer.jsonl"
    assert "complete" == ask("Hello", model="demo/english", via=via, display="off", record=path).status
    assert f"Bearer {KEY}" == with_key.requests[-1].headers["authorization"]
    assert MARK not in path.read_text()


def failed(*steps: Step, status: int = 200) -> Reply:
    answer = Answer(steps, status, {"x-siliconcloud-trace-id": KEY})
    return ended(run_of(answer, key=KEY)).reply


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(400, json.dumps({"code": KEY, "message": KEY}).encode(), id="code"),
        pytest.param(401, KEY.encode(), id="text"),
        pytest.param(404, f"<html>{KEY}</html>".encode(), id="page"),
        pytest.param(302, KEY.encode(), id="redirect"),
        pytest.param(200, frame({"error": {"message": KEY, "code": KEY}}), id="in-the-stream"),
        pytest.param(200, b"data: {" + KEY.encode() + b"\n\n", id="not-json"),
        pytest.param(200, f"<html>{KEY}</html>".encode(), id="no-stream"),
        pytest.param(200, frame({"choices": KEY}), id="odd-frame"),
        pytest.param(200, word("x") + KEY.encode(), id="last-words"),
    ],
)
def test_no_kind_of_error_shows_it(status: int, body: bytes) -> None:
    """Wherever in a refusal or a broken stream the key stands, and in the trace id too, the error is without it."""
    error = failed(body, status=status).error
    assert error
    assert "[the API key]" in str(error)
    assert MARK not in "".join(texts(error))


ODD = 'sk-odd"key\\with/all%of$them&+<0123456789'
"""Characters that are written otherwise inside JSON."""
FORMS = [ODD, json.dumps(ODD)[1:-1]]


@pytest.mark.parametrize("form", FORMS, ids=["literal", "json"])
def test_an_odd_key_is_known_in_whichever_form(form: str) -> None:
    """Cut anywhere, in a frame that holds it, it is neither in the content nor in the recording."""
    body = b'data: {"choices":[{"index":0,"delta":{"content":"%b"}}]}\n\n' % form.encode() + word("x", "stop") + DONE
    for place in range(40, 40 + len(form) + 20):
        answer = Answer((body[:place], body[place:]), 200, {"x-siliconcloud-trace-id": form})
        reply = ended(run_of(answer, key=ODD)).reply
        kept = reply.recording
        assert isinstance(kept, Recording)
        assert "key" not in reply.content.replace("[the API key]", "")
        assert not any(each.encode() in kept.data for each in FORMS)
        assert "[the API key]" == reply.trace_id


@pytest.mark.parametrize("key", [ODD, f"sk-{'long' * 100}"], ids=["odd", "long"])
def test_any_key_is_sent_as_it_is(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """By every transport."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", key)
    for via in VIA:
        ask("Hello", model="demo/echo", via=via, display="off")
        assert f"Bearer {key}" == asking_demo.requests[-1].headers["authorization"]


def test_a_shown_stream_is_recorded_without_the_key(asking_demo: DemoServer) -> None:
    """The user's own request was sent before sfstream saw it, so its key is replaced in the recording."""
    sent = {"model": "demo/echo", "messages": [{"role": "user", "content": f"Is {KEY} mine?"}], "stream": True}
    url, headers = f"{asking_demo.base_url}/chat/completions", {"Authorization": f"Bearer {KEY}"}
    with requests.post(url, json=sent, headers=headers, stream=True) as response:
        kept = show(response, display="off").recording
    assert isinstance(kept, Recording)
    assert "Is [the API key] mine?" == kept.head.request["messages"][0]["content"]


def test_half_a_key_is_not_shown() -> None:
    """Where an error cuts a long text, it does not cut through the key and show its first half."""
    error = failed(json.dumps(f"{'x' * 290} {KEY}").encode(), status=401).error
    assert "sk-" not in str(error)


def test_an_odd_end_does_not_show_it() -> None:
    """A finish reason or a trace id that repeats the key does not bring it into what is shown of the reply."""
    answer = Answer((word("x", KEY), DONE), 200, {"x-siliconcloud-trace-id": KEY})
    reply = ended(run_of(answer, key=KEY)).reply
    assert MARK not in f"{reply.notes} {reply.trace_id}"


def test_the_answer_is_kept_as_it_came() -> None:
    """What the model writes is its answer, and is not searched for keys."""
    reply = ended(run_of(streaming(word("sk-example", "stop"), DONE), key=KEY)).reply
    assert "sk-example" == reply.content


@pytest.mark.parametrize("via", ["openai", "requests"])
def test_a_failed_connection_keeps_its_cause(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, via: str
) -> None:
    """The root of the library's exception, without the request that holds the key; its traceback is in the log."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", KEY)
    monkeypatch.setenv("SILICONFLOW_BASE_URL", "http://127.0.0.1:1/v1")
    settings["retries"] = 0
    caplog.set_level(logging.DEBUG, "sfstream")
    with pytest.raises(errors.ConnectionFailed) as caught:
        chat("Hello", model="m", via=via, display="off", log=False)
    assert isinstance(caught.value.__cause__, ConnectionRefusedError)
    assert not any(MARK.encode() in text for text in texts_behind(caught.value, caught.value.__cause__))
    assert "Traceback" in caplog.text
    assert MARK not in caplog.text


@pytest.mark.parametrize("via", ["openai", "requests"])
def test_a_cut_keeps_its_cause(with_key: DemoServer, via: str) -> None:
    """Also in the middle of an answer."""
    error = ask("Hello", model="demo/cut-hard-after-20", via=via, display="off", log=False).error
    assert isinstance(error, errors.StreamCut)
    assert error.__cause__

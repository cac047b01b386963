"""A model that does not exist: similar names, and that the demo is on."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

import sfstream
from sfstream.core import hints
from sfstream.core.config import settings
from sfstream.demo.server import DemoServer
from sfstream.errors import NotFound, Stopped
from sfstream.run import suggest
from sfstream.wire import model_names
from sfstream.wire.model_names import similar

NAMES = [
    "deepseek-ai/DeepSeek-V3.2",
    "deepseek-ai/DeepSeek-V4-Flash",
    "deepseek-ai/DeepSeek-R1",
    "Pro/deepseek-ai/DeepSeek-R1",
    "Qwen/Qwen3-8B",
    "Qwen/Qwen3-32B",
    "Qwen/Qwen2.5-VL-72B-Instruct",
    "moonshotai/Kimi-K2-Instruct",
    "openai/gpt-oss-120b",
    "zai-org/GLM-4.6",
]
BODIES = {
    "siliconflow": (400, '{"code":20012,"message":"Model does not exist. Please check it carefully.","data":null}'),
    "openai": (404, '{"error":{"message":"The model `x` does not exist","type":"e","code":"model_not_found"}}'),
    "ollama": (404, '{"error":{"message":"model \\"x\\" not found, try pulling it first","type":"api_error"}}'),
    "litellm": (
        400,
        '{"error":{"message":"Invalid model name passed in model=x. Call `/v1/models` to view","code":400}}',
    ),
    "llmock": (404, '{"error":{"message":"Model x not found","type":"invalid_request_error"}}'),
    "text": (404, "no such model"),
    "path": (404, '{"detail":"Not Found"}'),
    "stream": (200, 'data: {"error":{"code":20012,"message":"Model does not exist."}}\n\n'),
}


@contextmanager
def server(status: int, body: str, names: Sequence[str] | None = NAMES, wait: float = 0.0) -> Iterator[list[str]]:
    """A server that answers each call with that status and body, and lists the models; the paths that were asked.

    Args:
        names: the models; None for a server that lists none.
        wait: seconds until it answers the list.
    """
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(status, body)

        def do_GET(self) -> None:
            time.sleep(wait)
            self.answer(404 if names is None else 200, json.dumps({"data": [{"id": name} for name in names or ()]}))

        def answer(self, status: int, text: str) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Type", "text/event-stream" if status == 200 else "application/json")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
    settings.update(base_url=f"http://127.0.0.1:{running.server_address[1]}/v1", retries=0, log=False)
    try:
        yield asked
    finally:
        running.shutdown()
        running.server_close()


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_lists", "_due", "_asking"):
        monkeypatch.setattr(model_names, name, {})


def error(model: str, **keywords: Any) -> str:
    with pytest.raises(NotFound) as caught:
        sfstream.chat("hi", model=model, display="off", **keywords)
    return str(caught.value)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("deepseek-v3", ["deepseek-ai/DeepSeek-V3.2"]),
        ("deepseek-ai/DeepSeek-V3", ["deepseek-ai/DeepSeek-V3.2"]),
        ("DeepSeekV3.2", ["deepseek-ai/DeepSeek-V3.2"]),
        ("Qwen3-8B", ["Qwen/Qwen3-8B"]),
        ("qwen/qwen3-8b", ["Qwen/Qwen3-8B"]),
        ("Qwen/Qwen3_8B", ["Qwen/Qwen3-8B"]),
        ("deepseek-r1", ["deepseek-ai/DeepSeek-R1"]),
        ("kimi", ["moonshotai/Kimi-K2-Instruct"]),
        ("qwen2.5-vl", ["Qwen/Qwen2.5-VL-72B-Instruct"]),
        ("glm4.6", ["zai-org/GLM-4.6"]),
        ("gpt-oss", ["openai/gpt-oss-120b"]),
        ("gpt-4o", []),
        ("claude-sonnet-4", []),
        ("llama3", []),
        ("x", []),
        ("/", []),
    ],
)
def test_similar_names(typed: str, expected: list[str]) -> None:
    """The best stands first; none is better than a wrong one."""
    assert expected == similar(typed, NAMES)[:1]


@pytest.mark.parametrize("case", BODIES)
def test_similar_names_are_in_the_error(case: str) -> None:
    """Whatever the server says; the list is asked for once."""
    with server(*BODIES[case]) as asked:
        for _ in range(2):
            assert "Did you mean deepseek-ai/DeepSeek-V3.2" in error("deepseek-v3")
        assert 1 == sum("/models" in path for path in asked)
        if case not in ("path", "text"):
            assert "sfstream.models()" in error("deepseek-v3")
        assert error("gpt-4o").endswith(f"None of the 10 models of {settings['base_url'][7:-3]} has a similar name.")


@pytest.mark.parametrize("via", ["openai", "requests", "curl"])
def test_each_transport(via: str) -> None:
    """The list is asked for apart."""
    with server(*BODIES["siliconflow"]):
        assert "Did you mean Qwen/Qwen3-8B" in error("Qwen3-8B", via=via)


@pytest.mark.parametrize("names", [None, []])
def test_a_server_without_a_list(names: list[str] | None) -> None:
    """The error is as before."""
    with server(*BODIES["openai"], names=names):
        assert "similar" not in error("deepseek-v3")


def test_a_model_that_is_listed() -> None:
    """Something else is wrong with it."""
    with server(*BODIES["openai"]):
        assert "similar" not in (text := error("Qwen/Qwen3-8B"))
        assert "Did you mean" not in text


def test_other_errors_ask_for_no_list() -> None:
    """Nor a replay."""
    with server(400, '{"message":"bad"}') as asked, pytest.raises(sfstream.errors.RequestRefused):
        sfstream.chat("hi", display="off")
    assert ["/v1/chat/completions"] == asked


def test_the_list_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error comes without it; the next one has it."""
    monkeypatch.setattr(suggest, "PATIENCE", 0.3)
    with server(*BODIES["siliconflow"], wait=1.0):
        begun = time.monotonic()
        assert "Did you mean" not in error("Qwen3-8B")
        assert time.monotonic() - begun < 1.0
        time.sleep(1.2)
        assert "Did you mean" in error("Qwen3-8B")


def test_a_stop_ends_the_wait() -> None:
    """At once."""
    with server(*BODIES["siliconflow"], wait=5.0) as asked:
        with sfstream.stream("hi", model="Qwen3-8B") as events:
            threading.Timer(0.6, events._run.stop).start()
            begun = time.monotonic()
            with pytest.raises(Stopped):
                list(events)
        assert time.monotonic() - begun < 1.8
        assert ["/v1/chat/completions"] == asked


def test_the_names_of_a_server_are_harmless() -> None:
    """Each is cut, and control characters are shown."""
    with server(*BODIES["siliconflow"], names=["a/model\x1b[2J\n" + "x" * 500]):
        text = error("a/model")
    assert "\x1b" not in text
    assert len(text) < 350


@pytest.mark.parametrize(
    ("is_notebook", "said"), [(True, "%sfdemo stop goes back to your server."), (False, "This is")]
)
def test_the_demo_says_that_it_is_on(
    asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch, is_notebook: bool, said: str
) -> None:
    """Its names are suggested, those of the user's server are not known."""
    monkeypatch.setattr(hints, "are_magics_loaded", is_notebook)
    text = error("Qwen/Qwen3-8B")
    assert said in text
    assert "similar name" not in text
    assert "Did you mean demo/chat" in (text := error("demo/chta"))
    assert said in text

"""``python -m tests.interop``: ask servers of other projects, which run in an environment of their own.

LiteLLM's proxy stands in front of many real services; here it answers by itself (``mock_response``). LLMock imitates
OpenAI's API, with faults on request. Neither has a model behind it, and neither may connect to another machine.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import requests
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from sfstream import errors
from sfstream.api import models, stream
from sfstream.core.events import Delta
from sfstream.core.reply import Reply
from sfstream.run.ask import ask
from sfstream.wire.transport import VIA as ALL_TRANSPORTS
from tests.floors import ROOT, environment, versions
from tests.home import own_home
from tests.needs import missing
from tests.waiting import until

VIA = [via for via in ALL_TRANSPORTS if via not in missing()]
REQUIREMENTS = ["litellm[proxy]==1.106.2", "prisma==0.15.0", "llmock==0.2.2"]
"""LiteLLM without prisma answers a wrong key with a failure of its own."""
ANSWER = "An answer made for a test: 你好, 😀 and \\ \" '; word by word."
CITY = {"city": "München", "days": [1, 2, 3]}
BREAKS = {"truncate": errors.StreamCut, "disconnect": errors.StreamCut, "malformed": type(None)}
TOOLS = {"tools": [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}]}
USAGE = {"stream_options": {"include_usage": True}}
KEY = "sk-interop-1234"
"""LiteLLM's example takes its master key with -1234 after it."""
QUIET = {
    "DO_NOT_TRACK": "1",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_MASTER_KEY": "sk-interop",
    "LLMOCK_STREAM_CHUNK_DELAY_MS": "20",
    "NO_PROXY": "127.0.0.1",
}
"""Environment of the servers."""


class Checks:
    """Counts what passed and what failed, and prints each."""

    passed = failed = 0

    def expect(self, what: str, wanted: object, got: object) -> None:
        right = wanted == got
        self.passed += right
        self.failed += not right
        print(f"passed: {what}" if right else f"FAILED: {what}: expected {wanted!r}, got {got!r}", flush=True)

    def ended(self, what: str, kind: type[BaseException], said: str, reply: Reply) -> None:
        """Expect an error of a kind, whose message holds what the server said."""
        self.expect(f"{what}: {kind.__name__}", (kind, True), (type(reply.error), said in str(reply.error)))


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers end with this
    python = environment(ROOT / ".venv-interop", REQUIREMENTS)
    print(f"interop: {versions(python, ['litellm', 'llmock', 'fastapi', 'uvicorn'])}", flush=True)
    checks = Checks()
    with own_home() as folder, socket.create_server(("127.0.0.1", 0)) as outside:
        with asking(python.parent, litellm(folder), folder, outside):
            ask_litellm(checks)
        with asking(python.parent, ["llmock", "serve"], folder, outside) as address:
            ask_llmock(checks, address)
        came, _, _ = select.select([outside], [], [], 0)
        checks.expect("no server asked the proxy for anything outside", [], came)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


def ask_litellm(checks: Checks) -> None:
    for via in VIA:
        reply = reply_to("mock/answer", via, params=USAGE)
        checks.expect(f"litellm, {via}: the answer", ("complete", ANSWER), (reply.status, reply.content))
        checks.expect(f"litellm, {via}: its usage", True, bool(reply.tokens))
        unknown = reply_to("mock/unknown", via)
        checks.ended(f"litellm, {via}: an unknown model", errors.NotFound, "Invalid model name", unknown)
    with stream("Hello", model="mock/answer") as events:
        deltas = [event for event in events if isinstance(event, Delta) and event.content]
    checks.expect("litellm: many pieces", True, len(deltas) > 10)
    checks.expect("litellm: the list of models", ["mock/answer", "mock/other"], models())
    checks.expect("litellm: %%sfchat", (True, ANSWER, "complete"), in_a_cell("%%sfchat -m mock/answer\nHello"))
    for key, what in (("sk-wrong", "a wrong key"), ("", "no key")):
        os.environ["SILICONFLOW_API_KEY"] = key
        for via in VIA:
            checks.ended(
                f"litellm, {via}: {what}", errors.KeyRefused, "Authentication Error", reply_to("mock/answer", via)
            )


def ask_llmock(checks: Checks, address: str) -> None:
    checks.expect("llmock: the list of models", ["gpt-4o", "gpt-4o-mini"], models("gpt-4o"))
    for via in VIA:
        prepare(address, type="reply", text=ANSWER)
        reply = reply_to("gpt-4o", via, params=USAGE)
        checks.expect(f"llmock, {via}: the answer", ("complete", ANSWER), (reply.status, reply.content))
        checks.expect(f"llmock, {via}: its usage", True, bool(reply.tokens))
        spread = (reply.timing.total or 0) - (reply.timing.first_token or 0)
        checks.expect(f"llmock, {via}: it came bit by bit", True, spread > 0.1)
        prepare(address, type="reply", tool_calls=[{"name": "weather", "arguments": CITY}])
        calls = [(call.name, json.loads(call.arguments)) for call in reply_to("gpt-4o", via, params=TOOLS).tool_calls]
        checks.expect(f"llmock, {via}: a tool call", [("weather", CITY)], calls)
        for fault, kind in BREAKS.items():
            prepare(address, type="stream_fault", kind=fault, after_chunks=3)
            reply = reply_to("gpt-4o", via)
            got = (type(reply.error), bool(reply.content))
            checks.expect(f"llmock, {via}: {fault}, and what had come is kept", (kind, True), got)
        prepare(address, type="fail", status=404, message="no such model")
        checks.ended(f"llmock, {via}: 404", errors.NotFound, "no such model", reply_to("nope", via))
        prepare(address, type="fail", status=401, message="no such key")
        checks.ended(f"llmock, {via}: 401", errors.KeyRefused, "no such key", reply_to("gpt-4o", via))
        prepare(address, type="fail", status=429, retry_after=0.1)
        checks.expect(f"llmock, {via}: 429 is tried again", "complete", reply_to("gpt-4o", via).status)


def reply_to(model: str, via: str, params: Mapping[str, Any] | None = None) -> Reply:
    return ask("Hello", model=model, via=via, params=params, display="off")


def prepare(address: str, **behavior: object) -> None:
    """Tell LLMock what to do with the next request, and only with it."""
    answer = requests.post(f"{address}/_llmock/scenario", json={"behaviors": [behavior]}, timeout=10)
    answer.raise_for_status()


def in_a_cell(cell: str) -> tuple[bool, object, object]:
    """Run a cell in an IPython; give whether it went well, the content and the status."""
    shell: Any = InteractiveShell.instance(config=Config({"HistoryManager": {"hist_file": ":memory:"}}))
    shell.run_cell("%load_ext sfstream\n%config SfChat.display = 'off'")
    result = shell.run_cell(cell, store_history=True)
    return result.success, shell.user_ns.get("sf_content"), getattr(result.result, "status", None)


def litellm(folder: Path) -> list[str]:
    """The command of LiteLLM's proxy, with the check of keys that it brings as an example."""
    answer = {"model": "openai/none", "api_key": "none", "mock_response": ANSWER}
    config = {
        "model_list": [{"model_name": name, "litellm_params": answer} for name in ("mock/answer", "mock/other")],
        "general_settings": {"custom_auth": "litellm.proxy.example_config_yaml.custom_auth.user_api_key_auth"},
    }
    (folder / "litellm.yaml").write_text(json.dumps(config, ensure_ascii=False), "utf-8")  # JSON is YAML too
    return ["litellm", "--config", "litellm.yaml", "--telemetry", "False"]


@contextlib.contextmanager
def asking(programs: Path, command: list[str], folder: Path, outside: socket.socket) -> Iterator[str]:
    """Run a server in a process group of its own, as the one that sfstream asks; end all of it afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    proxy = f"http://127.0.0.1:{outside.getsockname()[1]}"
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    environ = {**QUIET, "PATH": path, "HOME": str(folder), "HTTP_PROXY": proxy, "HTTPS_PROXY": proxy}
    command = [str(programs / command[0]), *command[1:], "--host", "127.0.0.1", "--port", str(port)]
    log = folder / "server.log"
    with log.open("wb") as out:
        child = subprocess.Popen(command, cwd=folder, env=environ, stdout=out, stderr=out, start_new_session=True)
    try:
        until(lambda: child.poll() is not None or listens(port), seconds=120)
        assert child.poll() is None, log.read_text(errors="replace")[-4000:]
        os.environ["SILICONFLOW_BASE_URL"] = f"http://127.0.0.1:{port}/v1"
        os.environ["SILICONFLOW_API_KEY"] = KEY
        yield f"http://127.0.0.1:{port}"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait(10)


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


if __name__ == "__main__":
    sys.exit(main())

"""The same call as a program: it is run against the demo server, and gives what sfstream gives."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from sfstream.core.config import settings
from sfstream.core.program import VIA, program
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.demo.server import DemoServer
from sfstream.errors import ConfigurationError
from sfstream.run.ask import ask
from sfstream.run.prepare import prepare_call
from tests.core.programs import Runner, opened
from tests.waiting import until

KEY = "sk-" + "k" * 20

every_way = pytest.mark.parametrize("via", VIA)


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    with opened(tmp_path_factory.mktemp("programs")) as made:
        yield made


def answered(model: str, prompt: Any = "Hello", **keywords: Any) -> Reply:
    settings["retries"] = 0
    return ask(prompt, model=model, via="requests", display="off", **keywords)


def written(prompt: Any, via: str, **keywords: Any) -> str:
    reply = prepare_call(prompt, model="demo/echo", via="requests", **keywords).reply
    assert reply
    return reply.program(via)


@pytest.mark.sampled
@every_way
@pytest.mark.parametrize(
    "model",
    [
        *("english", "chinese", "reasoning", "tricky", "keep-alives", "crlf", "usage-last", "split-emoji", "one-byte"),
        *("no-done", "no-reasoning-field", "length", "tool-call"),
    ],
)
def test_it_gives_the_same_text(asking_demo: DemoServer, runner: Runner, model: str, via: str) -> None:
    """The content alone on standard output, byte for byte; the reasoning beside it."""
    reply = answered(f"demo/{model}")
    ran = runner.run(reply.program(via))
    assert (reply.content, 0) == (ran.out, ran.status), ran.said
    assert ("--- content ---" in ran.said) == bool(reply.content)
    assert (f"--- reasoning_content ---\n{reply.reasoning}" in ran.said) == bool(reply.reasoning)
    assert ran.said.endswith(f"\n--- finish reason: {reply.finish_reason} ---\n")


@pytest.mark.sampled
@every_way
@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("cut-after-5", "has arrived"),
        ("cut-in-frame-8", ""),
        ("cut-hard-after-5", "The "),
        ("error-object-after-5", "Model service overloaded"),
        ("error-text-after-5", "Model service overloaded"),
        ("error-code-after-5", "Model service overloaded"),
        ("error-string-after-5", "Model service overloaded"),
        ("status-401", "401"),
        ("status-401", "Api key is invalid"),
        ("status-504", "504"),
        ("html", "has arrived"),
        ("nothing", "has arrived"),
    ],
)
def test_a_failure_is_said(asking_demo: DemoServer, runner: Runner, model: str, said: str, via: str) -> None:
    """What had come stays on standard output; the exit status is that of a failure; there is no traceback."""
    reply = answered(f"demo/{model}")
    assert reply.error
    ran = runner.run(reply.program(via))
    assert (reply.content, 1) == (ran.out, ran.status)
    assert said in ran.said
    assert ran.said.strip()
    assert "Traceback" not in ran.said


HOSTILE = (
    *("'", '"', "\\", "$HOME `id` $(id) ${HOME}", "'EOF'\nEOF\nJSON\n'JSON'\n", '"""', "'''", "\\\"'", "{{ x }}"),
    *("a\u2028b\u2029c\u0085d", "\u202e\u2066\u200b", "\x00\x1b[2J\x7f", "\r\n\r\n\t", "data: [DONE]\n\ndata: x"),
    *("你好，世界\u3000", "👨\u200d👩\u200d👧 😀 \U000e0067", "@BODY@ @- @FRAMES@", "!!", "-n", "# x"),
    *(" " * 100, "x\n" * 40, "{x} %s"),
)
"""Prompts with what a shell, Python, JSON or the templates may take for something else."""
FIELDS: dict[str, Any] = {
    "temperature": 0.5,
    "stop": HOSTILE[:4],
    "params": {"enable_thinking": False, "odd 'name'\n": [None, True, 1e-9, {"\u2028": {}}], "user": "me"},
}


@every_way
def test_any_prompt_is_sent_as_it_is(asking_demo: DemoServer, runner: Runner, via: str) -> None:
    """Whatever it holds, and however long it is; the other fields too."""
    messages = [{"role": "user", "content": text} for text in ("long " * 50_000, *HOSTILE)]
    reply = answered("demo/echo", messages, **FIELDS)
    before = asking_demo.requests[-1]
    ran = runner.run(reply.program(via))
    assert 0 == ran.status, ran.said
    after = asking_demo.requests[-1]
    assert before is not after
    assert reply.request.body() == json.loads(before.body) == json.loads(after.body)
    assert reply.content == ran.out


@every_way
def test_nothing_invisible_stands_in_it(asking_demo: DemoServer, via: str) -> None:
    """What can be seen of it is what it says."""
    text = written("\n".join(HOSTILE), via)
    assert all(sign.isprintable() or sign == "\n" for sign in text)


@every_way
def test_the_key_comes_from_the_environment(
    asking_demo: DemoServer, runner: Runner, monkeypatch: pytest.MonkeyPatch, via: str
) -> None:
    """And is sent as a bearer token; without it the program names the variable."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", KEY)
    text = written("Hello", via)
    assert KEY not in text
    assert 0 == runner.run(text).status
    assert f"Bearer {KEY}" == asking_demo.requests[-1].headers["authorization"]
    monkeypatch.delenv("SILICONFLOW_API_KEY")
    sent = len(asking_demo.requests)
    ran = runner.run(text)
    assert ran.status
    assert "SILICONFLOW_API_KEY" in ran.said
    assert sent == len(asking_demo.requests)


@pytest.mark.curl
def test_the_key_is_in_no_argument(asking_demo: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it streams, neither the shell nor a child of it shows the key, and the text is there before the end."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", KEY)
    (tmp_path / "ask.sh").write_text(written("Hello", "curl").replace("demo/echo", "demo/stall-after-5"))
    shell = subprocess.Popen(["/bin/sh", tmp_path / "ask.sh"], stdout=subprocess.PIPE, start_new_session=True)
    assert shell.stdout
    with shell.stdout:
        assert os.read(shell.stdout.fileno(), 10)
        seen = [process.cmdline() for process in psutil.Process(shell.pid).children(recursive=True)]
        os.killpg(shell.pid, signal.SIGTERM)
    until(lambda: shell.poll() is not None)
    assert {"curl", "python3"} <= {Path(command[0]).name for command in seen if command}
    assert KEY not in str(seen)


@pytest.mark.parametrize(
    ("base_url", "variable"),
    [
        ("https://api.siliconflow.cn/v1", "SILICONFLOW_API_KEY"),
        ("https://api.example.com/v1", "API_KEY"),
        ("http://localhost:11434/v1", ""),
        ("http://192.168.0.9:11434/v1", ""),
    ],
)
@every_way
def test_each_host_has_its_own_variable(base_url: str, variable: str, via: str) -> None:
    """None where no key is sent."""
    settings["base_url"] = base_url
    text = written("Hello", via)
    assert ("_API_KEY" if variable else "Authorization") not in text.replace("SILICONFLOW_API_KEY", "")
    assert ("environ" in text or "Bearer" in text) == bool(variable)
    assert not variable or f" {variable}." in text
    assert base_url in text


BODIES = [
    ChatRequest(model="a/b", messages=[{"role": "user", "content": text} for text in texts], params=params).body()
    for texts, params in ((["Hi"], {}), (HOSTILE, FIELDS["params"]))
]


@pytest.mark.parametrize("key_variable", ["", "API_KEY"])
@pytest.mark.parametrize("body", BODIES)
def test_shellcheck_is_content(body: dict[str, Any], key_variable: str, tmp_path: Path) -> None:
    """The script is valid in every POSIX shell."""
    path = tmp_path / "ask.sh"
    path.write_text(program(body, "https://api.example.com/v1", "curl", key_variable=key_variable))
    command = [_tool("shellcheck"), "--norc", "--enable=quote-safe-variables", str(path)]
    assert "" == subprocess.run(command, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("key_variable", ["", "API_KEY"])
@pytest.mark.parametrize("via", ["openai", "requests"])
def test_ruff_is_content(key_variable: str, via: str, tmp_path: Path) -> None:
    """Each import is used and in its place."""
    for number, body in enumerate(BODIES):
        text = program(body, "https://api.example.com/v1", via, key_variable=key_variable)
        (tmp_path / f"ask{number}.py").write_text(text)
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--isolated",
        "-q",
        "--select=A,B,E4,E7,F,I,SIM,UP,W",
        str(tmp_path),
    ]
    assert "" == subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_a_request_stays_readable() -> None:
    """Short values share a line, a text of several lines has one for each."""
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "1\n\n2"}]
    body = ChatRequest(model="a/b", messages=messages, temperature=0.5, params={"enable_thinking": True}).body()
    text = program(body, "http://localhost/v1", "openai")
    assert (
        """\
        model="a/b",
        messages=[
            {"role": "system", "content": "Be brief."},
            {
                "role": "user",
                "content": (
                    "1\\n"
                    "\\n"
                    "2"
                ),
            },
        ],
        stream=True,
        temperature=0.5,
        # fields of the body that the library does not know
        extra_body={"enable_thinking": True},
"""
        in text
    )


@every_way
def test_an_image_is_refused(via: str) -> None:
    """In any message; one at a web address is not."""
    for url, is_refused in (("data:image/png;base64,AAAA", True), ("https://example.com/a.png", False)):
        parts = [{"type": "text", "text": "data:"}, {"type": "image_url", "image_url": {"url": url}}]
        body = {"model": "a/b", "messages": [{"role": "user", "content": parts}, {"role": "user", "content": "Hi"}]}
        if is_refused:
            with pytest.raises(ConfigurationError, match="holds an image, which would be 26 characters"):
                program(body, "http://localhost/v1", via)
        else:
            assert url in program(body, "http://localhost/v1", via)


def test_there_are_three_ways() -> None:
    """Another is refused, and the message names them."""
    with pytest.raises(ConfigurationError, match="program is 'wget'; expected one of openai, requests, curl"):
        program({}, "http://localhost/v1", "wget")


def _tool(name: str) -> str:
    """Return the path of a program of the Python environment that runs the tests."""
    return shutil.which(name, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])) or name

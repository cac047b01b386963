"""``-f code``: the code of an answer goes into a new cell, and where it does not, the cell says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

import sfstream
from sfstream.core.events import Delta, Finish
from sfstream.core.reply import Reply
from sfstream.demo import prepared
from sfstream.demo.server import DemoServer
from sfstream.display import code_cell, frontend
from sfstream.display.code_cell import offer_code
from tests.notebook.cells import loaded_shell
from tests.replies import ended

PROMPT = prepared.PROMPTS["code"]


@pytest.fixture
def shell(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An IPython shell that has loaded sfstream and asks the demo server."""
    monkeypatch.setenv("SILICONFLOW_MODEL", "demo/chat")
    with loaded_shell() as made:
        made.rl_next_input = None  # what `set_next_input` sets
        yield made


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The cells that are added in a front-end that can add them."""
    cells: list[str] = []
    monkeypatch.setattr(code_cell, "can_add_cell", lambda: True)
    monkeypatch.setattr(code_cell, "add_cell", cells.append)
    return cells


def answer(content: str, *, reason: str = "stop", via: str = "requests") -> Reply:
    """A reply of format code that has ended, and whose code has been offered."""
    reply = ended(Delta(content=content), Finish(0, reason))
    reply.format, reply.via = "code", via
    offer_code(reply)
    return reply


def notes(reply: Reply) -> str:
    return " ".join(map(str, reply.notes))


@pytest.mark.parametrize("name", ["code", "code-zh"])
def test_the_code_is_the_next_input(shell: Any, demo: DemoServer, name: str) -> None:
    """Without its fences, once for each run; what is sent is the prompt alone."""
    for _ in range(2):
        assert shell.run_cell(f"%%sfchat -f code\n{prepared.PROMPTS[name]}", store_history=True).success
        code, shell.rl_next_input = shell.rl_next_input, None
        assert [("python", code), ("", "[2, 3, 5, 7, 11, 13, 17, 19, 23, 29]")] == shell.user_ns["sf_reply"].code_blocks
        body = json.loads(demo.requests[-1].body)
        assert [{"role": "user", "content": prepared.PROMPTS[name]}] == body["messages"]
    assert {"model", "messages", "stream", "stream_options"} >= set(body)
    with capture_output() as captured:
        assert shell.run_cell(code).success
    assert "[2, 3, 5, 7, 11, 13, 17, 19, 23, 29]\n" == captured.stdout
    assert [] == shell.user_ns["sf_reply"].notes


def test_without_the_option_nothing_is_added(shell: Any) -> None:
    """Nor for a stream, which shows nothing, nor where the answer is stopped or failed."""
    shell.run_cell(f"%%sfchat\n{PROMPT}", store_history=True)
    with sfstream.stream(PROMPT, format="code") as events:
        list(events)
    shell.run_cell("%sfchat -f code -m demo/cut-after-20 hi", store_history=True)
    assert shell.rl_next_input is None


def test_chat_does_the_same(shell: Any) -> None:
    """Whatever the display is."""
    reply = sfstream.chat(PROMPT, format="code", display="off")
    assert reply.code_blocks[0].text == shell.rl_next_input


@pytest.mark.parametrize(
    ("content", "cells"),
    [
        ("```py\na = 1\n```\n\ntext\n\n~~~~ Python title=x\n\nb = '''\n~~~\n'''\n~~~~", ["a = 1\n\nb = '''\n~~~\n'''"]),
        (
            "1. one:\n   ```python\n   if a:\n       b\n   ```\n> ```ipython\n> %time c",
            ["if a:\n    b\n\n%time c"],
        ),
        ("```\nx = 1\n```\n\n```\ny = 2\n```", ["x = 1\n\ny = 2"]),
        ("```python\nprint(1)\n```\nIt prints:\n```\n1\n```", ["print(1)"]),
        ("import os\nprint(os.name)\n", ["import os\nprint(os.name)"]),
        ("print('\\d')", ["print('\\d')"]),
        ("```python\nprint('open')", ["print('open')"]),
        ("```python\nx\u202e = 1\n```", ["x\ufffd = 1"]),
        *((text, []) for text in ("Yes", "42", "No code, sorry.", "```bash\nls\n```", "(" * 5000, "a\0", "- list(")),
    ],
)
def test_what_counts_as_code(added: list[str], content: str, cells: list[str]) -> None:
    """Blocks in Python; those without a language if there are no others; an answer that is code as a whole."""
    reply = answer(content)
    assert cells == added
    assert ("" if cells else "No cell was added: the answer holds no Python code.") == notes(reply)


def test_other_languages_are_named(added: list[str]) -> None:
    """Once each, and no further than a line has room."""
    reply = answer("```bash\npip install x\n```\n```python\nx\n```\n```sh\n1\n```\n```bash\n2\n```\n```text\n3\n```")
    assert ["x"] == added
    assert "The new cell holds the code in Python, and not that in bash, sh, text." == notes(reply)


@pytest.mark.parametrize(("keywords", "said"), [({"reason": "length"}, "not complete"), ({"via": "reuse"}, "kept")])
def test_a_cell_is_added_for_whole_and_new_answers(added: list[str], keywords: dict[str, str], said: str) -> None:
    """Half of the code would be no use, and with each Run All a kept answer would add its cell again."""
    reply = answer("```python\nx = 1\n```", **keywords)
    assert [] == added
    assert said in notes(reply)
    assert "Its code is in Reply.code_blocks." in notes(reply)


def test_a_kept_answer_adds_its_cell_once(shell: Any) -> None:
    """When it was asked; --fresh asks again."""
    shell.run_cell("%config SfChat.reuse = True")
    found = []
    for options in ("", "", "--fresh"):
        shell.rl_next_input = None
        assert shell.run_cell(f"%%sfchat -f code {options}\n{PROMPT}", store_history=True).success
        found.append((shell.user_ns["sf_reply"].via, shell.rl_next_input is not None))
    assert [("openai", True), ("reuse", False), ("openai", True)] == found


def test_without_ipython_it_says_so() -> None:
    """A script has no cells."""
    InteractiveShell.clear_instance()
    assert "No cell was added: this is not possible here. The code is in Reply.code_blocks." == notes(answer("f(x)"))
    assert not frontend.can_add_cell()


def test_front_ends_that_add_cells(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Notebooks and consoles do when a cell runs; nbclient and the callback of a widget do not."""
    execute, comm = {"msg_type": "execute_request"}, {"msg_type": "comm_msg"}
    requests = {
        "notebook": {"header": execute, "metadata": {"cellId": "x"}, "content": {"allow_stdin": True}},
        "console": {"header": execute, "metadata": {}, "content": {"allow_stdin": True}},
        "nbclient": {"header": execute, "metadata": {}, "content": {"allow_stdin": False}},
        "button": {"header": comm, "metadata": {}, "content": {}},
    }
    monkeypatch.setattr(shell, "kernel", type("Kernel", (), {}), raising=False)
    found = {}
    for name, request in requests.items():
        monkeypatch.setattr(shell.kernel, "get_parent", lambda _, request=request: request, raising=False)
        found[name] = frontend.can_add_cell()
    assert {"notebook": True, "console": True, "nbclient": False, "button": False} == found

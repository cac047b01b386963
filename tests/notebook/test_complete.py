"""Tab on the lines of the magics and inside ``{{ }}``."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.completer import provisionalcompleter, rectify_completions
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from sfstream.core.conversation import conversations
from sfstream.demo.server import DemoServer
from sfstream.wire import model_names
from tests.kernel import Kernel
from tests.waiting import until


@pytest.fixture(params=[True, False], ids=["jedi", "no-jedi"])
def shell(request: Any, asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An IPython shell that has loaded sfstream and asks the demo server, with and without jedi."""
    monkeypatch.setattr(model_names, "_lists", {})
    monkeypatch.setattr(model_names, "_due", {})
    InteractiveShell.clear_instance()
    history = {"HistoryManager": {"enabled": False}}
    made = InteractiveShell.instance(config=Config(history, IPCompleter={"use_jedi": request.param}))
    made.run_cell("%load_ext sfstream")
    yield made
    made.run_cell("%unload_ext sfstream")
    InteractiveShell.clear_instance()


def completed(shell: Any, text: str) -> set[str]:
    """The texts that a cell becomes, completed at the bar or at its end, as ipykernel asks for them."""
    before, _, after = text.partition("|")
    with provisionalcompleter():
        found = list(rectify_completions(before + after, shell.Completer.completions(before + after, len(before))))
    return {before[: each.start] + each.text for each in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%%sfchat --vi", {"--via"}),
        ("%%sfchat -m a/b --no-t|\nWhat?", {"--no-think"}),
        ("%sfchat --disp", {"--display"}),
        ("reply = %sfchat --disp", {"--display"}),
        ("x = 1\n%sfchat --disp", {"--display"}),
        ("%%sfchat --via ", {"openai", "requests", "curl"}),
        ("%%sfchat --via=c", {"curl"}),
        ("%%sfchat --display l", {"live"}),
        ("%%sfchat -f ", {"text", "code", "json"}),
        ("%%sfchat --effort ", {"high", "max"}),
        ("%%sfchat --detail l", {"low"}),
        ("%%sfchat -s 'a b' -t 0.5 --speed m", {"max"}),
        ("%sflog sh", {"show"}),
        ("%sfdemo ", {"--if-no-key", "--first-token", "--rate", "--jitter", "--chunk", "list", "stop"}),
    ],
)
def test_options_and_their_values(shell: Any, text: str, expected: set[str]) -> None:
    """Nothing else is offered there."""
    before = text.partition("|")[0]
    stem = before[: max(before.rfind(" "), before.rfind("=")) + 1]
    assert {stem + each for each in expected} == completed(shell, text)


def test_all_options_are_offered(shell: Any) -> None:
    """Where a word begins; and a dash alone offers them too."""
    for text in ("%%sfchat ", "%%sfchat -t 1 ", "%sfchat --think "):
        assert {f"{text}--model", f"{text}-m"} <= completed(shell, text)
    assert {"%%sfchat --model", "%%sfchat -m"} <= completed(shell, "%%sfchat -")


def test_models_come_from_the_server_once(shell: Any, demo: DemoServer) -> None:
    """In the background: the first Tab finds none and does not wait."""
    before = len(demo.requests)
    assert {"%%sfchat -m demo/ch"} == completed(shell, "%%sfchat -m demo/ch")
    until(lambda: "%%sfchat -m demo/chat" in completed(shell, "%%sfchat -m demo/ch"))
    assert {"%%sfchat -m demo/chat", "%%sfchat -m demo/chinese"} <= completed(shell, "%%sfchat -m demo/ch")
    assert before + 1 == len(demo.requests)
    assert "/v1/models?sub_type=chat" == demo.requests[-1].path


def test_no_models_without_a_key(shell: Any, demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one is needed, nothing is asked."""
    monkeypatch.setenv("SILICONFLOW_BASE_URL", "https://api.siliconflow.cn/v1")
    assert {"%%sfchat -m demo/ch"} == completed(shell, "%%sfchat -m demo/ch")
    assert {"%%sfchat -m deepseek-ai/DeepSeek-V4-Flash"} == completed(shell, "%%sfchat -m ")
    assert {} == model_names._due


def test_names_of_variables(shell: Any) -> None:
    """Those that fit the option; inside braces all of them, and attributes."""
    shell.user_ns.update(picture=b"", pictured=5, pics=dict)
    assert {"%sfchat -a picture"} == completed(shell, "%sfchat -a pictu")
    assert {"%sfchat --schema pics"} == completed(shell, "%sfchat --schema pi")
    assert {f"%sfchat -o {name}" for name in ("picture", "pictured", "pics")} == completed(shell, "%sfchat -o pi")
    start = "%%sfchat\nOne {{ 1 }} and\n{{ len("
    assert {f"{start}{name}" for name in ("picture", "pictured")} == completed(shell, f"{start}pictu| }}}}")
    assert {"%sfchat {{ picture.decode"} == completed(shell, "%sfchat {{ picture.dec")
    assert {"%sfchat -s {{ pics"} == completed(shell, "%sfchat -s {{ pics")
    assert "%sfchat {{ picture" in completed(shell, "%sfchat {{ ")


def test_files_can_be_attached(shell: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """IPython's file names are offered beside the variables."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "picnic.png").touch()
    shell.user_ns["picture"] = b""
    assert {"%sfchat -a picnic.png", "%sfchat -a picture"} == completed(shell, "%sfchat -a pic")


def test_names_of_conversations(shell: Any) -> None:
    """With quotes where the name has a space."""
    for name in ("plan", "plan B"):
        conversations.begin(name)
    try:
        assert {"%sfchat --conversation plan"} == completed(shell, "%sfchat --conversation pl")
        assert {'%sfchat --conversation "plan B"'} == completed(shell, '%sfchat --conversation "pl')
    finally:
        conversations._named.clear()


@pytest.mark.parametrize("text", ["imp", "pict", "%tim", "%%sfchat\nThe pict", "x = [pict", "%sfchat What is a pict"])
def test_elsewhere_nothing_changes(shell: Any, text: str) -> None:
    """The completions are IPython's own; and they are the same after the extension is gone."""
    shell.user_ns["picture"] = b""
    found = completed(shell, text)
    shell.run_cell("%unload_ext sfstream")
    assert found == completed(shell, text)
    assert set() == completed(shell, "%%sfchat --vi")
    shell.run_cell("%load_ext sfstream")


def test_other_completions_take_no_time(shell: Any) -> None:
    """The matcher looks at most once at a cell without our magics."""
    from types import SimpleNamespace

    from sfstream.notebook.complete import complete

    context = SimpleNamespace(full_text="x = 1\n" * 2000, cursor_line=1, cursor_position=5)
    started = time.perf_counter()
    for _ in range(100):
        complete(context)
    assert (time.perf_counter() - started) / 100 < 0.001


@pytest.mark.kernel
def test_a_kernel_completes() -> None:
    """Through the protocol, with the cursor inside a cell of several lines."""
    with Kernel() as kernel:
        kernel.run("%load_ext sfstream")
        code = "%%sfchat --vi\nWhat?"
        content = kernel.complete(code, code.index("\n"))
        assert (["--via"], 9, 13) == (content["matches"], content["cursor_start"], content["cursor_end"])

"""The magic in IPython: what is bound, what is shown, what is refused."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import Any

import anywidget
import pytest
from IPython.core.interactiveshell import InteractiveShell

from sfstream import errors
from sfstream.core import config
from sfstream.demo.prepared import recording
from sfstream.demo.server import DemoServer
from sfstream.log.writer import save_recording
from tests.notebook.cells import body, run


def test_a_cell_is_asked_and_bound(shell: Any, demo: DemoServer) -> None:
    """The cell is the prompt; the variables hold the answer; the reply is the value."""
    result = run(shell, '%%sfchat -s "be brief" -t 0.5 -o mine\nfirst line\n  second line?\n')
    assert result.success
    assert [("system", "be brief"), ("user", "first line\n  second line?")] == [
        (message["role"], message["content"]) for message in body(demo)["messages"]
    ]
    assert 0.5 == body(demo)["temperature"]
    names = shell.user_ns
    reply = names["sf_reply"]
    assert reply is names["mine"] is names["_"] is names["Out"][shell.execution_count - 1] is result.result
    assert (reply.content, reply.reasoning, (reply,)) == (
        names["sf_content"],
        names["sf_reasoning"],
        names["sf_replies"],
    )
    assert "complete" == reply.status


def test_no_other_name_is_bound(shell: Any) -> None:
    """Nothing without an underscore, unless it is asked for."""
    before = set(shell.user_ns)
    run(shell, "%sfchat hi")
    new = {name for name in set(shell.user_ns) - before if not name.startswith("_")}
    assert {"sf_reply", "sf_content", "sf_reasoning", "sf_replies"} == new


@pytest.mark.parametrize(
    "line",
    [
        "What's 2+2?",
        "what is this?",
        "explain the -n flag of sed",
        r"Is $\frac{a}{b} \\ {x}$ `right` !ls $HOME %time",
        "two  spaces   stay",
        "有诺贝尔数学奖吗？",
    ],
)
@pytest.mark.parametrize("form", ["%sfchat {}", "reply = %sfchat {}", "%%sfchat\n{}"])
def test_a_prompt_arrives_as_it_is_typed(shell: Any, demo: DemoServer, form: str, line: str) -> None:
    """IPython rewrites nothing of it, not even a question mark at its end."""
    shell.user_ns["x"] = "filled in"
    assert run(shell, form.format(line)).success
    assert line == body(demo)["messages"][-1]["content"]


def test_help_still_works(shell: Any, demo: DemoServer, capsys: pytest.CaptureFixture[str]) -> None:
    """``%%sfchat?`` and ``%sfchat?`` ask for help, and nothing else."""
    before = len(demo.requests)
    for cell in ("%%sfchat?", "%sfchat?"):
        run(shell, cell)
        shown = capsys.readouterr().out
        assert "Examples:" in shown
        assert "--thinking-budget N" in shown
    assert before == len(demo.requests)


@pytest.mark.parametrize(
    ("model", "status", "kind"),
    [
        ("demo/cut-after-20", "cut", errors.StreamCut),
        ("demo/error-code-after-5", "failed", errors.ServerBusy),
        ("demo/status-401", "failed", errors.KeyRefused),
    ],
)
def test_what_ends_badly_is_bound_and_raised(shell: Any, model: str, status: str, kind: type[Exception]) -> None:
    """The variables hold what had come, `_` is the reply, and the cell fails."""
    result = run(shell, f"%sfchat -m {model} hi")
    assert isinstance(result.error_in_exec, kind)
    reply = shell.user_ns["sf_reply"]
    assert (status, reply) == (reply.status, shell.user_ns["_"])
    assert reply.content == shell.user_ns["sf_content"]
    assert result.error_in_exec.reply is reply  # type: ignore[attr-defined]  # checked above


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("%sfchat -t 1", id="options-only"),
        pytest.param("%%sfchat\n", id="empty-cell"),
        pytest.param("%%sfchat\n  \n\n", id="blank-cell"),
        pytest.param("%%sfchat some words\nhi", id="words-on-the-first-line"),
        pytest.param("%sfchat --nope hi", id="unknown-option"),
        pytest.param("%sfchat -c --conversation plan hi", id="two-things-to-continue"),
        pytest.param("%sfchat -t 3 hi", id="out-of-range"),
        pytest.param("%sfchat --via ftp hi", id="unknown-transport"),
        pytest.param("%sfchat --display widget hi", id="unknown-display"),
        pytest.param("%sfchat -p seed hi", id="param-without-equals"),
        pytest.param("%sfchat -p temperature=1 -t 1 hi", id="param-and-option"),
        pytest.param("%sfchat --no-think -p enable_thinking=true hi", id="param-and-switch"),
        pytest.param('%sfchat -m "" hi', id="empty-model"),
        pytest.param('%sfchat --record "" hi', id="empty-file"),
        pytest.param("%sfchat -p n=2 hi", id="several-answers"),
        pytest.param("%sfchat -p stream=false hi", id="stream-switched-off"),
        pytest.param("%sfchat --speed 2 hi", id="speed-without-replay"),
        pytest.param("%sfchat --replay nowhere.jsonl", id="no-recording"),
        pytest.param("%sfchat --record /nowhere/at/all hi", id="no-folder"),
    ],
)
def test_bad_input_is_refused_before_anything_is_sent(
    shell: Any, demo: DemoServer, capsys: pytest.CaptureFixture[str], cell: str
) -> None:
    """One short message; nothing is sent, and what was bound stays."""
    run(shell, "%sfchat hi")
    kept, before = shell.user_ns["sf_reply"], len(demo.requests)
    capsys.readouterr()
    result = run(shell, cell)
    printed = capsys.readouterr()
    assert not result.success
    assert len((printed.out + printed.err).strip().splitlines()) <= 2
    assert before == len(demo.requests)
    assert kept is shell.user_ns["sf_reply"]


def test_bare_it_says_where_one_is(shell: Any, demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Model, server, whether there is a key and from where, and versions; never the key."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", "sk-marked")
    before = len(demo.requests)
    table = run(shell, "%sfchat").result
    said = dict(table.rows)
    assert ("demo/english, from SILICONFLOW_MODEL", f"{demo.base_url}, from SILICONFLOW_BASE_URL") == (
        said["model"],
        said["base URL"],
    )
    assert "SILICONFLOW_API_KEY" == said["API key"]
    assert "sfstream " in said["versions"]
    for shown in (repr(table), table._repr_html_()):
        assert "sk-marked" not in shown
    assert before == len(demo.requests)


def test_words_on_the_first_line_are_told_where_they_belong(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The prompt of a cell starts below."""
    run(shell, "%%sfchat -t 1 tell me\nmore")
    assert "The prompt starts on the second line" in capsys.readouterr().err


def test_a_dry_run_shows_what_would_be_sent(
    shell: Any, demo: DemoServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Address, headers without the key, and the very body; nothing is sent."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", "sk-marked")
    run(shell, "%sfchat -t 0.5 --think -p seed=7 你好?")
    capsys.readouterr()
    before = len(demo.requests)
    run(shell, "%sfchat --dry-run -t 0.5 --think -p seed=7 你好?")
    shown = capsys.readouterr().out
    head, _, rest = shown.partition("\n\n")
    shown_body, _ = json.JSONDecoder().raw_decode(rest)
    assert head.startswith(f"POST {demo.base_url}/chat/completions\n")
    assert "sk-marked" not in shown
    assert body(demo) == shown_body
    assert before == len(demo.requests)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--display text", "POST "),
        ("--display sideways", "display is 'sideways'"),
        ("--via pigeon", "via is 'pigeon'"),
        ("--speed 3", "speed is given without replay"),
        ("--record /nowhere/a.jsonl", "/nowhere"),
        ("--replay /nowhere/a.jsonl", "/nowhere"),
        ("-t 9", "temperature"),
    ],
)
def test_a_dry_run_refuses_what_would_be_refused(
    shell: Any, demo: DemoServer, options: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it shows is what would be sent, so what would not be is told as it would be; each option is known to it."""
    before = len(demo.requests)
    result = run(shell, f"%sfchat --dry-run {options} Hi")
    out = capsys.readouterr().out
    assert said in (out if result.success else str(result.error_in_exec))
    assert result.success == (said == "POST ")
    assert before == len(demo.requests)


def test_a_dry_run_of_a_replay_sends_nothing(shell: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nor would the replay: there is no request to show."""
    run(shell, f"%sfchat --record {tmp_path}/a.jsonl Hi")
    capsys.readouterr()
    assert run(shell, f"%sfchat --replay {tmp_path}/a.jsonl --dry-run").success
    assert f"Nothing would be sent: {tmp_path}/a.jsonl would be played.\n" == capsys.readouterr().out


@pytest.mark.curl
def test_settings_hold_for_every_call(shell: Any, demo: DemoServer) -> None:
    """The magic follows them, a function of sfstream too, and an option goes before them."""
    run(shell, "%config SfChat.temperature = 0.25\n%config SfChat.via = 'requests'\n%config SfChat.out = 'kept'")
    run(shell, "%sfchat hi")
    assert 0.25 == body(demo)["temperature"]
    assert "requests" == shell.user_ns["sf_reply"].via
    assert shell.user_ns["kept"] is shell.user_ns["sf_reply"]
    run(shell, "%sfchat -t 1 --via curl hi")
    assert (1.0, "curl") == (body(demo)["temperature"], shell.user_ns["sf_reply"].via)
    run(shell, "import sfstream; sfstream.chat('hi', display='off')")
    assert 0.25 == body(demo)["temperature"]


def test_the_profile_sets_too(asking_demo: DemoServer) -> None:
    """``c.SfChat.model`` in ``ipython_config.py`` is the model."""
    from traitlets.config import Config

    from sfstream.notebook.settings import SfChat

    settings = SfChat(config=Config({"SfChat": {"model": "demo/echo"}}))
    assert "demo/echo" == config.settings["model"]
    settings.forget()


def test_another_shell_leaves_the_settings_of_the_first(asking_demo: DemoServer) -> None:
    """Else its next prompt would go to SiliconFlow, and be paid, while it thinks that the demo is asked."""
    first, second = InteractiveShell(), InteractiveShell()
    try:
        for shell in (first, second):
            shell.run_cell("%load_ext sfstream")
            first.run_cell("%config SfChat.model = 'demo/echo'")
        assert "demo/echo" == config.settings["model"]
    finally:
        for shell in (second, first):
            shell.run_cell("%unload_ext sfstream")
            shell.history_manager.end_session()
    assert "model" not in config.settings


def test_a_recording_is_written_and_played(shell: Any, demo: DemoServer, tmp_path: Any) -> None:
    """``--replay`` needs no prompt, no key and no network."""
    path = tmp_path / "a name with spaces.jsonl"
    run(shell, f'%sfchat --record "{path}" hi')
    content, before = shell.user_ns["sf_content"], len(demo.requests)
    assert run(shell, f'%sfchat --replay "{path}" --speed max').success
    assert (content, "replay", before) == (
        shell.user_ns["sf_content"],
        shell.user_ns["sf_reply"].via,
        len(demo.requests),
    )


@pytest.mark.parametrize("speed", ["0", "-1", "1e-300", "1e999", "nan", "abc"])
@pytest.mark.parametrize("replay", ["--replay a.jsonl", ""])
def test_a_speed_that_cannot_be_is_one_line(
    shell: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, speed: str, replay: str
) -> None:
    """With the range; a speed alone is refused as such, whatever it is. Nothing is sent or played."""
    monkeypatch.chdir(tmp_path)
    save_recording(recording("english"), Path("a.jsonl"))
    result = run(shell, f"%sfchat {replay} --speed {speed} hi")
    said = str(result.error_in_exec)
    is_range = "a number from 0.01 to 1000, or max" in said
    assert is_range or (not replay and said == "speed is given without replay: only a replay has a speed.")
    assert "\n" not in said
    assert "sf_reply" not in shell.user_ns


def test_unloading_leaves_nothing(shell: Any) -> None:
    """Magics, settings and transforms are gone; loading again works."""
    run(shell, "%config SfChat.temperature = 0.25")
    run(shell, "%unload_ext sfstream")
    assert {} == config.settings
    assert not run(shell, "%sfchat hi").success
    assert "SfChat" not in [type(each).__name__ for each in shell.configurables]
    assert not [each for each in shell.input_transformer_manager.token_transformers if "sfstream" in each.__module__]
    run(shell, "%load_ext sfstream")
    assert run(shell, "%sfchat hi").success
    run(shell, "%reload_ext sfstream")
    assert run(shell, "%sfchat hi?").success
    assert 1 == [type(each).__name__ for each in shell.configurables].count("SfChat")


def attached(shell: Any) -> dict[str, Any]:
    """All that an extension can leave at a shell."""
    manager = shell.magics_manager
    return {
        "magics": {kind: dict(magics) for kind, magics in manager.magics.items()},
        "registry": dict(manager.registry),
        "configurables": list(shell.configurables),
        "transforms": list(shell.input_transformer_manager.token_transformers),
        "callbacks": {event: list(callbacks) for event, callbacks in shell.events.callbacks.items()},
    }


def test_unloading_undoes_all_that_loading_did(shell: Any) -> None:
    """The shell is what it was, and a magic of somebody else's stays."""
    run(shell, "%unload_ext sfstream")
    run(shell, "from IPython.core.magic import register_line_magic\n@register_line_magic\ndef sfkey(line): return 1")
    before = attached(shell)
    shell.extension_manager.load_extension("sfstream")
    shell.magics_manager.register_function(shell.user_ns["sfkey"], "line", "sfkey")
    shell.extension_manager.unload_extension("sfstream")
    assert before == attached(shell)


def test_unloading_goes_on_after_a_step_that_fails(shell: Any) -> None:
    """Here somebody has unregistered a callback of ours; everything else is undone all the same."""
    run(shell, "%unload_ext sfstream")
    before = attached(shell)
    shell.extension_manager.load_extension("sfstream")
    (ours,) = (each for each in shell.events.callbacks["pre_run_cell"] if each.__module__.startswith("sfstream"))
    shell.events.unregister("pre_run_cell", ours)
    with pytest.raises(ValueError, match="not registered"):
        shell.extension_manager.unload_extension("sfstream")
    assert before == attached(shell)


def test_a_second_loading_is_no_second_warning(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """``%reload_ext`` leaves one of each."""
    run(shell, "%reload_ext sfstream")
    capsys.readouterr()
    run(shell, "%sfkey sk-" + "abcdefgh" * 4)
    assert 1 == capsys.readouterr().err.count("This cell contains an API key")


def open_widgets() -> set[int]:
    """Identities of the widgets that are open in this process."""
    widgets = [each for each in gc.get_objects() if isinstance(each, anywidget.AnyWidget)]
    return {id(each) for each in widgets if each.comm is not None}


def test_unloading_closes_the_widget_that_looks_for_a_page(shell: Any) -> None:
    """It was opened in a notebook after the cell that loaded sfstream."""
    from sfstream import notebook

    run(shell, "%unload_ext sfstream")
    before = open_widgets()
    run(shell, "%load_ext sfstream")
    notebook._warm(is_notebook=True)
    assert 1 == len(open_widgets() - before)
    run(shell, "%unload_ext sfstream")
    assert before == open_widgets()

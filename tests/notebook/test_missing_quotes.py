"""Values of several words without quotes, fields that have an option, and the notes on a reply about them."""

from __future__ import annotations

from typing import Any

import pytest

from sfstream.core.config import settings
from sfstream.demo.server import DemoServer
from sfstream.notebook.missing_quotes import note_missing_quotes, refused_words
from sfstream.notebook.options import parse
from sfstream.notebook.param_notes import note_params
from tests.notebook.cells import body, run, sent

LINES = {
    "-s Answer in one sentence": '-s "Answer in one sentence"',
    "-s Answer in one sentence -t 0.5": '-s "Answer in one sentence" -t 0.5',
    "-t 0.5 -s Answer in one sentence --no-think": '-t 0.5 -s "Answer in one sentence" --no-think',
    "--system=Answer in one sentence": '--system="Answer in one sentence"',
    "-s Don't use big words": '-s "Don\'t use big words"',
    '-s Say "hi" first': "-s 'Say \"hi\" first'",
    '-s Don\'t say "hi" first': '-s “Don\'t say "hi" first”',
    "-s Use the -n flag": '-s "Use the -n flag"',
    "-p user=bob smith": '-p "user=bob smith"',
    "-a my photo.png": '-a "my photo.png"',
    "--schema dict[str, int]": '--schema "dict[str, int]"',
    "--record my file.jsonl -t 1": '--record "my file.jsonl" -t 1',
}


@pytest.mark.parametrize(("line", "meant"), LINES.items())
def test_the_line_with_quotes_is_shown(line: str, meant: str) -> None:
    """Up to the next option; and it can be used."""
    rest = parse(line, has_prompt=False)[1]
    assert str(refused_words(line, rest)).endswith(f"unless its value is in quotes. Did you mean %%sfchat {meant}?")
    assert "" == parse(meant, has_prompt=False)[1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("-t 0.5 Why is the sky blue?", "only options, got 'Why is the sky blue?'."),
        ("-m a/b Why?", "only options, got 'Why?'."),
        ('-s "be brief" Why?', "only options, got 'Why?'."),
        ("some words", "only options, got 'some words'."),
        ("temperature=0.5", "Did you mean --temperature 0.5?"),
        ("max_tokens=50 hi", "Did you mean --max-tokens 50?"),
        ("x=1", "only options, got 'x=1'."),
    ],
)
def test_other_words_are_the_prompt(line: str, said: str) -> None:
    """Which starts on the second line; or an option without its dashes."""
    message = str(refused_words(line, parse(line, has_prompt=False)[1]))
    assert message.startswith("The prompt starts on the second line")
    assert message.endswith(said)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("-s Answer in one sentence. Why is the sky blue?", "Answer"),
        ("-t 0.5 -s be brief Why?", "be"),
        ("-s Brief Why is the sky blue?", ""),
        ("-s Briefly. why is the sky blue?", ""),
        ('-s "Answer" in one sentence', ""),
        ("-s 用中文回答 why is the sky blue?", ""),
        ("-s {{ x }} why?", ""),
        ("-t 0.5 why?", ""),
    ],
)
def test_a_system_prompt_that_seems_to_go_on_is_noted(line: str, word: str) -> None:
    """Where the prompt begins with a small letter."""
    notes = note_missing_quotes(line, parse(line)[1])
    assert ([f"The system prompt is {word!r} alone: several words need quotes."] if word else []) == list(
        map(str, notes)
    )


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"temperature": 1}, "-p temperature can also be typed as an option: -t 1."),
        ({"max_tokens": 50}, "-p max_tokens can also be typed as an option: --max-tokens 50."),
        ({"enable_thinking": False}, "-p enable_thinking can also be typed as an option: --no-think."),
        ({"temprature": 1}, "The request holds the field 'temprature'. Did you mean --temperature?"),
        ({"top-p": 1}, "The request holds the field 'top-p'. Did you mean --top-p?"),
        ({"think": True}, "The request holds the field 'think'. Did you mean --think?"),
        ({"Model": "x"}, "The request holds the field 'Model'. Did you mean --model?"),
        ({"sead": 7}, ""),
        ({"seed": 7, "user": "bob", "min_tokens": 3, "logprobs": True, "stream_options": {}, "stop_token_ids": []}, ""),
        ({"length_penalty": 1, "repetition_penalty": 1, "typical_p": 1, "metadata": {}, "x": 1, "store": True}, ""),
    ],
)
def test_fields_that_have_an_option_are_noted(params: dict[str, Any], said: str) -> None:
    """Misspelled ones too; bodies may hold any other field."""
    assert ([said] if said else []) == list(map(str, note_params(params)))


def test_notes_stand_on_the_reply(shell: Any, demo: DemoServer) -> None:
    """The text is sent as it was typed."""
    run(shell, "%sfchat Hello —temperature 0.5")
    assert "Hello —temperature 0.5" == sent(demo)
    assert "temperature" not in body(demo)
    assert [
        "—temperature 0.5 was sent as part of the prompt. Options come first: %sfchat --temperature 0.5 Hello"
    ] == list(map(str, shell.user_ns["sf_reply"].notes))
    run(shell, "%%sfchat -p temperature=1\n--max-tokens 20\nHello\n")
    assert "--max-tokens 20\nHello" == sent(demo)
    assert 2 == len(shell.user_ns["sf_reply"].notes)


def test_refusals_of_a_cell(shell: Any, demo: DemoServer, capsys: pytest.CaptureFixture[str]) -> None:
    """In the language of the display; nothing is sent."""
    before = len(demo.requests)
    run(shell, "%%sfchat -s Answer in one sentence\nWhy?")
    assert 'Did you mean %%sfchat -s "Answer in one sentence"?' in capsys.readouterr().err
    run(shell, "%%sfchat --temprature 1\nWhy?")
    assert "Put --" not in capsys.readouterr().err
    settings["language"] = "zh"
    run(shell, "%%sfchat -s Answer in one sentence\nWhy?")
    assert '-s 只取一个词，除非值在引号里。您是否想用 %%sfchat -s "Answer in one sentence"？' in capsys.readouterr().err
    assert before == len(demo.requests)


def test_a_dry_run_shows_the_notes(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is sent."""
    run(shell, "%sfchat --dry-run Hello -t 0.5")
    assert "-t 0.5 was sent as part of the prompt" in capsys.readouterr().out

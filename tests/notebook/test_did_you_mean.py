"""Misspelled options, options of other tools, and options glued to their values."""

from __future__ import annotations

import re
from typing import Any

import pytest
from IPython.core.error import UsageError

from sfstream.core.config import settings
from sfstream.core.message import Message
from sfstream.core.parameters import BY_FLAG, PARAMETERS
from sfstream.display.chinese import CHINESE
from sfstream.notebook.did_you_mean import OPTIONS, vocabulary
from sfstream.notebook.options import parse

MEANT = {
    "--temperature": "--temprature --Temperature --TEMPERATURE --temp -temperature -temp ---temperature —temperature"
    " –temperature ——temperature －－temperature －－ｔｅｍｐｅｒａｔｕｒｅ −−temperature —temprature --temperature0.5",
    "--model": "--Model --modle --mode --modl -model -Model -mode —model –model ‐‐model --engine --deployment",
    "-m": "--m -M –m",
    "-t": "-T --t －ｔ ―t",
    "-t 0.5": "-T0.5",
    "--max-tokens": "--max_tokens --maxtokens --maxTokens --max-token --max -max -ma -max_tokens=5 --tokens"
    " --max_completion_tokens --max-new-tokens",
    "--top-p": "--top_p --topP -top_p --topp=0.5",
    "--top-k": "--top_k --k --TOP-K",
    "--no-think": "--no-thinking --no_think --nothink --no-reasoning —no-think",
    "--think": "--thinking -think --enable-thinking --reasoning",
    "--effort": "--reasoning-effort --reasoning_effort --efort",
    "--system": "--systme --system-prompt --sys -system —system",
    "--frequency-penalty": "--frequency_penalty --frequency --frequencypenalty",
    "--continue": "-continue --Continue --resume",
    "--conversation": "-conversation --chat --session",
    "--attach": "--image -i --file",
    "--dry-run": "--dry_run --dryrun --dryRun --dry",
    "--format": "-format --fromat",
    "-f json": "--json -json",
    "--via": "--vai --Via",
    "--via curl": "--curl",
    "--no-log": "--no_log --nolog",
    "-p seed=7": "--seed -seed —seed",
    "-p presence_penalty=7": "--presence_penalty --presence-penalty -presence_penalty --presense-penalty",
    "%config SfChat.base_url = '7'": "--base-url --base_url --url --api-base",
    "%config SfChat.retries = 7": "--retries",
    "%config SfChat.first_byte = 7": "--timeout --first-byte",
    "%sfkey": "--api-key --api_key --apikey -api-key --key",
}


@pytest.mark.parametrize(
    ("meant", "typed"), [(meant, word) for meant, words in MEANT.items() for word in words.split()]
)
def test_a_misspelled_option_gets_a_suggestion(meant: str, typed: str) -> None:
    """One of ours, or what does the same here."""
    with pytest.raises(UsageError, match=re.escape(f"Did you mean {meant}? ")):
        parse(f"{typed} 7 Hello")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("--no", "--no-log or --no-think? Names cannot be abbreviated."),
        ("--top", "--top-k or --top-p?"),
        ("--stream", "always streams"),
        ("--no-stream", "always streams"),
        ("--help", "There is no option --help. %%sfchat? lists the options."),
        ("-h", "%%sfchat? lists the options."),
        ("--version", "%sfchat without a prompt shows versions"),
        ("--prompt", "The prompt needs no option"),
        ("--models", "%sfmodels lists them"),
        ("--frobnicate", "There is no option --frobnicate. %%sfchat? lists the options."),
        ("-x", "There is no option -x. %%sfchat? lists the options."),
    ],
)
def test_others_are_explained(typed: str, said: str) -> None:
    """Several that may be meant, none, and what sfstream does without being told."""
    with pytest.raises(UsageError, match=re.escape(said)):
        parse(f"{typed} 7 Hello")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("-t0.5", {"temperature": 0.5}),
        ("-t.5", {"temperature": 0.5}),
        ("-t0", {"temperature": 0.0}),
        ("-t=0.5", {"temperature": 0.5}),
        ("-ma/b", {"model": "a/b"}),
        ("-mQwen/Qwen3-8B", {"model": "Qwen/Qwen3-8B"}),
        ("-mgpt-4o", {"model": "gpt-4o"}),
        ("-mqwen3:8b", {"model": "qwen3:8b"}),
        ("-m=a", {"model": "a"}),
        ('-s"a b"', {"system": "a b"}),
        ("-s“a b”", {"system": "a b"}),
        ("-sBrief", {"system": "Brief"}),
        ("-s用中文", {"system": "用中文"}),
        ("-pseed=7", {"params": {"seed": 7}}),
        ("-fjson", {"format": "json"}),
        ("-oanswer", {"out": "answer"}),
        ("-aimage", {"attach": ["image"]}),
        ("-aphoto.jpg", {"attach": ["photo.jpg"]}),
        ("-t0.5 -ma/b", {"temperature": 0.5, "model": "a/b"}),
    ],
)
def test_a_short_option_may_be_glued_to_its_value(line: str, expected: dict[str, Any]) -> None:
    """As in other tools."""
    assert (expected, "Hello") == parse(f"{line} Hello")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("-cand shorter?", "-c takes no value, got 'and'."),
        ("-c你好", "-c takes no value, got '你好'."),
        ("-ct0.5 hi", "-c takes no value, got 't0.5'."),
        ("--think你好", "--think takes no value, got '你好'."),
        ("-silent hi", "Did you mean --display off?"),
        ("-short hi", "Did you mean -s hort?"),
        ("-foo hi", "no option -foo."),
        ("--model千问 hi", "Did you mean --model 千问?"),
        ("--model：x hi", "Did you mean --model x?"),
        ("-t＝0.5 hi", "Did you mean -t 0.5?"),
        ("-p seed＝7 hi", "-p expects KEY=VALUE, such as seed=7, got 'seed＝7'."),
        ("-p seed:8 hi", "such as seed=8"),
        ("-m -t 0.5 hi", "-m expects NAME, got the option -t."),
        ("-p model=x hi", "an option of its own: -m."),
        ("-p messages=[] hi", "makes the messages of the prompt"),
        ("-p stream=false hi", "always streams"),
    ],
)
def test_values_that_are_glued_wrongly_are_refused(line: str, said: str) -> None:
    """With what was probably meant."""
    with pytest.raises(UsageError, match=re.escape(said)):
        parse(line)


@pytest.mark.parametrize(
    "prompt",
    ["—Hello there", "—I think so", "–A cat", "——你好", "– 5", "—to be or not", "‐5", "－－你好", "ーー", "---"],
)
def test_a_prompt_may_begin_with_another_dash(prompt: str) -> None:
    """Unless an option is near."""
    assert ({}, prompt) == parse(prompt)


def test_the_hint_about_two_dashes_is_for_a_prompt_on_the_line() -> None:
    """The first line of a cell holds none."""
    with pytest.raises(UsageError, match="Put -- before a prompt"):
        parse("--nope Hello")
    with pytest.raises(UsageError) as caught:
        parse("--nope", has_prompt=False)
    assert "There is no option --nope. %%sfchat? lists the options." == str(caught.value)


def test_a_key_is_not_shown_again() -> None:
    """Wherever it was typed."""
    key = "sk-abcdefghijklmnopqrstuvwx"
    for line in (f"--api-key {key} hi", f"-{key} hi", f"--base-url {key} hi", f"--seed {key} hi"):
        with pytest.raises(UsageError) as caught:
            parse(line)
        assert key not in str(caught.value)


def test_own_names_stand_for_themselves() -> None:
    """No name of another tool hides one of ours."""
    assert [] == [flag for flag in BY_FLAG if OPTIONS.near(flag) != [flag.replace("-", "")]]
    assert all(OPTIONS.meanings[flag.replace("-", "")] == flag for flag in BY_FLAG)


def test_other_words_have_the_same_rules() -> None:
    """Those of the other magics."""
    words = vocabulary(["--all", "show", "forget"], {"forget": "delete rm"})
    for typed, meant in {"shwo": "show", "Show": "show", "—all": "--all", "al": "--all", "delete": "forget"}.items():
        assert str(words.hint(typed)).startswith(f"Did you mean {meant}?")
    assert Message("") == words.hint("frobnicate")


def test_errors_of_options_have_a_chinese_text() -> None:
    """With what the value is."""
    settings["language"] = "zh"
    texts = {
        "--temprature 1": "没有选项 --temprature。您是否想用 --temperature？%%sfchat? 列出全部选项。",
        "--no": "没有选项 --no。您是否想用 --no-log 或 --no-think？名称不能缩写。%%sfchat? 列出全部选项。",
        "-t": "-t 需要 NUMBER：采样温度。",
        "-t x": "-t 应为：数字；收到的是 'x'。",
    }
    for line, expected in texts.items():
        with pytest.raises(UsageError) as caught:
            parse(line, has_prompt=False)
        assert expected == str(caught.value)
    assert [] == [row.help for row in PARAMETERS if row.metavar and row.help not in CHINESE]

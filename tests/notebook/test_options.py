"""The line of the magic: options first, then the prompt as it was typed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from IPython.core.error import UsageError

from sfstream.core import config
from sfstream.core.parameters import BY_FLAG, PARAMETERS, manual
from sfstream.notebook.options import parse
from sfstream.notebook.settings import SfChat


@pytest.mark.parametrize(
    "prompt",
    [
        pytest.param("What's 2+2?", id="apostrophe"),
        pytest.param("explain the -n flag of sed", id="dash-inside"),
        pytest.param(r"$\frac{a}{b} \\ \sum_{i}^{n}$ {x} $HOME `a`", id="latex"),
        pytest.param("two  spaces	and a tab ", id="white-space"),
        pytest.param("-5 + 3 is?", id="minus-sign"),
        pytest.param("- a list item", id="dash-alone"),
        pytest.param('"quoted" and “typographic”', id="quotes"),
        pytest.param("有诺贝尔数学奖吗？ —— -t", id="chinese"),
    ],
)
def test_the_prompt_is_taken_as_it_is_typed(prompt: str) -> None:
    """With options before it or without, no character of the prompt changes."""
    assert ({}, prompt) == parse(prompt)
    assert ({"temperature": 0.5}, prompt) == parse(f"-t 0.5 {prompt}")


def test_two_dashes_end_the_options() -> None:
    """A prompt may begin with what looks like an option."""
    assert ({"think": True}, "-t is what?") == parse("--think -- -t is what?")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("-m a/b", {"model": "a/b"}, id="short"),
        pytest.param("--model=a/b", {"model": "a/b"}, id="equals"),
        pytest.param('-s "be {brief}"', {"system": "be {brief}"}, id="double-quotes"),
        pytest.param("-s 'it's fine'", {"system": "it's fine"}, id="apostrophe-in-quotes"),
        pytest.param("-s it's", {"system": "it's"}, id="apostrophe-without-quotes"),
        pytest.param(r'-s "say \"hi\""', {"system": 'say "hi"'}, id="escaped-quotes"),
        pytest.param(r'-s "use \alpha"', {"system": r"use \alpha"}, id="backslash-stays"),
        pytest.param("-s “简短”", {"system": "简短"}, id="typographic-double"),
        pytest.param("-s ‘a b’", {"system": "a b"}, id="typographic-single"),
        pytest.param('--system="a b"', {"system": "a b"}, id="equals-and-quotes"),
        pytest.param("-t 0.2 --top-p 1 --top-k -1", {"temperature": 0.2, "top_p": 1.0, "top_k": -1}, id="numbers"),
        pytest.param('--stop a --stop "b c"', {"stop": ["a", "b c"]}, id="repeated-stop"),
        pytest.param("--no-think", {"think": False}, id="no-think"),
        pytest.param("--speed max", {"speed": "max"}, id="speed-max"),
        pytest.param("--speed 2", {"speed": 2.0}, id="speed-number"),
        pytest.param("-p seed=7 -p user=bob", {"params": {"seed": 7, "user": "bob"}}, id="params"),
        pytest.param('-p x={"a": [1, 2]}', {"params": {"x": {"a": [1, 2]}}}, id="json-with-spaces"),
        pytest.param("""-p 'x={"a": 1}'""", {"params": {"x": {"a": 1}}}, id="json-in-quotes"),
        pytest.param("""-p x='["a b"]'""", {"params": {"x": ["a b"]}}, id="json-in-inner-quotes"),
        pytest.param('-p x="a b"', {"params": {"x": "a b"}}, id="text-in-inner-quotes"),
        pytest.param("-p x=", {"params": {"x": ""}}, id="empty-value"),
    ],
)
def test_options_are_read(line: str, expected: dict[str, Any]) -> None:
    """Quotes are removed, values become what they are, and the prompt begins after them."""
    assert (expected, "Hello") == parse(f"{line} Hello")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("--nope hi", "no option --nope", id="unknown"),
        pytest.param("--wire=1 hi", "takes no value", id="switch-with-a-value"),
        pytest.param("--temp 1 hi", "mean --temperature", id="abbreviation"),
        pytest.param("-t", "-t expects NUMBER", id="value-missing"),
        pytest.param("-t x hi", "expects a number, got 'x'", id="no-number"),
        pytest.param("--top-k 1.5 hi", "expects a whole number", id="no-whole-number"),
        pytest.param("-t 1 -t 2 hi", "may be given once", id="twice"),
        pytest.param("-m a -m b hi", "may be given once", id="two-models"),
        pytest.param("-t 1 --temperature 2 hi", "may be given once", id="twice-by-two-names"),
        pytest.param("--think --no-think hi", "--think and --no-think", id="both-switches"),
        pytest.param("--think=yes hi", "takes no value", id="value-of-a-switch"),
        pytest.param("-p seed hi", "expects KEY=VALUE", id="param-without-equals"),
        pytest.param("-p =3 hi", "expects KEY=VALUE", id="param-without-key"),
        pytest.param('-s "open hi', "is not closed", id="open-quote"),
        pytest.param("-o 1x hi", "the name of a variable", id="no-name"),
        pytest.param("-o class hi", "the name of a variable", id="keyword"),
        pytest.param("-o sf_content hi", "another name", id="a-name-of-ours"),
    ],
)
def test_bad_options_are_refused(line: str, said: str) -> None:
    """The message names the option and what it expects."""
    with pytest.raises(UsageError, match=re.escape(said)):
        parse(line)


def test_every_option_is_a_setting() -> None:
    """What can be typed on the line can be set for all lines."""
    assert {row.name for row in PARAMETERS} <= set(SfChat.class_trait_names(config=True))


def test_every_option_is_in_the_manual() -> None:
    """``%%sfchat?`` names each of them."""
    assert [] == [flag for flag in BY_FLAG if flag not in manual()]


def test_an_empty_setting_is_none() -> None:
    """As None is; an empty list of stop texts would be refused with each prompt."""
    settings = SfChat()
    try:
        settings.stop = ["a"]
        settings.stop = []
        assert "stop" not in config.settings
    finally:
        settings.forget()


def test_a_setting_is_a_default_until_it_is_unset() -> None:
    """Setting writes, None takes back."""
    settings = SfChat()
    try:
        settings.temperature = 0.2
        assert config.settings["temperature"] == 0.2
        settings.temperature = None
        assert "temperature" not in config.settings
    finally:
        settings.forget()
    assert {} == config.settings

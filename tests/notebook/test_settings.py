"""Settings are checked when they are set, by the rules of the options, and None unsets each of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

import sfstream
from sfstream.core import config
from sfstream.core.parameters import PARAMETERS
from sfstream.demo.server import DemoServer
from sfstream.errors import ConfigurationError, SettingRefused
from sfstream.notebook.settings import SfChat
from tests.kernel import Kernel
from tests.notebook.cells import body, run

VALUES: dict[str, Any] = {
    "temperature": 0.5,
    "top_k": 5,
    "stop": ["a", "b"],
    "params": {"seed": 1},
    "reuse": "answers",
    "display": "text",
    "base_url": "http://localhost:1/v1",
    "first_byte": 5.0,
    "speed": "max",
    "thinking_budget": 128,
    "attach": ["a.png"],
}
"""A value of each setting that is not found below."""
REFUSED = {
    "temperature = 7": "temperature is 7; expected a number from 0 to 2.",
    "temperature = 'warm'": "temperature is 'warm'; expected a number from 0 to 2.",
    "temperature = float('nan')": "temperature is nan; expected",
    "temperature = True": "temperature is True; expected a number",
    "top_k = 0": "expected a whole number from 1 to 100, or -1 for all",
    "max_tokens = '100'": "max_tokens is '100'; expected a whole number of at least 1",
    "thinking_budget = 5": "expected a whole number from 128 to 32768",
    "stop = ['a', 'b', 'c', 'd', 'e']": "stop holds 5 texts; expected 1 to 4",
    "stop = [1]": "stop is [1]; expected a text",
    "think = 'yes'": "think is 'yes'; expected True or False",
    "log = 0": "log is 0; expected True or False",
    "display = 'fancy'": "expected one of auto, live, html, text, off",
    "via = 'httpx'": "expected one of openai, requests, curl",
    "language = 'fr'": "expected one of auto, en, zh",
    "speed = 'fast'": "expected a number from 0.01 to 1000, or max",
    "speed = 0": "expected a number from 0.01 to 1000, or max",
    "model = 5": "model is 5; expected a name such as",
    "model = '  '": "expected a name such as",
    "base_url = 'nonsense'": "The base URL is 'nonsense'; expected one such as",
    "base_url = 'https://me:secret@host/v1'": "holds a user name or password",
    "base_url = 5": "base_url is 5; expected",
    "params = {'model': 'x'}": "params holds 'model'",
    "params = {'temperature': 9}": "temperature is 9; expected a number from 0 to 2",
    "params = {'stream': False}": "params holds 'stream'",
    "params = {'x': object()}": "cannot be written as JSON",
    "params = [1]": "expected a dict",
    "params = {'top_p': 0.5}": "top_p and params['top_p'] set the same field",
    "attach = 5": "expected a path, a URL, or a list of them",
    "out = 'my answer'": "expected the name of a variable",
    "out = 'sf_reply'": "expected another name",
    "schema = list[int]": "such as 'list[Item]'",
    "reuse = 3": "expected True, False, or the name of a folder",
    "retries = -1": "expected a whole number of at least 0",
    "between = 0": "expected a number of at least 0.1",
    "temprature = 1": "There is no setting temprature. Did you mean temperature?",
    "top_P = 1": "Did you mean top_p?",
    "no_log = True": "Did you mean log?",
    "param = {}": "Did you mean params?",
    "enable_thinking = True": "Did you mean think?",
    "reasoning_effort = 'high'": "Did you mean effort?",
    "foo = 1": "%config SfChat lists the settings.",
    "api_key = 'x'": "%sfkey asks for a key",
}


@pytest.mark.parametrize("setting", REFUSED)
def test_a_setting_is_refused_at_once(shell: Any, demo: DemoServer, setting: str) -> None:
    """The cell fails with one short message, and the settings before stay."""
    run(shell, "%config SfChat.top_p = 0.5")
    before = dict(config.settings)
    result = run(shell, f"%config SfChat.{setting}")
    assert isinstance(result.error_in_exec, SettingRefused)
    assert REFUSED[setting] in str(result.error_in_exec)
    assert len(str(result.error_in_exec)) < 160
    assert before == config.settings
    assert run(shell, "%sfchat hi").success
    assert 0.5 == body(demo)["top_p"]


@pytest.mark.parametrize("row", [row for row in PARAMETERS if row.field and row.high < 1e9], ids=lambda row: row.name)
def test_the_rules_are_those_of_a_call(asking_demo: DemoServer, row: Any) -> None:
    """With the same words."""
    value = row.high + 1
    with pytest.raises(ConfigurationError) as of_call:
        sfstream.chat("hi", **{row.name: value})
    with pytest.raises(SettingRefused) as of_setting:
        SfChat().update_config(Config({"SfChat": {row.name: value}}))
    assert str(of_call.value).replace(row.field, row.name) == str(of_setting.value)


def value_of(row: Any) -> Any:
    """Return a value of a setting that is not its default."""
    choices = [choice for choice in row.choices if choice != row.default]
    likely = {str: "text", float: 1.0, int: 1, bool: not row.default}
    return VALUES[row.name] if row.name in VALUES else choices[0] if choices else likely[row.type]


@pytest.mark.parametrize("nothing", ["None", "''", "[]", "{}"])
def test_nothing_unsets_each_setting(shell: Any, nothing: str) -> None:
    """Also a switch, a choice and a number with a default."""
    for row in PARAMETERS:
        assert run(shell, f"%config SfChat.{row.name} = {value_of(row)!r}").success
        assert value_of(row) == config.settings[row.name]
        assert run(shell, f"%config SfChat.{row.name} = {nothing}").success
        assert row.name not in config.settings
        assert row.default == run(shell, f"%config SfChat.{row.name}").result


def test_values_of_other_types_that_mean_the_same(shell: Any) -> None:
    """A whole number, a number of numpy, one text, a tuple."""
    run(shell, "import numpy\n%config SfChat.temperature = 1\n%config SfChat.max_tokens = numpy.int64(9)")
    run(shell, "%config SfChat.stop = ('a', 'b')\n%config SfChat.attach = 'a.png'")
    expected = {"temperature": 1.0, "max_tokens": 9, "stop": ["a", "b"], "attach": ["a.png"]}
    assert expected.items() <= config.settings.items()
    assert int is type(config.settings["max_tokens"])


def test_a_key_in_the_wrong_place_is_not_repeated(shell: Any) -> None:
    """The cell is warned about; its output must not hold the key as well."""
    result = run(shell, "%config SfChat.temperature = 'sk-abcdefghijklmnopqrst'")
    assert "temperature is 'sk-…'; expected a number from 0 to 2." == str(result.error_in_exec)


@pytest.mark.parametrize("name", ["sfchat", "SFChat", "Sfchat"])
def test_the_settings_by_a_wrong_name(shell: Any, name: str) -> None:
    """IPython would ignore the line."""
    result = run(shell, f"%config {name}.temperature = 1")
    assert f"The settings are called SfChat, not {name}." == str(result.error_in_exec)


def test_in_a_kernel() -> None:
    """Two lines at most in place of a traceback, in the language of the display, and Run All stops."""
    with Kernel() as kernel:
        kernel.run("%load_ext sfstream\n%config SfChat.language = 'zh'")
        english = kernel.run("%config SfChat.temprature = 7")
        result = kernel.run("%config SfChat.temperature = 7")
    assert "error" == result.status == english.status
    assert "SettingRefused: There is no setting temprature. Did you mean temperature?" == english.error
    assert ["没有名为 temprature 的设置。您是否想用 temperature？"] == [
        line.partition(": ")[2] for line in english.messages[-1][1]["traceback"]
    ]
    assert 1 == len(result.messages)
    assert len(result.messages[0][1]["traceback"]) <= 2


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("c.SfChat.temperature = 7", "temperature is 7; expected a number from 0 to 2."),
        ("c.SfChat.temprature = 1", "There is no setting temprature. Did you mean temperature?"),
        ("c.SfChat.top_p = 1; c.SfChat.params = {'top_p': 1}", "set the same field"),
    ],
)
def test_in_a_profile(tmp_path: Path, line: str, expected: str) -> None:
    """The extension is not loaded, whenever it is tried, and the error names the file."""
    profile = tmp_path / "profile_default" / "ipython_config.py"
    profile.parent.mkdir()
    profile.write_text(f"c = get_config()\nc.InteractiveShellApp.extensions = ['sfstream']\n{line}\n", "utf-8")
    with Kernel(IPYTHONDIR=str(tmp_path)) as kernel:
        result = kernel.run("%load_ext sfstream")
        assert "not found" in kernel.run("%sfchat").stdout
        profile.write_text("", "utf-8")
    assert f"It is set in {profile}." in result.error
    assert expected in result.error
    assert len(result.messages[-1][1]["traceback"]) <= 4

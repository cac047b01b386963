"""What is meant by a mistyped command or option of the other magics."""

from __future__ import annotations

from typing import Any

import pytest

from sfstream.notebook.commands import command_hint
from tests.notebook.cells import run


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("%sflog shwo 3", "Did you mean show?"),
        ("%sflog Last", "Did you mean last?"),
        ("%sflog —all", "Did you mean --all?"),
        ("%sflog -all", "Did you mean --all?"),
        ("%sflog delete 3", "Did you mean forget?"),
        ("%sflog list", "%sflog alone lists"),
        ("%sflog 12", "Did you mean %sflog show 12?"),
        ("%sflog forget -all", "Did you mean --all?"),
        ("%sflog forget —older 30d", "Did you mean --older?"),
        ("%sfdemo --rates 20", "Did you mean --rate?"),
        ("%sfdemo --first_token 1", "Did you mean --first-token?"),
        ("%sfdemo —rate 20", "Did you mean --rate?"),
        ("%sfdemo off", "Did you mean stop?"),
        ("%sfdemo start", "%sfdemo alone starts"),
        ("%sfkey --Save", "Did you mean --save?"),
        ("%sfkey save", "Did you mean --save?"),
        ("%sfkey --delete", "Did you mean --forget?"),
        ("%sfmodels --all", "%sfmodels lists all models; %sfmodels qwen"),
    ],
)
def test_a_mistyped_command_gets_a_suggestion(
    shell: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, line: str, said: str
) -> None:
    """By the same rules as an option of ``%sfchat``."""
    monkeypatch.setattr("sfstream.notebook.sfkey.is_demo", lambda _: False)
    assert not run(shell, line).success
    assert said in capsys.readouterr().err


def test_others_get_none() -> None:
    """Such as a key."""
    for magic in ("sflog", "sfdemo", "sfkey", "sfmodels"):
        assert "" == str(command_hint(magic, "sk-abcdefghijklmnopqrstuvwx")) == str(command_hint(magic, ""))

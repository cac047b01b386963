"""Bare ``%sfchat``: every setting that is not at its default, and where it comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sfstream.core.parameters import PARAMETERS
from sfstream.notebook.whereami import _LONGEST
from tests.kernel import Kernel
from tests.notebook.cells import run
from tests.notebook.test_settings import value_of

KEY = "sk-abcdefghijklmnopqrst"


def said(shell: Any) -> dict[str, str]:
    """The rows of the table."""
    return dict(run(shell, "%sfchat").result.rows)


def test_defaults_have_no_row(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Besides those that always have one."""
    for name in ("SILICONFLOW_MODEL", "SILICONFLOW_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    rows = said(shell)
    assert ["model", "base URL", "API key", "via", "display", "log", "versions"] == list(rows)
    for name in ("model", "base URL", "via"):
        assert rows[name].endswith(", the default")
    assert "unsets" not in run(shell, "%sfchat").result.note


def test_each_setting_has_a_row_while_it_is_set(shell: Any) -> None:
    """With the value as it is typed, and ``%config``."""
    names = {"base_url": "base URL"}
    skipped = {"replay"}  # the bare magic would play it
    for row in PARAMETERS:
        if row.name not in skipped:
            run(shell, f"%config SfChat.{row.name} = {value_of(row)!r}")
            shown = said(shell)[names.get(row.name, row.name)]
            assert "from %config" in shown
            assert str(value_of(row)).strip("'\"") in shown or row.name == "log"
            assert "%config SfChat.NAME = None unsets a setting." in run(shell, "%sfchat").result.note
            run(shell, f"%config SfChat.{row.name} = None")
            assert "from %config" not in str(said(shell))


def test_the_demo_gives_back_what_was_before(shell: Any) -> None:
    """Value and place."""
    run(shell, "%config SfChat.model = 'a/model'")
    before = said(shell)
    run(shell, "%sfdemo")
    during = said(shell)
    assert ("demo/chat, from %sfdemo", True) == (during["model"], during["base URL"].endswith("from %sfdemo"))
    run(shell, "%config SfChat.temperature = 1\n%config SfChat.temperature = None\n%sfdemo --rate 100\n%sfdemo stop")
    assert before == said(shell)
    assert "a/model, from %config" == before["model"]


def test_a_key_is_never_shown(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of any form: sk-…, and the one in use."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", "plain-marked-key")
    run(shell, f"%config SfChat.params = {{'user': '{KEY}', 'x': 'plain-marked-key'}}")
    shown = said(shell)["params"]
    assert "{'user': 'sk-…', 'x': '[the API key]'}, from %config" == shown


def test_a_long_value_is_cut(shell: Any) -> None:
    """Its place is still there."""
    run(shell, "%config SfChat.system = 'Be brief. ' * 1000")
    shown = said(shell)["system"]
    assert shown.endswith("…, from %config")
    assert len(shown) < _LONGEST + 30


def test_where_the_profile_and_the_environment_set(tmp_path: Path) -> None:
    """The file is named; in Chinese too."""
    profile = tmp_path / "profile_default" / "ipython_config.py"
    profile.parent.mkdir()
    profile.write_text("c = get_config()\nc.SfChat.top_p = 0.5\nc.SfChat.via = 'requests'\n", "utf-8")
    with Kernel(IPYTHONDIR=str(tmp_path), SILICONFLOW_MODEL="a/model", SILICONFLOW_BASE_URL="http://[::1]:1") as kernel:
        kernel.run("%load_ext sfstream")
        english = kernel.run("%sfchat").displays[0]["text/plain"]
        kernel.run("%config SfChat.language = 'zh'")
        chinese = kernel.run("%sfchat").displays[0]["text/html"]
    for row in (
        f"top_p     0.5, from {profile}",
        f"via       requests, from {profile}",
        "model     a/model, from SILICONFLOW_MODEL",
        "base URL  http://[::1]:1, from SILICONFLOW_BASE_URL",
    ):
        assert row in english.splitlines()
    for cell in (
        f"0.5（来自 {profile}）",
        "a/model（来自 SILICONFLOW_MODEL）",
        "&#x27;zh&#x27;（来自 %config）",
        "服务器地址",
    ):
        assert f">{cell}</td>" in chinese

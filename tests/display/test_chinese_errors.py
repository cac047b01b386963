"""What a person reads in a cell when something goes wrong, with the display in Chinese."""

from __future__ import annotations

import re

import pytest

from sfstream import errors
from sfstream.core import hints
from sfstream.core.config import settings
from sfstream.core.parameters import BY_NAME, FIELDS, PARAMETERS
from sfstream.core.text import columns
from sfstream.display.translations import translate
from sfstream.errors import ShortInNotebook
from tests.display.provoking import Wrong
from tests.display.wrong_calls import WRONG

_CHOICES = {choice for row in PARAMETERS for choice in row.choices}
NAMES = {
    *BY_NAME,
    *FIELDS,
    *_CHOICES,
    *("API", "Base", "URL", "HTTP", "HTTPS", "http", "https", "TLS", "JSON", "HTML", "ID", "Python", "openai", "curl"),
    *("token", "chat", "completion", "schema", "pydantic", "dataclass", "TypedDict", "list", "bytes", "Reply", "role"),
    *("PNG", "JPEG", "GIF", "WebP", "PIL", "pillow", "matplotlib", "figure", "True", "False", "SiliconFlow", "ASCII"),
    *(
        "Messages",
        "Anthropic",
        "FILE",
        "NAME",
        "localhost",
        "params",
        "after",
        "into",
        "record",
        "messages",
        "user",
        "int",
    ),
}
"""Words that a Chinese text may hold: names of things, of options, and of fields."""
CODE = re.compile(
    r"""https?://\S+|[\da-f]{8,}|data:\S+|["'][^"']*["']|[%-]{1,2}[\w-]+|\b\w+[._=/]\S*|\b\w+\([^)]*\)|\[.*?\]|\{.*?\}|\bsk-\S+"""
)
"""Texts of programs: addresses, options, magics, names with a dot, a line or a slash, calls, and values."""


@pytest.fixture(autouse=True)
def in_chinese(asking_demo: object, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.chdir(str(tmp_path))
    monkeypatch.setenv("NO_COLOR", "1")
    settings.update(language="zh", retries=0, log=False)


def error_of(wrong: Wrong) -> ShortInNotebook:
    with pytest.raises(ShortInNotebook) as raised:
        wrong.call()
    return raised.value


@pytest.mark.parametrize("name", WRONG)
def test_an_error_is_chinese_in_a_cell(name: str) -> None:
    """All of it, except names and texts of others; in Python it is English."""
    wrong = WRONG[name]
    error = error_of(wrong)
    shown = error._render_traceback_()
    text = " ".join(shown)
    assert wrong.error == type(error).__name__
    assert text.startswith(f"{wrong.error}: ")
    assert re.search("[\u4e00-\u9fff]", text)
    assert [] == [line for line in shown if columns(line) > 79 and not re.fullmatch(r"'/\S+'", line)]  # a long path
    text = text.removeprefix(f"{wrong.error}: ")
    for other in sorted(wrong.others, key=len, reverse=True):
        text = text.replace(other, "")
    words = set(re.findall(r"[A-Za-z]{2,}", CODE.sub("", text)))
    assert set() == words - NAMES
    settings["language"] = "en"
    assert error.args == (str(error),) == (translate(error.text),)
    assert not re.search("[\u4e00-\u9fff]", str(error))


@pytest.mark.parametrize("name", WRONG)
def test_a_script_is_told_what_exists_there(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No magic, no option and no variable of a notebook; and a part is said to be kept only where one has come."""
    monkeypatch.setattr(hints, "are_magics_loaded", False)
    error = error_of(WRONG[name])
    assert not re.search(r"%+(sf|config|load)|SfChat|(?<![\w-])--?[a-z]|\bsf_", str(error))
    has_part = error.reply is not None and error.reply.has_begun
    assert has_part or "is kept" not in str(error)


def test_there_are_errors_of_every_kind() -> None:
    """So that a new class is not forgotten."""
    kinds = {kind for kind in vars(errors).values() if isinstance(kind, type) and kind.__module__ == errors.__name__}
    bases = {"ShortInNotebook", "SfStreamError", "ServerRefusal", "StreamError", "ValueProblem", "Stopped"}
    elsewhere = {"NoTransport", "StreamInterrupted", "SettingRefused"}
    assert {kind.__name__ for kind in kinds} - bases - elsewhere <= {wrong.error for wrong in WRONG.values()}
    assert len(WRONG) > 100

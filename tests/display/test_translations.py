"""The texts of the display in English and Chinese."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sfstream
from sfstream.core.config import settings
from sfstream.core.events import Delta, Usage
from sfstream.core.message import Message, append_line, joined, message
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.display import translations
from sfstream.display.captions import notes, status_line, thought, waiting
from sfstream.display.chinese import CHINESE
from sfstream.display.translations import language, translate
from sfstream.errors import Stopped, StreamCut

CODE = re.compile(r"`[^`]*`|pip install|[\w.]+\(\w*\)|https?://")
"""What has the punctuation of a program in each language."""
MAKERS = {"message", "Message", "translate", "usage_error"}
"""Functions whose first argument is a template."""


def templates() -> Iterator[tuple[str, str]]:
    """Yield each template in the sources of the package, with the place where it stands."""
    for path in Path(sfstream.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS and node.args:
                match node.args[0]:
                    case ast.Constant(value=str(template)) if template:
                        yield template, f"{path.name}:{node.lineno}"


@pytest.mark.parametrize(
    ("chosen", "page", "expected"),
    [
        (None, "", "en"),
        ("auto", "zh-CN", "zh"),
        ("auto", "zh-TW", "zh"),
        ("auto", "de", "en"),
        ("en", "zh-CN", "en"),
        ("zh", "en-GB", "zh"),
    ],
)
def test_the_language_is_the_settings_or_the_pages(
    monkeypatch: pytest.MonkeyPatch, chosen: str | None, page: str, expected: str
) -> None:
    """The setting goes first, then the page, then English."""
    monkeypatch.setattr(translations, "page_language", page)
    if chosen:
        settings["language"] = chosen
    assert expected == language()


def test_every_template_has_a_translation() -> None:
    """Whatever module it stands in."""
    found = list(templates())
    assert len(found) > 40
    assert [] == [place for template, place in found if template not in CHINESE]


def test_every_translation_is_used() -> None:
    """Each key of the table stands in another module of the package."""
    texts = set()
    for path in Path(sfstream.__file__).parent.rglob("*.py"):
        if path.parent.name != "chinese":
            tree = ast.walk(ast.parse(path.read_text("utf-8")))
            texts |= {node.value for node in tree if isinstance(node, ast.Constant)}
    assert set() == set(CHINESE) - texts


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("english", CHINESE)
def test_each_translation_has_the_values_of_its_original(english: str) -> None:
    """All are named, and the translation has Chinese characters and punctuation."""
    assert fields(english) == fields(CHINESE[english])
    assert "" not in fields(english)
    has_word = re.search("[A-Za-z]", re.sub(r"{.*?}", "", english))  # others differ in their punctuation
    assert not has_word or re.search("[\u4e00-\u9fff]", CHINESE[english]) or "token" in CHINESE[english]
    assert not re.search(r"[,;:()](?![\w]*\])", CODE.sub("", CHINESE[english]))


def test_what_is_not_in_the_table_stays_english() -> None:
    """Such as the text of a server, which is no template, whatever it holds."""
    settings["language"] = "zh"
    assert "Busy: {}." == translate("Busy: {}.")
    assert "2 apples" == translate("{count} apples", count=2)
    assert "2 apples" == translate(message("{count} apples", count=2))


def test_sentences_are_joined_in_each_language() -> None:
    """Each is translated by itself, values that are messages too; Chinese has no space between them."""
    reason = message("Trying again in {seconds} s: {reason}", seconds=2, reason=message("connecting"))
    both = joined(message("The stream ended without [DONE]."), "", "Busy.", reason)
    assert "The stream ended without [DONE]. Busy. Trying again in 2 s: connecting" == str(both) == translate(both)
    settings["language"] = "zh"
    assert "流没有以 [DONE] 结束。Busy.2 秒后重试：正在连接" == translate(both)


def test_an_error_is_translated_where_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a cell only; its text in Python stays English, also after a line was added and a key was replaced."""
    monkeypatch.setenv("NO_COLOR", "1")
    reason = message("The server gave an unknown finish reason: {reason}.", reason="sk-1")
    error = StreamCut(message("Trying again in {seconds} s: {reason}", seconds=2, reason=reason))
    append_line(error, message("The stream ended without [DONE]."))
    error.redact(lambda text: text.replace("sk-1", "…"))
    english = "Trying again in 2 s: The server gave an unknown finish reason: ….\nThe stream ended without [DONE]."
    assert (english, (english,)) == (str(error), error.args)
    settings["language"] = "zh"
    assert english == str(error)
    chinese = ["StreamCut: 2 秒后重试：服务器给出了未知的结束原因：…。", "流没有以 [DONE] 结束。"]
    assert chinese == error._render_traceback_()


def test_a_key_in_a_value_of_any_type_is_redacted() -> None:
    """Or across two values: then the sentence is shown in English."""
    noted = message("Trying again in {seconds} s: {reason}", seconds=["sk-1"], reason="x")
    assert "Trying again in ['…'] s: x" == translate(noted.redacted(lambda text: text.replace("sk-1", "…")))


@pytest.mark.parametrize(
    ("doing", "english", "chinese"),
    [
        (message("connecting"), "connecting … 3 s", "正在连接 … 3 秒"),
        (
            message("Trying again in {seconds} s: {reason}", seconds="2.0", reason="A {rate} limit."),
            "Trying again in 2.0 s: A {rate} limit. … 3 s",
            "2.0 秒后重试：A {rate} limit. … 3 秒",
        ),
    ],
)
def test_the_state_of_a_run_is_translated(doing: Message, english: str, chinese: str) -> None:
    """A server's text in it stays as it is, braces included."""
    assert english == waiting(doing, 3.9)
    settings["language"] = "zh"
    assert chinese == waiting(doing, 3.9)


def test_the_status_line_in_chinese() -> None:
    """All of it, except the model's name."""
    reply = Reply(ChatRequest(model="a/model", messages=[{"role": "user", "content": "你好"}]), via="replay")
    reply.add(Delta(reasoning="嗯"), 0.5)
    reply.add(Delta(content="好"), 2.5)
    reply.add(Usage({"completion_tokens": 1200, "completion_tokens_details": {"reasoning_tokens": 7}}), 2.5)
    reply.end(3.0, Stopped("x"))
    settings["language"] = "zh"
    assert (
        "a/model · 首个 token 0.50 秒 · 每秒 599.5 个 token · a/model 的录制回放 · "
        "已停止，共 1,200 个 token（其中思考 7 个）" == status_line(reply)
    )
    assert "思考了 2.0 秒，7 个 token" == thought(reply)


def test_notes_are_translated() -> None:
    """With the server's text in them, made harmless."""
    reply = Reply(ChatRequest(model="a/model", messages=[{"role": "user", "content": "你好"}]), via="replay")
    noted: list[Any] = reply.notes
    noted.append(message("The server gave an unknown finish reason: {reason}.", reason="\x1b[2J"))
    settings["language"] = "zh"
    assert ["服务器给出了未知的结束原因：␛[2J。"] == notes(reply)

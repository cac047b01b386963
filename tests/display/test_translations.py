"""What the display says, in English and Chinese."""

from __future__ import annotations

import re
import string

import pytest

from sfstream.core.config import settings
from sfstream.core.events import Delta, Usage
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.display import translations as words
from sfstream.display.status import status_line, thought, waiting
from sfstream.display.translations import CHINESE, language, say, translated
from sfstream.errors import Stopped


@pytest.mark.parametrize(
    ("chosen", "page", "spoken"),
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
    monkeypatch: pytest.MonkeyPatch, chosen: str | None, page: str, spoken: str
) -> None:
    """The setting goes first, then the page, then English."""
    monkeypatch.setattr(words, "page_language", page)
    if chosen:
        settings["language"] = chosen
    assert spoken == language()


@pytest.mark.parametrize("english", CHINESE)
def test_each_text_has_its_values(english: str) -> None:
    """A translation takes the values of its original, and is Chinese with Chinese punctuation."""
    fields = [len(list(string.Formatter().parse(text))) for text in (english, CHINESE[english])]
    assert english.count("{}") == CHINESE[english].count("{}"), fields
    assert re.search("[\u4e00-\u9fff]", CHINESE[english]) or "token" in CHINESE[english]
    assert not re.search(r"[,;:()](?![\w]*\])", CHINESE[english].replace("pip install", ""))


def test_what_is_not_in_the_table_stays_english() -> None:
    """A sentence of a server, say."""
    settings["language"] = "zh"
    assert "Busy." == translated("Busy.")
    assert "2 apples" == say("{} apples", 2)


@pytest.mark.parametrize(
    ("doing", "said"),
    [
        ("connecting", "正在连接 … 3 秒"),
        ("waiting for the first token", "等待第一个 token … 3 秒"),
        ("trying again (1 of 2)", "正在重试（第 1 次，共 2 次） … 3 秒"),
        ("Trying again in 2.0 s: A rate limit was reached.", "2.0 秒后重试：A rate limit was reached. … 3 秒"),
    ],
)
def test_what_is_waited_for_is_translated(doing: str, said: str) -> None:
    """A run says it in English; the words of a server in it stay as they are."""
    assert f"{doing} … 3 s" == waiting(doing, 3.9)
    settings["language"] = "zh"
    assert said == waiting(doing, 3.9)


def test_the_status_line_in_chinese() -> None:
    """All of it, but the model's name."""
    reply = Reply(ChatRequest(model="a/model", messages=[{"role": "user", "content": "你好"}]), via="replay")
    reply.add(Delta(reasoning="嗯"), 0.5)
    reply.add(Delta(content="好"), 2.5)
    reply.add(Usage({"completion_tokens": 1200, "completion_tokens_details": {"reasoning_tokens": 7}}), 2.5)
    reply.end(3.0, Stopped("x"))
    settings["language"] = "zh"
    assert (
        "a/model · 首个 token 0.50 秒 · 每秒 599.5 个 token · 录制回放 · 已被您停止，共 1,200 个 token（其中思考 7 个）"
        == status_line(reply)
    )
    assert "思考了 2.0 秒，7 个 token" == thought(reply)


def test_notes_are_translated() -> None:
    """What is said of an odd answer, with the words of the server in it."""
    settings["language"] = "zh"
    assert "服务器给出了未知的结束原因：x。" == translated("The server gave an unknown finish reason: x.")
    assert "回答是空的：模型没有输出任何内容就结束了。" == translated(
        "The answer is empty: the model ended without a word."
    )

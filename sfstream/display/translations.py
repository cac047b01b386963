"""The words of the display in English and Chinese, in one table. English is the key; what is not in it stays English.

Texts that are made elsewhere, such as what a run is doing or a reply's notes, are English sentences: `translated`
finds their template. No I/O.
"""

from __future__ import annotations

import functools
import re
from typing import Literal, TypeAlias

from sfstream.core.config import settings

Language: TypeAlias = Literal["en", "zh"]

page_language = ""
"""The language of the page, such as ``zh-CN``, once a front-end has told it."""

CHINESE = {
    # What is waited for
    "connecting": "正在连接",
    "waiting for the first token": "等待第一个 token",
    "trying again ({} of {})": "正在重试（第 {} 次，共 {} 次）",
    "Trying again in {} s: {}": "{} 秒后重试：{}",
    "streaming": "正在生成",
    "{} … {} s": "{} … {} 秒",
    # Reasoning
    "Thinking…": "思考中…",
    "Thinking… {} s": "思考中… {} 秒",
    "Thought for {} s": "思考了 {} 秒",
    "Thought for {} s, {}": "思考了 {} 秒，{}",
    # The status line
    "first token {} s": "首个 token {} 秒",
    "{} tokens/s": "每秒 {} 个 token",
    "1 token": "1 个 token",
    "{} tokens": "{} 个 token",
    "{} ({} reasoning)": "{}（其中思考 {} 个）",
    "{} s": "{} 秒",
    "played from a recording": "录制回放",
    "written for the demo, no model": "为演示编写，并非模型输出",
    "complete": "完成",
    "reached max_tokens": "已达到 max_tokens",
    "reached a limit on tokens": "已达到 token 数上限",
    "reached the model's length limit": "已达到模型的长度上限",
    "ended by the content filter": "被内容过滤器终止",
    "stopped by you": "已被您停止",
    "stopped by you after {}": "已被您停止，共 {}",
    "cut off by the server": "被服务器中断",
    "the server fell silent": "服务器没有再响应",
    "interrupted: its process ended first": "已中断：所在进程提前结束",
    "failed: {}": "失败：{}",
    # Notes
    "The answer is empty: the model ended without a word.": "回答是空的：模型没有输出任何内容就结束了。",
    "The answer came as reasoning only; its content is empty.": "模型只输出了思考过程，没有正式回答。",
    "The server sent {} choices; this is the first.": "服务器返回了 {} 个回答；这里是第一个。",
    "The server gave an unknown finish reason: {}.": "服务器给出了未知的结束原因：{}。",
    "The stream ended without [DONE].": "流没有以 [DONE] 结束。",
    "The display failed ({}); the answer is whole.": "显示出错（{}）；回答本身是完整的。",
    "This answer is still coming, in some kernel: this is what there is so far.": (
        "这个回答仍在某个内核中生成：这里是目前已有的内容。"
    ),
    "Its kernel ended before the answer did, or the disk was full.": "内核在回答结束之前就已终止，或者磁盘已满。",
    "The file does not say how the answer ended.": "文件没有记录回答是如何结束的。",
    # Buttons, and what the page says
    "Stop": "停止",
    "Stop the answer": "停止生成",
    "stopping": "正在停止",
    "Copy": "复制",
    "Copy the answer as Markdown": "以 Markdown 格式复制回答",
    "Copy the code": "复制代码",
    "Copied": "已复制",
    "Copied as text": "已复制为文本",
    "Not copied": "复制失败",
    "The answer begins.": "开始回答。",
    "The answer has ended: {}.": "回答已结束：{}。",
    "Loading: the answer is shown when the kernel is free; without its kernel it cannot be.": (
        "正在加载：内核空闲后会显示回答；没有内核就无法显示。"
    ),
    "The kernel is gone, and the answer ended here. %sflog last shows what had come.": (
        "内核已不在，回答到此为止。运行 %sflog last 可以查看已收到的内容。"
    ),
    "This page was loaded, or this cell moved, after the answer had begun: a notebook saved from it holds only "
    "a reference to the answer. %sflog last in a cell shows it again, and so does sf_reply.": (
        "此页面在回答开始之后才加载，或此单元格在那之后被移动：从此页面保存的笔记本只包含对回答的引用。"
        "在单元格中运行 %sflog last 或 sf_reply 可以再次显示回答。"
    ),
    "A live view of an answer, which %sflog last shows again.": (
        "此处是一个回答的实时视图，运行 %sflog last 可以再次显示回答。"
    ),
    "For the live view: pip install anywidget=={} where the Jupyter server runs, and reload this page.": (
        "要使用实时视图，请在运行 Jupyter 服务器的环境中执行 pip install anywidget=={}，然后刷新此页面。"
    ),
}


_MADE_ELSEWHERE = (
    "trying again ({} of {})",
    "Trying again in {} s: {}",
    "The server sent {} choices; this is the first.",
    "The server gave an unknown finish reason: {}.",
    "The display failed ({}); the answer is whole.",
)
"""The texts with values that come here as whole sentences."""


def language() -> Language:
    """The language that is spoken: the setting's, else the page's, else English."""
    chosen = settings.get("language", "auto")
    if chosen == "auto":
        chosen = page_language
    return "zh" if chosen.lower().startswith("zh") else "en"


def say(english: str, *values: object) -> str:
    """A text of the table in the language that is spoken.

    Args:
        english: the text, with ``{}`` for each value.
    """
    template = CHINESE.get(english, english) if language() == "zh" else english
    return template.format(*values)


def translated(text: str) -> str:
    """An English sentence that was made elsewhere, in the language that is spoken, or itself where there is no such."""
    if language() == "en":
        return text
    if text in CHINESE:
        return CHINESE[text]
    for pattern, english in _templates():
        if match := pattern.fullmatch(text):
            return CHINESE[english].format(*match.groups())
    return text


@functools.cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile("(.*)".join(map(re.escape, text.split("{}"))), re.DOTALL), text) for text in _MADE_ELSEWHERE]

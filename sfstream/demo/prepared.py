"""The prepared answers: their prompts, their texts (in ``texts/``), and the recordings that are composed of them."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sfstream.core.recording import Recording
from sfstream.demo.compose import Script, compose, pieces

GUIDE = {
    "guide-changes": (
        "SiliconCloud公测上线，每用户送3亿token 解锁开源大模型创新能力。对于整个大模型应用领域带来哪些改变？"
    ),
    "guide-nobel": "有诺贝尔数学奖吗？",
}
"""The two prompts of SiliconFlow's guide to streaming, by the name of their answer."""

FOLLOW_UPS = {"shorter": ("english", "and shorter?"), "shorter-zh": ("chinese", "再短一点？")}
"""Prompts that continue a prepared answer: by the name of their answer, that of the one before, and the prompt."""

PROMPTS = {
    "english": "What is streaming?",
    "chinese": "什么是流式输出？",
    "changes": (
        "SiliconCloud is in public beta and gives each user 300 million tokens for open models. "
        "What does this change for applications of large models?"
    ),
    "nobel": "Is there a Nobel Prize in mathematics?",
    "reasoning": "What is the sum of the first n odd numbers?",
    "reasoning-zh": "前 n 个奇数的和是多少？",
    "tool-call": "What is the weather in Hangzhou?",
    "long": "How does an answer stream over HTTP?",
    "puzzle": (
        "A notebook and a pen cost 11 yuan together. The notebook costs 10 yuan more than the pen. "
        "What does the pen cost?"
    ),
    "code": "Write Python that prints the first ten primes.",
    "code-zh": "用 Python 打印前十个素数。",
    **GUIDE,
    **{name: prompt for name, (_, prompt) in FOLLOW_UPS.items()},
}
"""The prompt of each prepared answer, by its name."""

OF_CHAT = ("changes", "nobel", "reasoning-zh", "puzzle", "code", "code-zh")
"""The answers that no other model than demo/chat gives."""

THOUGHTS = {
    "reasoning": "reasoning-thoughts",
    "reasoning-zh": "reasoning-zh-thoughts",
    "puzzle": "puzzle-thoughts",
}
"""The text of the reasoning, by the name of the answer that it precedes."""

SHOPPING = [
    {"name": "notebook", "quantity": 2, "price": 4.5},
    {"name": "fountain pen", "quantity": 1, "price": 32.0},
    {"name": "pencil", "quantity": 5, "price": 0.8},
]
SHOPPING_CHINESE = [
    {"name": "笔记本", "quantity": 2, "price": 4.5},
    {"name": "钢笔", "quantity": 1, "price": 32.0},
    {"name": "铅笔", "quantity": 5, "price": 0.8},
]
LISTS = {
    "List what is on this receipt: two notebooks at 4.50 each, one fountain pen at 32, five pencils at 0.80 each.": (
        SHOPPING
    ),
    "列出这张收据上的东西：笔记本两本，每本 4.5 元；钢笔一支，32 元；铅笔五支，每支 0.8 元。": SHOPPING_CHINESE,
}
"""The prepared answers in JSON, by their prompts: what a model would take out of the text."""

ARGUMENTS = '{"city": "Hangzhou", "unit": "celsius"}'
"""Arguments of the prepared tool call."""

_TEXTS = Path(__file__).parent / "texts"


def text(name: str) -> str:
    """Return the text in the file of that name."""
    return (_TEXTS / f"{name}.md").read_text(encoding="utf-8").rstrip("\n")


def is_chinese(prompt: str) -> bool:
    """Return whether a prompt is mostly Chinese: then the demo's own words are Chinese too."""
    return len(re.findall("[\u4e00-\u9fff]", prompt)) > 2 * len(re.findall("[A-Za-z]+", prompt))


def bare_prompt(prompt: str) -> str:
    """Return a prompt without what makes no difference: white space, case, and the width of punctuation."""
    return "".join(unicodedata.normalize("NFKC", prompt).casefold().split())


@functools.cache
def recording(name: str) -> Recording:
    """Return the prepared answer of that name. It is composed on first use and shared: do not change it."""
    return compose(request_of(name), _script(name))


def request_of(name: str) -> Mapping[str, Any]:
    """Return the request that the prepared answer of that name belongs to."""
    messages = [{"role": "user", "content": PROMPTS[name]}]
    if name in FOLLOW_UPS:
        before, _ = FOLLOW_UPS[name]
        messages = [*request_of(before)["messages"], {"role": "assistant", "content": text(before)}, *messages]
    model = "chinese" if name in GUIDE else name
    model = "demo/chat" if name in (*FOLLOW_UPS, *OF_CHAT) else f"demo/{model}"
    return {"model": model, "messages": messages, "stream": True}


def _script(name: str) -> Script:
    content = pieces(text(name))
    if name in THOUGHTS:
        return Script(content, reasoning=pieces(text(THOUGHTS[name])))
    if name == "tool-call":
        return Script(content, function="get_weather", arguments=pieces(ARGUMENTS), finish="tool_calls")
    return Script(content)

"""The answers that come with the package: their texts, the recordings made of them, and how to make them again.

``python -m sfstream.demo.bundle`` writes the files in ``recordings/`` anew from those in ``texts/``.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sfstream.core.recording import Recording
from sfstream.demo.compose import Script, compose, pieces
from sfstream.demo.tour import ARGUMENTS, tour
from sfstream.log.format import open_recording
from sfstream.log.writer import save_recording

FOLDER = Path(__file__).parent / "recordings"
TEXTS = Path(__file__).parent / "texts"

GUIDE = {
    "guide-changes": (
        "SiliconCloud公测上线，每用户送3亿token 解锁开源大模型创新能力。对于整个大模型应用领域带来哪些改变？"
    ),
    "guide-nobel": "有诺贝尔数学奖吗？",
}
"""The two prompts of SiliconFlow's guide to streaming, by the name of the recording that answers them."""

PROMPTS = {
    "english": "What is streaming?",
    "chinese": "什么是流式输出？",
    "reasoning": "What is the sum of the first n odd numbers?",
    "tool-call": "What is the weather in Hangzhou?",
    "long": "How does an answer stream over HTTP?",
    **GUIDE,
}
"""What each recording was asked, by its name."""


@functools.cache
def recording(name: str) -> Recording:
    """The bundled recording of that name. It is read once; whoever gets it does not change it."""
    return open_recording(path_of(name))


def path_of(name: str) -> Path:
    """Its file."""
    return FOLDER / f"{name}.jsonl"


def composed(name: str) -> Recording:
    """The same recording, made anew from its text."""
    return compose(request_of(name), _script(name))


def request_of(name: str) -> Mapping[str, Any]:
    """The request that the recording of that name answers."""
    model = f"demo/{'chinese' if name in GUIDE else name}"
    return {"model": model, "messages": [{"role": "user", "content": PROMPTS[name]}], "stream": True}


def write() -> None:
    """Write every file anew."""
    for name in PROMPTS:
        save_recording(composed(name), path_of(name))


def text(name: str) -> str:
    """The text of that name, as it was written."""
    return (TEXTS / f"{name}.md").read_text(encoding="utf-8").rstrip("\n")


def _script(name: str) -> Script:
    if name == "reasoning":
        return Script(pieces(text(name)), reasoning=pieces(text("reasoning-thoughts")))
    if name == "tool-call":
        return Script(pieces(text(name)), function="get_weather", arguments=pieces(ARGUMENTS), finish="tool_calls")
    if name == "long":
        return Script(pieces(tour(text(name))))
    return Script(pieces(text(name)))


if __name__ == "__main__":
    write()

"""The notebooks in English and in Chinese: the same code, with prompts in the language of each."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sfstream.demo.prepared import LISTS, PROMPTS, is_chinese, text

ROOT = Path(__file__).parents[2]


def cells(name: str, kind: str) -> list[Any]:
    notebook = json.loads((ROOT / "notebooks" / name).read_text())
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


LANGUAGE = '\n%config SfChat.language = "zh"'
"""What the Chinese notebooks set where they load the extension."""
IN_CHINESE = {
    "What is streaming?": "什么是流式输出？",
    "and shorter?": "再短一点？",
    "Is there a Nobel Prize in mathematics?": "有诺贝尔数学奖吗？",
    PROMPTS["changes"]: PROMPTS["guide-changes"],
    "What is the sum of the first n odd numbers?": "前 n 个奇数的和是多少？",
    '"Answer with one name."': '"只回答一个名字。"',
    "Which planet has the longest year?": "哪颗行星的一年最长？",
    "Why does this fail?": "为什么会出错？",
    "Write Python that prints the first ten primes.": "用 Python 打印前十个素数。",
    "What is in this image?": "这张图里有什么？",
    "Which come first?": "哪个在前？",
    **dict(zip(LISTS, list(LISTS)[1:], strict=False)),
    "List what is on this receipt:\ntwo notebooks at 4.50 each, one fountain pen at 32, five pencils at 0.80 each.": (
        "列出这张收据上的东西：\n笔记本两本，每本 4.5 元；钢笔一支，32 元；铅笔五支，每支 0.8 元。"
    ),
    "# Mass in 10^24 kg, year in days: NASA's planetary fact sheet": (
        "# 质量以 10^24 kg 计，一年以天计：NASA 行星数据表"
    ),
}
"""The prompts and comments of the English notebooks, and those of the Chinese ones."""


def in_chinese(source: str) -> str:
    """Return the code of an English cell as the Chinese notebook has it."""
    for english, chinese in IN_CHINESE.items():
        source = source.replace(english, chinese)
    return source.replace("%load_ext sfstream", f"%load_ext sfstream{LANGUAGE}")


@pytest.mark.parametrize("name", ["quickstart", "exploring"])
def test_the_notebooks_are_twins(name: str) -> None:
    """The same code in both but for the language and the prompts, which are English or Chinese; no output in either."""
    english, chinese = cells(f"{name}.ipynb", "code"), cells(f"{name}-zh.ipynb", "code")
    sources = ["".join(cell["source"]) for cell in english]
    assert [in_chinese(source) for source in sources] == ["".join(cell["source"]) for cell in chinese]
    assert not [source for source in sources if re.search("[\u4e00-\u9fff]", source)]
    for each in (*english, *chinese):
        assert not each.pop("outputs")
        del each["source"]
    assert english == chinese
    assert len(cells(f"{name}.ipynb", "markdown")) == len(cells(f"{name}-zh.ipynb", "markdown"))


@pytest.mark.parametrize("name", ["quickstart.ipynb", "quickstart-zh.ipynb"])
def test_each_prompt_of_the_quickstart_has_an_answer(name: str) -> None:
    """Of the demo's own, in the language of the prompt."""
    prompts = ["".join(cell["source"][1:]) for cell in cells(name, "code") if cell["source"][0].startswith("%%sfchat")]
    assert 4 == len(prompts)
    for prompt in prompts:
        (answer,) = [text(known) for known, asked in PROMPTS.items() if asked == prompt]
        assert name.endswith("-zh.ipynb") == is_chinese(prompt) == ("背后没有模型" in answer)

"""Addresses, headings, alerts, footnotes and fences of Markdown are never shown as something else first."""

from __future__ import annotations

import pytest

from tests.markdown.flashes import flashes
from tests.markdown.growing import streamed, whole

TEXTS = [
    "见https://a.example/x[^1]。https://b.example/y[1]，✅https://a.example/x✅是\n\n##\u3000标题\n\n　　正文\n",
    '见[a](https://a.b)与(https://a.b)、"https://a.b"，https://a.b/c?d=1&e=2#f。**官网**:www.a.b/c。\n',
    "##标题\n正文\n### 标准\n###标题二 ##\n##Title\n#标签\n##1. 一\n####《书》\n",
    "- ##标题\n  文字\n\n> ###标题\n> 文字\n\n1. a\n\n   ##**b**\n",
    "##Заголовок\n##제목\n##見出し\n##العنوان\n##Über\n",
    "> [!NOTE]\n> text\n\n> [!warning]\n>\n> - a\n> - b\n\n> [!TIP] x\n\n> [!IMPORTANT]\n",
    "a\n\n> [!CAUTION]\n\n> text\n> [!NOTE]\n> more\n\n> [!X]\n> y\n",
    "- > [!NOTE]\n  > text\n- b\n",
    "Footnote[^1] and [1] and array[0] end.[^note]\n\n[^1]: The note.\n[^note]: https://a.example\n[^注]: 中文说明。\n",
    "中文[^1]，再[^2][^3]。**粗[^4]** [^5^]\n\n[^1]: 甲\n[^2]: 乙\n\n    第二段\n[^3]:\n[^4]:x\n\n完\n",
    "Regex [^a-z] and [^abc]+ and array[^1] `[^1]` and [^,] end\n",
    "| a[^1] | b |\n|---|---|\n| c[^2] | d |\n\n[^1]: x\n[^2]: y z\n",
    "- a[^1]\n- b\n\n  [^1]: in a list\n- [^2]: note\n",
    "Sources:\n[^1]: One.\n[^2]: Two.\nlazy\n\n[^3]: - a\n    - b\n\n[^4]: **b** c\n",
    "[^1] begins a line\n[^2] and another\n",
    "**[^1]**: x [a[^1]](https://a.example) ~~b[^2]~~ *c[^3]*\n",
    "```markdown\n# T\n```python\nx = 1\n```\n- ```js\n  y\n  ```\nend\n```\nafter **b**\n",
    "````markdown\n```python\nx\n```\n````\nafter\n\n```md\na\n````py\n```\n````\nb\n```\nend\n",
    "- ```markdown\n  ```python\n  x\n  ```\n  z\n  ```\n- b\n\n```markdown\n1. a\n   ```sh\n   b\n   ```\n```\nc\n",
    "```markdown\n```markdown\n```py\nx\n```\n```\n```\nend\n\n```md\n```py\nx\n",
    "> - [^1]: x\n>\n> ##标\n>\n> ```md\n> ```py\n> x\n> ```\n> ```\n> y\n",
]


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_is_shown_as_something_else_first(text: str) -> None:
    """Character by character, and in pieces of three as tokens come."""
    assert [] == flashes(text, 1) + flashes(text, 3)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("long", [0, 30])
def test_as_it_comes_it_is_what_it_is_as_a_whole(text: str, long: int) -> None:
    """Also where the block is sent in parts."""
    for pace in (1, 3):
        assert whole(text) == streamed(text, range(0, len(text), pace), long)

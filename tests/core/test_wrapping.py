"""Lines of messages, broken by the columns that they take in a terminal and in a cell."""

from __future__ import annotations

import random
from textwrap import TextWrapper

import pytest

from sfstream.core.text import columns, wrapped

CHINESE = (
    "没有 API 密钥。运行 %sfkey --save 输入密钥，或设置 SILICONFLOW_API_KEY；要安装它，"
    "请运行 pip install 'sfstream[lab]'（没有密钥时，运行 %sfdemo 试用）。"
)
CLOSING = "，。；：！？、）》」】］"


@pytest.mark.parametrize("width", range(20, 90, 7))
def test_a_chinese_line_is_as_wide_as_it_looks(width: int) -> None:
    """Each character takes two columns, nothing is lost, and no line begins with a mark that ends a clause."""
    lines = wrapped(CHINESE, width)
    assert "".join(CHINESE.split()) == "".join("".join(lines).split())
    longest = max(map(columns, CHINESE.split()[-1:]))
    assert all(columns(line) <= max(width, 24) or columns(line) <= longest for line in lines)
    assert not any(line.startswith(tuple(CLOSING)) for line in lines)


def test_code_stays_in_one_piece() -> None:
    """An option and its magic, and a command, in a line that has room for them."""
    lines = wrapped(CHINESE, 64)
    assert any("%sfkey --save" in line for line in lines)
    assert any("pip install 'sfstream[lab]'" in line for line in lines)
    assert any("SILICONFLOW_API_KEY" in line for line in lines)


def test_the_indent_of_a_line_stays() -> None:
    """As in a list of mistakes."""
    assert ["  [0].price：缺少", "这一项"] == wrapped("  [0].price：缺少这一项", 18)


def test_a_server_that_says_much_is_broken_at_its_spaces() -> None:
    """A phrase of more than half a line does not begin on a line of its own."""
    lines = wrapped(f"服务器拒绝了请求：{'every word of this long line ' * 3}（HTTP 400）", 60)
    assert all(45 < columns(line) <= 60 for line in lines[:-1])


def test_other_lines_are_as_textwrap_breaks_them() -> None:
    """Also empty ones, and words that are wider than a line."""
    wrapper = TextWrapper(20, break_long_words=False, break_on_hyphens=False)
    chance = random.Random(1)
    for _ in range(300):
        line = "".join(chance.choices("ab-  %.", k=chance.randrange(80)))
        assert (wrapper.wrap(line) or [""]) == wrapped(line, 20)

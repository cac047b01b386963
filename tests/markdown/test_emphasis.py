"""Emphasis in Chinese, Japanese and Korean text."""

from __future__ import annotations

import pytest

from sfstream.markdown.emphasis import is_cjk
from sfstream.markdown.renderer import rendered


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**强调:**内容", "<strong>强调:</strong>内容"),
        ("**注意：**内容", "<strong>注意：</strong>内容"),
        ("**“强调”**的", "<strong>“强调”</strong>的"),
        ("这是**“强调”**的", "这是<strong>“强调”</strong>的"),
        ("**注意!**不要", "<strong>注意!</strong>不要"),
        ("~~删除。~~后", "<s>删除。</s>后"),
        ("用*（斜体）*写", "用<em>（斜体）</em>写"),
        ("**`code`**是", "<strong><code>code</code></strong>是"),
        ("これは**「重要」**です", "これは<strong>「重要」</strong>です"),
        ("**한국어(괄호)**을", "<strong>한국어(괄호)</strong>을"),
        ("***重要！***的", "<em><strong>重要！</strong></em>的"),
        ("a **\u201cb\u201d**c", "a **\u201cb\u201d**c"),
        ("snake_case_name 中文_下划线_中文", "snake_case_name 中文_下划线_中文"),
        ("2*3*4 和 5 * 6 * 7", "2<em>3</em>4 和 5 * 6 * 7"),
    ],
)
def test_emphasis(source: str, html: str) -> None:
    """Stars beside CJK text emphasise as people expect; all else is CommonMark's."""
    assert [f'<p dir="auto">{html}</p>\n'] == rendered(source, "mathml")


@pytest.mark.parametrize(
    ("character", "expected"), [("中", True), ("。", True), ("한", True), ("ｱ", True), ("㈱", True)]
)
def test_cjk(character: str, expected: bool) -> None:
    """Letters, signs and punctuation of these languages are told from others."""
    assert expected == is_cjk(character)


@pytest.mark.parametrize("character", ["a", "é", "“", "…", "😀", "⭐", " "])
def test_not_cjk(character: str) -> None:
    """Emoji and Western punctuation are none."""
    assert not is_cjk(character)

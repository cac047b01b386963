"""Alerts as GitHub has them."""

from __future__ import annotations

import re

import pytest

from sfstream.markdown.export import as_markdown
from sfstream.markdown.renderer import rendered


def whole(source: str) -> str:
    """The page of a text, without attributes and line breaks."""
    return re.sub(r" \w+=\"[^\"]*\"|\n", "", "".join(rendered(source, "mathml")))


@pytest.mark.parametrize(
    ("source", "inside"),
    [
        ("> [!NOTE]\n> text", "<p><strong>Note</strong></p><p>text</p>"),
        ("> [!TIP]\n> text", "<p><strong>Tip</strong></p><p>text</p>"),
        ("> [!IMPORTANT]\n> text", "<p><strong>Important</strong></p><p>text</p>"),
        ("> [!WARNING]\n> text", "<p><strong>Warning</strong></p><p>text</p>"),
        ("> [!CAUTION]\n> text", "<p><strong>Caution</strong></p><p>text</p>"),
        ("> [!note]\n> 中文", "<p><strong>Note</strong></p><p>中文</p>"),
        ("> [!Tip]\n> **b**", "<p><strong>Tip</strong></p><p><strong>b</strong></p>"),
        (">[!NOTE]\n>text", "<p><strong>Note</strong></p><p>text</p>"),
        ("> [!NOTE]  \n> text", "<p><strong>Note</strong></p><p>text</p>"),
        ("> [!NOTE]\n>\n> a\n>\n> b", "<p><strong>Note</strong></p><p>a</p><p>b</p>"),
        ("> [!NOTE]\nlazy", "<p><strong>Note</strong></p></blockquote><p>lazy</p>"),
        ("> [!WARNING]\n> - a\n> - b", "<p><strong>Warning</strong></p><ul><li>a</li><li>b</li></ul>"),
        ("> [!NOTE]\n> ##标题", "<p><strong>Note</strong></p><h2>标题</h2>"),
        ("> [!NOTE]", "<p><strong>Note</strong></p>"),
        ("text\n> [!NOTE]\n> b", "<p><strong>Note</strong></p><p>b</p>"),
        ("- > [!NOTE]\n  > b", "<p><strong>Note</strong></p><p>b</p>"),
        (">  [!NOTE]\n> b", "<p><strong>Note</strong></p><p>b</p>"),
    ],
)
def test_alerts(source: str, inside: str) -> None:
    """The mark, alone on the first line of a quote, becomes a bold label."""
    assert f"<blockquote>{inside}" in whole(source)


@pytest.mark.parametrize(
    "source",
    [
        "> [!NOTE] text",
        "> [!NOTE] **Title**\n> text",
        "> a\n> [!NOTE]",
        "> [!INFO]\n> text",
        "> [!NOTES]\n> text",
        "> [! NOTE]\n> text",
        "> [NOTE]\n> text",
        "> \\[!NOTE]\n> text",
        "> `[!NOTE]`\n> text",
        ">     [!NOTE]\n> text",
        "> ```\n> [!NOTE]\n> ```",
        "[!NOTE]\ntext",
        "- [!NOTE]\n  text",
        "> - [!NOTE]\n>   text",
    ],
)
def test_what_is_none(source: str) -> None:
    """Words on the same line, another mark or another place leave it text, as on GitHub."""
    assert "<strong>Note" not in whole(source)
    assert "NOTE" in whole(source) or "INFO" in whole(source)


def test_two_alerts() -> None:
    """Each quote has its own."""
    made = whole("> [!NOTE]\n> a\n\n> [!TIP]\n> b\n")
    assert ["Note", "Tip"] == re.findall("<strong>(.*?)</strong>", made)


def test_the_markdown_for_others_has_the_label() -> None:
    """Readers that know no alerts show it too."""
    assert "> **Note**\n>\n> text" == as_markdown("> [!NOTE]\n> text")

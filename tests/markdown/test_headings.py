"""Headings without a blank after their marks."""

from __future__ import annotations

import re

import pytest

from sfstream.markdown.export import as_markdown
from sfstream.markdown.renderer import rendered


def tags(source: str) -> list[tuple[str, str]]:
    """The headings of a text: element and content."""
    return re.findall(r"<(h\d)[^>]*>(.*?)</h\d>", "".join(rendered(source, "mathml")))


@pytest.mark.parametrize(
    ("source", "tag", "title"),
    [
        ("##标题", "h2", "标题"),
        ("###三级标题", "h3", "三级标题"),
        ("####四级", "h4", "四级"),
        ("#####五级", "h5", "五级"),
        ("######六级", "h6", "六级"),
        ("##一、概述", "h2", "一、概述"),
        ("##1. 概述", "h2", "1. 概述"),
        ("###1.1 背景", "h3", "1.1 背景"),
        ("##2024年总结", "h2", "2024年总结"),
        ("##（一）总则", "h2", "（一）总则"),
        ("##《红楼梦》", "h2", "《红楼梦》"),
        ("##“引言”", "h2", "“引言”"),
        ("##標題", "h2", "標題"),
        ("##見出し", "h2", "見出し"),
        ("##カタカナ", "h2", "カタカナ"),
        ("##제목", "h2", "제목"),
        ("##Заголовок", "h2", "Заголовок"),
        ("##Επικεφαλίδα", "h2", "Επικεφαλίδα"),
        ("##العنوان", "h2", "العنوان"),
        ("##शीर्षक", "h2", "शीर्षक"),
        ("##หัวข้อ", "h2", "หัวข้อ"),
        ("##标题 ##", "h2", "标题"),
        ("##标题  ", "h2", "标题"),
        ("##\u3000标题", "h2", "标题"),
        ("###\xa0标题", "h3", "标题"),
        ("   ##标题", "h2", "标题"),
        ("##关于C#", "h2", "关于C#"),
        ("##有**粗体**和`代码`", "h2", "有<strong>粗体</strong>和<code>代码</code>"),
        ("正文\n##标题\n正文", "h2", "标题"),
        ("- ##标题\n- b", "h2", "标题"),
        ("> ##标题\n> 正文", "h2", "标题"),
        ("> 正文\n##标题", "h2", "标题"),
        ("1. a\n\n   ##标题\n", "h2", "标题"),
        ("- a\n##标题", "h2", "标题"),
    ],
)
def test_headings(source: str, tag: str, title: str) -> None:
    """Two to six marks before a letter that is no Latin one, a digit, or a bracket before such a title."""
    assert [(tag, title)] == tags(source)


@pytest.mark.parametrize(
    "source",
    [
        "#标签",
        "#标签 #另一个",
        "#1",
        "##Title",
        "##title ##",
        "##Über",
        "##Élan",
        "##Ｔitle",
        "#######七个",
        "##-",
        "##!",
        "##，",
        "##.x",
        "##**粗体**",
        "##_x",
        "##/",
        "\\##标题",
        "见 ##标题",
        "`##标题`",
        "    ##标题",
        "```\n##标题\n```",
    ],
)
def test_what_is_none(source: str) -> None:
    """One mark, Latin letters and signs leave it text."""
    assert [] == tags(source)


def test_headings_as_they_are_in_commonmark() -> None:
    """With a blank, they are what they were."""
    assert [("h1", "标签"), ("h2", "Title"), ("h2", "")] == tags("# 标签\n## Title ##\n##")


def test_the_markdown_for_others_has_the_blank() -> None:
    """Without it, they would read text."""
    assert "## 标题\n\n正文" == as_markdown("##标题\n正文")

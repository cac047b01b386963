"""Bare addresses: where they begin and end, above all beside Chinese, Japanese and Korean text."""

from __future__ import annotations

import html
import re

import pytest

from sfstream.markdown.export import as_markdown
from sfstream.markdown.renderer import rendered


def links(source: str) -> list[tuple[str, str]]:
    """The address and the text of each link."""
    found = re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', "".join(rendered(source, "mathml")))
    return [(html.unescape(address), html.unescape(text)) for address, text in found]


def shown(source: str) -> str:
    """The HTML of a paragraph, with links in angle brackets."""
    made = re.sub(r"<a [^>]*>(.*?)</a>", r"⟨\1⟩", "".join(rendered(source, "mathml")))
    return html.unescape(made.removeprefix('<p dir="auto">').removesuffix("</p>\n"))


@pytest.mark.parametrize(
    "source",
    [
        "- **官网**：⟨https://a.example/y⟩",
        "（⟨https://a.example/x⟩）",
        "见⟨https://a.example/x⟩。",
        "见⟨https://a.example/x⟩即可",
        "请访问⟨https://a.example⟩，谢谢",
        "官网:⟨https://a.example⟩",
        "**官网**:⟨https://a.example⟩",
        "来源=“⟨https://a.example/x?a=1&b=2⟩”，完",
        "‘⟨https://a.example/⟩’",
        "「⟨https://a.example/x⟩」と『⟨https://b.example/⟩』",
        "【⟨https://a.example/x⟩】《⟨https://b.example⟩》",
        "、⟨https://a.example/x⟩、⟨https://b.example/y⟩；⟨https://c.example⟩！⟨https://d.example⟩？",
        "⟨https://a.example/x⟩……⟨https://b.example/y⟩——完",
        "打开\"⟨https://a.example/x⟩\"即可，或'⟨https://b.example/y⟩'也行",
        "[1]⟨https://a.example/x⟩，[2]⟨https://b.example⟩",
        "详见(⟨https://a.example/x⟩)的说明",
        "⟨https://a.example/x⟩(说明)",
        "⟨https://a.example/x⟩.然后",
        "⟨https://a.example/x⟩,然后⟨https://b.example/y⟩",
        "地址是⟨http://localhost:8888/lab⟩哦",
        "地址⟨http://127.0.0.1:8000/v1⟩可用",
        "👉⟨https://a.example/x⟩",
        "→⟨https://a.example/x⟩→⟨https://b.example⟩",
        "⟨https://a.example/x#⟩部分",
        "⟨https://a.example/%E4%B8%AD%E6%96%87⟩和",
        "⟨https://zh.wikipedia.org/wiki/⟩中文",
        "⟨https://a.example/x⟩✅是，⟨https://b.example⟩👍",
        "⟨https://a.example/x⟩\u200b是",
        "见⟨https://a.example/x⟩[^1]。⟨https://b.example/y⟩[1][2]，",
        "本机⟨http://[::1]:8888/lab⟩。",
        "⟨https://a.example/x?q=⟩中文&page=2",
        "⟨https://a.example/x⟩～⟨https://b.example/y⟩",
        "⟨https://a.example:8443/x⟩、⟨https://b.example/y⟩吗？",
        "⟨https://a.example/x⟩에서 보기",
        "자세한 내용은⟨https://a.example/x⟩을 참고하세요.",
        "詳細は⟨https://a.example/x⟩をご覧ください。",
        "リンク：⟨https://a.example/x⟩です",
        "ﾘﾝｸ⟨https://a.example/x⟩ﾃﾞｽ",
        "網址︰⟨https://a.example/x⟩﹐謝謝",
        "⟨https://a.example/a_b_c⟩是",
        "⟨https://a.example/c_(d)⟩是",
        "⟨https://a.example/~user/⟩的",
    ],
)
def test_web_addresses_beside_cjk(source: str) -> None:
    """They begin after such a character, and end before one."""
    written = source.replace("⟨", "").replace("⟩", "")
    made = "".join(rendered(written, "mathml"))
    assert re.findall("⟨(.*?)⟩", source) == [text for _, text in links(written)], made
    assert [text for _, text in links(written)] == [address for address, _ in links(written)]


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("见⟨www.a.example/x⟩。", "http://www.a.example/x"),
        ("（⟨www.a.example⟩）", "http://www.a.example"),
        ("官网：⟨www.a.example/x⟩即可", "http://www.a.example/x"),
        ("网址:⟨www.a.example⟩，", "http://www.a.example"),
        ("「⟨www.a.example⟩」です", "http://www.a.example"),
        ("⟨www.a.example⟩에서", "http://www.a.example"),
        ("邮箱：⟨me@a.example⟩。", "mailto:me@a.example"),
        ("请写信给⟨first.last+x@a.example⟩谢谢", "mailto:first.last+x@a.example"),
        ("（⟨me@a.example⟩）", "mailto:me@a.example"),
        ("邮箱:⟨me@a.example⟩，电话", "mailto:me@a.example"),
        ("⟨me@a.example⟩으로", "mailto:me@a.example"),
        ("邮箱⟨foo_bar@a.example⟩是", "mailto:foo_bar@a.example"),
        ("邮箱⟨mailto:me@a.example⟩是", "mailto:me@a.example"),
        ("**⟨me@a.example⟩**是", "mailto:me@a.example"),
    ],
)
def test_other_addresses_beside_cjk(source: str, address: str) -> None:
    """Mail addresses and those without a scheme too."""
    written = re.search("⟨(.*?)⟩", source)
    assert written
    assert [(address, written[1])] == links(source.replace("⟨", "").replace("⟩", ""))


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**https://a.example/x**是", "<strong>⟨https://a.example/x⟩</strong>是"),
        ("**https://a.example/x**，是", "<strong>⟨https://a.example/x⟩</strong>，是"),
        ("**https://a.example/x** is", "<strong>⟨https://a.example/x⟩</strong> is"),
        ("**https://a.example/x**is", "<strong>⟨https://a.example/x⟩</strong>is"),
        ("*https://a.example/x*是", "<em>⟨https://a.example/x⟩</em>是"),
        ("*https://a.example/x*.", "<em>⟨https://a.example/x⟩</em>."),
        ("***https://a.example/x***是", "<em><strong>⟨https://a.example/x⟩</strong></em>是"),
        ("~~https://a.example/x~~是", "<s>⟨https://a.example/x⟩</s>是"),
        ("~~https://a.example/x~~", "<s>⟨https://a.example/x⟩</s>"),
        ("_https://a.example/x_，是", "<em>⟨https://a.example/x⟩</em>，是"),
        ("_https://a.example_ is", "<em>⟨https://a.example⟩</em> is"),
        ("__https://a.example/x__。", "<strong>⟨https://a.example/x⟩</strong>。"),
        ("**官网：https://a.example/x**是", "<strong>官网：⟨https://a.example/x⟩</strong>是"),
        ("**官网**：**https://a.example/x**是", "<strong>官网</strong>：<strong>⟨https://a.example/x⟩</strong>是"),
        ("（**https://a.example/x**）", "（<strong>⟨https://a.example/x⟩</strong>）"),
        ("(**https://a.example/x**)是", "(<strong>⟨https://a.example/x⟩</strong>)是"),
        ("**https://a.example/x。**是", "<strong>⟨https://a.example/x⟩。</strong>是"),
        ("**www.a.example**是", "<strong>⟨www.a.example⟩</strong>是"),
        ("*me@a.example*是", "<em>⟨me@a.example⟩</em>是"),
        ("**“https://a.example/x”**是", "<strong>“⟨https://a.example/x⟩”</strong>是"),
        ("http://a.example/foo_bar_baz 和", "⟨http://a.example/foo_bar_baz⟩ 和"),
        ("https://a.example/c*d*e, x", "⟨https://a.example/c*d*e⟩, x"),
        ("**see** https://a.example/c**d 和", "<strong>see</strong> ⟨https://a.example/c**d⟩ 和"),
        ("*https://a.example/c*d*是", "<em>⟨https://a.example/c*d⟩</em>是"),
        ("https://a.example/a~~b 和", "⟨https://a.example/a~~b⟩ 和"),
        ("my_name@a.example and x_y", "⟨my_name@a.example⟩ and x_y"),
        ("_me@a.example_ is", "<em>⟨me@a.example⟩</em> is"),
    ],
)
def test_emphasis_around_addresses(source: str, html: str) -> None:
    """Its marks are no part of the address; marks that really stand in it are."""
    assert html == shown(source)


@pytest.mark.parametrize(
    ("source", "addresses"),
    [
        ("https://a.example/x. https://a.example/y, (https://a.example/z)", ["x", "y", "z"]),
        ("https://a.example/c_(d)? “https://a.example/e!”", ["c_(d)", "e"]),
        ("https://a.example/?a[0]=1&b[0][c]=2，https://a.example/x[1]", ["?a[0]=1&b[0][c]=2", "x"]),
        ("https://a.example/x&copy; https://a.example/?a=b;c", ["x", "?a=b;c"]),
    ],
)
def test_punctuation_of_the_sentence(source: str, addresses: list[str]) -> None:
    """What GitHub has it leave out at the end is left out here."""
    assert [f"https://a.example/{each}" for each in addresses] == [text for _, text in links(source)]


@pytest.mark.parametrize(
    "source",
    [
        "以https://开头的地址",
        "以http://或https://开头",
        "https://中文",
        "ahttps://a.example",
        "例如：www.",
        "www.。",
        "用@a表示",
        "我@你.com",
        "`见https://a.example/x。`",
        "xhttps://a.example/中文",
        "éwww.a.example",
        "blob:https://a.example/x",
        'href="https://a.example/x"',
    ],
)
def test_no_addresses(source: str) -> None:
    """Text that only looks like the beginning of an address, or stands in code or in a word, is no link."""
    assert [] == links(source)


def test_hosts_in_other_scripts() -> None:
    """A host of CJK letters is one with its path; in angle brackets and in links nothing is ended."""
    assert ["https://例子.中国/路径"] == [text for _, text in links("见https://例子.中国/路径。完")]
    assert ["https://例子.中国/路径"] == [text for _, text in links("<https://例子.中国/路径>")]
    assert [("https://a.example/%E4%B8%AD", "链接")] == links("[链接](https://a.example/中)")
    assert [("https://a.example/x", "https://a.example/x是")] == links("[https://a.example/x是](https://a.example/x)")


def test_in_other_places() -> None:
    """In tables, headings, lists and quotes they are links as well; a link is not within a link."""
    table = "| 名 | 址 |\n|---|---|\n| 甲 | 见https://a.example/x。 |\n| 乙 | **www.b.example**是 |\n"
    assert ["https://a.example/x", "www.b.example"] == [text for _, text in links(table)]
    for source in ("# 见https://a.example/x。", "- 见https://a.example/x。", "> 1. （https://a.example/x）"):
        assert ["https://a.example/x"] == [text for _, text in links(source)]


def test_the_markdown_for_others_has_links() -> None:
    """Which any reader understands, whatever stands beside the address."""
    assert "见[https&#58;//a.example/x](<https://a.example/x>)。" == as_markdown("见https://a.example/x。")
    assert "**[www&#46;a.example](<http://www.a.example>)**&#26159;" == as_markdown("**www.a.example**是")

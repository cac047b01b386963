"""The HTML tags that are rendered, while the text grows, and in the Markdown for other readers."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from sfstream.markdown.export import as_markdown
from sfstream.markdown.export_check import is_plain
from sfstream.markdown.stream import LONG, Markdown
from tests.markdown.flashes import flashes
from tests.markdown.growing import streamed, whole
from tests.markdown.test_inline_tags import BREAKS, CROSSING, PAIRS, TEXTS

OTHERS = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
"""A reader that takes HTML for what it is."""


GROWING = [
    "text<br>more<br/>text<br />and</br>end<BR>.",
    "Water is H<sub>2</sub>O, and 10<sup>-3</sup> m<sup>2</sup>.",
    "Press <kbd>Ctrl</kbd>+<kbd>C</kbd>, then <kbd>⌘</kbd> <kbd>V</kbd>",
    "a <mark>b **c** d</mark> e <u>f *g*</u> h",
    "**<u>x y</u>** and <u>**x** y</u> and *a <sub>b</sub> c*",
    "**a <u>b *c* d</u> e** f",
    "| a<br>b | H<sub>2</sub>O |\n|---|---|\n| one<br>two<br>three | <kbd>a</kbd> <kbd>b</kbd> |\n| x | <u>y</u> |\n",
    "- a <u>b\n  c</u> d\n- e<br>f\n- **g**<br>h\n",
    "## a <sub>b</sub><br>c\n\n> d <mark>e</mark>\n",
    "[H<sub>2</sub>O](https://a.example) and <u>[a](https://a.example) b</u>",
    "`<u>a</u>` and <u>`a` b</u> and $a<b$ and a < b, c <d",
    "<sub>a<sup>b</sup>c</sub> d",
    "中文<mark>重点**粗**内容</mark>，<u>下划线</u>。第一行<br>第二行",
    "<u>a</u><u>b</u> <kbd> c </kbd>",
    "a <b>bold</b> <i>it</i> <div> <unknown> <summary>",
]


@pytest.mark.parametrize("source", GROWING)
def test_half_a_tag_is_never_seen(source: str) -> None:
    """Nothing that is shown of a growing text is gone or changed in the whole."""
    assert [] == flashes(source, 1) + flashes(source, 3)


@pytest.mark.sampled
@pytest.mark.parametrize("source", [*GROWING, *TEXTS, *CROSSING, *PAIRS, *BREAKS])
def test_cut_anywhere_it_is_as_the_whole(source: str) -> None:
    """Character by character, in whole blocks and in parts."""
    text = f"- x\n- {source}\n- y\n\n{source}\n"
    assert {whole(text)} == {streamed(text, range(len(text)), long) for long in (0, LONG)}


@pytest.mark.parametrize(
    ("half", "shown"),
    [
        *(("H<", "H"), ("H<s", "H"), ("H<sub", "H"), ("H<sub>", "H<sub></sub>"), ("H<sub>2", "H<sub>2</sub>")),
        *(("H<sub>2<", "H<sub>2</sub>"), ("H<sub>2</", "H<sub>2</sub>"), ("H<sub>2</sub", "H<sub>2</sub>")),
        *(("a<b", "a"), ("a<br", "a"), ("a<br ", "a"), ("a<br /", "a"), ("a<br>", "a<br>\n"), ("a</b", "a")),
        *(("**a <u>b", "<strong>a <u>b</u></strong>"), ("<u>**b", "<u><strong>b</strong></u>")),
        *(("<u>a *b* c", "<u>a <em>b</em> c</u>"), ("<u>a `b", "<u>a <code>b</code></u>")),
        *(("*a <u>b</u> c", "<em>a <u>b</u> c</em>"), ("<sub>a<sup>b", "<sub>a<sup>b</sup></sub>")),
        *(("a <u>b\nc", "a <u>b\nc</u>"), ("a <b>c", "a &lt;b&gt;c"), ("a <u x>c", "a &lt;u x&gt;c")),
        *(("[**a**<u>b", "<strong>a</strong><u>b</u>"), ("<u>[a](https://a.exa", "<u>a</u>")),
    ],
)
def test_an_open_pair_is_shown_as_one(half: str, shown: str) -> None:
    """What has begun is shown as what it will most likely be."""
    markdown = Markdown("mathml")
    markdown.feed(half)
    assert f'<p dir="auto">{shown}</p>\n' == markdown.change().rest


@pytest.mark.parametrize(
    "source", ["the <u> tag\n\nb", "a <sub>2\n\nb", "**a <kbd>b**\n\nb", "a <u>b\n- c", "<u>a\n# b"]
)
def test_a_pair_that_never_closes_ends_as_text(source: str) -> None:
    """When its block is finished."""
    markdown = Markdown("mathml")
    for character in source:
        markdown.feed(character)
        markdown.change()
    markdown.finish()
    assert re.search("&lt;(u|sub|kbd)&gt;", markdown.html)
    assert not re.search("<(u|sub|kbd)>", markdown.html)


@pytest.mark.parametrize("source", [*GROWING, *PAIRS, *CROSSING, *BREAKS, *TEXTS])
def test_as_markdown_for_others(source: str) -> None:
    """What is written is safe, says the same to others, and holds no other HTML."""
    written = as_markdown(source)
    assert is_plain(written)
    assert written == as_markdown(written)
    assert not written.startswith("```")
    if "$" not in source and "\\\\" not in source:  # a formula, and a backslash, which is written as code
        assert reading(whole(source)) == reading(OTHERS.render(written))


def reading(html: str) -> list[str]:
    """Text and tags of ours in their order, without white space and without breaks at the end of a text."""
    html = re.sub(r"(<br ?/?>\s*)+(?=</(p|li|h\d|t[hd]|blockquote)>)", "", html)
    found = re.findall(r"</?(?:sub|sup|kbd|mark|u|br|em|strong|s|code)\b|>[^<]*", f">{html}")
    joined = "".join("".join(each.removeprefix(">").split()) for each in found)
    return re.findall(r"</?\w+|[^<]+", joined.replace("&quot;", '"'))


def test_as_markdown_in_a_table() -> None:
    """A break is a tag there, since a row is one line."""
    written = as_markdown("| a<br>b |\n|---|\n| <u>c<br/>d</u> |")
    assert "| a<br>b |\n| --- |\n| <u>c<br>d</u> |" == written

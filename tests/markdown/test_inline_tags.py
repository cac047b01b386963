"""The few HTML tags that are rendered: line breaks, and pairs of inline elements without attributes."""

from __future__ import annotations

import re
import time
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfstream.markdown.export import as_markdown
from sfstream.markdown.export_check import is_plain
from sfstream.markdown.renderer import rendered
from sfstream.markdown.sanitize import clean
from sfstream.markdown.stream import Markdown
from tests.hostile.parsed import strictly
from tests.hostile.rules import faults
from tests.markdown.growing import streamed, whole


def inner(source: str) -> str:
    """The HTML within the paragraph, without the line ends after breaks."""
    html = whole(source).removeprefix("<p>").removesuffix("</p>")
    return html.replace("<br>\n", "<br>")


BREAKS = {
    "a<br>b": "a<br>b",
    "a<br/>b": "a<br>b",
    "a<br />b": "a<br>b",
    "a<br   />b": "a<br>b",
    "a<br >b": "a<br>b",
    "a<BR>b": "a<br>b",
    "a<Br/>b": "a<br>b",
    "a</br>b": "a<br>b",  # browsers take it for a break
    "a<br></br>b": "a<br>b",
    "a<br><br>b": "a<br><br>b",
    "a<br/><br/>b": "a<br><br>b",
    "a <br> b": "a<br>b",
    "a<br>\nb": "a<br>b",
    "a\n<br>\nb": "a\n<br>b",
    "a\n<br>\n<br>\nb": "a\n<br><br>b",
    "<br>a": "<br>a",
    "a<br>": "a<br>",
    "甲<br>乙<br/>丙": "甲<br>乙<br>丙",
    "**a<br>b**": "<strong>a<br>b</strong>",
    "<u>a<br>b</u>": "<u>a<br>b</u>",
}


@pytest.mark.parametrize("source", BREAKS)
def test_a_break(source: str) -> None:
    """However it is written, it is one, and a line end after it is not a second one."""
    assert BREAKS[source] == inner(source)


@pytest.mark.parametrize("tag", ["<br>", "<br/>", "<br />", "<BR>", "</br>", "<br></br>"])
def test_a_break_where_a_line_has_to_go_on(tag: str) -> None:
    """In cells, items, headings and quotes, in reasoning, and alone."""
    row = f"| a{tag}b | 1.{tag}2.{tag}- c |\n"
    assert '<td style="text-align:left">a<br>\nb</td>' in whole(f"| x | y |\n|---|---|\n{row}")
    assert ">1.<br>\n2.<br>\n- c</td>" in whole(f"| x | y |\n|---|---|\n{row}")
    assert ">a<br>\nb</th>" in whole(f"{row}|---|---|\n")
    assert "<li>a<br>\nb</li>" in whole(f"- a{tag}b")
    assert "<h2>a<br>\nb</h2>" == whole(f"## a{tag}b")
    assert "<blockquote><p>a<br>\nb</p></blockquote>" == whole(f"> a{tag}\n> b")
    assert "<p>a</p><p><br></p><p>b</p>" == whole(f"a\n\n{tag}\n\nb")
    assert 2 == "".join(rendered(f"a{tag}\n{tag}\nb", "mathml", breaks=True)).count("<br>")


PAIRS = {
    "H<sub>2</sub>O": "H<sub>2</sub>O",
    "SO<sub>4</sub><sup>2-</sup>": "SO<sub>4</sub><sup>2-</sup>",
    "x<SUP>2</SUP> and y<Sup>3</sup>": "x<sup>2</sup> and y<sup>3</sup>",
    "x<sup >2</sup > ": "x<sup>2</sup>",
    "<kbd>Ctrl</kbd>+<kbd>C</kbd>": "<kbd>Ctrl</kbd>+<kbd>C</kbd>",
    "<kbd><kbd>Ctrl</kbd>+<kbd>C</kbd></kbd>": "<kbd><kbd>Ctrl</kbd>+<kbd>C</kbd></kbd>",
    "<kbd>`</kbd> and <kbd>*</kbd> and <kbd>_</kbd>": "<kbd>`</kbd> and <kbd>*</kbd> and <kbd>_</kbd>",
    "<kbd>[</kbd> <kbd>\\\\</kbd> <kbd>$</kbd>": "<kbd>[</kbd> <kbd>\\</kbd> <kbd>$</kbd>",
    "<kbd><</kbd>": "<kbd>&lt;</kbd>",
    "a <mark>b c</mark> d": "a <mark>b c</mark> d",
    "中<mark>重点</mark>文": "中<mark>重点</mark>文",
    "<u>a</u>": "<u>a</u>",
    "<u>**bold**</u>": "<u><strong>bold</strong></u>",
    "**<u>x</u>**": "<strong><u>x</u></strong>",
    "**a<u>x</u>b**": "<strong>a<u>x</u>b</strong>",
    "中**<u>强调</u>**文": "中<strong><u>强调</u></strong>文",
    "***<u>x</u>***": "<em><strong><u>x</u></strong></em>",
    "~~<mark>x</mark>~~": "<s><mark>x</mark></s>",
    "x<sup>*2*</sup>": "x<sup><em>2</em></sup>",
    "<u>a *b* `c` ~~d~~</u>": "<u>a <em>b</em> <code>c</code> <s>d</s></u>",
    "<u>a\nb</u>": "<u>a\nb</u>",
    "<u>\na\n</u>": "<u>\na\n</u>",
    "<sub></sub>a": "<sub></sub>a",
    "<mark>$x$</mark>": "<mark><math><mi>x</mi></math></mark>",
    "10<sup>-3</sup> m<sup>2</sup>": "10<sup>-3</sup> m<sup>2</sup>",
    "a<sub><sup>b</sup></sub>": "a<sub><sup>b</sup></sub>",
    "<u>&lt;b&gt;</u>": "<u>&lt;b&gt;</u>",
    "<u>a `</u>` b</u>": "<u>a <code>&lt;/u&gt;</code> b</u>",
    "<u>$5</u> or <u>$6</u>": "<u>$5</u> or <u>$6</u>",
    "<u>a \\</u> b</u>": "<u>a &lt;/u&gt; b</u>",
    "\\\\<u>a</u>": "\\<u>a</u>",
}


@pytest.mark.parametrize("source", PAIRS)
def test_a_pair(source: str) -> None:
    """In any case of letters, within and around emphasis, code, formulas and other pairs."""
    assert PAIRS[source] == inner(source)


@pytest.mark.parametrize("tag", ["sub", "sup", "kbd", "mark", "u"])
def test_a_pair_anywhere(tag: str) -> None:
    """In links, cells, headings, items and quotes; in the description of an image its text."""
    pair = f"<{tag}>b</{tag}>"
    assert f">a{pair}c</a>" in whole(f"[a{pair}c](https://a.example)")
    assert f'<{tag}><a href="https://a.example"' in whole(f"<{tag}>[b](https://a.example)</{tag}>")
    assert f"<h3>a {pair}</h3>" == whole(f"### a {pair}")
    assert f"<ul><li>a {pair}</li></ul>" == whole(f"- a {pair}")
    assert f"<blockquote><p>{pair}</p></blockquote>" == whole(f"> {pair}")
    assert f">{pair}</td>" in whole(f"| a |\n|---|\n| {pair} |")
    assert ">ab (image at a.example)</a>" in whole(f"![a{pair}](https://a.example/i.png)")


TEXTS = [
    *("<b>a</b>", "<i>a</i>", "<span>a</span>", "<del>a</del>", "<ins>a</ins>", "<small>a</small>", "<s>a</s>"),
    *("<script>a</script>", "<subx>a</subx>", "<underline>a</underline>", "<hr>", "<p>a</p>", "<br1>", "<brr>"),
    *("<br class=x>", '<br style="a">', "<br clear='all' />", "<br/ >", "<br//>", "< br>", "<br\\>", "</ br>"),
    *("<sub x>", "<sub id=a>", '<kbd class="a">', "<mark style='color:red'>", "<u onclick=alert(1)>", "<u/>", "<u />"),
    *("<sub", "<sub>", "</sub>", "</u>", "a</mark>", "<kbd>a", "a <u> tag", "< u>", "</ u>", "<u>a</ub>", "<su b>"),
    *("<sub>a</sup>", "</u>a<u>", "<u>a< /u>", "<<u>>", "<!--<u>-->", "<&#117;>", "&lt;u&gt;a&lt;/u&gt;", "\\<br>"),
    *(
        "\\<u>a\\</u>",
        "<u\\>",
        "<ｕ>a</ｕ>",
        "＜u＞a＜/u＞",
        "<\u200bu>a</u>",
        "<u\x00>a</u>",
        "<svg><u>",
        "<br\u2003>",
    ),
]


@pytest.mark.parametrize("source", TEXTS)
def test_all_else_is_text(source: str) -> None:
    """Other elements, attributes, and one of a pair without the other."""
    html = inner(source)
    assert "<" not in html
    bare = source.replace("\\<", "<").replace("\\>", ">").replace("\x00", "\ufffd").replace("&#117;", "u")
    assert html in (escape(bare, quote=False).replace("&amp;lt;", "&lt;").replace("&amp;gt;", "&gt;"), escape(bare))


CROSSING = {
    "<sub>a<sup>b</sub>c</sup>": "<sub>a&lt;sup&gt;b</sub>c&lt;/sup&gt;",
    "<u>a</sub>b</u>": "<u>a&lt;/sub&gt;b</u>",
    "<u>a<u>b</u>": "&lt;u&gt;a<u>b</u>",
    "<u>a</u>b</u>": "<u>a</u>b&lt;/u&gt;",
    "*a <u>b* c</u>": "*a <u>b* c</u>",
    "<u>a *b</u> c*": "<u>a *b</u> c*",
    "`a<u>b` c</u>": "<code>a&lt;u&gt;b</code> c&lt;/u&gt;",
    "<u>a `b</u> c`": "&lt;u&gt;a <code>b&lt;/u&gt; c</code>",
    "<sub>a\n\nb</sub>": "&lt;sub&gt;a</p><p>b&lt;/sub&gt;",
    "<u>a <https://a.example/</u>": "<u>a &lt;https://a.example/</u>",
}


@pytest.mark.parametrize("source", CROSSING)
def test_what_crosses(source: str) -> None:
    """The elements that come out are nested; of what crosses one, what begins later or has no end is text."""
    html = re.sub(r'<a href="https://a.example/"[^>]*>(.*?)</a>', r"\1", inner(source))
    assert CROSSING[source] == html


def test_tags_in_two_places_are_no_pair() -> None:
    """The beginning in a link, a cell, an item or a line of code and the end outside of it."""
    for source in (
        "[a<u>b](https://a.example)</u>",
        "| a | b |\n|---|---|\n| <u>c | d</u> |",
        "- <u>a\n- b</u>",
        "> <u>a\n\nb</u>",
        "`<u>`a</u>",
        "```\n<u>a</u><br>\n```",
        "    <u>a</u><br>",
        "$a<u>b$ </u>",
    ):
        assert not re.search("<(u|br)>", whole(source)), source


def test_code_keeps_its_tags() -> None:
    """Code about HTML is shown as it is."""
    for tag in ("<br>", "<u>a</u>", "<sub>2</sub>"):
        assert f"<code>{escape(tag)}</code>" in whole(f"`{tag}`")
        assert escape(tag) in re.sub("</?span[^>]*>", "", whole(f"```\n{tag}\n```"))


DENSE = {
    "open": "<sub>" * 10_000,
    "nested": "<sub>" * 3_000 + "</sub>" * 3_000,
    "other ends": "<sub>" * 4_000 + "</sup>" * 4_000,
    "ends": "</sub>" * 10_000,
    "neighbours": "<u>Z</u>" * 4_000,
    "with stars": "<u>*Z " * 3_000,
    "in links": "[<u>" * 1_500 + "</u>](https://a.example)" * 1_500,
    "links in pairs": "<u>[Z](https://a.example) " * 900 + "</u>" * 900,
    "breaks": "Z<br>" * 9_000,
    "long": "<u>" + "Z-b c_d " * 20_000 + "</u>",
    "in quotes": "> " * 80 + "<u>" * 200 + "Z" + "</u>" * 200,
}


@pytest.mark.sampled
@pytest.mark.parametrize("name", DENSE)
def test_it_never_takes_long(name: str) -> None:
    """Deep and dense tags are rendered soon, safely, with all their text, growing and as Markdown."""
    source, started = DENSE[name], time.process_time()
    html = "".join(rendered(source, "mathml"))
    markdown = Markdown("mathml")
    markdown.feed(source)
    markdown.change()
    as_markdown(source)
    assert time.process_time() - started < 6  # about 1 where nothing else runs
    assert [] == faults(strictly(html))
    assert source.count("Z") == html.count("Z")


def test_the_sanitiser_lets_them_through_bare() -> None:
    """Whatever attribute one had would be taken away."""
    for tag in ("sub", "sup", "kbd", "mark", "u"):
        bad = f'<{tag} class="a" id="b" title="c" onclick="d" dir="auto" style="color:red">x</{tag}>'
        assert f"<{tag}>x</{tag}>" == clean(bad)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            ["<u>", "</u>", "<sub>", "</sub>", "<br>", "*", "**", "`", "a", " ", "\n", "[", "](https://a.b)"]
        )
    )
)
def test_any_mixture_is_nested(pieces: list[str]) -> None:
    """Whatever is mixed, what comes out is well nested, live and as Markdown."""
    source = "".join(pieces)
    assert [] == faults(strictly("".join(rendered(source, "mathml"))))
    assert is_plain(as_markdown(source))
    assert whole(source) == streamed(source, range(len(source)), 0)

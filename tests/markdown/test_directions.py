"""Writing directions: texts say that the browser shall find theirs, and the elements around them follow."""

from __future__ import annotations

import re
from typing import Literal

import pytest

from sfstream.markdown.renderer import rendered
from sfstream.markdown.sanitize import clean
from sfstream.markdown.stream import LONG, Markdown
from tests.markdown.growing import pieces, streamed, whole

WORDS = {
    "arabic": "مرحبا بالعالم",
    "hebrew": "שלום עולם",
    "persian": "سلام دنیا",
    "urdu": "ہیلو دنیا",
    "pashto": "سلام نړی",
    "sorani": "سڵاو جیهان",
    "yiddish": "העלא וועלט",
    "syriac": "ܫܠܡܐ ܥܠܡܐ",
    "thaana": "ހެލޯ ދުނިޔެ",
    "nko": "ߊߟߎ ߣߌ ߕߟߋ",
    "presentation forms": "ﺳﻼﻡ",
    "adlam": "𞤀𞤣𞤤𞤢𞤥",
}
LATIN = ("Hello", "你好", "Привет", "123", "😀")
KINDS = {
    "p": "{}",
    "li": "- a\n- {}\n- b",
    "h2": "## {}",
    "h1": "{}\n===",
    "blockquote": "> {}",
    "th": "| {} | b |\n|---|---|\n| c | d |",
    "td": "| a | b |\n|---|---|\n| {} | d |",
}
RTL_TEXT = '<p dir="auto" style="text-align:right">'
RTL_ITEM = '<li dir="auto" style="direction:rtl;margin-right:2em">'


def html_of(source: str, maths: Literal["mathml", "tex"] = "mathml") -> str:
    return "".join(rendered(source, maths))


@pytest.mark.parametrize("tag", KINDS)
@pytest.mark.parametrize("word", [*WORDS.values(), *LATIN])
def test_a_text_says_that_its_direction_is_to_be_found(tag: str, word: str) -> None:
    """Paragraphs, items, headings, quotes and cells in every language, growing and whole."""
    source = KINDS[tag].format(word)
    assert re.findall(f"<{tag}[ >][^>]*", html_of(source)) != []
    for html in (html_of(source), html_of(source, "tex"), grown(source)):
        assert all(' dir="auto"' in opening for opening in re.findall(f"<{tag}[ >][^>]*", html))
        assert all(' dir="auto"' in opening for opening in re.findall("<p[ >][^>]*", html))


def grown(source: str) -> str:
    markdown = Markdown("mathml")
    markdown.feed(source)
    markdown.change()
    return markdown.html


@pytest.mark.parametrize("source", ["```\n{}\n```", "```py\n# {}\n```", "    {} a", "~~~\n{}", "- ```\n  {}\n  ```"])
@pytest.mark.parametrize("word", [*WORDS.values(), *LATIN])
def test_code_runs_from_left_to_right(source: str, word: str) -> None:
    """Whatever the language of what stands in it."""
    for html in (html_of(source.format(word)), grown(source.format(word))):
        assert re.findall("<pre[^>]*", html) != []
        assert all(opening.startswith('<pre dir="ltr" ') for opening in re.findall("<pre[^>]*", html))
        assert 'dir="auto"' not in "".join(re.findall("<(?:pre|code)[^>]*", html))


@pytest.mark.parametrize("word", WORDS.values())
def test_code_and_formulas_in_a_text(word: str) -> None:
    """They are no part of the language around them, which their letters do not decide."""
    assert f'<code dir="ltr">f(x)</code> {word} <math dir="ltr">' in html_of(f"`f(x)` {word} $x$")
    assert f'<span dir="ltr" class="tex2jax_process mathjax_process">\\(x\\)</span> {word}' in html_of(
        f"$x$ {word}", "tex"
    )
    assert RTL_ITEM in html_of(f"- `f(x)`: {word}")
    assert "ltr" not in html_of("`f(x)` and $x$")


@pytest.mark.parametrize("word", WORDS.values())
def test_items_have_their_marker_at_their_own_side(word: str) -> None:
    """There is room for it at the right, in tight and loose lists and nested ones; others are as they were."""
    assert f"{RTL_ITEM}{word}</li>" in html_of(f"- {word}")
    assert f"{RTL_ITEM}{word}</li>" in html_of(f"1. a\n2. {word}")
    assert f"{RTL_ITEM}\n{RTL_TEXT}{word}</p>" in html_of(f"- {word}\n\n- b")
    assert f"{RTL_ITEM}☐ {word}</li>" in html_of(f"- [ ] {word}")
    assert f"{RTL_ITEM}\n{RTL_TEXT}<strong>{word}</strong></p>" in html_of(f"- **{word}**\n\n  b")
    assert f'<ul>\n{RTL_ITEM}{word}\n<ol dir="ltr">\n{RTL_ITEM}{word}</li>\n<li dir="auto">b</li>\n' in html_of(
        f"- {word}\n  1. {word}\n  2. b"
    )
    assert 1 == html_of(f"- a\n- {word}\n- b {word}").count("rtl")


@pytest.mark.parametrize("word", WORDS.values())
def test_quotes_and_tables(word: str) -> None:
    """A quote is one of its first word; the columns of a table run as its header does."""
    assert '<blockquote dir="auto" style="direction:rtl' in html_of(f"> {word}\n>\n> b")
    assert "rtl" not in html_of(f"> a\n>\n> {word}")
    assert 1 == html_of(f"> - a\n>\n> {word}\n\n> 1 {word}").count("rtl")
    table = html_of(f"| {word} | b |\n|---|:-:|\n| 1 | c |\n")
    assert re.search('<table style="[^"]*;direction:rtl;', table)
    assert ["right", "center", "right", "center"] == re.findall('dir="auto" style="text-align:([a-z]+)"', table)
    mixed = html_of(f"| a | b |\n|---|---|\n| {word} | c |\n")
    assert "rtl" not in mixed
    assert ["left", "left", "right", "left"] == re.findall('dir="auto" style="text-align:([a-z]+)"', mixed)


TEXTS = [
    "# عنوان\n\nفقرة `f()` و $x$.",
    "- بند\n- item\n  - فرعي `x`\n\n    ```py\n    y\n    ```\n- آخر\n\n> اقتباس\n>\n> - x\n",
    "| لغة | b |\n|---|--:|\n| عربي | 1 |\n| c | 2 |\n\n| a | b |\n|---|---|\n| عربي | `x` عبري |\n| d | e |\n",
    "1. אחד\n\n2. two\n\n   פסקה\n\n3. $x$ שלוש\n\nסוף\n",
    "- a\n- שלום\n- b\n\n  - ג\n\n  c\n",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("long", [0, LONG])
def test_a_growing_text_has_the_directions_of_the_whole(text: str, long: int) -> None:
    """Character by character and in greater pieces; what was sent once had the direction that it has in the end."""
    assert {whole(text)} == {streamed(text, range(0, len(text), pace), long) for pace in (1, 3, 7)}
    markdown = Markdown("mathml", long)
    for piece in pieces(text, range(0, len(text), 2)):
        markdown.feed(piece)
        assert ("redo", "") not in markdown.change().steps or "2. two" in text or "- ג" in text


@pytest.mark.parametrize("value", ["rtl", "ltr", "", "auto ltr", "javascript:x"])
def test_the_sanitiser_knows_one_direction(value: str) -> None:
    """Each element has the one value that we write."""
    assert "<p>a</p>" == clean(f'<p dir="{value}">a</p>')
    assert '<p dir="auto">a</p>' == clean('<p dir="auto">a</p>')
    assert "<em>a</em>" == clean('<em dir="auto">a</em>')
    assert "<pre>a</pre>" == clean('<pre dir="auto">a</pre>')


def test_it_does_not_take_long() -> None:
    """Ten thousand items within items and quotes, each with a word to look at."""
    assert html_of("- > " * 40 + "שלום\n" + "- א\n" * 10_000)

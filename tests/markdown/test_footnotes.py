"""Footnotes: references and definitions."""

from __future__ import annotations

import re

import pytest

from sfstream.markdown.export import as_markdown
from sfstream.markdown.renderer import rendered


def whole(source: str) -> str:
    """The page of a text, without attributes and line breaks."""
    return re.sub(r" \w+=\"[^\"]*\"|\n(?=<)|(?<=>)\n", "", "".join(rendered(source, "mathml")))


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("Text[^1].", "Text<sup>1</sup>."),
        ("Text [^12] end", "Text <sup>12</sup> end"),
        ("Text[^note]", "Text<sup>note</sup>"),
        ("Text[^my-note_2]", "Text<sup>my-note_2</sup>"),
        ("中文[^1]，再[^注]。", "中文<sup>1</sup>，再<sup>注</sup>。"),
        ("中文[^来源]", "中文<sup>来源</sup>"),
        ("**粗[^1]**体", "<strong>粗<sup>1</sup></strong>体"),
        ("**粗**[^1]", "<strong>粗</strong><sup>1</sup>"),
        ("`code`[^1]", "<code>code</code><sup>1</sup>"),
        ("a[^1][^2]", "a<sup>1</sup><sup>,</sup><sup>2</sup>"),
        ("a[^1] [^2]", "a<sup>1</sup> <sup>2</sup>"),
        ("citation[^3^]", "citation<sup>3</sup>"),
        ("[^1] begins", "<sup>1</sup> begins"),
        ("array[^1]", "array<sup>1</sup>"),
        ("Really![^1]", "Really!<sup>1</sup>"),
        ("a[^1](b)", "a<sup>1</sup>(b)"),
        ("a[^1]: b", "a<sup>1</sup>: b"),
        ("x[^x-ray]", "x<sup>x-ray</sup>"),
        ("[a[^1]](https://b.example)", "<a>a<sup>1</sup></a>"),
        ("[[^1]](https://b.example)", "<a><sup>1</sup></a>"),
        ("$x$[^1]", None),
    ],
)
def test_references(source: str, html: str | None) -> None:
    """A number or a word is a superscript, whether it is defined or not."""
    assert f"<p>{html}</p>" == whole(source) if html else "<sup>1</sup>" in whole(source)


@pytest.mark.parametrize(
    "source",
    [
        "[^a-z]",
        "[^A-Z]",
        "[^0-9]",
        "[^a-zA-Z0-9]",
        "[^a-zA-Z0-9_-]",
        "[^_a-z]",
        "[^_]",
        "[^-]",
        "[^0-9a-f]",
        "[^abc]+",
        "[^abc]{2}",
        "[^,]",
        "[^ ]",
        "[^]",
        "[^a b]",
        '[^"]',
        "[^.]",
        "^1",
        "[1]",
        "\\[^1]",
        "`[^1]`",
        "`array[^1]`",
        "    [^1]",
        "```\n[^1]\n\n[^1]: x\n```",
        "[^" + "a" * 41 + "]",
    ],
)
def test_no_references(source: str) -> None:
    """Classes of regular expressions, other signs and code stay what they are."""
    assert "<sup>" not in whole(f"{source}")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("[^1]: The note.", "<p><sup>1</sup> The note.</p>"),
        ("[^1]:note", "<p><sup>1</sup> note</p>"),
        ("[^note]: A **note**.", "<p><sup>note</sup> A <strong>note</strong>.</p>"),
        ("[^注]: 说明", "<p><sup>注</sup> 说明</p>"),
        ("[^1^]: x", "<p><sup>1</sup> x</p>"),
        ("[^1]: a\n[^2]: b\n[^3]: c", "<p><sup>1</sup> a</p><p><sup>2</sup> b</p><p><sup>3</sup> c</p>"),
        ("[^1]: a\n\n[^2]: b", "<p><sup>1</sup> a</p><p><sup>2</sup> b</p>"),
        ("Text.\n[^1]: a", "<p>Text.</p><p><sup>1</sup> a</p>"),
        ("[^1]: a\nb", "<p><sup>1</sup> a\nb</p>"),
        ("[^1]: a\n\nb", "<p><sup>1</sup> a</p><p>b</p>"),
        ("[^1]: a\n\n    b", "<p><sup>1</sup> a</p><p>b</p>"),
        ("[^1]: a\n    b", "<p><sup>1</sup> a\nb</p>"),
        ("[^1]:\n    a", "<p><sup>1</sup> a</p>"),
        ("[^1]:", "<p><sup>1</sup></p>"),
        ("[^1]: - a\n    - b", "<p><sup>1</sup></p><ul><li>a</li><li>b</li></ul>"),
        ("[^1]: see [^2]", "<p><sup>1</sup> see <sup>2</sup></p>"),
        ("[^1]: <b>", "<p><sup>1</sup> &lt;b&gt;</p>"),
        ("> [^1]: a", "<blockquote><p><sup>1</sup> a</p></blockquote>"),
        ("- a\n\n  [^1]: b", "<ul><li><p>a</p><p><sup>1</sup> b</p></li></ul>"),
        ("# H\n[^1]: a\n## I", "<h1>H</h1><p><sup>1</sup> a</p><h2>I</h2>"),
        ("x[^1]\n\n[^1]: a\n\ny", "<p>x<sup>1</sup></p><p><sup>1</sup> a</p><p>y</p>"),
    ],
)
def test_definitions(source: str, html: str) -> None:
    """They are shown where they stand, each by itself, with the label."""
    assert html == whole(source)


@pytest.mark.parametrize("address", ["https://a.example/x", "<https://a.example/x>", "[a](https://a.example/x)"])
def test_a_definition_that_is_an_address(address: str) -> None:
    """It is shown as well: it is no link reference, which would make the footnote's label a link."""
    made = whole(f"x[^1]\n\n[^1]: {address}")
    assert made.startswith("<p>x<sup>1</sup></p><p><sup>1</sup> <a>")


def test_in_tables() -> None:
    """References are superscripts in cells, and in formulas they are TeX."""
    made = whole("| a[^1] | b |\n|---|---|\n| c[^note] | `[^1]` |\n\n[^1]: x")
    assert ("<th>a<sup>1</sup></th>" in made, "<td>c<sup>note</sup></td>" in made) == (True, True)
    assert "<code>[^1]</code>" in made
    assert "<sup>" not in whole("$x[^1]$ and \\(a[^2]\\)")


def test_a_link_reference_with_a_caret_is_none() -> None:
    """Other link references stay what they are."""
    assert "<p><a>b</a></p>" == whole("[b]\n\n[b]: https://a.example")


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("a[^1]\n\n[^1]: The note.", "a[^1]\n\n[^1]: The note."),
        ("[^1]: a b\n[^注]: c d", "[^1]: a b\n\n[^注]: c d"),
        ("[^1]: word", "[^1]: &#160; word"),
        ('[^1]: word "title"', '[^1]: &#160; word "title"'),
        ("[^1]: word\nmore", "[^1]: &#160; word\nmore"),
        ("[^1]: https://a.example", "[^1]: &#160; [https&#58;//a.example](<https://a.example>)"),
        ("[^1]: a b\n\n    c", "[^1]: a b\n\nc"),
        ("[^1]:\n\nx", "[^1]:\n\nx"),
        ('[^1]: "a"', '[^1]: &#160; &#34;a"'),
        ("a[^1](b)", "a[^1]&#40;b)"),
        ("a[^1][^2^]", "a[^1][^2]"),
        ("[^a-z]", "\\[\\^a-z\\]"),
    ],
)
def test_the_markdown_for_others_has_footnotes(source: str, written: str) -> None:
    """Readers without them show their text: no definition is one of a link."""
    assert written == as_markdown(source)

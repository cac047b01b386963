"""What is half written is shown as what it will be, not as something else first."""

from __future__ import annotations

import re
from html import unescape

import pytest

from sfstream.markdown.stream import LONG, Markdown
from tests.markdown.answers import ANSWERS
from tests.markdown.growing import unbroken

SIGNS = re.compile(r"\*\*|~~|\]\(|\|-|```|\\\(|\\\[|\$\$|^[|#>-]", re.MULTILINE)
"""Signs of Markdown that no reader of the answers should ever see."""


def _visible(html: str) -> str:
    """The text that a reader sees, but for code and formulas."""
    without = re.sub(r"<(pre|code|math)\b.*?</\1>", "", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", "", without))


@pytest.mark.sampled
@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize(("long", "pace"), [(0, 1), (LONG, 3)])
def test_no_sign_of_markdown_is_ever_seen(name: str, long: int, pace: int) -> None:
    """Wherever an answer has come to, no raw star, fence, pipe or bracket is to be seen."""
    text, markdown = ANSWERS[name], Markdown("mathml", long)
    for begin in range(0, len(text), pace):
        markdown.feed(text[begin : begin + pace])
        markdown.change()
        assert [] == SIGNS.findall(_visible(markdown.html)), text[: begin + pace][-60:]


@pytest.mark.parametrize(
    ("half", "shown"),
    [
        ("**bo", "<p><strong>bo</strong></p>"),
        ("**bold ", "<p><strong>bold</strong></p>"),
        ("**bold*", "<p><strong>bold</strong></p>"),
        ("a **b *c", "<p>a <strong>b <em>c</em></strong></p>"),
        ("中文**强", "<p>中文<strong>强</strong></p>"),
        ("中文*强", "<p>中文<em>强</em></p>"),
        ("~~gone", "<p><s>gone</s></p>"),
        ("2*3 and 4", "<p>2*3 and 4</p>"),
        ("a `co", "<p>a <code>co</code></p>"),
        ("a ``c`d", "<p>a <code>c`d</code></p>"),
        ("# He **x", "<h1>He <strong>x</strong></h1>"),
        ("- it **b\n  c", "<ul><li>it <strong>b\nc</strong></li></ul>"),
        ("> q *e", "<blockquote><p>q <em>e</em></p></blockquote>"),
        ("see [text](http://ur", "<p>see text</p>"),
        ("see [**te", "<p>see <strong>te</strong></p>"),
        ('see [t](http://u "ti', "<p>see t</p>"),
        ("an ![alt](http://i", "<p>an alt</p>"),
        ("x [1", "<p>x</p>"),
        ("x [1]", "<p>x</p>"),
        ("x [1].", "<p>x [1].</p>"),
        ("Dear [Your na", "<p>Dear</p>"),
        ("Dear [Your name],", "<p>Dear [Your name],</p>"),
        (f"x [{'long ' * 13}", f"<p>x {'long ' * 12}long</p>"),
        ("x [a](<http://a b", "<p>x a</p>"),
        ("a \\<", "<p>a &lt;</p>"),
        ("2**8 = 256 and", "<p>2**8 = 256 and</p>"),
        ("un**bol", "<p>un<strong>bol</strong></p>"),
        ("x <http://a.example/b", '<p>x <a href="http://a.example/b"'),
        ("R&am", "<p>R</p>"),
        ("R&amp;", "<p>R&amp;</p>"),
        ("end \\", "<p>end</p>"),
        ("x\n\n[1]: http://a", "<p>x</p>"),
    ],
)
def test_half_an_inline_construct(half: str, shown: str) -> None:
    """Emphasis, code, links, images and entities that have only begun."""
    assert _shown(half).startswith(shown)


@pytest.mark.parametrize(
    ("half", "shown"),
    [
        ("a \\(x^2", "<p>a <code>x^2</code></p>"),
        ("a \\(", "<p>a</p>"),
        ("\\[\nx = 1\n", "<p><code>x = 1</code></p>"),
        ("a $$b", "<p>a <code>b</code></p>"),
        ("a $x^2 + 1", "<p>a <code>x^2 + 1</code></p>"),
        ("it costs $5 and more", "<p>it costs $5 and more</p>"),
        ("it costs $5", "<p>it costs</p>"),
        ("it costs $5 and $6", "<p>it costs $5 and $6</p>"),
        ("it costs $5 and $6\n", "<p>it costs $5 and $6</p>"),
        ("- $5\n- ", "<ul><li>$5</li></ul>"),
        ("- $x+1$", ""),
        ("- $x+1$\n", "<ul><li><math><mi>x</mi><mo>+</mo><mn>1</mn></math></li></ul>"),
        ("in $HOME or elsewhere", "<p>in $HOME or elsewhere</p>"),
        ("\\begin{align}\na &= b\n\\en", "<p><code>a &amp;= b</code></p>"),
        ("\\begin{al", ""),
    ],
)
def test_half_a_formula(half: str, shown: str) -> None:
    """Its TeX as code, where it is one for certain; prices and variables of a shell stay what they are."""
    assert shown == _shown(half)


@pytest.mark.parametrize(
    ("half", "shown"),
    [
        ("Para\n-", "<p>Para</p>"),
        ("Para\n==", "<p>Para</p>"),
        ("-", ""),
        ("- [ ", ""),
        ("1.", ""),
        ("##", ""),
        ("``", ""),
        ("a\n\n12", "<p>a</p>"),
        ("- a\n  -", "<ul><li>a</li></ul>"),
    ],
)
def test_a_line_of_signs_alone_waits(half: str, shown: str) -> None:
    """It may be a heading, a rule, an item or nothing of the kind."""
    assert shown == _shown(half)


@pytest.mark.parametrize("half", ["```py", "```py\n", "```py\nx", "```py\nx\n`", "```py\nx\n```"])
def test_a_fence_is_code_from_its_first_line_on(half: str) -> None:
    """Also while the name of the language is half written, and while the fence that ends it is."""
    assert re.fullmatch(r"<pre[^>]*><code[^>]*>(x\n?)?</code></pre>", _shown(half))


def test_signs_in_code_are_shown_at_once() -> None:
    """In code nothing waits but backticks at the beginning of a line."""
    assert "- **a" in _shown("```\n- **a")
    assert "**" in _shown("```\nx\n**")
    assert "1." in _shown("```\n1.")


@pytest.mark.parametrize(
    ("half", "cells"),
    [
        ("| a", ["a"]),
        ("| a | **b", ["a", "<strong>b</strong>"]),
        ("| a | b |\n|-", ["a", "b"]),
        ("| a | b |\n|---|:-", ["a", "b"]),
        ("Text\n| a | b |", ["a", "b"]),
        ("a | b\n--", ["a", "b"]),
        ("- x\n\n  | a | b |\n  |-", ["a", "b"]),
        ("| a | \\(|x|\\) |", ["a", "<math"]),
    ],
)
def test_the_first_line_of_a_table_is_one(half: str, cells: list[str]) -> None:
    """A line that begins with a pipe, or that a half delimiter row follows, is the head of a table."""
    found = re.findall(r"<th>(.*?)</th>", _shown(half))
    assert len(cells) == len(found)
    assert all(there.startswith(cell) for cell, there in zip(cells, found, strict=True))


def test_half_a_row_is_a_row() -> None:
    """The cells that have not come are empty."""
    assert "<tr><td>1</td><td></td></tr>" in _shown("| a | b |\n|---|---|\n| 1 ")
    assert "<td><code>x</code></td>" in _shown("| a | b |\n|---|---|\n| 1 | `x")


@pytest.mark.parametrize(
    ("half", "cell"),
    [
        ("**bo", "<strong>bo</strong>"),
        ("`co", "<code>co</code>"),
        ("\\(x^2", "<code>x^2</code>"),
        ("~~x", "<s>x</s>"),
        ("[l](http", "l"),
    ],
)
def test_half_a_cell_is_closed_within_it(half: str, cell: str) -> None:
    """Also where cells of the row have not come; what an ended cell leaves open stays as it is."""
    assert f"<td>{cell}</td><td></td>" in _shown(f"| a | b |\n|---|---|\n| {half}")
    assert "<td>**x</td><td></td>" in _shown("| a | b |\n|---|---|\n| **x |")


def _shown(half: str) -> str:
    """What is shown of a text that has come so far."""
    markdown = Markdown("mathml")
    markdown.feed(half)
    markdown.change()
    return unbroken(markdown.html).replace(' style="text-align:left"', "")

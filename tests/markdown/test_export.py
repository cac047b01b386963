"""Markdown for others: it says what the source says, and holds nothing but what we write."""

from __future__ import annotations

import html
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from sfstream.markdown.export import as_markdown, escaped
from sfstream.markdown.export_check import is_plain
from sfstream.markdown.renderer import rendered
from tests.markdown.answers import ANSWERS

COMMONMARK = MarkdownIt("commonmark", {"html": True, "maxNesting": 1000}).enable(["table", "strikethrough"])
"""A reader that knows nothing of ours, and takes HTML for what it is."""

CONSTRUCTS = {
    "emphasis": "*a* **b** ***c*** ~~d~~ _e_ a*b*c",
    "emphasis-in-words": "**强调:**内容 和**“强调”**的 **注意！**不要 ~~删除。~~后",
    "neighbours": "*a*_b_ **c***d*",
    "code": "`a` ``b`c`` `` ` `` `x|y`",
    "code-neighbours": r"`a`\(b\)`c` \frac{1}{2} \\",
    "links": "[a](https://a.example/b_c?d=1&e=(2)) <https://b.example/> [*c*](mailto:d@e.example)",
    "image": "![alt](https://a.example/b.png)",
    "headings": "# a\n\nb *c*\nd\n===\n\n###### e",
    "lists": "- a\n- b\n  - c\n    1. d\n    2. e\n\n7) f\n8) g",
    "loose": "1. a\n\n   b\n\n2. c\n\n   > d\n   > e",
    "two-lists": "- a\n- b\n\n* c\n* d\n\n1. e\n\n1) f",
    "empty-items": "-\n- a\n-\n\n  b",
    "tasks": "- [ ] a\n- [x] b",
    "code-blocks": "```py {x=1}\na\n\n  b ` ``` c\n```\n\n    d\n\n~~~~\n```\n~~~~\n\n- ```\n  e\n  ```",
    "quotes": "> a\n> > b\n>\n> c\n\n> # d\n> ---",
    "tables": "| a | b |\n|:--|--:|\n| `c|d` | e \\| f |\n| **g** | |",
    "rules": "a\n\n---\n\n- ***",
    "breaks": "a  \nb\\\nc\nd",
    "text-like-marks": "1\\. a\n\n\\- b\n\n\\# c\n\n\\> d\n\n2020. e\n+f\n= g\n: h\n\\| i \\|",
    "entities": "&lt;b&gt; &amp;amp; &copy; &#32; a&#10;b &nbsp;",
    "prices": "It costs $5 or $6, or $ 7 and 8$.",
    "maths": "$a_1 < b$ and \\(c\\) \\[d = \\frac{1}{2}\\]\n\n$$\ne % f\n+ g\n$$\n\n| h |\n|---|\n| $i$ |",
    "maths-that-cannot-be": r"\(\href{javascript:alert(1)}{x}\) and \(\frac{\) and $\require{x}$",
    "deep": "> " * 60 + "a",
    "headings-without-blanks": "##一、甲\n###乙 ##\n##Title",
    "alerts": "> [!NOTE]\n> a\n\n> [!TIP]\n>\n> - b",
    "fences-in-fences": "```markdown\n```py\na\n```\n````js\nb\n````\n```\nc",
    "addresses": "**官网**：https://a.example/b_c，**www.d.example**是 foo_bar@e.example。",
    "footnotes": (
        "a[^1][^2](b) [^c]: d **e[^4]**[^5](https://a.example/f g)\n\n[^1]: h\n[^2]: i j\nk\n[^c]: https://a.example\n"
        '[^4]: "l"\n[^5]: - m\n    - n\n\n[^6]:\n\n[^7]: o\n\n    p\n\n[^8]: [^9]: q\n\n'
        "| [^1]: r |\n|---|\n| s[^2] |\n\n- [^1]: t\n- u[^1]\n\n> [^1]: javascript:v"
    ),
}


def text(made: str) -> str:
    """The text of HTML, but for white space, which a formula may lose, and for pipes, which it may spell."""
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]*>", "", made))).replace(r"\vert", "|")


def read_by_us(source: str) -> str:
    return text("".join(rendered(source, "tex")))


SAME = ANSWERS | {name: source for name, source in CONSTRUCTS.items() if name != "maths"}


@pytest.mark.parametrize("source", SAME.values(), ids=SAME)
def test_it_says_the_same(source: str) -> None:
    """Read again by our own parser, it has the same text, and it did not have to be given as one block of code."""
    written = as_markdown(source)
    assert read_by_us(source) == read_by_us(written)
    assert not (written.startswith("```") and not source.startswith("```"))


@pytest.mark.parametrize("source", SAME.values(), ids=SAME)
def test_writing_it_again_changes_nothing(source: str) -> None:
    """What was written is read as what it was made of: blocks, links, code and all."""
    once = as_markdown(source)
    assert once == as_markdown(once)


PLAIN = {name: source for name, source in SAME.items() if not any(mark in source for mark in ("\\(", "$", "\\[", "[^"))}
"""Without what such a reader shows as its source: formulas and footnotes."""


@pytest.mark.parametrize("source", PLAIN.values(), ids=PLAIN)
def test_others_read_the_same(source: str) -> None:
    """A plain CommonMark parser sees the text that ours sees, where there are no formulas."""
    assert read_by_us(source) == text(COMMONMARK.render(as_markdown(source)))


def test_formulas_stay_formulas() -> None:
    """Each has its dollars; a per cent sign in one is that; in a table it holds no pipe."""
    written = as_markdown(CONSTRUCTS["maths"])
    assert written.startswith("$a_1 < b$ and $c$ $$d = \\frac{1}{2}$$\n")
    assert r"$$e \% f + g$$" in written
    assert r"| $\vert a\vert$ |" in as_markdown("| x |\n|---|\n| $|a|$ |")


def test_what_is_no_formula_is_no_formula_elsewhere() -> None:
    """Prices are text, and TeX that our renderer refuses is code."""
    assert r"\$5 or \$6" in as_markdown(CONSTRUCTS["prices"])
    assert r"`\(\href{javascript:alert(1)}{x}\)`" in as_markdown(CONSTRUCTS["maths-that-cannot-be"])


HOSTILE = {
    "script": "<script>alert(1)</script>",
    "tag-in-text": "a <img src=x onerror=alert(1)> b",
    "tag-in-block": "<div>\n<b onclick=x>c</b>\n\n</div>",
    "entity": "&lt;script&gt;alert(1)&lt;/script&gt;",
    "escaped": "\\<script>alert(1)</script>",
    "image": "![a](https://evil.example/a.png) ![a][b]\n\n[b]: https://evil.example/",
    "script-link": "[a](javascript:alert(1)) <javascript:alert(1)> [b][c]\n\n[c]: javascript:alert(1)",
    "data-link": "[a](data:text/html,<script>alert(1)</script>)",
    "entity-in-link": '[a](java&#115;cript:alert(1)) [b](https://x.example/"onmouseover=alert(1))',
    "address-in-address": "[a](https://x.example/](javascript:alert(1)))",
    "label": "[](javascript:x)](https://a.example) [![b](javascript:c)](javascript:d)",
    "code-that-ends": "`` ` ``<b>`` ` `` `\n`<i>`",
    "fence-that-ends": "````\n```\n<b>\n````\n<i>\n",
    "info": "```{=html}\n<b>\n```\n\n```js onload=x\n<b>\n```",
    "raw-attribute": "`<b>x</b>`{=html} a{onclick=x}",
    "maths-as-html": "$a<script>alert(1)</script>b$ \\(<img src=x>\\)",
    "maths-as-link": "$[a](javascript:alert(1))$ $![a](https://evil.example/)$",
    "tex": "\\input{/etc/passwd} \\begin{x}\\immediate\\write18{ls}\\end{x}",
    "mathjax": r"\\(\href{javascript:alert(1)}{x}\\) $\href{javascript:alert(1)}{x}$ \$\href{javascript:a}{x}\$",
    "title-block": "% a\n% b",
    "yaml": "---\na: b\n---",
    "definition": "a\n: b\n\n[^a]: c[^a]",
    "comment": "<!-- a --> <![CDATA[b]]> <?c?>",
    "override": "user\u202eadmin\u202c \u2066x\u2069",
    "control": "\x1b[31m \x00 \x9b",
    "table-that-ends": "| a |\n|---|\n| `|<b>` | <script> |",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_text(source: str) -> None:
    """Others find no HTML, no image, no link that could run, and no control character in it."""
    for around in ("{}", "- {}", "> {}", "**{}**", "[{}](https://a.example/)", "# {}"):
        written = as_markdown(around.replace("{}", source.replace("\n", "\n" + " " * (around[:1] == "-") * 2)))
        assert is_plain(written)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", written)
        assert all(
            written.count(opening) == written.count(closing) for opening, closing in ("\u202e\u202c", "\u2066\u2069")
        )
        for token in COMMONMARK.parse(written):
            assert token.type != "fence" or re.fullmatch(r"[\w+#.-]*", token.info)


@pytest.mark.parametrize(
    ("info", "kept"),
    [("python", "python"), ("C++ x=1", "C++"), ("mermaid", ""), ("math", ""), ("x", "")],
)
def test_code_keeps_the_name_of_a_language(info: str, kept: str) -> None:
    """A language is named as it was; what some readers draw or take for raw text is not."""
    assert f"```{kept}\na\n```" == as_markdown(f"```{info}\na\n```")


def test_tex_never_stands_in_text() -> None:
    """A backslash with a word is code, so that neither MathJax nor pandoc takes it for a command."""
    for token in COMMONMARK.parse(as_markdown(HOSTILE["tex"] + "\n\n" + HOSTILE["mathjax"])):
        for piece in token.children or ():
            assert piece.type != "text" or "\\" not in piece.content


@settings(deadline=None, max_examples=300)
@given(st.text(st.sampled_from("ab1 \n\t\\`*_~[]()<>{}#!|$&;:-+=.^'\"/@%强。")))
def test_no_text_makes_more_than_text(source: str) -> None:
    """Whatever the source is, others find nothing active in what is written."""
    assert is_plain(as_markdown(source))


@settings(deadline=None, max_examples=300)
@given(st.text(st.sampled_from("ab1 \n`*~[]()<>{}#!|&;:-+=.^'\"/@%强。")))
def test_others_read_the_text_that_we_read(source: str) -> None:
    """Whatever the source is, a plain CommonMark parser sees the text that ours sees."""
    assert read_by_us(source) == text(COMMONMARK.render(as_markdown(source)))


@pytest.mark.parametrize("line", ["# a", "- a *b* `c` $d$ \\e <f> [g](h)", "1. a", "a | b", "  a", "a\nb", ""])
def test_a_line_of_text_is_a_line_of_text(line: str) -> None:
    """What is no Markdown is escaped to be the text that it is."""
    assert "".join(line.split()) == text(COMMONMARK.render(escaped(line)))
    assert is_plain(escaped(line))


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("> " * 90 + "a\n" + "b\n" * 1_000, id="lazy-lines"),
        pytest.param("a" * 500_000, id="one-word"),
        pytest.param("*_~`[" * 30_000, id="markers"),
        pytest.param("[" * 50_000, id="brackets"),
        pytest.param(">" * 20_000, id="quotes"),
        pytest.param("".join(f"{'  ' * depth}- a\n" for depth in range(200)), id="nested-lists"),
        pytest.param("`" * 50_000, id="ticks"),
        pytest.param("\\" * 50_000, id="backslashes"),
        pytest.param("|a" * 5_000 + "\n" + "|-" * 5_000 + "\n", id="columns"),
    ],
)
def test_no_text_takes_for_ever(source: str) -> None:
    """What is long, dense or deep is written within seconds, and is not many times as long."""
    started = time.process_time()
    written = as_markdown(source)
    assert time.process_time() - started < 8
    assert len(written) < 10 * len(source) + 1100


def test_a_per_cent_sign_begins_no_comment() -> None:
    """What follows a per cent sign stays, and no formula is left empty."""
    made = as_markdown(r"$%a$ \require{html}\class{jp}{x} $%b$")
    assert "$$" not in made
    assert r"$\%b$" in made

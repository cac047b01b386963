"""Markdown to safe HTML: what models write, and what nobody should."""

from __future__ import annotations

import html
import re
import time

import pytest

from sfstream.markdown.renderer import Document, rendered
from tests.markdown.answers import ANSWERS


def parts(source: str) -> list[str]:
    """The HTML of each block, without the direction that nearly every block says the browser shall find."""
    return [html.replace(' dir="auto"', "") for html in rendered(source, "mathml")]


def whole(source: str) -> str:
    """The same in one string."""
    return "".join(parts(source))


def text(source: str) -> str:
    """What a reader sees of a text."""
    return html.unescape(re.sub(r"<[^>]*>", "", whole(source)))


def test_a_block_is_a_string() -> None:
    """There is one string for each top-level block."""
    assert ["<h1>a</h1>\n", "<p>b\nc</p>\n", "<ul>\n<li>d</li>\n</ul>\n"] == parts("# a\nb\nc\n\n- d")


@pytest.mark.parametrize("name", ["shell", "languages", "story"])
def test_the_words_of_an_answer_come_out(name: str) -> None:
    """No letter and no digit of an answer is lost."""
    letters = re.compile(r"[^\W_]")
    source = ANSWERS[name].replace("```bash", "")
    assert letters.findall(source) == letters.findall(text(ANSWERS[name]))


@pytest.mark.parametrize("name", ANSWERS)
def test_no_formula_of_an_answer_is_shown_as_its_source(name: str) -> None:
    """Every formula in the answers is typeset."""
    assert "pre-wrap" not in whole(ANSWERS[name])


def test_task_lists() -> None:
    """A task is shown with a box; a box elsewhere is text."""
    assert "<li>☐ a</li>\n<li>☑ b</li>" in whole("- [ ] a\n- [x] b")
    assert "<p>[ ] a</p>" in whole("[ ] a")


def test_tables_and_strikethrough() -> None:
    """Tables keep the alignment of their columns, at the left where they give none; and two tildes strike out."""
    made = whole("| a | b |\n|--:|---|\n| ~~c~~ | d |\n")
    assert '<th style="text-align:right">a</th>' in made
    assert '<td style="text-align:right"><s>c</s></td>' in made
    assert '<th style="text-align:left">b</th>' in made
    assert '<td style="text-align:left">d</td>' in made


@pytest.mark.parametrize(
    ("source", "link"),
    [
        ("see https://a.example/b.", "https://a.example/b"),
        ("www.a.example/b", "http://www.a.example/b"),
        ("me@a.example", "mailto:me@a.example"),
        ("请看 https://a.example/b，谢谢", "https://a.example/b"),
        ("（见 https://a.example/b）", "https://a.example/b"),
        ("<https://a.example/b>", "https://a.example/b"),
    ],
)
def test_bare_addresses(source: str, link: str) -> None:
    """Addresses are links, and end where Chinese punctuation begins."""
    assert [link] == re.findall(r'href="([^"]*)"', whole(source))


def test_references_of_an_earlier_parse() -> None:
    """A link reference is known to what is parsed after it."""
    document = Document("mathml")
    document.parse("[a]: https://a.example/")
    assert 'href="https://a.example/"' in document.html(document.parse("[a]"))


def test_units_of_a_block() -> None:
    """A list item and a table row can be rendered alone."""
    document = Document("mathml")
    tokens = document.parse("| a |\n|---|\n| b |\n")
    begin = [token.type for token in tokens].index("tbody_open") + 1
    assert '<tr>\n<td dir="auto" style="text-align:left">b</td>\n</tr>' == document.html(tokens[begin:-2]).strip()
    assert '<li dir="auto">a</li>' == document.html(document.parse("- a")[1:-1]).strip()


def test_code_is_never_touched() -> None:
    """Nothing in code is read as anything else."""
    code = r"$a$ \(b\) **c** https://d.example [x] \begin{align}e\end{align}"
    assert code == text(f"`{code}`").strip()
    assert code == text(f"```\n{code}\n```").strip()
    assert code == text(f"    {code}").strip()


HOSTILE = {
    "quotes": ">" * 10_000 + " x",
    "brackets": "[" * 10_000,
    "images": "![" * 10_000,
    "images in images": "![" * 300 + "a" + "](https://a.example)" * 300,
    "links in links": "[" * 300 + "a" + "](https://a.example)" * 300,
    "lists": "- " * 5_000 + "x",
    "lines of quotes": "> - " * 30 + "a\n" + "b\n" * 20_000,
    "a megabyte": "a" * 1_000_000,
    "addresses": "http:" * 20_000,
    "half addresses": "<http://a" * 5_000,
    "www": "(www.a" * 10_000,
    "at": "a@" * 50_000,
    "stars": "*a **b " * 4_000,
    "backticks": "".join("`" * count + " " for count in range(1, 140)),
    "dollars": "$$a\n" * 5_000,
    "formulas without end": "\\[\n" * 5_000,
    "environments without end": "\\begin{a}\n" * 3_000,
    "deep formula": "$" + "{" * 2_000 + "x" + "}" * 2_000 + "$",
    "references": "\n\n".join(f"[r{i}]: https://a.example/{i}" for i in range(1_000)) + "\n\n" + "[r1] " * 1_000,
    "code": "```python\n" + "'''a b\n" * 5_000,
    "a long line of code": "```python\n" + "x" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_absurd_ends_soon(name: str) -> None:
    """No input takes seconds."""
    begin = time.process_time()
    rendered(HOSTILE[name], "mathml")
    assert time.process_time() - begin < 3  # about 1 where nothing else runs


@pytest.mark.parametrize(
    "name", ["quotes", "brackets", "images", "lists", "lines of quotes", "a megabyte", "stars", "formulas without end"]
)
def test_nothing_of_it_is_dropped(name: str) -> None:
    """All letters and brackets are there, if need be as plain text."""
    kept = re.compile(r"[\w\[!]")
    assert kept.findall(HOSTILE[name]) == kept.findall(text(HOSTILE[name]))


def test_control_and_bidi_characters() -> None:
    """What cannot be seen and changes what is seen is shown as a sign, also when it comes as an entity."""
    assert "a�b�c␛d�" == text("a\u202eb&#x202e;c\x1bd\0").strip()
    assert "\u202e" not in whole("`\u202e` $\\text{\u202e}$ [a](https://a.example/\u202e)\n\n```\n\u202e\n```")


def test_a_renderer_that_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """A block that cannot be rendered is shown as plain text."""
    monkeypatch.setattr("sfstream.markdown.renderer.highlighted", lambda code, language: 1 / 0)
    assert ['<pre style="white-space:pre-wrap">a &lt; b\n</pre>\n', "<p>c</p>\n"] == parts("```\na < b\n```\nc")


def test_a_parser_that_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that cannot be parsed is shown as plain text."""
    monkeypatch.setattr("sfstream.markdown.formulas.formula_at", lambda *_: [][1])
    assert ['<pre style="white-space:pre-wrap">*a* $b$</pre>\n'] == rendered("*a* $b$", "mathml")

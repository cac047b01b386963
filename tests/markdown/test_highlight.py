"""Code in colours: the same line by line as whole, and all of its text."""

from __future__ import annotations

import html
import random
import re
import time
from pathlib import Path

import pytest
from pygments.lexers import get_all_lexers

from sfstream.markdown import highlight as code
from sfstream.markdown.highlight import Code, highlighted
from sfstream.markdown.sanitize import clean

PYTHON = Path(code.__file__).read_text("utf-8")
DOCSTRING = 'x = """\n' + "it's for you and me, if not now\n\n" * 300 + '"""\ny = 1\n'


def text(made: str) -> str:
    """What a reader sees."""
    return html.unescape(re.sub(r"<[^>]*>", "", made))


def test_colours() -> None:
    """Keywords, names, text and comments have their colours; the rest has none."""
    made = highlighted("def f(): return 'a'  # b\n", "python")
    assert ["def", "f", "return", "'a'", "# b"] == [text(part) for part in re.findall("<span.*?</span>", made)]


@pytest.mark.parametrize("language", ["", "no-such-language", "PYTHON ", "<script>"])
def test_other_languages(language: str) -> None:
    """Without a language that is known the code is plain text."""
    assert "a &lt; b\n" == highlighted("a < b\n", language)


@pytest.mark.parametrize("source", [PYTHON, DOCSTRING, "\n\n  a\n\n", "a\tb\n", "a", "", "x" * 2_000 + "\n"])
@pytest.mark.parametrize("language", ["python", "c", "html", "bash", "json", "text", "php", "diff"])
def test_all_the_text_comes_out(source: str, language: str) -> None:
    """Whatever the lexer makes of it, every character is there."""
    assert source == text(highlighted(source, language))


@pytest.mark.parametrize("source", [PYTHON, DOCSTRING], ids=["code", "a long text"])
def test_line_by_line_as_whole(source: str) -> None:
    """Fed in any portions, the lines are finished as they are in the whole."""
    lines, rng = source.split("\n")[:-1], random.Random(1)
    growing, done = Code("python"), list[str]()
    while lines:
        portion, lines = lines[: (count := rng.randrange(1, 40))], lines[count:]
        done += growing.finished(portion)
        growing.open_html("x = '")
    assert highlighted(source, "python").split("\n")[:-1] == done + growing.rest()


def test_few_lines_stay_open() -> None:
    """In ordinary code, lines are finished soon after they have come; in a text without end, after a while."""
    for source, most in ((PYTHON, 40), (DOCSTRING, 150)):
        growing, done = Code("python"), 0
        for number, line in enumerate(source.split("\n"), 1):
            done += len(growing.finished([line]))
            assert number - done <= most


def test_lines_are_whole_html() -> None:
    """Each line stands alone: what is opened in it is closed in it."""
    for line in highlighted(DOCSTRING, "python").split("\n"):
        assert line == clean(line)


@pytest.mark.parametrize("source", [PYTHON * 40, DOCSTRING * 10, "'" * 900 + "\n" + "a" * 900 + "\n", "(" * 990 + "\n"])
def test_what_it_costs(source: str) -> None:
    """Thousands of lines, and hostile ones, end within about a second."""
    begin = time.process_time()
    highlighted(source, "python")
    assert time.process_time() - begin < 3


def test_the_languages_are_there() -> None:
    """Every lexer that is named is one of Pygments'."""
    assert {aliases[0] for _, aliases, _, _ in get_all_lexers(plugins=False) if aliases} >= set(code._LANGUAGES.split())

"""Bad and boundless input: the stream goes on, in a time that grows no faster than the text."""

from __future__ import annotations

import time
from typing import Any

import pytest
from markdown_it.renderer import RendererHTML

from sfstream.core.text import has_surrogate
from sfstream.markdown.export import as_markdown
from sfstream.markdown.highlight import Code
from sfstream.markdown.stream import LONG, Markdown
from tests.markdown.growing import pieces, streamed, unbroken, whole

LONG_TEXTS = {
    "a paragraph of a megabyte": "word " * 200_000,
    "a megabyte without a space": "x" * 1_000_000,
    "lines of a paragraph": "a line of **words** and `code`\n" * 5_000,
    "nested quotes": "> " * 10_000 + "x\n",
    "nested brackets": "[" * 10_000 + "x\n",
    "nested items": "- " * 10_000 + "x\n",
    "blank lines": "\n" * 50_000,
    "stars": "*a **b " * 5_000,
    "backticks": "".join("`" * (number % 50) + "a" for number in range(10_000)),
    "dollars": "$x " * 10_000,
    "half links": "[a](" * 10_000,
    "an unclosed fence": "```\n" + "code **x**\n" * 5_000,
    "references": "".join(f"[a{number}]: http://a.example\n" for number in range(500)),
    "noise": "".join(chr(number * 7919 % 0xD800) for number in range(50_000)),
}


@pytest.mark.sampled
@pytest.mark.parametrize("name", LONG_TEXTS)
def test_boundless_text_ends(name: str) -> None:
    """In twenty pieces, with a look after each, it is rendered within seconds, and as the whole."""
    text = LONG_TEXTS[name]
    step = len(text) // 20
    assert whole(text) == streamed(text, range(step, len(text), step), LONG)


def _seconds(text: str, size: int) -> list[float]:
    """The processor seconds of each look, after each piece of this size."""
    markdown, seconds = Markdown("mathml"), []
    for piece in pieces(text, range(size, len(text), size)):
        markdown.feed(piece)
        started = time.process_time()
        markdown.change()
        seconds.append(time.process_time() - started)
    return seconds


GROWING = {
    "items": "".join(f"- item **{number}** of the list\n" for number in range(1_000)),
    "loose items": "".join(f"{number}. item **{number}** of the list\n\n" for number in range(1, 1_000)),
    "three deep": "".join("  " * (number % 3) + f"- item **{number}**\n" for number in range(1_500)),
    "code": "```python\n" + "".join(f"x_{number} = foo({number})\n" for number in range(5_000)),
    "rows": "| a | b |\n|---|---|\n" + "".join(f"| {number} | `b` |\n" for number in range(1_000)),
}


@pytest.mark.parametrize("name", GROWING)
def test_a_look_costs_no_more_at_the_end_than_at_the_start(name: str) -> None:
    """A block that becomes ten or twenty times as long does not cost more each time, if its parts do not grow."""
    text = GROWING[name]
    seconds = _seconds(text, len(text) // 200)
    tenth = len(seconds) // 10
    assert sorted(seconds[-tenth:])[tenth // 2] < 3 * sorted(seconds[:tenth])[tenth // 2] + 0.002


@pytest.mark.parametrize(
    "text",
    [
        "a\r\nb\r\n\r\n- c\r\n- d\r\n",
        "a\rb\r\r- c\r- d\r",
        "a\r\n\rb\n\r\nc\r",
        "a\0b\0\n\n- \0\n",
        "a\u2028b\u2029c\n\n- d\u2028- e\n- f\n",
        "a\x0cb\n\x0c\nc\x0b\n\x85\nd\n",
        "| a |\n|---|\n\x0c-\n\u3000\nb\n",
        "```\na\r\nb\rc\r\n```\r\n",
    ],
)
def test_line_ends_and_odd_characters(text: str) -> None:
    """Cut anywhere, also within a line end, they are read as in the whole."""
    wanted = whole(text)
    for cut in range(len(text)):
        assert wanted == streamed(text, [cut], 0)
    assert wanted == streamed(text, range(len(text)), 0)


@pytest.mark.parametrize(
    "text", ["a \ud83d\ude00 \ud800", "```\n\udc00\nx\n", "$\udc00$", "- \ud800\n- [b](http://\ud800)\n"]
)
def test_halves_of_characters(text: str) -> None:
    """They come together where they belong together, and else are U+FFFD; nothing is raised."""
    assert whole(text) == streamed(text, range(len(text)), 0)
    assert not has_surrogate(whole(text) + as_markdown(text))
    assert ("😀" in whole(text)) == ("\ude00" in text)


def test_half_a_character_in_what_is_too_long() -> None:
    """Where nothing is parsed, it is shown as U+FFFD too."""
    markdown = Markdown("mathml")
    markdown.feed("word " * 12_000 + "\ud800")
    assert "\ufffd" in markdown.change().rest


def test_a_carriage_return_waits_for_its_line_feed() -> None:
    """At the end of a piece it may be half a line end; at the end of the text it is one."""
    markdown = Markdown("mathml")
    markdown.feed("```\na\r")
    markdown.change()
    markdown.feed("\nb\r")
    markdown.finish()
    assert "a\nb\n</code>" in markdown.html


def test_a_block_that_cannot_be_rendered_is_shown_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes before and after it is rendered."""
    render = RendererHTML.render

    def failing(self: Any, tokens: Any, options: Any, env: Any) -> str:
        if any("poison" in token.content for token in tokens):
            raise RecursionError
        return render(self, tokens, options, env)

    monkeypatch.setattr(RendererHTML, "render", failing)
    html = streamed("*a*\n\npoison **b**\n\n*c*\n", range(0, 30, 3), 0)
    assert html.startswith("<p><em>a</em></p><pre")
    assert "poison **b**" in html
    assert html.endswith("<p><em>c</em></p>")


def test_a_block_that_cannot_be_sent_in_parts_is_sent_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong in a part, its block comes whole, once it is finished, and the next in parts again."""
    text = "- a\n- b\n\n```py\nx\ny\n```\n\n- c\n- d\n"
    wanted = whole(text)

    def failing(self: Code, lines: list[str]) -> list[str]:
        raise ValueError(self, lines)

    monkeypatch.setattr(Code, "finished", failing)
    monkeypatch.setattr("sfstream.markdown.renderer.highlighted", lambda code, _language: code)
    markdown = Markdown("mathml", 0)
    for character in text:
        markdown.feed(character)
        markdown.change()
    assert ("add", '<li dir="auto">c</li>\n') in markdown.steps
    markdown.finish()
    assert wanted == unbroken(markdown.html)


def test_what_is_too_long_is_plain_until_it_is_finished() -> None:
    """A paragraph of fifty thousand characters and more is not rendered again and again."""
    markdown = Markdown("mathml")
    markdown.feed("**a** " + "word " * 12_000)
    assert markdown.change().rest.startswith("<pre")
    markdown.feed("\n\nb\n")
    markdown.feed("c " * 10_000)
    assert markdown.change().steps[0][1].startswith('<p dir="auto"><strong>a</strong>')

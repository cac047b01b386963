"""Answers that are shown as plain text or as JSON: as they grow, at their end, and from hostile models."""

from __future__ import annotations

import json
import random
import re
from html import unescape

import pytest
from IPython.utils.capture import capture_output
from markdown_it import MarkdownIt

from sfstream.core.events import Delta, Finish
from sfstream.core.message import Message
from sfstream.core.reply import Reply
from sfstream.display.html_view import HtmlView
from sfstream.display.mimebundle import bundle
from sfstream.display.widget import StreamView
from sfstream.markdown.page_styles import KEYWORD, STRING
from sfstream.markdown.verbatim import Verbatim, as_html
from tests.display.view_page import Page, grow, html_of, paint, reply_of
from tests.hostile.corpus import payloads
from tests.hostile.parsed import strictly
from tests.hostile.rules import faults
from tests.replies import ended

OBJECT = '{\n  "name": "caf\u00e9 \U0001f375",\n  "说明": "</code>```\\n<b>\\"",\n  "n": [1, -2.5e3, true, null]\n}'
ANSWERS = {
    "bare": OBJECT,
    "fenced": f"```json\n{OBJECT}\n```",
    "tildes": f"\n~~~\r\n{OBJECT}\r\n~~~\n",
    "prose": f'Here "is" {{it:\n\n```json\n{OBJECT}\n```\n\nIs [this] 42?\n',
    "one line": json.dumps([{"word": "x" * 40, "n": n} for n in range(8)]),
    "cut": OBJECT[:40],
    "several": f"```json\n{OBJECT}\n```\n```json\n[1]\n```",
}
TEXTS = {
    "markdown": "# Not a heading\n\n- *a* $x$ | `b` &amp;\n    indented\n\n\n<b>c</b> https://x.example ![i](y.png)",
    "diagram": "  +--+   +--+\n  |a |-->|b |\n  +--+   +--+",
    "chinese": "　　静夜思\n\n床前明月光，疑是地上霜。\n",
    **ANSWERS,
}


def written(html: str) -> str:
    """The text that a browser shows of HTML that holds nothing but tags of ours."""
    return unescape(re.sub(r"<[^>]*>", "", html))


def formatted(format_: str, text: str) -> Reply:
    """A reply of that format that has ended."""
    reply = ended(Delta(content=text), Finish(0, "stop"))
    reply.format = format_
    return reply


def content_of(html: str) -> str:
    """The part of a static answer that holds its content."""
    found = re.search(r'<div class="sfstream-content"[^>]*>(.*)</div><div class="sfstream-about"', html, re.DOTALL)
    assert found
    return found[1]


def pieces(text: str) -> list[str]:
    """The text cut at random, as tokens come; characters outside of the first plane are cut in two."""
    cut = random.Random(len(text))
    units = "".join(character if character < "\U00010000" else _pair(character) for character in text)
    at, found = 0, []
    while at < len(units):
        size = cut.randint(1, 6)
        found.append(units[at : at + size])
        at += size
    return found


def _pair(character: str) -> str:
    above = ord(character) - 0x10000
    return chr(0xD800 + (above >> 10)) + chr(0xDC00 + (above & 0x3FF))


@pytest.mark.parametrize("name", TEXTS)
def test_text_is_shown_as_it_is(name: str) -> None:
    """Every character between the first word and the last, in one block that is monospaced and wrapped."""
    html = content_of(bundle(formatted("text", TEXTS[name]))["text/html"])
    lines = [line.rstrip("\r") for line in TEXTS[name].split("\n")]
    while not lines[0].strip():
        del lines[0]
    assert "\n".join(lines).rstrip() == written(html)
    assert 1 == html.count("<pre")
    assert "pre-wrap" in html


@pytest.mark.parametrize("name", sorted(ANSWERS.keys() - {"one line", "cut"}))
def test_json_is_shown_without_its_fences(name: str) -> None:
    """In one block of code; prose around it stays, and is not coloured."""
    html = content_of(bundle(formatted("json", ANSWERS[name]))["text/html"])
    assert OBJECT in written(html)
    assert [] == [line for line in written(html).split("\n") if line.startswith(("```", "~~~"))]
    assert 1 == html.count("<pre")
    if name == "prose":
        assert written(html).startswith('Here "is" {it:\n\n{')
        assert written(html).endswith("}\n\nIs [this] 42?")
        assert html.startswith(re.match(r"<pre[^>]*><code[^>]*>", html)[0] + 'Here "is" {')  # type: ignore[index]


@pytest.mark.parametrize("format_", ["text", "json"])
@pytest.mark.parametrize("name", TEXTS)
def test_what_is_shown_only_grows(view: StreamView, page: Page, format_: str, name: str) -> None:
    """Nothing that a page has shown changes its place, its text or its colour, and nothing is sent twice; in the end
    the page shows what the static answer does."""
    reply, shown = reply_of(), ""
    reply.format = format_
    for piece in pieces(TEXTS[name]):
        grow(reply, piece)
        paint(view, reply)
        now = html_of(*page.shown())
        assert now.startswith(shown)
        shown = now
    reply.end(1.0)
    view.finish(reply)
    steps, rest = page.shown()
    static = content_of(bundle(reply)["text/html"])
    assert ("", written(static)) == (rest, written(html_of(steps, "")).removesuffix("\n"))
    assert _coloured(static) == _coloured(html_of(steps, ""))
    assert len(page.of("begin")) == 1


def _coloured(html: str) -> list[tuple[str, str]]:
    """Each character that is not blank, with its colour."""
    found = re.findall(r'<span style="color:(.*?)">(.*?)</span>|([^<]+)|<[^>]*>', html, re.DOTALL)
    parts = [(colour, unescape(inner or plain)) for colour, inner, plain in found]
    return [(colour, each) for colour, text in parts for each in text if not each.isspace()]


def test_a_key_has_its_colour_before_its_colon() -> None:
    """And a string before its end; otherwise both would flash."""
    shown = Verbatim("json")
    shown.feed('{"key')
    shown.change()
    key = shown.html
    shown.feed('": "text')
    shown.change()
    assert f'{{<span style="color:{KEYWORD}">"key</span>' in key
    assert f'<span style="color:{STRING}">"text</span>' in shown.html


def test_an_update_costs_what_is_new(view: StreamView, page: Page) -> None:
    """Also of JSON that is all on one line: the last updates are no longer than the first."""
    reply = reply_of()
    reply.format = "json"
    for n in range(400):
        grow(reply, '{"name": "a word", "n": 17}, ' if n else "[")
        paint(view, reply)
    sizes = [len(json.dumps(update["parts"])) for update in page.of("update")]
    assert max(sizes[-10:]) <= max(sizes[2:10])


@pytest.mark.usefixtures("bare_shell")
@pytest.mark.parametrize("format_", ["text", "json"])
def test_html_without_a_widget_is_the_same(format_: str) -> None:
    """The display that sends the whole each time."""
    reply = reply_of("```json\n", OBJECT)
    reply.format = format_
    shown = HtmlView()
    with capture_output() as captured:
        shown.paint(reply, Message(""))
        reply.end(1.0)
        shown.finish(reply)
    growing, static = (content_of(output.data["text/html"]) for output in captured.outputs)
    assert written(static) == written(growing)


@pytest.mark.parametrize("format_", ["text", "json"])
@pytest.mark.parametrize("name", TEXTS)
def test_as_markdown_it_is_one_block_of_code(format_: str, name: str) -> None:
    """With the same text as the HTML, whatever fences are in it."""
    made = bundle(formatted(format_, TEXTS[name]))
    tokens = MarkdownIt("commonmark").parse(made["text/markdown"])
    assert ("fence", "json" if format_ == "json" else "") == (tokens[0].type, tokens[0].info)
    assert written(content_of(made["text/html"])) == tokens[0].content.removesuffix("\n")


@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_hostile_answer_is_nothing_but_text(format_: str, stride: int) -> None:
    """No tag of the model, in either form."""
    for payload in payloads()[:: 5 * stride]:
        made = bundle(formatted(format_, payload.text))
        assert [] == faults(strictly(made["text/html"])), payload.name
        read = MarkdownIt("commonmark", {"html": True}).parse(made["text/markdown"])
        assert {"fence"} >= {token.type for token in read[:1]} - {"paragraph_open"}, payload.name


def test_control_characters_are_visible() -> None:
    """Also those that turn text around."""
    assert "a␛[31m�b" in as_html("a\x1b[31m\u202eb", "text", "tex")


def test_an_empty_answer_has_no_block() -> None:
    """Nor one of nothing but a fence."""
    assert ["", "", ""] == [as_html(text, "json", "tex") for text in ("", " \n", "```json\n```")]

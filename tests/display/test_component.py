"""The interactive component as HTML: nothing in it ends it early, and it is the same each time."""

from __future__ import annotations

import base64
import gzip
import json
import re
from typing import Any

import pytest

from sfstream.core.events import Chunk, Delta
from sfstream.core.inspection import Frame, Inspection, Traced
from sfstream.display import component as module
from sfstream.display.component import component, packed, script
from tests.replies import ended

HOSTILE = "</script><script>pwned()</script><!--<script>"


def traced(text: str) -> Traced:
    """A reply of one chunk that is also one frame and one delta."""
    delta, size = Delta(content=text), len(text.encode("utf-8", "replace"))
    frame = Frame(0, size, 0, "content", text, (delta,))
    return Traced(ended(delta, model=text), Inspection([Chunk(0.5, text.encode("utf-8", "replace"))], [frame]))


def unpacked(html: str) -> Any:
    """The data in a component, as its script reads it."""
    found = re.search(r'<script type="text/plain" class="sfstream-data">([A-Za-z0-9+/=]*)</script>', html)
    assert found
    return json.loads(gzip.decompress(base64.b64decode(found[1])))


def test_no_text_ends_an_element_early() -> None:
    """There are two scripts and their ends, whatever a recording holds."""
    html = component([traced(HOSTILE)], ["wire"])
    assert 2 == html.count("<script") == html.count("</script")
    assert unpacked(html)["replies"][0]["chunks"] == [[0.5, HOSTILE]]


def test_no_script_ends_its_element_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """A string of ours that holds the end of the element, or the start of a comment."""
    monkeypatch.setattr(module, "one_module", lambda *_: 'const a = "</script><!--";\n\n \n')
    script.cache_clear()
    assert 'const a = "<\\/script><\\!--";\nstart(' in script()
    script.cache_clear()


def test_it_is_the_same_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The compressed data holds no time, so that a notebook that is run again does not change."""
    before = component([traced("Hello")], ["answer"])
    monkeypatch.setattr("time.time", lambda: 1e9)
    assert before == component([traced("Hello")], ["answer"])


def test_panes_are_in_the_order_of_the_page() -> None:
    """However they are asked for."""
    assert ["answer", "wire"] == unpacked(component([traced("Hello")], ["wire", "answer"]))["open"]


def test_half_of_a_character_is_replaced() -> None:
    """A lone surrogate, which no encoding takes, is one code unit as before, so that the lengths hold."""
    assert json.loads(gzip.decompress(base64.b64decode(packed(["a\ud83d", "\ude00b"])))) == ["a\ufffd", "\ufffdb"]


def test_neither_script_nor_style_has_an_empty_line() -> None:
    """It would end the HTML in a Markdown file."""
    assert not re.search(r"\n\s*\n", component([traced("Hello\n\nyou")], ["answer"]))


def test_comments_and_indentation_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a line is nothing else: a type before an expression is in the line with it."""
    source = "/** Two\n * lines. */\n  /** @type {x} */ (a);\n  // why\n  b(); // c\n  /* d */\n"
    monkeypatch.setattr(module, "one_module", lambda *_: source)
    script.cache_clear()
    assert ["(() => {", "/** @type {x} */ (a);", "b(); // c"] == script().split("\n")[:3]
    script.cache_clear()

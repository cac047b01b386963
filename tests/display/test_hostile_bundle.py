"""Hostile answers as they are saved: HTML, and Markdown as others read it."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest
from markdown_it import MarkdownIt
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from sfstream.display.mimebundle import bundle
from tests.hostile.corpus import payloads
from tests.hostile.parsed import loosely, strictly
from tests.hostile.replies import replies
from tests.hostile.rules import faults
from tests.hostile.theirs import with_links_apart, without_theirs

READERS: dict[str, Callable[[str], str]] = {
    "nbconvert": markdown2html_mistune,
    "CommonMark": MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render,
}
"""Programs that read Markdown with all the HTML in it; JupyterLab's own is for the tests in the browser."""
PAYLOADS = payloads()


@functools.cache
def bundles(stride: int) -> dict[str, dict[str, str]]:
    """What is saved of every payload in every place, by their names."""
    return {
        f"{payload.name} as {place}": bundle(reply)
        for payload in PAYLOADS[::stride]
        for place, reply in replies(payload.text).items()
    }


def test_no_saved_html_is_more_than_text(stride: int) -> None:
    """In content, reasoning, calls, finish reasons and names of models nothing is anything but text."""
    found = {name: found for name, each in bundles(stride).items() if (found := faults(strictly(each["text/html"])))}
    assert {} == found


@pytest.mark.parametrize("reader", READERS)
def test_no_saved_markdown_becomes_more_than_text(reader: str, stride: int) -> None:
    """The same of the Markdown, when it is read by programs that take HTML for HTML."""
    read = READERS[reader]
    found = {
        name: found for name, each in bundles(stride).items() if (found := _faults_of(read(each["text/markdown"])))
    }
    assert {} == found


def _faults_of(html: str) -> list[str]:
    return faults(with_links_apart(without_theirs(loosely(html))))

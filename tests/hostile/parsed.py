"""HTML as the elements that a browser makes of it, without a browser."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import nh3

from tests.hostile.rules import Element

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z:-]+(?:=\"[^\"<>]*\")?)*)\s*/?>")
_ATTRIBUTE = re.compile(r"([a-zA-Z:-]+)(?:=\"([^\"<>]*)\")?")
_VOID = {"br", "hr", "img", "input"}


def strictly(html: str) -> list[Element]:
    """The elements of HTML that cannot be read in two ways.

    Raises:
        ValueError: something in it is no tag, no text, or not closed where it was opened; or an HTML5 parser reads it
            otherwise than it is written.
    """
    elements, is_open = [], [""]
    if "<" in _TAG.sub("", html):
        raise ValueError(f"not plainly written: {html}")
    for end, name, attributes in _TAG.findall(html):
        if end and is_open.pop() != name:
            raise ValueError(f"</{name}> closes something else: {html}")
        if not end:
            elements.append(Element(name.lower(), {k: unescape(v) for k, v in _ATTRIBUTE.findall(attributes)}))
            is_open += [] if name in _VOID else [name]
    if is_open != [""]:
        raise ValueError(f"<{is_open[-1]}> is not closed: {html}")
    _check_reading(html, elements)
    return elements


def loosely(html: str) -> list[Element]:
    """The elements of any HTML, with whatever is not well written in them."""
    walk = _Walk()
    walk.feed(html)
    walk.close()
    return walk.elements


class _Walk(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))


def _check_reading(html: str, elements: list[Element]) -> None:
    """A parser of HTML5 that lets all of it pass gives the same elements in the same order."""
    tags = {element.tag for element in elements}
    names = {"*": {name for element in elements for name in element.attributes} - {"rel"}}
    cleaner = nh3.Cleaner(
        tags=tags,
        attributes=names,
        link_rel=None,
        clean_content_tags=set(),
        url_schemes={"http", "https", "mailto", "data"},
    )
    read = cleaner.clean(html)
    if [element.tag for element in loosely(read)] != [element.tag for element in elements]:
        raise ValueError(f"read otherwise than written: {html}\n{read}")

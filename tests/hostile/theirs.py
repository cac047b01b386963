"""What those who show answers add to them of their own: JupyterLab, nbconvert."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tests.hostile.rules import Element

_ADDED = {"anchor-link", "jp-InternalAnchorLink", "numbering-entry"}
"""Classes of the links that headings are given to themselves, and of their numbers."""
_COLOURS = re.compile("\u037c\\w+|[a-z][a-z0-9]{0,2}")
"""Classes of words in code: CodeMirror's, and the short ones of Pygments."""
_HEADING = {"id", "data-jupyter-id"}


def without_theirs(elements: Iterable[Element]) -> list[Element]:
    """The elements without what was added to them."""
    return [_without(element) for element in elements if element.attributes.get("class") not in _ADDED]


def with_links_apart(elements: Iterable[Element]) -> list[Element]:
    """The elements with links as they should be: how they open, Markdown cannot say, and that ``ftp://x`` in a text is
    an address, it cannot deny; the reader decides."""
    return [_apart(element) if element.tag == "a" else element for element in elements]


def _apart(link: Element) -> Element:
    href = link.attributes.get("href", "")
    apart = {"target": "_blank", "rel": "noopener noreferrer", "href": re.sub("^ftp://", "http://", href)}
    return Element(link.tag, {**link.attributes, **apart})


def _without(element: Element) -> Element:
    attributes = dict(element.attributes)
    if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        attributes = {name: value for name, value in attributes.items() if name not in _HEADING}
    if element.tag == "span" and _COLOURS.fullmatch(attributes.get("class", "")):
        del attributes["class"]
    return Element(element.tag, attributes)

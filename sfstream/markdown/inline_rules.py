"""Rules of the parser for links and images, and the places where rules of other files are tried. No I/O.

Only web and mail addresses are linked to. A remote image becomes a link that names its host.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import TypeAlias, cast
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline, image
from markdown_it.token import Token
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

from sfstream.markdown.addresses import Rule, is_in_mail_address, linked

BlockRule: TypeAlias = Callable[[StateBlock, int, int, bool], bool]

LARGEST_IMAGE = 100_000
"""Maximum characters of a ``data:`` URL that is shown as an image."""

_WEB = re.compile(r"https?://[^\s\\/?#][^\s\\]*|mailto:[^\s\\:]+", re.IGNORECASE)
_RASTER = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,([A-Za-z0-9+/]{16,}={0,2})", re.IGNORECASE)
_BROWSER = nh3.Cleaner(tags={"a"}, attributes={"a": {"href"}}, url_schemes={"http", "https"})
"""Reads URLs as browsers do: it drops those that it cannot parse."""
_UNSEEN = re.compile("[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]")
_AUTOLINK_PREFIX = ("http", "https", "mailto", "xmpp")


def is_web(url: str) -> bool:
    """Return whether this is an http, https or mailto URL with a host or an address and no invisible characters.

    A browser must be able to read it too: JupyterLab takes a URL that it cannot parse for a file path.
    """
    if not _WEB.fullmatch(url) or _UNSEEN.search(url):
        return False
    return url[:1] in "mM" or (host(url) != "" and "href" in _BROWSER.clean(f'<a href="{escape(url)}">'))


def is_raster(url: str) -> bool:
    """Return whether this is a small PNG, JPEG, GIF or WebP image as a ``data:`` URL."""
    found = _RASTER.fullmatch(url) if len(url) <= LARGEST_IMAGE else None
    return found is not None and len(found[1]) % 4 == 0


def host(url: str) -> str:
    """Return the host of a URL (in ASCII if it is an international one), or an empty string."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # brackets that hold no IPv6 address
        return ""


class Restricted(MarkdownIt):
    """Parser that makes only allowed links and images. Others stay text."""

    in_image = False

    def validateLink(self, url: str) -> bool:  # noqa: N802  markdown-it's own name
        """Return whether a destination is allowed: a web address, or in an image a small ``data:`` URL."""
        return is_web(url) or (self.in_image and is_raster(url))

    def normalizeLinkText(self, url: str) -> str:  # noqa: N802  markdown-it's own name
        """Show an address as it was written: decoded, it could look like another one."""
        return url


def at(mark: str, rule: Rule) -> Rule:
    """Limit an inline rule to places where this mark stands: other text does not pass through its file."""

    def at_mark(state: StateInline, silent: bool) -> bool:
        return state.src.startswith(mark, state.pos) and rule(state, silent)

    return at_mark


def add_block_rule(markdown: Restricted, before: str, mark: str, rule: BlockRule) -> None:
    """Add a rule for blocks that begin with this mark, and end a paragraph. Others do not pass through its file."""

    def at_mark(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
        begin = state.bMarks[start_line] + state.tShift[start_line]
        return state.src.startswith(mark, begin) and rule(state, start_line, end_line, silent)

    ends: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    markdown.block.ruler.before(before, rule.__name__, at_mark, ends)


def links(markdown: Restricted) -> None:
    """Add the rules for images and bare addresses."""
    markdown.inline.ruler.at("image", _image)
    gfm_autolink_plugin(markdown)
    added = markdown.inline.ruler.getRules("")[-3:]
    for name, rule in zip(("www", "protocol", "email"), added, strict=True):
        markdown.inline.ruler.at(f"gfm_autolink_{name}", _limited(rule))
    markdown.inline.ruler.before("emphasis", "mail_underscore", _mail_underscore)


def _limited(rule: Rule) -> Rule:
    """Limit a rule to places where an address can begin, and to text that can belong to it."""

    def limited(state: StateInline, silent: bool) -> bool:
        return not silent and _may_be_address(state.src, state.pos) and linked(state, rule)

    return limited


def _may_be_address(text: str, position: int) -> bool:
    """Return whether an address can have its colon, its "@" or its "www." here (a cheap check)."""
    if text[position] == ":":
        return text[max(0, position - 6) : position].endswith(_AUTOLINK_PREFIX)
    return text[position] == "@" or text.startswith("www.", position)


def _mail_underscore(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "_" or not is_in_mail_address(state.src, state.pos):
        return False
    if not silent:
        state.pending += "_"
    state.pos += 1
    return True


def _image(state: StateInline, silent: bool) -> bool:
    markdown = state.md
    assert isinstance(markdown, Restricted)
    begin, before, markdown.in_image = state.pos, markdown.in_image, True
    try:
        found = image(state, silent)
    finally:
        markdown.in_image = before
    if found and not silent and not is_raster(str(state.tokens[-1].attrs["src"])):
        state.tokens_meta.pop()
        _link(state, state.tokens.pop(), state.src[begin : state.pos])
    return found


def _link(state: StateInline, token: Token, source: str) -> None:
    """Replace an image by a link, or by its text if it stands in a link already."""
    renderer = cast("RendererHTML", state.md.renderer)
    alt = renderer.renderInlineAsText(token.children, state.md.options, state.env)
    url = str(token.attrs["src"])
    if not is_web(url):  # it has none
        state.pending += source
        return
    text = f"{alt} (image at {host(url)})" if alt.strip() else f"image at {host(url)}"
    if not state.linkLevel:
        opening = state.push("link_open", "a", 1)
        opening.attrs = {name: value for name, value in token.attrs.items() if name == "title"} | {"href": url}
    state.push("text", "", 0).content = text
    if not state.linkLevel:
        state.push("link_close", "a", -1)

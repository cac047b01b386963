"""Rules of the inline parser that differ from CommonMark's: emphasis beside Chinese text, links and images. No I/O.

Emphasis: Chinese, Japanese and Korean text has no spaces around its words, where CommonMark asks for a space between
punctuation and a letter that a star stands between. Here a CJK character beside the stars counts as such a space, and
CJK punctuation as a letter (commonmark-spec, issue 650).

Links: only web and mail addresses are linked to. A remote image becomes a link that names its host.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from html import escape
from typing import TypeAlias, cast
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline, image
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

_WIDE_SYMBOLS = ((0x2300, 0x2BFF), (0x1F000, 0x1F1FF), (0x1F300, 0x1FBFF))
"""Unicode blocks whose wide characters are emoji."""

Rule: TypeAlias = Callable[[StateInline, bool], bool]

LONGEST_ADDRESS = 2_000
"""Maximum characters of a bare address that becomes a link."""
LARGEST_IMAGE = 100_000
"""Maximum characters of a ``data:`` URL that is shown as an image."""

_WEB = re.compile(r"https?://[^\s\\/?#][^\s\\]*|mailto:[^\s\\:]+", re.IGNORECASE)
_RASTER = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,([A-Za-z0-9+/]{16,}={0,2})", re.IGNORECASE)
_BROWSER = nh3.Cleaner(tags={"a"}, attributes={"a": {"href"}}, url_schemes={"http", "https"})
"""Reads URLs as browsers do: it drops those that it cannot parse."""
_UNSEEN = re.compile("[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]")
_AUTOLINK_PREFIX = ("http", "https", "mailto", "xmpp")
_BEFORE_ADDRESS = " \t\r\n*_~("
_AUTOLINK_END = re.compile("[\\s<\u3000-\u303f\uff00-\uff0f\uff1a-\uff1f\uff3b-\uff40\uff5b-\uff65\u2018-\u201f]")
"""White space, and Chinese and Japanese punctuation: there are no spaces around addresses there."""


class State(StateInline):
    """Inline parser state with the emphasis rule of this module."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803  markdown-it's own names
        """Return whether the run of markers at `start` can open and can close emphasis."""
        marker, end = self.src[start], start
        while end < self.posMax and self.src[end] == marker:
            end += 1
        before, after = self.src[start - 1 : start] or " ", self.src[end] if end < self.posMax else " "
        opens = not _is_space(after) and (not _splits(after) or _stands_apart(before))
        closes = not _is_space(before) and (not _splits(before) or _stands_apart(after))
        can_open = opens and (canSplitWord or not closes or _is_punctuation(before))
        can_close = closes and (canSplitWord or not opens or _is_punctuation(after))
        return Scanned(can_open, can_close, end - start)


def is_cjk(character: str) -> bool:
    """Return whether this is a Chinese, Japanese or Korean letter, sign or punctuation mark, and no emoji."""
    code = ord(character)
    wide = code >= 0x1100 and unicodedata.east_asian_width(character) in "WFH"
    return wide and not any(first <= code <= last for first, last in _WIDE_SYMBOLS)


def _is_space(character: str) -> bool:
    return isWhiteSpace(ord(character))


def _is_punctuation(character: str) -> bool:
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)


def _splits(character: str) -> bool:
    """Return whether a marker beside this punctuation needs a space or punctuation on its other side."""
    return _is_punctuation(character) and not is_cjk(character)


def _stands_apart(character: str) -> bool:
    return _is_space(character) or _is_punctuation(character) or is_cjk(character)


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


def links(markdown: Restricted) -> None:
    """Add the rules for images and bare addresses."""
    markdown.inline.ruler.at("image", _image)
    gfm_autolink_plugin(markdown)
    added = markdown.inline.ruler.getRules("")[-3:]
    for name, rule in zip(("www", "protocol", "email"), added, strict=True):
        markdown.inline.ruler.at(f"gfm_autolink_{name}", _bounded(rule))


def _bounded(rule: Rule) -> Rule:
    """Limit a rule to text that can belong to an address, and to places where one can begin."""

    def bounded(state: StateInline, silent: bool) -> bool:
        if silent or not _may_be_address(state.src, state.pos):
            return False
        end, limit = state.posMax, state.pos + LONGEST_ADDRESS
        found = _AUTOLINK_END.search(state.src, state.pos, min(end, limit))
        if not found and end > limit:
            return False
        state.posMax = found.start() if found else end
        text = state.pending
        try:
            if rule(state, silent):
                return True
            state.pending = text  # the rule takes from it before it has seen whether the link is allowed
            return False
        finally:
            state.posMax = end

    return bounded


def _may_be_address(text: str, position: int) -> bool:
    """Return whether an address can have its colon, its "@" or its "www." here (a cheap check)."""
    if text[position] == ":":
        return text[max(0, position - 6) : position].endswith(_AUTOLINK_PREFIX)
    is_www = text.startswith("www.", position) and text[position - 1 : position] in _BEFORE_ADDRESS
    return is_www or text[position] == "@"


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
        state.append_pending(source)
        return
    text = f"{alt} (image at {host(url)})" if alt.strip() else f"image at {host(url)}"
    if not state.linkLevel:
        opening = state.push("link_open", "a", 1)
        opening.attrs = {name: value for name, value in token.attrs.items() if name == "title"} | {"href": url}
    state.push("text", "", 0).content = text
    if not state.linkLevel:
        state.push("link_close", "a", -1)

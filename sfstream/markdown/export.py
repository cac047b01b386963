"""Markdown as others read it, made of what our parser has understood of the model's: nothing in it but what we write.

Model output cannot be given on as Markdown as it came: where it is shown elsewhere, raw HTML would run, images would be
fetched, and prices be maths. So the tokens are written anew, with every character of text that could begin anything
escaped. What was written is read again by a plain CommonMark parser; if that finds more than we meant, all of it is
given as one block of code. No I/O.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pygments.lexers import find_lexer_class_by_name
from pygments.util import ClassNotFound

from sfstream.core.text import encodable, harmless
from sfstream.markdown.highlight import LANGUAGES
from sfstream.markdown.inline_markdown import fence_of, inline
from sfstream.markdown.links import is_raster, is_web
from sfstream.markdown.renderer import Document

LONGER = 8
"""Times as long as its source that Markdown may be: the marks of deep quotes stand before each of their lines."""
_INFO = re.compile(r"[A-Za-z0-9_+#.-]{1,30}")
_ALIGNMENT = {"text-align:left": ":--", "text-align:right": "--:", "text-align:center": ":-:"}


def as_markdown(source: str) -> str:
    """Safe Markdown that says what the source says.

    Args:
        source: Markdown of a model.
    """
    written = _Writer().write(Document("tex").parse(source))
    is_fit = len(written) <= LONGER * len(source) + 1000 and is_plain(written)
    return written if is_fit else fence_of(harmless(encodable(source)))


def escaped(text: str) -> str:
    """A line of plain text as Markdown."""
    return inline([Token("text", "", 0, content=text.replace("\n", " "))])


def is_plain(written: str) -> bool:
    """Whether any reader of CommonMark finds neither HTML nor an image in it, nor a link that could run."""
    for block in _READER.parse(written):
        if block.type == "html_block":
            return False
        for token in block.children or ():
            if token.type == "html_inline":
                return False
            if token.type == "link_open" and not is_web(str(token.attrs["href"])):
                return False
            if token.type == "image" and not is_raster(str(token.attrs["src"])):
                return False
    return True


# With HTML, as others read it; deep enough for all that we write.
_READER = MarkdownIt("commonmark", {"html": True, "maxNesting": 1000}).enable(["table", "strikethrough"])


@dataclass
class _Container:
    """A quote or a list item: what its lines begin with, and whether its blocks stand close together."""

    first: str
    rest: str
    tight: bool = False
    is_used: bool = False

    def mark(self) -> str:
        """What the next line begins with."""
        mark = self.rest if self.is_used else self.first
        self.is_used = True
        return mark


@dataclass
class _List:
    """A list that is open: how it is marked."""

    tight: bool
    bullet: str
    delimiter: str
    is_begun: bool = False


class _Writer:
    """Writes blocks line by line, each line after the marks of the containers that it stands in."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._containers: list[_Container] = []
        self._lists: list[_List] = []
        self._common = 0  # how many containers the next block shares with the last one
        self._between_items: bool | None = None  # where an item begins that is not the first: whether its list is tight
        self._closed = ""  # type of the block that ended last

    def write(self, tokens: Sequence[Token]) -> str:
        """The blocks as Markdown."""
        position = 0
        while position < len(tokens):
            position = self._block(tokens, position)
        return "\n".join(self._lines)

    def _block(self, tokens: Sequence[Token], at: int) -> int:
        """Write the block, or the part of one, that begins here; return where the next begins."""
        token = tokens[at]
        if token.type == "table_open":
            return self._table(tokens, at)
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self._lists.append(self._list(tokens, at))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
        elif token.type == "list_item_open":
            self._open_item(token)
        elif token.type == "blockquote_open":
            self._containers.append(_Container("> ", "> "))
        elif token.type in ("blockquote_close", "list_item_close"):
            self._close()
        elif token.type == "inline":
            self._add(_text(tokens, at))
        elif token.nesting == 0:
            self._add(_leaf(token))
        self._closed = token.type if token.nesting < 0 else ""
        return at + 1

    def _list(self, tokens: Sequence[Token], at: int) -> _List:
        token = tokens[at]
        tight = next((each.hidden for each in tokens[at:] if _is_paragraph_of(each, token)), True)
        # A list that follows a list directly would go on with it: it is marked by another character.
        follows = self._closed == token.type.replace("open", "close")
        return _List(tight, "*" if follows else "-", ")" if follows else ".")

    def _open_item(self, token: Token) -> None:
        inner = self._lists[-1]
        mark = f"{token.info}{inner.delimiter} " if token.info else f"{inner.bullet} "
        self._containers.append(_Container(mark, " " * len(mark), inner.tight))
        if inner.is_begun:
            self._between_items = inner.tight
        inner.is_begun = True

    def _close(self) -> None:
        if not self._containers[-1].is_used:
            self._add([""])  # there is nothing in it
        self._containers.pop()
        self._common = min(self._common, len(self._containers))

    def _add(self, lines: list[str]) -> None:
        if self._lines and not self._is_close():
            self._lines.append("".join(each.rest for each in self._containers[: self._common]).rstrip())
        for line in lines:
            marks = "".join(each.mark() for each in self._containers)
            self._lines.append(marks + line if line else marks.rstrip())
        self._common, self._between_items = len(self._containers), None

    def _is_close(self) -> bool:
        """Whether no empty line stands before the next block."""
        if self._between_items is not None:
            return self._between_items
        return self._common > 0 and self._containers[self._common - 1].tight

    def _table(self, tokens: Sequence[Token], at: int) -> int:
        rows: list[list[str]] = []
        alignments: list[str] = []
        while tokens[at].type != "table_close":
            token = tokens[at]
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "th_open":
                alignments.append(_ALIGNMENT.get(str(token.attrs.get("style")), "---"))
            elif token.type == "inline":
                rows[-1].append(inline(token.children or (), breaks=False, in_table=True))
            at += 1
        lines = [f"| {' | '.join(cells)} |" for cells in rows]
        self._add([lines[0], f"| {' | '.join(alignments)} |", *lines[1:]])
        return at + 1


def _is_paragraph_of(token: Token, outer: Token) -> bool:
    return token.type == "paragraph_open" and token.level == outer.level + 2


def _text(tokens: Sequence[Token], at: int) -> list[str]:
    before, children = tokens[at - 1], tokens[at].children or ()
    if before.type == "heading_open":
        return [f"{'#' * int(before.tag[1:])} {inline(children, breaks=False)}".rstrip()]
    return inline(children).split("\n")


def _leaf(token: Token) -> list[str]:
    """A block that holds no others, and no tokens inside."""
    if token.type == "hr":
        return ["___"]  # the only rule that is never taken for the mark of a list
    info = token.info.split()[0] if token.type == "fence" and token.info.split() else ""
    return fence_of(harmless(token.content), info if _is_language(info) else "").split("\n")


def _is_language(info: str) -> bool:
    """Whether it names a language that is only coloured. Of others, such as mermaid, some readers make more."""
    try:
        return _INFO.fullmatch(info) is not None and find_lexer_class_by_name(info.lower()).name in LANGUAGES
    except ClassNotFound:
        return False

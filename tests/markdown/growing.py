"""A Markdown text fed in pieces, and the page that its steps make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sfstream.markdown.renderer import rendered
from sfstream.markdown.stream import Change, Markdown, Step

_BLOCK = r"</?(?:ul|ol|li|p|pre|table|thead|tbody|tr|th|td|blockquote|h[1-6]|hr)\b[^>]*>"


def unbroken(html: str) -> str:
    """HTML without the line breaks beside the tags of blocks, which mean nothing, and without the direction that
    nearly every block says the browser shall find."""
    return re.sub(rf"\n*({_BLOCK})\n*", r"\1", html.replace(' dir="auto"', ""))


def whole(text: str) -> str:
    """The HTML of the text as one."""
    return unbroken("".join(rendered(text, "mathml")))


def pieces(text: str, cuts: Iterable[int]) -> Iterator[str]:
    """The text, cut at these places."""
    begin = 0
    for cut in [*cuts, len(text)]:
        yield text[begin:cut]
        begin = cut


def streamed(text: str, cuts: Iterable[int], long: int) -> str:
    """The HTML of the text as it came in pieces, looked at after each of them."""
    markdown = Markdown("mathml", long)
    for piece in pieces(text, cuts):
        markdown.feed(piece)
        markdown.change()
    markdown.finish()
    return unbroken(markdown.html)


class Page:
    """What a view does with the changes: a tree of elements, and the rest at the end of the innermost open one.

    Attributes:
        html: the whole, as of the last change.
        redone: how often a block was sent again.
    """

    def __init__(self) -> None:
        self.html = ""
        self.redone = 0
        self._finished: list[str] = []
        self._open: list[tuple[str, int]] = []

    def take(self, change: Change) -> None:
        """Apply the steps, then put the rest in its place."""
        for step in change.steps:
            self._apply(step)
        closing = [f"</{name}>" for name, _ in reversed(self._open)]
        self.html = "".join([*self._finished, change.rest, *closing])

    def _apply(self, step: Step) -> None:
        kind, html = step
        if kind == "redo":
            del self._finished[self._open[0][1] :]
            self._open.clear()
            self.redone += 1
            return
        if kind == "open":
            name = html[1:].partition(" ")[0].rstrip(">")
            self._open.append((name, len(self._finished)))
        self._finished.append(f"</{self._open.pop()[0]}>" if kind == "close" else html)

"""What a reader sees of a growing text that is not how the whole begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html.parser import HTMLParser
from typing import TypeAlias

from sfstream.markdown.stream import Markdown
from tests.markdown.growing import whole
from tests.markdown.tokens import tokens

Thing: TypeAlias = tuple[str, tuple[str, ...]]
"""A character, a formula or another thing that is seen, and the elements that it stands in."""

_VOID = {"br", "hr", "img"}
_MEANINGLESS = {"a", "span", "thead", "tbody", "tr"}
"""Elements that may come later: a link is one when its address is whole."""
_SHAPES = {"em", "strong"}
"""Elements whose order is not seen."""
_FORMULA = "∑"
VANISHING = 1
"""Most characters that may vanish at the end when more comes."""


class _Seen(HTMLParser):
    """The characters and other things that are seen, each with the elements that it stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Thing] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[object]) -> None:
        if tag in _VOID or (tag == "math" and "math" not in self._open):
            self._show(_FORMULA if tag == "math" else tag)
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag not in _VOID and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        for character in "" if "math" in self._open else "".join(data.split()):
            self._show(character)

    def _show(self, thing: str) -> None:
        kinds = sorted(_SHAPES.intersection(self._open))
        kinds += [tag for tag in self._open if tag not in _MEANINGLESS | _SHAPES]
        # A list may turn loose: its text is then in paragraphs.
        self.shown.append((thing, tuple(tag for tag in kinds if tag != "p" or "li" not in kinds)))


def seen(html: str) -> list[Thing]:
    """What is seen of a page."""
    reader = _Seen()
    reader.feed(html)
    reader.close()
    return reader.shown


def flashes(text: str, seed: int) -> list[str]:
    """The beginnings of the text after which a reader sees what is not there in the end, or less than before.

    Args:
        seed: of the tokens that the text comes in.
    """
    return differences(_growing(text, seed), seen(whole(text)))


def _growing(text: str, seed: int) -> Iterator[tuple[str, str]]:
    """Yield what has come of the text after each token, and its page."""
    markdown, come = Markdown("mathml"), ""
    for token in tokens(text, seed):
        come += token
        markdown.feed(token)
        markdown.change()
        yield come[-40:], markdown.html


def differences(pages: Iterable[tuple[str, str]], wanted: Sequence[Thing]) -> list[str]:
    """What is seen of pages, each with a name, that is not how the last page begins, or that is gone from one to the
    next. Half a formula may be shown as code. The last characters may vanish: a number may become a formula.

    Args:
        wanted: what is seen of the last page.
    """
    found, most = list[str](), 0
    for name, page in pages:
        shown = seen(page)
        same = next((at for at, each in enumerate(shown) if [each] != wanted[at : at + 1]), len(shown))
        rest, after = shown[same:], wanted[same : same + 1]
        is_half_formula = bool(after) and after[0][0] == _FORMULA and all(kinds[-1:] == ("code",) for _, kinds in rest)
        if rest and not is_half_formula:
            found.append(f"{name!r} shows {_text(rest)!r} in {rest[0][1]}")
        if same < most - VANISHING:
            found.append(f"{name!r} no longer shows {_text(wanted[same:most])!r}")
        most = max(most, same)
    return found


def _text(shown: Iterable[Thing]) -> str:
    return "".join(thing for thing, _ in shown)[:40]

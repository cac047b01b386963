"""What a reader sees of a growing text that is not how the whole begins."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser

from sfstream.markdown.stream import Markdown
from tests.markdown.growing import whole
from tests.markdown.tokens import tokens

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
        self.shown: list[tuple[str, tuple[str, ...]]] = []
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


def seen(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """What is seen of a page."""
    reader = _Seen()
    reader.feed(html)
    reader.close()
    return reader.shown


def flashes(text: str, seed: int) -> list[str]:
    """The beginnings of the text after which a reader sees what is not there in the end, or less than before.

    Half a formula may be shown as code. The last characters may vanish again: a number may become a formula.

    Args:
        seed: of the tokens that the text comes in.
    """
    wanted, markdown, found, come, most = seen(whole(text)), Markdown("mathml"), list[str](), "", 0
    for token in tokens(text, seed):
        come += token
        markdown.feed(token)
        markdown.change()
        shown = seen(markdown.html)
        same = next((at for at, each in enumerate(shown) if [each] != wanted[at : at + 1]), len(shown))
        rest, after = shown[same:], wanted[same : same + 1]
        is_half_formula = bool(after) and after[0][0] == _FORMULA and all(kinds[-1:] == ("code",) for _, kinds in rest)
        if rest and not is_half_formula:
            found.append(f"{come[-40:]!r} shows {_text(rest)!r} in {rest[0][1]}")
        if same < most - VANISHING:
            found.append(f"{come[-40:]!r} no longer shows {_text(wanted[same:most])!r}")
        most = max(most, same)
    return found


def _text(shown: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    return "".join(thing for thing, _ in shown)[:40]

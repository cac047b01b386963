"""What a reader sees of a growing text that is not how the whole begins."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser

from sfstream.markdown.stream import Markdown
from tests.markdown.growing import pieces, whole

_VOID = {"br", "hr", "img"}
_MEANINGLESS = {"a", "span", "thead", "tbody", "tr"}
"""Elements that may come later: a link is one when its address is whole."""
_FORMULA = "∑"


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
        kinds = [tag for tag in self._open if tag not in _MEANINGLESS]
        # A list may turn loose: its text is then in paragraphs.
        self.shown.append((thing, tuple(tag for tag in kinds if tag != "p" or "li" not in kinds)))


def seen(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """What is seen of a page."""
    reader = _Seen()
    reader.feed(html)
    reader.close()
    return reader.shown


def flashes(text: str, pace: int) -> list[str]:
    """The beginnings of the text after which something is seen that is not there in the end.

    Half a formula may be shown as code.

    Args:
        pace: characters of a piece.
    """
    wanted, markdown, found, come = seen(whole(text)), Markdown("mathml"), list[str](), ""
    for piece in pieces(text, range(0, len(text), pace)):
        come += piece
        markdown.feed(piece)
        markdown.change()
        shown = seen(markdown.html)
        same = next((at for at, each in enumerate(shown) if [each] != wanted[at : at + 1]), len(shown))
        rest, after = shown[same:], wanted[same : same + 1]
        is_half_formula = bool(after) and after[0][0] == _FORMULA and all(kinds[-1:] == ("code",) for _, kinds in rest)
        if rest and not is_half_formula:
            found.append(f"{come[-40:]!r} shows {''.join(thing for thing, _ in rest)[:40]!r} in {rest[0][1]}")
    return found

"""Render a growing answer by its format: as Markdown, or as it was written, which is plain text or JSON in colours."""

from __future__ import annotations

import re
from typing import TypeAlias

from sfstream.markdown.export import as_code, as_markdown
from sfstream.markdown.highlight import coloured
from sfstream.markdown.json_colours import JsonColours
from sfstream.markdown.page_styles import RESET
from sfstream.markdown.parts import CLOSE, Step
from sfstream.markdown.renderer import Maths, rendered
from sfstream.markdown.stream import Change, Markdown, balanced

_WRAPPED = "white-space:pre-wrap;overflow-wrap:break-word;word-break:normal"
_FRAME = "margin:.5em 0 1em;padding:.5em .75em;border:1px solid #80808040;border-radius:.25em"
_TAGS = {
    "text": [f'<pre style="{_WRAPPED};margin:0 0 .5em">'],
    "json": [f'<pre style="{_WRAPPED};{_FRAME}">', f'<code style="{_WRAPPED};{RESET}">'],
}
"""The elements around the text, by format. Long lines are broken, as JSON often comes on one, but not within words,
as JupyterLab would."""
_HALF = re.compile(r"[\r\ud800-\udbff]?\Z")
"""The first half of a line end or of a character."""
_FENCE = re.compile(r"[ \t]*(?:`{3,}|~{3,})[ \t]*[\w+.-]*[ \t]*")
_OPEN_FENCE = re.compile(rf"{_FENCE.pattern}|[ \t]*(?:`{{1,2}}|~{{1,2}})")


class Verbatim:
    """Incremental renderer of a text that is shown as it was written. Its methods are those of `Markdown`.

    Each character is rendered once, so an update costs what is new in it.

    Args:
        format: ``text``, or ``json``: in colours, without the lines that fence it.

    Attributes:
        steps: all steps so far, for a view that has seen none of them.
    """

    def __init__(self, format: str) -> None:  # noqa: A002  # the name of the option
        self.steps: list[Step] = []
        self._lines = _Lines(are_fences_shown=format != "json")
        self._colours = JsonColours() if format == "json" else None
        self._tags = _TAGS[format]

    def feed(self, text: str) -> None:
        """See `Markdown.feed`."""
        self._lines.feed(text)

    def change(self) -> Change:
        """See `Markdown.change`."""
        return self._noted(self._html(self._lines.take()))

    def finish(self) -> Change:
        """See `Markdown.finish`."""
        html = self._html(self._lines.take(last=True), last=True)
        return self._noted(html, *([CLOSE] * len(self._tags) if html or self.steps else []))

    @property
    def html(self) -> str:
        """See `Markdown.html`."""
        return balanced(self.steps)

    def _html(self, text: str, *, last: bool = False) -> str:
        return coloured(self._colours.pieces(text, last=last) if self._colours else [("", text)])

    def _noted(self, html: str, *after: Step) -> Change:
        before: list[Step] = [("open", tag) for tag in self._tags] if html and not self.steps else []
        added: list[Step] = [("add", html)] if html else []
        steps = [*before, *added, *after]
        self.steps += steps
        return Change(tuple(steps))


class _Lines:
    """The text that can be shown already of one that grows.

    White space before the first and after the last word is left out, and so are lines that are a fence of code.
    """

    def __init__(self, *, are_fences_shown: bool) -> None:
        self._are_fences_shown = are_fences_shown
        self._left = ""
        self._is_start = True  # whether what is left begins a line
        self._breaks = 0  # line ends that wait for the next word
        self._has_begun = False

    def feed(self, text: str) -> None:
        self._left += text

    def take(self, *, last: bool = False) -> str:
        """Return what can be shown now. A line that may become a fence waits for its end."""
        half = "" if last else self._left[_HALF.search(self._left).start() :]  # type: ignore[union-attr]  # or empty
        text = self._left.removesuffix(half).replace("\r\n", "\n").replace("\r", "\n")
        *lines, rest = text.split("\n")
        shown = "".join(self._piece(line, is_end=True) for line in lines)
        if last or not self._waits(rest):
            shown, rest = shown + self._piece(rest), ""
        self._left = rest + half
        return shown

    def _waits(self, piece: str) -> bool:
        may_be_fence = not self._are_fences_shown and _OPEN_FENCE.fullmatch(piece)
        return self._is_start and (not piece.strip() or bool(may_be_fence))

    def _piece(self, piece: str, *, is_end: bool = False) -> str:
        """Return the next piece of a line, after the line ends that have waited."""
        is_fence = self._is_start and not self._are_fences_shown and bool(_FENCE.fullmatch(piece))
        shown = ""
        if not is_fence and (piece.strip() or not self._is_start):
            shown = "\n" * self._breaks * self._has_begun + piece
            self._breaks, self._has_begun = 0, True
        self._is_start = is_end
        self._breaks += is_end and not is_fence
        return shown


Growing: TypeAlias = Markdown | Verbatim


def growing(format: str, maths: Maths) -> Growing:  # noqa: A002  # the name of the option
    """Return the incremental renderer for an answer of this format."""
    return Verbatim(format) if format in _TAGS else Markdown(maths)


def as_html(source: str, format: str, maths: Maths) -> str:  # noqa: A002
    """Return the safe HTML of a whole answer of this format."""
    if format not in _TAGS:
        return "".join(rendered(source, maths))
    shown = Verbatim(format)
    shown.feed(source)
    shown.finish()
    return shown.html


def as_safe_markdown(source: str, format: str) -> str:  # noqa: A002
    """Return safe Markdown of a whole answer of this format; what is shown as it was written is a block of code."""
    if format not in _TAGS:
        return as_markdown(source)
    lines = _Lines(are_fences_shown=format != "json")
    lines.feed(source)
    text = lines.take(last=True)
    return as_code(text, "json" if format == "json" else "") if text else ""

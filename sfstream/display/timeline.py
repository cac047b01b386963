"""The timeline of replies: when each piece of them arrived, on one axis."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from sfstream.core.inspection import Traced
from sfstream.core.text import columns
from sfstream.display.arrivals import Arrival, arrivals, ended_at, finished_at, longest_gaps
from sfstream.display.captions import status_line
from sfstream.display.lanes import axis, fixed
from sfstream.display.recording_view import RecordingView, data_frame
from sfstream.display.translations import translate

GAPS = 3
"""Number of the longest gaps that are listed."""
DTYPES = {
    "reply": "int64",
    "model": "object",
    "number": "int64",
    "t": "float64",
    "gap": "float64",
    "kind": "object",
    "text": "object",
    "tokens": "Int64",
    "rate": "float64",
}
"""Columns of `Timeline.to_frame`, and their types."""

_BOX = "overflow-x:auto;margin:.4em 0"
_HEAD = "opacity:.75;font-size:.9em;margin-top:.4em;overflow-wrap:anywhere"
_LANES = (
    "font-family:Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:.85em;line-height:1.25;white-space:pre;"
    "margin:0;padding:0;background:none;border:none"
)
_TABLE = "font-size:.9em;margin:.4em 0"
_CELL = "text-align:left;vertical-align:top;padding:.1em 1em .1em 0"


class Timeline(RecordingView):
    """When each piece of one or several replies arrived: ``reply.timeline()``.

    Reasoning, content and tool calls have a lane each. All replies are on one axis, in seconds since the request.

    Example:
        >>> reply.timeline(other).to_frame().plot(x="t", y="rate")
    """

    panes = ("timeline",)

    def __init__(self, traced: Sequence[Traced]) -> None:
        super().__init__(traced)
        self._pieces = [arrivals(each.inspection) for each in self.traced]
        self._axis = axis(max(map(ended_at, self.traced), default=0.0), self._pieces)

    def to_frame(self) -> Any:
        """Return the timeline as a pandas DataFrame, one row for each piece.

        Its columns are: ``reply``, its number from 1; ``model``; ``number`` of the piece, from 1; ``t``, seconds since
        the request was sent; ``gap``, seconds since the piece before; ``kind``: reasoning, content or tool call;
        ``text``; ``tokens`` so far, as the server counted them; ``rate``, tokens per second in about the last second.

        Raises:
            ConfigurationError: pandas is not installed.
        """
        rows = [
            {"reply": reply, "model": self.traced[reply - 1].reply.model, "number": number} | asdict(piece)
            for reply, pieces in enumerate(self._pieces, 1)
            for number, piece in enumerate(pieces, 1)
        ]
        return data_frame(rows, list(DTYPES)).astype(DTYPES)

    def static_html(self) -> str:
        blocks = [
            f'<div style="{_HEAD}">{html.escape(head)}</div>{_preformatted(lanes)}'
            for head, lanes in zip(self._heads(), self._lanes(), strict=True)
        ]
        ruler = _preformatted(self._axis.ruler())
        legend = f'<div style="{_HEAD}">{html.escape(self._legend())}</div>'
        return f'<div style="{_BOX}" dir="ltr">{"".join(blocks)}{ruler}{legend}{self._table()}</div>'

    def static_text(self) -> str:
        blocks = ["\n".join([head, *lanes]) for head, lanes in zip(self._heads(), self._lanes(), strict=True)]
        ruler = "\n".join(self._axis.ruler())
        return "\n".join([*blocks, ruler, self._legend(), "", *_aligned(list(self._rows()))])

    def _heads(self) -> Iterator[str]:
        """Yield what stands above the lanes of each reply."""
        for number, each in enumerate(self.traced, 1):
            yield f"{number} · {status_line(each.reply)}" if len(self.traced) > 1 else status_line(each.reply)

    def _lanes(self) -> Iterator[list[str]]:
        """Yield the lanes of each reply."""
        for pieces in self._pieces:
            lanes = [f"{lane} {translate(kind)}" for kind, lane in self._axis.lanes(pieces)]
            yield lanes or [translate("No token arrived.")]

    def _legend(self) -> str:
        step, most = f"{self._axis.step:g}", self._axis.most
        return translate("Seconds. One column is {step} s; deltas in a full block: {most}.", step=step, most=most)

    def _rows(self) -> Iterator[list[str]]:
        """Yield the rows of the table: what is measured, and its value for each reply."""
        if len(self.traced) > 1:
            yield ["", *map(str, range(1, len(self.traced) + 1))]
        timings = [each.reply.timing for each in self.traced]
        yield [translate("first token"), *(_seconds(timing.first_token) for timing in timings)]
        yield [translate("first content"), *(_seconds(timing.first_content) for timing in timings)]
        yield [translate("finish"), *(_seconds(finished_at(each.inspection)) for each in self.traced)]
        yield [translate("total"), *(_seconds(ended_at(each)) for each in self.traced)]
        yield [translate("speed"), *(_speed(timing.tokens_per_second) for timing in timings)]
        gaps = [longest_gaps(pieces, GAPS) for pieces in self._pieces]
        for place in range(max(map(len, gaps), default=0)):
            cells = [each[place] if place < len(each) else None for each in gaps]
            yield ["" if place else translate("longest gaps"), *(_gap(cell) for cell in cells)]

    def _table(self) -> str:
        rows = "".join(
            "<tr>" + "".join(f'<td style="{_CELL}">{html.escape(cell)}</td>' for cell in row) + "</tr>"
            for row in self._rows()
        )
        return f'<table style="{_TABLE}">{rows}</table>'


def _preformatted(lines: Sequence[str]) -> str:
    return f'<pre style="{_LANES}">{fixed(html.escape(chr(10).join(lines)))}</pre>'


def _seconds(t: float | None) -> str:
    return "–" if t is None else translate("{seconds} s", seconds=f"{t:,.2f}")


def _speed(tokens_per_second: float | None) -> str:
    return "–" if tokens_per_second is None else translate("{speed} tokens/s", speed=f"{tokens_per_second:,.1f}")


def _gap(piece: Arrival | None) -> str:
    """Return how long the gap before a piece was, and when it began."""
    if piece is None:
        return ""
    return translate("{gap} s at {start} s", gap=f"{piece.gap:,.2f}", start=f"{piece.t - piece.gap:,.2f}")


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the rows as lines; a Chinese character takes two columns."""
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()

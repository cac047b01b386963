"""Lanes of a timeline, drawn with characters: each column is a span of time, and the higher its block, the more came.

A label stands after its lane, because Chinese characters before it would shift the lane in a browser. Not every font
has all blocks, and those of another may be wider: `fixed` gives them their place in HTML.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sfstream.display.arrivals import KINDS, Arrival, PieceKind

WIDTH = 48
"""Most columns of an axis: with a label this fits into an output that is 400 pixels wide."""
BLOCKS = " ▁▂▃▄▅▆▇█"
_RUN = re.compile(f"[{BLOCKS[1:]}]+")
_FIXED = "display:inline-block;vertical-align:bottom;overflow:hidden;width"
_TICK = 10
"""Columns between two marks of the axis."""
_STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
_LEAST = 0.001
"""Shortest span of a column, in seconds."""


@dataclass(frozen=True)
class Axis:
    """The scale that all lanes share.

    Attributes:
        step: seconds of one column, a round number.
        columns: number of columns.
        most: the most pieces that arrived within one column of any lane.
    """

    step: float
    columns: int
    most: int

    def lane(self, pieces: Sequence[Arrival], kind: PieceKind) -> str:
        """Return the lane of one kind of pieces; empty if there are none."""
        counts = Counter(_column(piece.t, self.step) for piece in pieces if piece.kind == kind)
        return "".join(
            BLOCKS[math.ceil((len(BLOCKS) - 1) * counts[n] / self.most)] for n in range(self.columns)
        ).rstrip()

    def lanes(self, pieces: Sequence[Arrival]) -> Iterator[tuple[PieceKind, str]]:
        """Yield the kinds that there are, each with its lane."""
        for kind in KINDS:
            if lane := self.lane(pieces, kind):
                yield kind, lane

    def ruler(self) -> tuple[str, str]:
        """Return the marks of the axis, and their seconds below them."""
        ticks = range(0, self.columns, _TICK)
        marks = "".join("├" if not n else "┼" if n % _TICK == 0 else "─" for n in range(self.columns))
        return marks, "".join(f"{f'{n * self.step:g}':<{_TICK}}" for n in ticks).rstrip()


def axis(seconds: float, lanes: Sequence[Sequence[Arrival]]) -> Axis:
    """Return the axis on which all lanes have room.

    Args:
        seconds: the end of the last one.
        lanes: the pieces of each.
    """
    step = _round_step(max(seconds / WIDTH, _LEAST))
    counts = Counter(
        (number, piece.kind, _column(piece.t, step)) for number, pieces in enumerate(lanes) for piece in pieces
    )
    return Axis(step, _column(seconds, step) + 1, max(counts.values(), default=1))


def fixed(lane: str) -> str:
    """Return a lane, which is escaped, as HTML in which each run of blocks takes as many columns as it has blocks."""
    return _RUN.sub(lambda run: f'<span style="{_FIXED}:{len(run[0])}ch">{run[0]}</span>', lane)


def _column(t: float, step: float) -> int:
    return int(t / step + 1e-6)  # 0.3 / 0.1 is less than 3


def _round_step(least: float) -> float:
    """Return the smallest number of one or two digits, times a power of ten, that is not less and whose tenfold is easy
    to read on an axis."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(round(factor * power, 6) for factor in _STEPS if factor * power >= least * (1 - 1e-9))

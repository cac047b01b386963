"""A table as the value of a cell: HTML in a notebook, aligned columns in a terminal."""

from __future__ import annotations

import html
import os
import sys
from collections.abc import Collection, Sequence

from sfstream.core.text import columns, cut_to_width, harmless

_GAP = "  "
_LEAST = 8
"""Minimum width that is left to a column that is cut."""
_WHOLE, _BROKEN = ";white-space:nowrap", ";overflow-wrap:anywhere;min-width:6em"


class Table:
    """A table of text.

    Attributes:
        rows: the cells, row by row.
        heads: headings of the columns; none if it is empty.
        note: a line below the table.
        pictures: safe HTML that stands above the text of a cell, by its row and column; a terminal shows none.
        whole: indices of the columns that a notebook does not break into several lines.
        yielding: indices of the columns that are cut if a terminal is too narrow, the widest first; in a notebook their
            long words are broken.
        numbers: indices of the columns that are aligned at the right.
    """

    def __init__(
        self,
        rows: Sequence[Sequence[str]],
        heads: Sequence[str] = (),
        note: str = "",
        *,
        whole: Collection[int] = (0,),
        yielding: Collection[int] = (),
        numbers: Collection[int] = (),
    ) -> None:
        self.rows = [[harmless(cell).replace("\n", " ") for cell in row] for row in rows]
        self.heads, self.note = heads, note
        self.whole, self.yielding, self.numbers = whole, yielding, numbers
        self.pictures: dict[tuple[int, int], str] = {}

    def __repr__(self) -> str:
        lines = [*([self.heads] if self.heads else []), *self.rows]
        widths = [max(map(columns, column)) for column in zip(*lines, strict=True)]
        if sys.stdout.isatty():
            self._narrow(widths, os.get_terminal_size(sys.stdout.fileno()).columns)
        padded = [_GAP.join(map(self._padded, range(len(line)), line, widths)).rstrip() for line in lines]
        return "\n".join([*padded, *([self.note] if self.note else [])])

    def _repr_html_(self) -> str:
        heads = self._row("th", self.heads) if self.heads else ""
        rows = "".join(self._row("td", row, number) for number, row in enumerate(self.rows))
        note = f'<div style="opacity:.7;font-size:.9em">{html.escape(self.note)}</div>' if self.note else ""
        return f'<table class="tex2jax_ignore mathjax_ignore">{heads}{rows}</table>{note}'

    def _narrow(self, widths: list[int], width: int) -> None:
        """Take from the yielding columns what a terminal lacks, column by column from the widest."""
        for _ in range(sum(widths) + len(_GAP) * (len(widths) - 1) - width):
            widest = max(self.yielding, key=widths.__getitem__, default=None)
            if widest is None or widths[widest] <= _LEAST:
                return
            widths[widest] -= 1

    def _padded(self, column: int, cell: str, width: int) -> str:
        """Pad or cut a cell to a width."""
        if columns(cell) > width:
            cell = f"{cut_to_width(cell, width - 1)}…"
        space = " " * (width - columns(cell))
        return space + cell if column in self.numbers else cell + space

    def _row(self, tag: str, cells: Sequence[str], number: int = -1) -> str:
        return f"<tr>{''.join(self._cell(tag, cell, number, column) for column, cell in enumerate(cells))}</tr>"

    def _cell(self, tag: str, cell: str, row: int, column: int) -> str:
        side = "right" if column in self.numbers else "left"
        breaks = _WHOLE if column in self.whole else _BROKEN if column in self.yielding else ""
        style = f"text-align:{side};vertical-align:top{breaks}"
        picture = self.pictures.get((row, column), "")
        return f'<{tag} style="{style}">{picture}{"<br>" if picture else ""}{html.escape(cell)}</{tag}>'

"""A table as the value of a cell: HTML in a notebook, aligned columns in a terminal."""

from __future__ import annotations

import html
import os
import sys
from collections.abc import Sequence

from sfstream.core.text import columns, cut_to_width, harmless

_GAP = "  "
_LEAST = 8
"""Minimum width that is left to the column that is cut."""


class Table:
    """A table of text.

    Attributes:
        rows: the cells, row by row.
        heads: headings of the columns; none if it is empty.
        note: a line below the table.
        pictures: safe HTML that stands above the text of a cell, by its row and column; a terminal shows none.
        yielding: index of the column that is cut if a terminal is too narrow; None for none.
    """

    def __init__(
        self, rows: Sequence[Sequence[str]], heads: Sequence[str] = (), note: str = "", yielding: int | None = None
    ) -> None:
        self.rows = [[harmless(cell).replace("\n", " ") for cell in row] for row in rows]
        self.heads, self.note, self.yielding = heads, note, yielding
        self.pictures: dict[tuple[int, int], str] = {}

    def __repr__(self) -> str:
        lines = [*([self.heads] if self.heads else []), *self.rows]
        widths = [max(map(columns, column)) for column in zip(*lines, strict=True)]
        if self.yielding is not None and sys.stdout.isatty():
            missing = sum(widths) + len(_GAP) * (len(widths) - 1) - os.get_terminal_size(sys.stdout.fileno()).columns
            widths[self.yielding] -= max(0, min(missing, widths[self.yielding] - _LEAST))
        padded = [_GAP.join(map(_padded, line, widths)).rstrip() for line in lines]
        return "\n".join([*padded, *([self.note] if self.note else [])])

    def _repr_html_(self) -> str:
        heads = _row("th", self.heads) if self.heads else ""
        rows = "".join(
            _row("td", row, [self.pictures.get((number, column), "") for column in range(len(row))])
            for number, row in enumerate(self.rows)
        )
        note = f'<div style="opacity:.7;font-size:.9em">{html.escape(self.note)}</div>' if self.note else ""
        return f'<table class="tex2jax_ignore mathjax_ignore">{heads}{rows}</table>{note}'


def _row(tag: str, cells: Sequence[str], pictures: Sequence[str] = ()) -> str:
    first, other = (f'<{tag} style="text-align:left;vertical-align:top{more}">' for more in (";white-space:nowrap", ""))
    shown = [f"{picture}<br>" if picture else "" for picture in pictures or [""] * len(cells)]
    texts = [
        f"{other if number else first}{picture}{html.escape(cell)}</{tag}>"
        for number, (picture, cell) in enumerate(zip(shown, cells, strict=True))
    ]
    return f"<tr>{''.join(texts)}</tr>"


def _padded(cell: str, width: int) -> str:
    """Pad or cut a cell to a width."""
    if columns(cell) > width:
        cell = f"{cut_to_width(cell, width - 1)}…"
    return cell + " " * (width - columns(cell))

"""Rows of text as a table: HTML in a notebook, aligned columns in a terminal."""

from __future__ import annotations

import html
import os
import sys
from collections.abc import Sequence

from sfstream.core.text import columns, harmless, is_terminal

_GAP = "  "
_WIDEST = 300
"""Columns of the widest column; a server may give its models any name."""
_LEAST = 8
"""Columns that are left to the one that is cut."""


class Table:
    """The value of a cell.

    Attributes:
        rows: the cells, as text.
        heads: over the columns; none where it is empty.
        note: a line below.
        yielding: the number of the column that is cut where a terminal is too narrow; None for none.
    """

    def __init__(
        self, rows: Sequence[Sequence[str]], heads: Sequence[str] = (), note: str = "", yielding: int | None = None
    ) -> None:
        self.rows = [[harmless(cell).replace("\n", " ") for cell in row] for row in rows]
        self.heads, self.note, self.yielding = heads, note, yielding

    def __repr__(self) -> str:
        lines = [*([self.heads] if self.heads else []), *self.rows]
        widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
        if self.yielding is not None and is_terminal():
            missing = sum(widths) + len(_GAP) * (len(widths) - 1) - os.get_terminal_size(sys.stdout.fileno()).columns
            widths[self.yielding] -= max(0, min(missing, widths[self.yielding] - _LEAST))
        padded = [_GAP.join(map(_fitted, line, widths)).rstrip() for line in lines]
        return "\n".join([*padded, *([self.note] if self.note else [])])

    def _repr_html_(self) -> str:
        heads = _row("th", self.heads) if self.heads else ""
        rows = "".join(_row("td", row) for row in self.rows)
        note = f'<div style="opacity:.7;font-size:.9em">{html.escape(self.note)}</div>' if self.note else ""
        return f'<table class="tex2jax_ignore mathjax_ignore">{heads}{rows}</table>{note}'


def _row(tag: str, cells: Sequence[str]) -> str:
    first, other = (f'<{tag} style="text-align:left;vertical-align:top{more}">' for more in (";white-space:nowrap", ""))
    texts = [f"{other if number else first}{html.escape(cell)}</{tag}>" for number, cell in enumerate(cells)]
    return f"<tr>{''.join(texts)}</tr>"


def _width(cell: str) -> int:
    """How many columns it asks for; none where it is so long that all others would be filled up for its sake."""
    return width if (width := columns(cell)) <= _WIDEST else 0


def _fitted(cell: str, width: int) -> str:
    """The text in so many columns, cut or filled up; one that is longer than any column is whole."""
    if width < columns(cell) <= _WIDEST:
        while columns(cell) >= width:
            cell = cell[:-1]
        cell += "…"
    return cell + " " * (width - columns(cell))

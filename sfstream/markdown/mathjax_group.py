"""What a reader of a formula knows of the group that it is in. No I/O."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Group:
    r"""What has been read of a group, as far as it decides what may follow.

    Attributes:
        rows: whether it is a table, with rows.
        columns: whether these have columns.
        taggable: whether a tag may stand in it, or in each of its rows.
        is_fenced: whether it is between delimiters, so that another may stand in the middle.
        scripts: those of the last item.
        is_operator: whether the last item takes ``\limits``.
        items: their number since the beginning of the cell.
        is_tagged: whether the row has its tag.
        is_divided: whether the cell is divided by a command such as ``\over``.
    """

    rows: bool = False
    columns: bool = False
    taggable: bool = False
    is_fenced: bool = False
    scripts: str = ""
    is_operator: bool = False
    items: int = 0
    is_tagged: bool = False
    is_divided: bool = False

    def begin_cell(self) -> None:
        """Forget the items of the cell before."""
        self.scripts, self.is_operator, self.items, self.is_divided = "", False, 0, False

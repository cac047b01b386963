"""A table as HTML and as text."""

from __future__ import annotations

import os
import re
import sys

import pytest

from sfstream.core.text import columns
from sfstream.notebook.table import Table

HEADS = ("N", "when", "model", "prompt", "status", "tokens")
ROWS = [
    ("1234", "2026-11-30 12:01", "deepseek-ai/DeepSeek-V4-Flash", "有诺贝尔数学奖吗？" * 8, "complete", "12,345"),
    ("7", "2026-11-30 12:01", "m" * 80, "Why? ", "cut · partial · reused", "7"),
]


def log_table() -> Table:
    return Table(ROWS, HEADS, whole=(0, 1, 5), yielding=(2, 3, 4), numbers=(0, 5))


def test_numbers_stand_at_the_right_and_dates_on_one_line() -> None:
    """In the headings too; text is at the left."""
    shown = log_table()._repr_html_()
    for cell in ("N", "1234", "tokens", "12,345"):
        assert re.search(rf'text-align:right;[^"]*nowrap">{cell}<', shown)
    assert re.search(r'text-align:left;[^"]*nowrap">2026-11-30 12:01<', shown)
    assert re.search(r'text-align:left;[^"]*overflow-wrap:anywhere[^"]*">m{80}<', shown)


@pytest.mark.parametrize("width", [60, 80, 100])
def test_in_a_terminal_the_widest_columns_are_cut(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until a row takes one line; numbers and dates stay whole."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "fileno", lambda: 1, raising=False)
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((width, 40)))
    lines = repr(log_table()).splitlines()
    assert {width} == set(map(columns, lines))
    for line, number, tokens in zip(
        lines[1:], ("1234  2026-11-30 12:01", "   7  2026-11-30 12:01"), ("12,345", "     7"), strict=True
    ):
        assert line.startswith(number)
        assert line.endswith(tokens)


def test_elsewhere_nothing_is_cut() -> None:
    """Such as in a file, and in a notebook's plain text."""
    assert all(cell in repr(log_table()) for row in ROWS for cell in row)

"""How the value of a ``{{ expression }}`` is written in a prompt: data frames as Markdown tables, the rest as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from sfstream.core.message import Message, message
from sfstream.notebook.last_error import traceback_text

LIMIT = 20_000
"""Maximum number of characters of a value; the rest is left out, and the prompt and a note say so."""

_FRAMES = {"pandas", "polars", "pyarrow", "modin", "cudf", "narwhals"}
"""Libraries whose data frames narwhals takes. narwhals is imported only for values of these."""


class Written(NamedTuple):
    """A value as text, and what the user is told about it."""

    text: str
    note: Message | None = None
    is_table: bool = False


def written(value: object, name: str, shell: Any) -> Written:
    """Return a value as text.

    Args:
        value: any value. Its ``str`` may raise.
        name: the expression, for the note.
        shell: the IPython shell, which knows the cells of a traceback.
    """
    if isinstance(value, BaseException):
        return _shortened(traceback_text(value, shell), name, tail=LIMIT // 2)
    if not _may_be_frame(value):
        return _shortened(str(value), name)
    try:
        import narwhals as nw
        from narwhals.exceptions import NarwhalsError
    except ImportError:
        note = message(
            "{name} is in the prompt as text. To make data frames Markdown tables: pip install 'sfstream[table]'",
            name=name,
        )
        return Written(_shortened(str(value), name).text, note)
    try:
        frame = nw.from_native(value, eager_only=True, allow_series=True, pass_through=True)
    except NarwhalsError:  # such as two columns of the same name
        return _shortened(str(value), name)
    if isinstance(frame, nw.Series):
        frame = frame.alias(str(frame.name or "")).to_frame()
    if isinstance(frame, nw.DataFrame) and frame.columns:
        return _table(frame, name)
    return _shortened(str(value), name)


def _may_be_frame(value: object) -> bool:
    return hasattr(value, "__narwhals_dataframe__") or any(
        base.__module__.partition(".")[0] in _FRAMES for base in type(value).__mro__
    )


def _table(frame: Any, name: str) -> Written:
    """Return a data frame of narwhals as a table, with as many whole rows as `LIMIT` allows, and at least one."""
    index_names, index = _index(frame)
    heads = [*index_names, *frame.columns]
    lines = [_line(heads), _line(["---"] * len(heads), escape=False)]
    left, rows, sent = LIMIT - sum(map(len, lines)), len(frame), 0
    # A cell takes at least 3 characters.
    for at, row in enumerate(frame.head(LIMIT // (3 * len(heads) or 1) + 1).iter_rows()):
        line = _line([*index[at], *row] if index is not None else row)
        left -= len(line) + 1
        if left < 0 and sent:
            break
        lines.append(line)
        sent += 1
    table = "\n".join(lines)
    if sent == rows:
        return _shortened(table, name)._replace(is_table=True)
    note = message(
        "{name} has {rows} rows; the prompt holds the first {sent}.", name=name, rows=f"{rows:,}", sent=f"{sent:,}"
    )
    return Written(f"{_shortened(table, name).text}\n\n… {rows - sent:,} more rows", note, is_table=True)


def _index(frame: Any) -> tuple[list[str], list[tuple[Any, ...]] | None]:
    """Return the names and the rows of the index of a pandas data frame; None if it only counts from 0."""
    import narwhals as nw

    index: Any = nw.maybe_get_index(frame)
    is_count = type(index).__name__ == "RangeIndex" and (index.start, index.step, index.name) == (0, 1, None)
    if index is None or is_count:
        return [], None
    index = index[:LIMIT]
    rows = list(index) if index.nlevels > 1 else [(each,) for each in index]
    return ["" if each is None else each for each in index.names], rows


def _line(cells: Any, *, escape: bool = True) -> str:
    return f"| {' | '.join(_escaped(str(cell)) if escape else cell for cell in cells)} |"


def _escaped(cell: str) -> str:
    return re.sub(r"\r\n?|\n", "<br>", cell.replace("|", r"\|"))


def _shortened(text: str, name: str, tail: int = 0) -> Written:
    """Return a text that is cut to `LIMIT`; of its end, `tail` characters are kept."""
    if len(text) <= LIMIT:
        return Written(text)
    left_out = f"… {len(text) - LIMIT:,} more characters"
    note = message(
        "{name} has {length} characters; the prompt holds {sent} of them.",
        name=name,
        length=f"{len(text):,}",
        sent=f"{LIMIT:,}",
    )
    return Written("\n".join(_parts(text, left_out, tail)), note)


def _parts(text: str, left_out: str, tail: int) -> Iterator[str]:
    yield text[: LIMIT - tail]
    yield left_out
    if tail:
        yield text[-tail:]

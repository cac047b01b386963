"""The wire view: what arrived, at three levels: chunks of bytes, the frames in them, and what each frame became."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from sfstream.core.inspection import Inspection, Traced, became
from sfstream.display.recording_view import RecordingView, data_frame
from sfstream.display.translations import translate
from sfstream.display.wire_html import cells, line, note, table
from sfstream.display.wire_rows import Row, rows
from sfstream.display.wire_text import visible, visible_text

FIRST, LAST = 30, 10
"""Number of frames that the static form shows, at the beginning and at the end."""
MOST = 900
"""Maximum number of bytes of a frame that the static form shows."""
_MOST_TEXT = 300
"""The same of a text that a frame became."""
DTYPES = {
    **dict.fromkeys(("frame", "chunk", "chunks"), "int64"),
    **dict.fromkeys(("t", "gap"), "float64"),
    "bytes": "int64",
    **dict.fromkeys(("kind", "text"), "object"),
    "tokens": "Int64",
    **dict.fromkeys(("finish", "error", "data", "raw"), "object"),
}
"""Columns of `WireView.to_frame`, and their types."""


class WireView(RecordingView):
    """What arrived on the wire: ``reply.wire()``.

    Example:
        >>> frames = reply.wire().to_frame()
        >>> frames.groupby("kind")["bytes"].sum()
    """

    panes = ("wire",)

    def __init__(self, traced: Sequence[Traced]) -> None:
        super().__init__(traced)
        self._rows = list(rows(self._inspection))

    def to_frame(self) -> Any:
        """Return the frames as a pandas DataFrame, one row for each.

        Its columns are: ``frame``, its number from 1; ``chunk``, the number of the chunk that completed it, and
        ``chunks``, in how many its bytes came; ``t``, seconds since the request was sent; ``gap``, seconds since the
        frame before; ``bytes``, how many it has; ``kind``; ``text``, what it added to the reasoning, the content or the
        arguments of a tool call; ``tokens`` so far, as the server counted them; ``finish``, the finish reason;
        ``error``; ``data``, its data field; ``raw``, its bytes. What only the end of the stream brought is in the last
        row.

        Raises:
            ConfigurationError: pandas is not installed.
        """
        late = became(self._inspection.late, self._inspection.error)
        records = [_record(row, late if row is self._rows[-1] else []) for row in self._rows]
        return data_frame(records, list(DTYPES)).astype(DTYPES)

    def static_html(self) -> str:
        heads = line([translate("chunk"), translate("frame"), translate("what it became")], is_head=True)
        lines = [
            cells(_chunk(each), _frame(each), _raw(each), _delta(each))
            if isinstance(each, Row)
            else line([_left_out(each)])
            for each in self._shown()
        ]
        end = [cells([translate("end of the stream")], [], "", _shortened(self._late))] if self._late else []
        return note(self._head()) + table([heads, *lines, *end]) + note(_legend())

    def static_text(self) -> str:
        lines = [self._head()]
        for each in self._shown():
            lines += _text_lines(each) if isinstance(each, Row) else [_left_out(each)]
        end = [translate("end of the stream"), *_delta_lines(_shortened(self._late))] if self._late else []
        return "\n".join([*lines, *end, _legend()])

    @property
    def _inspection(self) -> Inspection:
        return self.traced[0].inspection

    @property
    def _late(self) -> list[tuple[str, str]]:
        return became(self._inspection.late, translate(self._inspection.explanation))

    def _shown(self) -> Iterator[Row | int]:
        """Yield the rows that are shown, and between them the number of those that are left out."""
        left_out = len(self._rows) - FIRST - LAST
        if left_out <= LAST:
            yield from self._rows
            return
        yield from self._rows[:FIRST]
        yield left_out
        yield from self._rows[-LAST:]

    def _head(self) -> str:
        chunks = self._inspection.chunks
        return translate(
            "Chunks: {chunks}, frames: {frames}, bytes: {bytes}, seconds: {seconds}",
            chunks=f"{len(chunks):,}",
            frames=f"{len(self._rows):,}",
            bytes=f"{sum(len(chunk.data) for chunk in chunks):,}",
            seconds=f"{chunks[-1].t if chunks else 0:.3f}",
        )


def _record(row: Row, late: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the row of the data frame."""
    pairs = [*row.frame.became, *late]
    return {
        "frame": row.number,
        "chunk": row.frame.chunk + 1,
        "chunks": row.last - row.first + 1,
        "t": row.t,
        "gap": row.gap,
        "bytes": len(row.raw),
        "kind": row.frame.kind,
        "text": _texts(pairs, "reasoning", "content", "tool call"),
        "tokens": row.tokens,
        "finish": _texts(pairs, "finish"),
        "error": _texts(pairs, "error"),
        "data": row.frame.data,
        "raw": row.raw,
    }


def _texts(pairs: Sequence[tuple[str, str]], *names: str) -> str:
    return "".join(text for name, text in pairs if name in names)


def _chunk(row: Row) -> list[str]:
    """Return what is said about the chunks of a row."""
    first, last = row.first + 1, row.last + 1
    if row.is_same_chunk:
        return [translate("same chunk")]
    number = translate("chunks {first} to {last}", first=first, last=last)
    return [
        translate("chunk {number}", number=first) if first == last else number,
        f"{row.arrived:.3f} s",
        *([f"+{row.wait:.3f} s"] if row.number > 1 else []),
        translate("{count} bytes", count=f"{row.size:,}"),
    ]


def _frame(row: Row) -> list[str]:
    """Return what is said about a frame."""
    size = translate("{count} bytes", count=f"{len(row.raw):,}")
    late = translate("complete with chunk {number}", number=row.frame.chunk + 1)
    return [
        translate("frame {number}", number=row.number),
        *([size] if row.is_same_chunk or len(row.raw) < row.size else []),
        *([late] if row.frame.chunk > row.last else []),
    ]


def _raw(row: Row) -> str:
    return visible(row.raw, row.edges, MOST)


def _delta(row: Row) -> list[tuple[str, str]]:
    """Return what a frame became, in short. The kind is first if nothing that it became has that name."""
    pairs = became(row.frame.events, translate(row.frame.explanation))
    kind = [] if row.frame.kind in dict(pairs) else [(row.frame.kind, "")]
    return [*kind, *_shortened(pairs, row.tokens)]


def _shortened(pairs: Sequence[tuple[str, str]], tokens: int | None = None) -> list[tuple[str, str]]:
    return [(name, _short(name, text, tokens)) for name, text in pairs]


def _short(name: str, text: str, tokens: int | None) -> str:
    if name == "usage" and tokens is not None:
        return f"completion_tokens {tokens}"
    if name == "error":
        return visible(text.replace("\n", " ").encode())
    return visible_text(text, _MOST_TEXT, is_quoted=name in ("reasoning", "content", "tool call"))


def _left_out(count: int) -> str:
    return translate("… {count} frames left out; {method} has all of them …", count=f"{count:,}", method=".to_frame()")


def _legend() -> str:
    return translate(
        "‹LF› ends a line, │ is where another chunk begins, ‹E4 BD› are bytes of a character that is cut in two."
    )


def _text_lines(row: Row) -> list[str]:
    """Return a row as text: each level is indented further."""
    head = [] if row.is_same_chunk else [" · ".join(_chunk(row))]
    frame = textwrap.indent(f"{' · '.join(_frame(row))}\n{_raw(row)}", "    ").splitlines()
    return [*head, *frame, *_delta_lines(_delta(row))]


def _delta_lines(pairs: Sequence[tuple[str, str]]) -> list[str]:
    return [f"        → {translate(name)} {text}".rstrip() for name, text in pairs]

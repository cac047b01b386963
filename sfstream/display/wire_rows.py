"""The rows of the wire view: each frame with the chunks that it came in, and what it became. No I/O."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from sfstream.core.events import Event, Usage, count_of
from sfstream.core.inspection import Frame, Inspection


@dataclass(frozen=True, slots=True)
class Row:
    """One frame.

    Attributes:
        number: of the frame, from 1.
        frame: the frame.
        t: when it was complete, in seconds since the request was sent.
        gap: seconds since the frame before was complete; since the request for the first.
        first: index of the chunk in which it begins.
        last: index of the chunk that holds its last byte.
        arrived: when that chunk arrived.
        wait: seconds since the last chunk of the frame before arrived.
        size: number of bytes of its chunks, which may hold other frames too.
        is_same_chunk: whether it is in one chunk, in which the frame before ended.
        raw: its bytes.
        edges: offsets in them at which a new chunk begins.
        tokens: the server's count of tokens so far; None if it has sent none.
    """

    number: int
    frame: Frame
    t: float
    gap: float
    first: int
    last: int
    arrived: float
    wait: float
    size: int
    is_same_chunk: bool
    raw: bytes
    edges: tuple[int, ...]
    tokens: int | None


def rows(inspection: Inspection) -> Iterator[Row]:
    """Yield a row for each frame."""
    chunks = inspection.chunks
    body = b"".join(chunk.data for chunk in chunks)
    starts = [0, *accumulate(len(chunk.data) for chunk in chunks)]
    t = arrived = 0.0
    last, tokens = -1, None
    for number, frame in enumerate(inspection.frames, 1):
        first, before = bisect_right(starts, frame.start) - 1, last
        last = bisect_left(starts, frame.end) - 1
        tokens = _tokens(frame.events, tokens)
        edges = dict.fromkeys(at - frame.start for at in starts[first + 1 : last + 1])
        yield Row(
            number=number,
            frame=frame,
            t=chunks[frame.chunk].t,
            gap=chunks[frame.chunk].t - t,
            first=first,
            last=last,
            arrived=chunks[last].t,
            wait=chunks[last].t - arrived,
            size=starts[last + 1] - starts[first],
            is_same_chunk=first == last == before,
            raw=body[frame.start : frame.end],
            edges=tuple(edges),
            tokens=tokens,
        )
        t, arrived = chunks[frame.chunk].t, chunks[last].t


def _tokens(events: tuple[Event, ...], before: int | None) -> int | None:
    counts = [count_of(event.counts, "completion_tokens") for event in events if isinstance(event, Usage)]
    return next((count for count in reversed(counts) if count is not None), before)

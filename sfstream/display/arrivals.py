"""When each piece of an answer arrived, how many tokens there were by then, and how fast they came. No I/O."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from sfstream.core.events import ContentWasReasoning, Delta, Event, Finish, ToolCallDelta, Usage, count_of
from sfstream.core.inspection import Inspection, Traced
from sfstream.core.reply import SHORTEST

PieceKind: TypeAlias = Literal["reasoning", "content", "tool call"]
KINDS: tuple[PieceKind, ...] = ("reasoning", "content", "tool call")
WINDOW = 1.0
"""Seconds over which the running rate is measured."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A piece of an answer and its arrival.

    Attributes:
        t: seconds since the request was sent.
        gap: seconds since the piece before it; for the first one, since the request was sent.
        kind: to which text it belongs.
        text: the piece; of a tool call, what is added to its name and arguments.
        tokens: tokens of the answer so far, as the server counted them; None before it sent a count.
        rate: tokens per second in about the last `WINDOW`; None where no number of tokens or no time is known.
    """

    t: float
    gap: float
    kind: PieceKind
    text: str
    tokens: int | None = None
    rate: float | None = None


def arrivals(inspection: Inspection) -> list[Arrival]:
    """Return the pieces of a recording, oldest first, each with the tokens and the rate by then."""
    found: list[Arrival] = []
    tokens, before = None, 0.0
    for t, events in _timed(inspection):
        counts = [count_of(event.counts, "completion_tokens") for event in events if isinstance(event, Usage)]
        tokens = next((count for count in reversed(counts) if count is not None), tokens)
        for event in events:
            if isinstance(event, ContentWasReasoning):
                found = [replace(piece, kind="reasoning") if piece.kind == "content" else piece for piece in found]
            for kind, text in _pieces(event):
                found.append(Arrival(t, max(0.0, t - before), kind, text, tokens))
                before = t
    return _with_rates(found, tokens)


def finished_at(inspection: Inspection) -> float | None:
    """Return when the finish reason arrived; None if it did not."""
    return next((t for t, events in _timed(inspection) if any(isinstance(event, Finish) for event in events)), None)


def ended_at(traced: Traced) -> float:
    """Return when the last byte arrived."""
    reply, inspection = traced
    return max([reply.timing.total or 0.0, *(chunk.t for chunk in inspection.chunks)])


def longest_gaps(pieces: Sequence[Arrival], most: int) -> list[Arrival]:
    """Return the pieces after the longest gaps, the longest first; the wait for the first piece is no gap."""
    return sorted((piece for piece in pieces[1:] if piece.gap >= SHORTEST), key=lambda piece: -piece.gap)[:most]


def _timed(inspection: Inspection) -> Iterator[tuple[float, tuple[Event, ...]]]:
    """Yield the events of each frame, and those that the end brought, with their arrival."""
    for frame in inspection.frames:
        yield inspection.chunks[frame.chunk].t, frame.events
    if inspection.late and inspection.chunks:
        yield inspection.chunks[-1].t, inspection.late


def _pieces(event: Event) -> Iterator[tuple[PieceKind, str]]:
    if isinstance(event, ToolCallDelta):
        yield "tool call", event.name + event.arguments
    elif isinstance(event, Delta):
        yield from (("reasoning", event.reasoning),) if event.reasoning else ()
        yield from (("content", event.content),) if event.content else ()


def _with_rates(pieces: Sequence[Arrival], total: int | None) -> list[Arrival]:
    counts = _running_counts(pieces, total)
    times = [piece.t for piece in pieces]
    rates: list[float | None] = []
    for place, t in enumerate(times):
        start = max(0, bisect_right(times, t - WINDOW, hi=place) - 1)  # the last one outside of the window
        seconds = t - times[start]
        rates.append((counts[place] - counts[start]) / seconds if counts and seconds >= SHORTEST else None)
    return [replace(piece, rate=rate) for piece, rate in zip(pieces, rates, strict=True)]


def _running_counts(pieces: Sequence[Arrival], total: int | None) -> list[float]:
    """Return the number of tokens after each piece; none where the server sent no count.

    SiliconFlow sends counts with every frame. Where they come only at the end, each piece counts for an equal share.
    """
    if total is None:
        return []
    if pieces and pieces[0].tokens is not None:
        return [float(piece.tokens or 0) for piece in pieces]
    return [total * (place + 1) / len(pieces) for place in range(len(pieces))]

"""The texts of the controls of the player, in the reader's language."""

from __future__ import annotations

from sfstream.display.translations import translate

_LABELS = (
    # Panes
    *("Answer", "Timeline", "Wire"),
    # The toolbar
    *("Play", "Pause", "One frame back", "One frame forward", "Speed", "max", "Longest pause", "as recorded"),
    *("First token", "End of reasoning", "Finish", "Position", "{seconds} s"),
    *("frame {frame} of {frames}, {seconds} s", "Player of a recording"),
    # The timeline and the wire
    *("deltas per second", "at most {rate} per second", "first token {seconds} s"),
    *("Filter by text", "Show these kinds only", "{shown} of {frames} frames"),
    *("Copy the body", "Copy the frame", "Copied", "Not copied"),
    *("Chunk: as it arrived", "Event: one SSE message", "Delta: what it became", "nothing is added"),
    *("same chunk", "chunk {number}", "chunk {number}: {bytes} bytes at {seconds} s ({gap})"),
    # Kinds of frames (core.inspection.Kind)
    *("reasoning", "content", "tool call", "usage", "finish", "role", "keep-alive", "done", "error"),
    *("incomplete", "other", "content was reasoning"),
)
"""English texts, which are the keys in the scripts too."""


def player_labels() -> dict[str, str]:
    """Return the texts of the page's own controls, by their keys in the scripts."""
    return {label: translate(label) for label in _LABELS}

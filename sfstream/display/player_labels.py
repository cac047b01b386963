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
)
"""English texts, which are the keys in the scripts too."""


def player_labels() -> dict[str, str]:
    """Return the texts of the page's own controls, by their keys in the scripts."""
    return {label: translate(label) for label in _LABELS}

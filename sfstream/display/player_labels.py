"""The texts of the controls of the player, in the reader's language."""

from __future__ import annotations

from sfstream.display.translations import translate

_LABELS = ("answer", "timeline", "wire")


def player_labels() -> dict[str, str]:
    """Return the texts of the page's own controls, by their keys in the scripts."""
    return {label: translate(label) for label in _LABELS}

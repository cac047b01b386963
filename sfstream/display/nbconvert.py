"""What nbconvert writes of an answer into a Markdown file: its Markdown, as a person would write it.

nbconvert takes HTML before Markdown. The package installs ``jupyter_nbconvert_config.json``, which lets each export to
Markdown pass here; other people's outputs, and other formats, are not touched.
"""

from __future__ import annotations

from typing import Any

from nbconvert.preprocessors import Preprocessor

_VIEW = '<div class="sfstream-recording'
"""Beginning of the interactive views, whose script has no place in a text."""


class AnswersAsMarkdown(Preprocessor):  # type: ignore[misc]  # nbconvert has no types
    """Preprocessor of nbconvert that removes the HTML where an answer, or a view of one, has a form that is text."""

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        """Return the cell without the HTML of our outputs."""
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            is_answer = "sfstream" in output.get("metadata", {}) and "text/markdown" in data
            if is_answer or "".join(data.get("text/html", "")).startswith(_VIEW):
                data.pop("text/html", None)
        return cell, resources

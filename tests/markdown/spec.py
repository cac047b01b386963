"""The examples of the CommonMark specification. Tests that read them are marked `needs_examples`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.needs import EXAMPLES, PACKAGES

needs_examples = pytest.mark.skipif(
    not Path(EXAMPLES).is_file(),
    reason=f"needs {EXAMPLES}: apt-get install {PACKAGES[EXAMPLES]}, or run python -m tests as root",
)


@dataclass(frozen=True)
class Example:
    """One example.

    Attributes:
        number: from 1, in the order of the specification.
        markdown: what is written.
        html: what the specification makes of it.
        section: the heading that it stands under.
    """

    number: int
    markdown: str
    html: str
    section: str


def examples() -> list[Example]:
    """All examples, in order."""
    return [
        Example(found["example"], found["markdown"], found["html"], found["section"])
        for found in json.loads(Path(EXAMPLES).read_text("utf-8"))
    ]

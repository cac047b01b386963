"""A short pass of each fuzz target, the same each time; ``python -m tests.fuzz`` goes on for as long as is asked."""

from __future__ import annotations

import importlib
from itertools import count

import pytest
from hypothesis import settings

from tests.fuzz.__main__ import FUZZING, TARGETS

EXAMPLES = 120


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_is_found(name: str) -> None:
    """What reads bytes and texts of others takes all of them."""
    examples = count()
    prop = importlib.import_module(f"tests.fuzz.{name}").target(lambda: next(examples))
    settings(FUZZING, max_examples=EXAMPLES, derandomize=True)(prop)()
    assert next(examples) >= EXAMPLES

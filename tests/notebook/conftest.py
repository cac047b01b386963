"""Fixtures of the tests of the magics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sfstream.demo.server import DemoServer
from tests.notebook.cells import loaded_shell


@pytest.fixture
def shell(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An IPython shell that has loaded sfstream and asks the demo server."""
    monkeypatch.setenv("SILICONFLOW_MODEL", "demo/english")
    with loaded_shell() as made:
        yield made

"""Fixtures of the tests of the magics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from sfstream.demo.server import DemoServer


@pytest.fixture
def shell(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An IPython shell that has loaded sfstream and asks the demo server."""
    monkeypatch.setenv("SILICONFLOW_MODEL", "demo/english")
    InteractiveShell.clear_instance()
    made = InteractiveShell.instance()
    made.run_cell("%load_ext sfstream")
    yield made
    made.run_cell("%unload_ext sfstream")
    made.history_manager.end_session()
    InteractiveShell.clear_instance()

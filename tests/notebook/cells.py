"""Run cells in the shell of a test, and look at what was sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core.interactiveshell import ExecutionResult, InteractiveShell

from sfstream.demo.server import DemoServer


@contextmanager
def loaded_shell() -> Iterator[Any]:
    """An IPython shell that has loaded sfstream; it ends with the block."""
    InteractiveShell.clear_instance()
    made = InteractiveShell.instance()
    made.run_cell("%load_ext sfstream")
    yield made
    made.run_cell("%unload_ext sfstream")
    made.history_manager.end_session()
    InteractiveShell.clear_instance()


def run(shell: Any, cell: str) -> ExecutionResult:
    """Run a cell as a notebook does."""
    return shell.run_cell(cell, store_history=True)


def body(demo: DemoServer) -> Any:
    """Return the JSON body of the last request."""
    return json.loads(demo.requests[-1].body)


def sent(demo: DemoServer) -> str:
    """Return the text of the last message of the last request."""
    content: str = body(demo)["messages"][-1]["content"]
    return content

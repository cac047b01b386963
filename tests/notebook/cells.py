"""Run cells in the shell of a test, and look at what was sent."""

from __future__ import annotations

import json
from typing import Any

from IPython.core.interactiveshell import ExecutionResult

from sfstream.demo.server import DemoServer


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

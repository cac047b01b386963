"""The one place where a private part of ipykernel is changed: which thread gets a widget's messages."""

from __future__ import annotations

from typing import Any


def reach_a_busy_kernel(comm: Any) -> None:
    """Let the messages of this comm in while a cell runs.

    JupyterLab 4.4 and Notebook 7.4 send them to a thread of their own in the kernel (a subshell). ipykernel 7.4 then
    routes them to the loop that last sent something on the comm: the cell, which is busy, so that a stop would arrive
    when there is nothing left to stop. What the front-end has asked for is taken instead. Other versions have no such
    routing, and nothing is changed.
    """
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda _data, default: default

"""Running a notebook without a browser, for ``sfstream demo --execute``."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

LONGEST_CELL = 600
"""Seconds that a cell may take."""


def run_and_print(path: Path) -> int:
    """Run the notebook, printing each code cell with its outputs as plain text.

    Returns:
        0, or 1 where a cell failed that is not tagged as one that may.
    """
    notebook: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # it is not typed

    def show(cell: Any, **_: Any) -> None:
        if cell.cell_type == "code":
            print("\n".join([">>> " + line for line in cell.source.splitlines()]))
            print("\n".join(filter(None, map(_text, cell.outputs))), flush=True)

    # The kernel of this Python, whatever other one a user has installed under the name of python3.
    specs = KernelSpecManager(ensure_native_kernel=True, allowed_kernelspecs={"python3"}, kernel_dirs=[])
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs)
    client = NotebookClient(
        notebook, km=manager, timeout=LONGEST_CELL, resources={"metadata": {"path": str(path.parent)}}
    )
    client.on_cell_executed = show
    try:
        # Cleaned up, else a manager of ours leaves its kernel behind. What a kernel says of itself is of no interest.
        client.execute(cleanup_kc=True, stderr=subprocess.DEVNULL)
    except CellExecutionError as error:
        print(f"A cell failed: {error.ename}: {error.evalue}", flush=True)
        return 1
    except Exception:
        if hasattr(client, "_async_cleanup_kernel_future"):  # private: nbclient has handled an interrupt so
            raise KeyboardInterrupt from None
        raise
    return 0


def _text(output: Any) -> str:
    if output.output_type == "stream":
        return str(output.text).rstrip()
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    return str(output.data.get("text/plain", "")).rstrip()

"""The ``sfstream`` command. Its one subcommand, ``sfstream demo``, copies the notebooks and opens or runs one."""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

QUICKSTART = "quickstart.ipynb"
CELL_TIMEOUT = 600
"""Seconds that a cell of the executed notebook may take."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: those of the command; None takes them from ``sys.argv``.

    Returns:
        the exit status: 0, 1 for a failure, or 130 for an interrupt.
    """
    parser = argparse.ArgumentParser(prog="sfstream", description="Stream answers of language models into notebooks.")
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser(
        "demo",
        help="copy the notebooks to this folder and open JupyterLab on the quickstart",
        description="Copy the notebooks to this folder, without overwriting any, and open JupyterLab on the "
        "quickstart. No API key is needed: without one, a server on this machine plays prepared answers.",
    )
    demo.add_argument("--execute", action="store_true", help="run the quickstart without a browser and print it")
    options = parser.parse_args(arguments)
    name, module = ("nbconvert", "nbconvert") if options.execute else ("JupyterLab", "jupyterlab")
    if not find_spec(module):
        return _fail(f"{name} is not installed. Install it with: pip install 'sfstream[lab]'")
    try:
        notebook = copy_notebooks(Path())
    except OSError as error:
        return _fail(f"The notebooks cannot be copied to this folder: {error.strerror}. Change to another folder.")
    try:
        return execute(notebook) if options.execute else open_lab(notebook)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # Jupyter raises many kinds; a user needs the reason, not its traceback
        reason = f"{type(error).__name__}: {error}".partition("\n")[0]
        return _fail(f"{notebook.name} cannot be run: {reason}")


def notebook_folder() -> Path:
    """Return the folder of the notebooks: beside this file in a wheel, at the top level in a checkout."""
    here = Path(__file__).parent
    return here / "notebooks" if (here / "notebooks").is_dir() else here.parent / "notebooks"


def copy_notebooks(folder: Path) -> Path:
    """Copy the notebooks that the folder lacks, and return the path of the quickstart there."""
    for notebook in sorted(notebook_folder().glob("*.ipynb")):
        if not (folder / notebook.name).exists():
            shutil.copy(notebook, folder)
    return folder / QUICKSTART


def open_lab(notebook: Path) -> int:
    """Replace this process by JupyterLab, which then handles Ctrl-C itself and chooses a free port."""
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # Jupyter refuses root without it
    page = f"--LabApp.default_url=/lab/tree/{notebook.name}"
    return os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", *root, page])  # noqa: S606  # no shell is meant


def execute(notebook: Path) -> int:
    """Run a notebook in a kernel of this Python, print it with its outputs as Markdown, and return the exit status."""
    import nbformat
    from nbconvert import MarkdownExporter
    from nbconvert.preprocessors import CellExecutionError, ExecutePreprocessor
    from traitlets.config import Config

    # nbclient 0.11 leaves the task of an interrupted cell behind, and asyncio would log its traceback.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"  # not a kernel that the user has installed for another Python
    content: Any = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]  # nbformat has few types
    runner = ExecutePreprocessor(timeout=CELL_TIMEOUT, extra_arguments=["--log-level=CRITICAL"])
    status = 0
    try:
        runner.preprocess(content, {"metadata": {"path": str(notebook.parent)}})
    except CellExecutionError as error:
        status = _fail(f"A cell failed: {error.ename}: {error.evalue}")
    exporter = MarkdownExporter(config=Config({"NbConvertBase": {"display_data_priority": ["text/plain"]}}))
    print(exporter.from_notebook_node(content)[0])
    return status


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

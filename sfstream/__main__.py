"""The ``sfstream`` command: ``sfstream demo``."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

QUICKSTART = "quickstart.ipynb"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; give the exit status."""
    parser = argparse.ArgumentParser(prog="sfstream", description="Talk to language models from a notebook.")
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser(
        "demo",
        help="try it: copy the notebooks here and open JupyterLab on the quickstart",
        description="Copies the notebooks into this folder, keeping those that are there, and opens JupyterLab on the "
        "quickstart. It needs no key: without one, a server on this machine plays answers written for the demo.",
    )
    demo.add_argument("--execute", action="store_true", help="run the quickstart here, and print what each cell gave")
    options = parser.parse_args(arguments)
    if not _is_there("nbclient" if options.execute else "jupyterlab"):
        return 1
    try:
        notebook = copy_notebooks(Path())
    except OSError as error:
        reason = f"The notebooks cannot be copied to this folder: {error.strerror}."
        print(f"{reason} Change to another folder.", file=sys.stderr)
        return 1
    try:
        return execute(notebook) if options.execute else open_lab(notebook)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # of Jupyter, whose reasons are many
        reason = f"{type(error).__name__}: {error}".partition("\n")[0]
        print(f"{notebook.name} cannot be run: {reason}", file=sys.stderr)
        return 1


def notebooks() -> Path:
    """The folder of the notebooks: in the wheel beside this file, in a checkout at the top."""
    here = Path(__file__).parent
    return here / "notebooks" if (here / "notebooks").is_dir() else here.parent / "notebooks"


def copy_notebooks(folder: Path) -> Path:
    """Copy the notebooks that are not there yet; give the quickstart."""
    for notebook in sorted(notebooks().glob("*.ipynb")):
        if not (folder / notebook.name).exists():
            shutil.copy(notebook, folder)
    return folder / QUICKSTART


def open_lab(notebook: Path) -> int:
    """Become JupyterLab, so that Ctrl-C is its own; it takes another port where its usual one is taken."""
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # Jupyter refuses root without it
    page = f"--LabApp.default_url=/lab/tree/{notebook.name}"
    return os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", *root, page])  # noqa: S606  # no shell is meant


def execute(notebook: Path) -> int:
    """Run a notebook in a kernel of this Python, and print each cell and what it gave."""
    from sfstream.execute import run_and_print

    return run_and_print(notebook)


def _is_there(module: str) -> bool:
    from importlib.util import find_spec

    if find_spec(module):
        return True
    print(
        f"{module} is not here: install sfstream with its extra, '.[lab]' in a checkout; see the README.",
        file=sys.stderr,
    )
    return False


if __name__ == "__main__":
    sys.exit(main())

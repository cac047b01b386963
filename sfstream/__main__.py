"""The ``sfstream`` command. Its subcommand ``sfstream demo`` copies the notebooks, and opens, runs or exports one."""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import shutil
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

CELL_TIMEOUT = 600
"""Seconds that a cell of the executed notebook may take."""
PAGE = """
{%- extends "lab/index.html.j2" -%}
{%- block html_head_js -%}{%- endblock -%}
{%- block html_head_js_mathjax -%}{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
{%- block html_head_css -%}
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; font-src data:;
  style-src 'unsafe-inline'; script-src 'unsafe-inline'">
{%- endblock -%}
"""
"""Template of an exported notebook: nbconvert's own without require.js, MathJax and Mermaid."""


def command() -> None:
    """Run the command as a program of its own, which ends without a word when nobody reads its output any more."""
    if hasattr(signal, "SIGPIPE"):  # Python ignores it: ``sfstream demo --execute | head`` would end with a traceback
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        status = main()
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: those of the command; None takes them from ``sys.argv``.

    Returns:
        the exit status: 0, or 1 for a failure.
    """
    parser = argparse.ArgumentParser(
        prog="sfstream",
        description="Stream answers of language models into notebooks.",
        epilog="In a notebook: %load_ext sfstream, then %%sfchat and a prompt in a cell. In Python: sfstream.chat.",
    )
    parser.add_argument("--version", action="version", version=f"sfstream {version('sfstream')}")
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser(
        "demo",
        help="copy the notebooks to this folder and open one in JupyterLab",
        description="Copy the notebooks to this folder, without overwriting any, and open one in JupyterLab. "
        "No API key is needed: without one, a server on this machine plays prepared answers.",
    )
    demo.add_argument("notebook", nargs="?", default="quickstart", help=f"{_choice()} (default: quickstart)")
    instead = demo.add_mutually_exclusive_group()
    instead.add_argument("--execute", action="store_true", help="run it without a browser and print it")
    instead.add_argument(
        "--html", metavar="FILE", type=Path, help="run it and write it to FILE, one page that loads nothing else"
    )
    options = parser.parse_args(arguments)
    is_run = options.execute or options.html
    name, module = ("nbconvert", "nbconvert") if is_run else ("JupyterLab", "jupyterlab")
    if not find_spec(module):
        return _fail(f"{name} is not installed. Install it with: pip install 'sfstream[lab]'")
    if options.notebook not in (names := notebooks()):
        return _fail(f"There is no notebook {options.notebook!r}. There are: {_choice()}.")
    notebook = Path(names[options.notebook].name)
    try:
        copy_notebooks(Path())
    except OSError as error:
        return _fail(f"The notebooks cannot be copied to this folder: {error.strerror}. Change to another folder.")
    try:
        return execute(notebook, options.html) if is_run else open_lab(notebook)
    except Exception as error:  # Jupyter raises many kinds; a user needs the reason, not its traceback
        reason = f"{type(error).__name__}: {error}".partition("\n")[0]
        return _fail(f"{notebook.name} cannot be run: {reason}")


def notebook_folder() -> Path:
    """Return the folder of the notebooks: beside this file in a wheel, at the top level in a checkout."""
    here = Path(__file__).parent
    return here / "notebooks" if (here / "notebooks").is_dir() else here.parent / "notebooks"


def notebooks() -> dict[str, Path]:
    """Return the notebooks by the name that the command takes: ``lesson-1-what-streaming-is`` is ``lesson-1``."""
    paths = sorted(notebook_folder().glob("*.ipynb"), key=lambda path: (not path.stem.startswith("quickstart"), path))
    return {re.sub(r"^(lesson-\d+)-.*?(-zh)?$", r"\1\2", path.stem): path for path in paths}


def english() -> dict[str, Path]:
    """Return the notebooks that are in English, by name."""
    return {name: path for name, path in notebooks().items() if not name.endswith("-zh")}


def _choice() -> str:
    """Return the names of the notebooks as a user reads them."""
    return f"{', '.join(english())}, each also with -zh"


def copy_notebooks(folder: Path) -> None:
    """Copy the notebooks that the folder lacks."""
    for notebook in notebooks().values():
        if not (folder / notebook.name).exists():
            shutil.copy(notebook, folder)


def offer() -> str:
    """Return a few lines that say which notebooks there are."""
    titles = {name: _title(path) for name, path in english().items()}
    width = max(map(len, titles))
    lines = [f"  {name:{width}}  {title}" for name, title in titles.items()]
    is_on_path = shutil.which("sfstream") or Path(sys.argv[0]).name != "sfstream"
    command = "sfstream" if is_on_path else sys.argv[0]
    head = f"The notebooks are in this folder. To open one: {command} demo NAME, or NAME-zh for Chinese."
    return "\n".join([head, *lines])


def _title(notebook: Path) -> str:
    heading = "".join(json.loads(notebook.read_text("utf-8"))["cells"][0]["source"]).partition("\n")[0]
    return heading.removeprefix("# ").rpartition(": ")[2]


def open_lab(notebook: Path) -> int:
    """Replace this process by JupyterLab, which then handles Ctrl-C itself and chooses a free port."""
    print(offer(), flush=True)
    _activate()
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # Jupyter refuses root without it
    page = f"--LabApp.default_url=/lab/tree/{notebook.name}"
    return os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", *root, page])  # noqa: S606  # no shell is meant


def execute(notebook: Path, page: Path | None = None) -> int:
    """Run a notebook in a kernel of this Python, and return the exit status.

    Args:
        notebook: its file.
        page: where to write it as a page; None prints it as Markdown.
    """
    import nbformat
    from nbconvert.preprocessors import CellExecutionError, ExecutePreprocessor

    # nbclient 0.11 leaves the task of an interrupted cell behind, and asyncio would log its traceback.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    _activate()
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"  # not a kernel that the user has installed for another Python
    content: Any = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]  # nbformat has few types
    runner = ExecutePreprocessor(timeout=CELL_TIMEOUT, extra_arguments=["--log-level=CRITICAL"])
    status = 0
    try:
        runner.preprocess(content, {"metadata": {"path": str(notebook.parent)}})
    except CellExecutionError as error:
        status = _fail(f"A cell failed: {error.ename}: {error.evalue}")
    if page:
        page.write_text(as_page(content, notebook.stem), "utf-8")
    else:
        print(as_markdown(content))
    return status


def as_markdown(content: Any) -> str:
    """Return a notebook as Markdown, with the plain texts of its outputs."""
    from nbconvert import MarkdownExporter
    from traitlets.config import Config

    config = Config({"NbConvertBase": {"display_data_priority": ["text/plain"]}})
    return str(MarkdownExporter(config=config).from_notebook_node(content)[0])


def as_page(content: Any, title: str) -> str:
    """Return a notebook as one HTML page that loads nothing else."""
    from jinja2 import DictLoader
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(extra_loaders=[DictLoader({"page.html.j2": PAGE})], template_file="page.html.j2")
    return str(exporter.from_notebook_node(content, {"metadata": {"name": title}})[0])


def _activate() -> None:
    """Put the programs of this environment first, so that ``!pip`` in a notebook installs where the kernel looks."""
    if sys.prefix != sys.base_prefix:
        folders = str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)
        os.environ["PATH"] = os.pathsep.join(filter(None, folders))


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    command()

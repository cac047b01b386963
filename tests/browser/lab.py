"""A real JupyterLab or Notebook 7 on loopback, for the browser tests."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.waiting import until

APPS = {"lab": "lab/tree", "notebook": "notebooks"}
"""The applications, and the beginning of a notebook's address in each."""


@contextmanager
def served(app: str, folder: Path, without: Sequence[str] = (), **environ: str) -> Iterator[str]:
    """Run the application over the notebooks of a folder; give the address that a notebook's name is put after.

    Args:
        app: one of `APPS`.
        folder: the notebooks; the server's home is made in it.
        without: extensions of the page that are switched off, as if the server's environment lacked them.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    home = folder / "home"
    (home / "labconfig").mkdir(parents=True, exist_ok=True)
    disabled = {"disabledExtensions": dict.fromkeys(without, True)}
    (home / "labconfig" / "page_config.json").write_text(json.dumps(disabled))
    settings = home / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True, exist_ok=True)
    # Its question comes up at any moment; clicks were lost while it did, it seems: none since it does not ask.
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    command = [
        *(sys.executable, "-m", "jupyter", app, "--no-browser", "--allow-root", f"--port={port}"),
        *("--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"),
        *("--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None"),
    ]
    places = {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home),
        "JUPYTER_RUNTIME_DIR": str(home),
        "IPYTHONDIR": str(home),
    }
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, env=os.environ | places | environ, stdout=log, stderr=log)
    try:
        until(lambda: _answers(port) or server.poll() is not None, seconds=60)
        assert server.poll() is None, (folder / "server.log").read_text()
        yield f"http://127.0.0.1:{port}/{APPS[app]}/"
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:  # it waits for a kernel that a test has had restarted
            server.kill()
            server.wait(15)


def write_notebook(path: Path, *cells: str) -> None:
    """A notebook of code cells for the kernel of this Python."""
    import nbformat  # not before it is needed: the environment of the floors has none

    v4 = nbformat.v4
    notebook = v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in cells])  # type: ignore[no-untyped-call]
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]


def _answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/api", timeout=5).ok
    except requests.RequestException:
        return False

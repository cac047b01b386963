"""Run the programs that a reply makes of itself, each in a process of its own.

The library of openai takes a second to import. So one process imports it, and forks for each program in Python.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any


@dataclass(frozen=True)
class Ran:
    """What a program did.

    Attributes:
        out: its standard output.
        said: its standard error.
        status: its exit status.
    """

    out: str
    said: str
    status: int


class Runner:
    """Runs programs in a folder of the test's.

    Args:
        process: see `opened`.
    """

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process, self._folder = process, folder

    def run(self, program: str) -> Ran:
        """Run a program to its end."""
        path, out, err = (self._folder / name for name in ("program", "out", "err"))
        path.write_text(program, "utf-8")
        if program.startswith("#!"):
            with out.open("wb") as stdout, err.open("wb") as stderr:
                # With this python3, as others may be slow to start.
                environ = os.environ | {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
                command = ["/bin/sh", str(path)]
                done = subprocess.run(command, stdout=stdout, stderr=stderr, env=environ, check=False)
            status = done.returncode
        else:
            status = self._run_python([str(path), str(out), str(err)])
        return Ran(out.read_bytes().decode(), err.read_bytes().decode(), status)

    def _run_python(self, paths: list[str]) -> int:
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps({"paths": paths, "environ": dict(os.environ)}), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())


@contextmanager
def opened(folder: Path) -> Iterator[Runner]:
    """A `Runner`, and the process that forks for it."""
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Runner(process, folder)
        assert process.stdin
        process.stdin.close()


def main(orders: IO[str]) -> None:
    """Fork for each order, and print the exit status of the program."""
    import openai  # noqa: F401  # the children need not import it again
    import requests  # noqa: F401

    gc.freeze()  # what is imported: the children would look through it when they end
    for line in orders:
        order = json.loads(line)
        child = os.fork()
        if not child:
            _become(order)
            return
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(order: dict[str, Any]) -> None:
    """Do what ``python program`` does, with its output in files."""
    path, *outputs = order["paths"]
    for descriptor, output in enumerate(outputs, 1):
        os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    os.environ.clear()
    os.environ.update(order["environ"])
    sys.argv = [path]
    runpy.run_path(path, run_name="__main__")


if __name__ == "__main__":
    main(sys.stdin)

"""The processes of a benchmark: the server, and one for each measurement, all with a bounded life."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from tests.bench.measure import Result, Task

ROOT = Path(__file__).parents[2]
LONGEST = 120.0
"""Seconds that one measurement may take."""


@contextlib.contextmanager
def running_server(module: str = "tests.bench.server") -> Iterator[str]:
    """The base URL of a server that lives as long as this."""
    command = [sys.executable, "-m", module]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdin
            assert process.stdout
            base_url = process.stdout.readline().strip()
            assert base_url, "the server did not start"
            yield base_url
            process.stdin.close()
            process.wait(5)
        finally:
            process.kill()


def run(task: Task) -> Result:
    """Measure in a fresh process.

    Raises:
        subprocess.SubprocessError: it failed, or took too long.
    """
    with tempfile.TemporaryDirectory() as data:  # the log is kept as by anybody, and empty at first
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.measure", json.dumps(asdict(task))],
            cwd=ROOT,
            env=os.environ | {"SILICONFLOW_BASE_URL": task.base_url, "XDG_DATA_HOME": data},
            stdout=subprocess.PIPE,
            timeout=LONGEST,
            check=True,
        )
    return Result(**json.loads(done.stdout))

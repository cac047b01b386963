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
_THEIRS = ("SILICONFLOW_", "OPENAI_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "PYTHONTRACEMALLOC")


@contextlib.contextmanager
def running_server(module: str = "tests.bench.server") -> Iterator[str]:
    """The base URL of a server that lives as long as this."""
    command = [sys.executable, "-m", module]
    with subprocess.Popen(
        command, cwd=ROOT, env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
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
    with tempfile.TemporaryDirectory() as data:  # the log is kept as by anybody, but not in the log of this user
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.measure", json.dumps(asdict(task))],
            cwd=ROOT,
            env=_environment() | {"SILICONFLOW_BASE_URL": task.base_url, "XDG_DATA_HOME": data},
            stdout=subprocess.PIPE,
            timeout=LONGEST,
            check=True,
        )
    return Result(**json.loads(done.stdout))


def _environment() -> dict[str, str]:
    """Ours, without a key, a proxy or a setting."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(_THEIRS)}

"""``python -m tests``: the whole check.

Lint, types, all tests, the browser tests, the quickstart, the oldest libraries that are declared, and servers of
other projects. As root on Debian it first installs curl and Chromium if they are missing. Where they cannot be
installed, it runs what does not need them and names what did not run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.needs import missing

ROOT = Path(__file__).parents[1]


def main() -> int:
    if missing() and os.geteuid() == 0 and shutil.which("apt-get"):
        install(missing())
    results = {
        "lint": run("ruff", "check"),
        "format": run("ruff", "format", "--check"),
        "types": run("mypy"),
        "tests": run("pytest", "-m", "not browser", "--every", *sys.argv[1:]),
        "browser": run("pytest", "-m", "browser", "-n", "0", *sys.argv[1:]),
        "quickstart": run("tests.quickstart"),
        "floors": run("tests.floors"),
        "interop": run("tests.interop"),
    }
    for program in missing():
        print(f"did not run: what needs {program}. Install it (Debian: apt-get install {program}) and run this again.")
    print(", ".join(f"{step} {'passed' if code == 0 else 'FAILED'}" for step, code in results.items()))
    return 1 if any(results.values()) else 0


def install(packages: list[str]) -> None:
    """Install Debian packages. A failure is no error: `missing` is asked again afterwards."""
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages]):
        subprocess.run(command, check=False, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})


def run(module: str, *arguments: str) -> int:
    """Run a module of this environment from the top of the tree, and return its exit status."""
    print(f"== {module} {' '.join(arguments)}", flush=True)
    return subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

"""``python -m tests``: install what the tests need, then lint, types, tests, the browser,
the quickstart, the oldest libraries that are declared, and servers that others wrote.

As root on Debian it installs what is missing of curl, a browser and CommonMark's examples. Elsewhere it runs what it
can, names what did not run, and exits non-zero.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.needs import PACKAGES, missing

ROOT = Path(__file__).parents[1]


def main() -> int:
    if missing() and os.geteuid() == 0 and shutil.which("apt-get"):
        install([PACKAGES[need] for need in missing()])
    results = {
        "lint": run("ruff", "check"),
        "format": run("ruff", "format", "--check"),
        "types": run("mypy"),
        "tests": run("pytest", "-rs", "-m", "not browser", "--every", *sys.argv[1:]),
        "browser": run("pytest", "-rs", "-m", "browser", "-n", "0", *sys.argv[1:]),
        "quickstart": run("tests.quickstart"),
        "floors": run("tests.floors"),
        "interop": run("tests.interop"),
    }
    for need in missing():
        print(f"did not run: what needs {need}; install it (Debian: apt-get install {PACKAGES[need]})")
    print(", ".join(f"{step} {'passed' if code == 0 else 'FAILED'}" for step, code in results.items()))
    return 1 if missing() or any(results.values()) else 0


def install(packages: list[str]) -> None:
    """Install Debian packages; whether it worked is seen by looking again for what they hold."""
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages]):
        subprocess.run(command, check=False, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})


def run(module: str, *arguments: str) -> int:
    """Run a module of this environment from the top of the tree."""
    print(f"== {module} {' '.join(arguments)}", flush=True)
    return subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

"""``python -m tests.quickstart``: the quickstart as somebody without a key runs it, at the demo's own pace."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.home import clean_environment

ROOT = Path(__file__).parents[1]
SAID = "written for the demo, no model · complete"
"""How each answer of the demo ends; the quickstart has four, one of them through curl."""

NOTEBOOKS = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}


def main() -> int:
    """Run ``sfstream demo --execute`` in an empty folder, with an empty home and no key; check what it prints."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "sfstream", "demo", "--execute"]
        ran = subprocess.run(
            command,
            cwd=folder,
            env=clean_environment(Path(folder)) | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        copied = {path.name for path in Path(folder).glob("*.ipynb")}
    print(ran.stdout, ran.stderr, sep="\n")
    wrong = problems(ran, copied)
    print(*wrong, sep="\n")
    return 1 if wrong else 0


def problems(ran: subprocess.CompletedProcess[str], copied: set[str]) -> list[str]:
    """What is not as it should be."""
    answers = 4 if shutil.which("curl") else 3
    checks = {
        f"the exit status is {ran.returncode}": ran.returncode == 0,
        f"{ran.stdout.count(SAID)} answers were complete, expected {answers}": ran.stdout.count(SAID) == answers,
        "the kernel was left behind": "Parent appears to have exited" not in ran.stderr,
        "the variables were not shown": "complete stop" in ran.stdout,
        f"the notebooks copied are {copied}": copied == NOTEBOOKS,
    }
    return [problem for problem, is_fine in checks.items() if not is_fine]


if __name__ == "__main__":
    sys.exit(main())

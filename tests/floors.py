"""``python -m tests.floors``: the suites that meet other libraries, with the oldest versions that are declared.

A floor that pyproject.toml declares is a floor that is tested: each ``name>=X`` of its dependencies is
installed as ``name==X``, into an environment that is kept in the checkout. The ordinary run has the newest.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOOLS = {"hypothesis", "pexpect", "psutil", "pytest", "pytest-timeout", "pytest-xdist"}
"""What the suites themselves need, out of the ``test`` extra; in its newest version."""
SUITES = (
    *(
        "test_api",
        "demo/test_*",
        "display/test_*",
        "markdown/test_[!bfr]*",
        "log/test_recording",
        "wire/test_completion*",
    ),
    *("notebook/test_kernel", "notebook/test_magic", "run/test_s*", "wire/test_transports"),
)
LEFT_OUT = "tests/notebook/test_kernel.py::test_sixty_interrupts"  # long, and of the same code as the others
THROUGH = ("httpx", "httpcore", "jupyter_client", "pydantic")
"""Versions worth telling though no floor of ours names them."""


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pins = floors(project["dependencies"])
    tools = [tool for tool in project["optional-dependencies"]["test"] if name(tool) in TOOLS]
    python = environment(ROOT / ".venv-floors", ["--editable", str(ROOT), *pins, *tools])
    print(f"floors: {versions(python, [*map(name, pins), *THROUGH])}", flush=True)
    files = sorted(str(path) for suite in SUITES for path in (ROOT / "tests").glob(f"{suite}.py"))
    # An old library may warn of what is newer than itself; that is no fault of ours.
    options = ["-q", "-rs", "-n", "0", "-W", "default", "-p", "no:cacheprovider", "--deselect", LEFT_OUT]
    return subprocess.run([str(python), "-m", "pytest", *options, *files], cwd=ROOT, timeout=900).returncode


def floors(dependencies: Iterable[str]) -> list[str]:
    """Turn each ``name>=X`` into ``name==X``.

    Raises:
        ValueError: a dependency without a floor, or with more than one.
    """
    pins = []
    for dependency in dependencies:
        found = re.fullmatch(r"([\w.-]+)\s*>=\s*([\w.]+)", dependency)
        if not found:
            raise ValueError(f"{dependency!r} in pyproject.toml declares no floor; expected name>=version.")
        pins.append(f"{found[1]}=={found[2]}")
    return pins


def name(requirement: str) -> str:
    """The name at the beginning of a requirement."""
    found = re.match(r"[\w.-]+", requirement)
    assert found, requirement
    return found[0]


def environment(folder: Path, requirements: Sequence[str]) -> Path:
    """Make an environment, or take it as it is where it was made of the same.

    Returns:
        its Python.
    """
    python, stamp = folder / "bin" / "python", folder / "made-of.txt"
    made_of = "\n".join([sys.version, str(folder), *requirements])
    if stamp.is_file() and stamp.read_text() == made_of and _works(python):
        return python
    print(f"making {folder.name}", flush=True)
    _run(sys.executable, "-m", "venv", "--clear", "--without-pip", str(folder))
    pip = [_python_with_pip(), "-m", "pip", "--disable-pip-version-check", "--no-input", "--python", str(python)]
    _run(*pip, "install", "-q", *requirements)
    stamp.write_text(made_of)
    return python


def versions(python: Path, names: Iterable[str]) -> str:
    """What is installed in the environment of a Python, as a text."""
    code = (
        "import platform, sys; from importlib.metadata import version\n"
        "found = [f'{name} {version(name)}' for name in sys.argv[1:]]\n"
        "print('Python ' + platform.python_version(), *found, sep=', ')"
    )
    command = [str(python), "-c", code, *names]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout.strip()


def _works(python: Path) -> bool:
    try:
        return subprocess.run([str(python), "-c", ""], timeout=60).returncode == 0
    except OSError:  # the Python it was made of is gone
        return False


def _python_with_pip() -> str:
    """This Python, or the one that it was made of: an environment may be without pip."""
    of_this = Path(sys.base_exec_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")
    for python in (sys.executable, str(of_this), "python3"):
        try:
            if subprocess.run([python, "-m", "pip", "--version"], capture_output=True, timeout=60).returncode == 0:
                return python
        except OSError:
            continue
    raise SystemExit("No pip was found; on Debian: apt-get install python3-pip")


def _run(*command: str) -> None:
    if subprocess.run(command, timeout=1200).returncode:
        raise SystemExit(f"failed: {' '.join(command)}")


if __name__ == "__main__":
    sys.exit(main())

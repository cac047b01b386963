"""``python -m tests.floors``: run the suites that depend on other libraries with the oldest versions declared.

Each ``name>=X`` of the dependencies in pyproject.toml is installed as ``name==X``, into an environment that is kept in
the checkout. The ordinary run has the newest versions.
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
"""Packages of the ``test`` extra that the suites need; in their newest versions."""
SUITES = (
    *(
        "test_api",
        "core/test_json_wrappings",
        "core/test_structured",
        "run/test_json_ladder",
        "demo/test_*",
        "log/test_recording",
    ),
    *("display/test_mimebundle", "display/test_modes", "display/test_terminal", "display/test_widget*"),
    *("markdown/test_alerts", "markdown/test_footnotes", "markdown/test_headings"),
    *("markdown/test_growing_tags", "markdown/test_inline_tags", "markdown/test_nested_fences"),
    *("markdown/test_commonmark", "markdown/test_dollars", "markdown/test_emphasis", "markdown/test_export"),
    *("markdown/test_formulas", "markdown/test_highlight", "markdown/test_renderer", "markdown/test_sanitize"),
    *("markdown/test_stream", "notebook/test_kernel", "notebook/test_magic"),
    *("run/test_show*", "run/test_stop", "run/test_stream", "wire/test_completion*", "wire/test_transports"),
)
"""Files below ``tests``, without ``.py``."""
LEFT_OUT = "tests/notebook/test_kernel.py::test_sixty_interrupts"  # slow, and covers the same code as others
TRANSITIVE = ("httpx", "httpcore", "jupyter_client")
"""Packages without a floor of ours whose version is printed too."""


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pins = floors(project["dependencies"])
    tools = [tool for tool in project["optional-dependencies"]["test"] if name(tool) in TOOLS]
    python = environment(ROOT / ".venv-floors", ["--editable", str(ROOT), *pins, *tools])
    print(f"floors: {versions(python, [*map(name, pins), *TRANSITIVE])}", flush=True)
    files = sorted(map(str, suite_files()))
    # Old libraries warn of newer ones, which is no error.
    options = ["-q", "-rs", "-n", "0", "-W", "default", "-p", "no:cacheprovider", "--deselect", LEFT_OUT]
    return subprocess.run([str(python), "-m", "pytest", *options, *files], cwd=ROOT, timeout=900).returncode


def suite_files() -> list[Path]:
    """Return the files of the suites.

    Raises:
        FileNotFoundError: a suite has no file, such as after a rename.
    """
    found = {suite: list((ROOT / "tests").glob(f"{suite}.py")) for suite in SUITES}
    if empty := [suite for suite, files in found.items() if not files]:
        raise FileNotFoundError(f"No tests match {empty}. Correct SUITES in tests/floors.py.")
    return [path for files in found.values() for path in files]


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
    """Return the name at the beginning of a requirement."""
    found = re.match(r"[\w.-]+", requirement)
    assert found, requirement
    return found[0]


def environment(folder: Path, requirements: Sequence[str]) -> Path:
    """Make an environment with the requirements, unless it is there already; return the path of its Python."""
    python, stamp = folder / "bin" / "python", folder / "made-of.txt"
    made_of = "\n".join([sys.version, str(folder), *requirements])
    if stamp.is_file() and stamp.read_text() == made_of and _works(python):
        return python
    print(f"making {folder.name}", flush=True)
    _run(sys.executable, "-m", "venv", "--clear", "--without-pip", str(folder))
    pip = [_python_with_pip(), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    pip += ["--no-cache-dir", "--python", str(python)]  # nothing is left in the home of whoever runs this
    _run(*pip, "install", "-q", *requirements)
    stamp.write_text(made_of)
    return python


def versions(python: Path, names: Iterable[str]) -> str:
    """Return the versions of Python and of the packages in an environment, as one line of text."""
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
    except OSError:  # the Python that it was made with was removed
        return False


def _python_with_pip() -> str:
    """Return a Python that has pip: this one, or the one that this environment was made with."""
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

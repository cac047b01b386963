"""The environment that the tests run in."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import pytest

from tests.floors import suite_files
from tests.home import own_home
from tests.kernel import Kernel

THEIR_HOME = Path(os.path.expanduser("~"))
"""The home of the person who runs the tests: modules are imported before any fixture runs."""


@pytest.fixture(scope="module")
def folders() -> list[Path]:
    """The home and the data folder that a fixture of a whole module sees, and a kernel that it starts."""
    with Kernel() as kernel:
        code = "import platformdirs, pathlib; print(pathlib.Path.home(), platformdirs.user_data_path(), sep='\\n')"
        of_kernel = kernel.run(code).stdout.splitlines()
    return [Path.home(), platformdirs.user_data_path(), *map(Path, of_kernel)]


@pytest.mark.kernel
def test_nothing_is_written_into_the_home_of_whoever_runs_the_tests(folders: list[Path]) -> None:
    """Fixtures of every scope, and the processes that they start, have a home of their own."""
    assert len(folders) == 4
    assert not [folder for folder in folders if folder.is_relative_to(THEIR_HOME)]


def test_a_run_without_pytest_has_a_home_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever variables name the folders of the person who runs it; afterwards all is as before."""
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "JUPYTERLAB_SETTINGS_DIR", "MPLCONFIGDIR", "SILICONFLOW_API_KEY"):
        monkeypatch.setenv(name, "/theirs")
    before = dict(os.environ)
    with own_home() as home:
        assert home == Path.home()
        assert platformdirs.user_data_path().is_relative_to(home)
        assert "/theirs" not in os.environ.values()
    assert before == dict(os.environ)
    assert not home.exists()


def test_the_suites_of_the_floors_are_there() -> None:
    """A renamed file is not left out of the run with the oldest libraries."""
    assert len(suite_files()) >= 30

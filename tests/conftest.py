"""Fixtures of all tests: loopback servers, and an environment without anything of the person who runs the tests."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from sfstream.core import config, conversation, hints
from sfstream.demo.server import DemoServer
from tests.browser.lab import APPS
from tests.home import clean_environment
from tests.needs import missing

if TYPE_CHECKING:  # the widget takes some tenths of a second to import, and few tests need it
    from sfstream.display.widget import StreamView
    from tests.browser.notebooks import Notebooks
    from tests.display.view_page import Page

STRIDE = 4
"""The step in which a run takes samples of very many cases, unless ``--every`` is given."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--every``: run all cases of tests that have very many; without it a run takes every fourth of them."""
    parser.addoption("--every", action="store_true", help="run all cases of which a run otherwise takes samples")


@pytest.fixture(scope="session")
def stride(request: pytest.FixtureRequest) -> int:
    """The step in which tests take samples of very many cases: 1 with ``--every``."""
    return 1 if request.config.getoption("every") else STRIDE


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take samples of tests with very many cases, and skip the tests that need a program which is not installed."""
    if not config.getoption("every"):
        _take_samples(config, items)
    needs = {"curl": _needs_curl, "chromium": _needs_browser}
    for program in missing():
        reason = f"{program} is not installed: install it, or run python -m tests as root"
        for item in filter(needs[program], items):
            item.add_marker(pytest.mark.skip(reason=reason))


def _take_samples(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect all but every fourth case of each test that is marked as sampled."""
    count: Counter[str] = Counter()
    taken: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        name = item.nodeid.partition("[")[0]
        is_left = item.get_closest_marker("sampled") is not None and count[name] % STRIDE != 0
        (left if is_left else taken).append(item)
        count[name] += 1
    items[:] = taken
    config.hook.pytest_deselected(items=left)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what did not run, in one line for each reason."""
    reasons = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", []))
    for reason, count in reasons.items():
        terminalreporter.write_line(f"did not run: {reason.removeprefix('Skipped: ')} (tests: {count})")


def _needs_curl(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    return bool(item.get_closest_marker("curl") or (callspec and callspec.params.get("via") == "curl"))


def _needs_browser(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None


@pytest.fixture(scope="session", autouse=True)
def session_environ(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Remove the keys, proxies, settings and folders of the person who runs the tests, for fixtures of every scope."""
    with mock.patch.dict(os.environ, clean_environment(tmp_path_factory.mktemp("home")), clear=True):
        yield


@pytest.fixture(autouse=True)
def clean_environ(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Give each test an empty home, and so an empty log and no saved key."""
    monkeypatch.setattr(hints, "are_magics_loaded", True)  # messages are tested as a notebook shows them
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    yield
    config.settings.clear()
    conversation.conversations.__init__()  # type: ignore[misc]  # as if the process had just begun
    conversation.session.__init__()  # type: ignore[misc]


@pytest.fixture(scope="session")
def demo() -> Iterator[DemoServer]:
    """Demo server that plays without pauses."""
    with DemoServer(speed=float("inf")) as server:
        yield server


@pytest.fixture
def asking_demo(demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> DemoServer:
    """The demo server as the server that sfstream asks."""
    monkeypatch.setenv("SILICONFLOW_BASE_URL", demo.base_url)
    return demo


@pytest.fixture
def bare_shell() -> Iterator[None]:
    """IPython shell to display in, without a history."""
    InteractiveShell.clear_instance()
    InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    yield
    InteractiveShell.clear_instance()


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Page]]:
    """The pages of all widgets that a test makes, in order."""
    from tests.display.view_page import recorded

    with recorded(monkeypatch) as made:
        yield made


@pytest.fixture
def view(pages: list[Page]) -> StreamView:
    """StreamView that has begun."""
    from sfstream.display.widget import StreamView

    made = StreamView()
    made.begin(lambda: None)
    return made


@pytest.fixture
def page(pages: list[Page], view: StreamView) -> Page:
    """The page of that view."""
    return pages[-1]


@pytest.fixture(scope="module", params=APPS)
def notebooks(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebooks]:
    """One Jupyter server for all tests of a file and an application."""
    from tests.browser.notebooks import opened

    with opened(request.param, tmp_path_factory.mktemp(request.param)) as made:
        yield made

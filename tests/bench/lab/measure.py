"""The part of the benchmark that runs in JupyterLab: everything started, all measured, the report."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from tests.bench.children import ROOT, running_server
from tests.bench.lab.figures import Figures
from tests.bench.lab.page import Lab, browsing
from tests.bench.lab.plan import QUICK, Plan, measured
from tests.bench.lab.report import report
from tests.browser.lab import served


def displayed(*, quick: bool) -> Iterator[str]:
    """Measure, and give the lines of the report."""
    plan = QUICK if quick else Plan()
    with (
        running_server("tests.bench.lab.server") as base_url,
        tempfile.TemporaryDirectory() as folder,
        served("lab", Path(folder), SILICONFLOW_BASE_URL=base_url, PYTHONPATH=str(ROOT)) as address,
        browsing() as browser,
    ):
        yield f"JupyterLab {version('jupyterlab')}, ipykernel {version('ipykernel')}, Chromium {browser.version}"
        results = measured(plan, Lab(browser, address, Path(folder), base_url))
    yield from report(Figures(plan, results))

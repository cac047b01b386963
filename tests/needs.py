"""What the tests need that no Python package brings, and Debian's packages that hold it."""

from __future__ import annotations

import shutil
from pathlib import Path

EXAMPLES = "/usr/share/gocode/src/github.com/yuin/goldmark/_test/spec.json"
"""CommonMark's examples, as the tests of another parser have them."""

PACKAGES = {"curl": "curl", "chromium": "chromium", EXAMPLES: "golang-github-yuin-goldmark-dev"}
"""Programs and files, and the packages."""


def missing() -> list[str]:
    """Those programs and files that are not there."""
    return [need for need in PACKAGES if shutil.which(need) is None and not Path(need).is_file()]

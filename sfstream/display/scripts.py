"""The scripts of the pages, joined from the modules in ``page/``: each front-end takes one text. No I/O but reading."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parent / "page"
"""The folder of the modules and styles."""


def one_module(*names: str) -> str:
    """Join JavaScript modules into one without imports, since a page takes a single text.

    Args:
        names: files in ``page/``, each after those that it imports.
    """
    source = "".join((PAGE / name).read_text("utf-8") for name in names)
    return re.sub(r"^import .*\n|^export (?!default)", "", source, flags=re.MULTILINE)

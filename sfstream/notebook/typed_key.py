"""A key that is typed into a magic: it is said at once, since the notebook holds it from then on, and not repeated."""

from __future__ import annotations

import re
import sys
from typing import Any

WARNING = (
    "An API key stands in this cell, and so in the notebook and in IPython's history, from where sfstream cannot take "
    "it; in a prompt or a parameter it goes to the server, too. Delete it here, make a new key where this one was made "
    "(https://cloud.siliconflow.cn/account/ak), and enter that with %sfkey, which asks for it and shows it nowhere."
)

_OURS = re.compile(r"^\s*(?:\w+\s*=\s*)?%{1,2}(?:sf[a-z]+\b|config\s+SfChat\b)", re.MULTILINE)
_KEY = re.compile(r"\bsk-[\w-]{16,}")
_PARAM = re.compile(r"(?:-p|--param)[\s=]+[\"'“‘]?(?:api[_-]?key|authorization)=", re.IGNORECASE)


def quoted(text: str) -> str:
    """The text as an error quotes it: its beginning, and without a key."""
    return f"{_KEY.sub('sk-…', text)!r:.60}"


def warn(info: Any) -> None:
    """Called by IPython before a cell runs."""
    cell = info.raw_cell or ""
    if _OURS.search(cell) and (_KEY.search(cell) or _PARAM.search(cell)):
        print(WARNING, file=sys.stderr)  # noqa: T201  # the output of the cell

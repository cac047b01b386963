"""A key that is typed into a magic: it is said at once, since the notebook holds it from then on, and not repeated."""

from __future__ import annotations

import contextlib
import re
import sys
from typing import Any

WARNING = (
    "An API key stands in this cell, and so in the notebook and in IPython's history, from where sfstream cannot take "
    "it; in a prompt or a parameter it goes to the server, too. Delete it here, make a new key where this one was made "
    "(https://cloud.siliconflow.cn/account/ak), and enter that with %sfkey, which asks for it and shows it nowhere."
)

_NAMES = r"sf(?:chat|demo|key|log|models)\b"
_OURS = re.compile(
    rf"%{{1,2}}(?:{_NAMES}|config\s+SfChat\b)|^[^\S\n]*(?:{_NAMES}(?![^\S\n]*[=.,(\[])|config\s+SfChat\b)", re.MULTILINE
)
"""One of our magics, alone or inside another such as ``%time``; also without its ``%``, as IPython takes it."""
_KEY = re.compile(r"\bsk-[\w-]{16,}")
_GIVEN = re.compile(r"(?:^[^\S\n]*|%{1,2})sfkey(?:[^\S\n]+--\w+)*[^\S\n]+[^-=\s]\S{11,}", re.MULTILINE)
_PARAM = re.compile(r"(?:-p|--param)[\s=]+\S*?\b(?:api[_-]?key|authorization)[\"'”’]?\s*[=:]", re.IGNORECASE)


def quoted(text: str) -> str:
    """The text as an error quotes it: its beginning, and without a key."""
    return f"{_KEY.sub('sk-…', text)!r:.60}"


def warn(info: Any) -> None:
    """Called by IPython before a cell runs."""
    cell = info.raw_cell or ""
    if _OURS.search(cell) and (any(each.search(cell) for each in (_KEY, _GIVEN, _PARAM)) or _holds_ours(cell)):
        print(WARNING, file=sys.stderr)  # noqa: T201  # the output of the cell


def _holds_ours(cell: str) -> bool:
    """Whether the key that is in use stands in it: not every key begins with sk-."""
    from sfstream.errors import ConfigurationError
    from sfstream.wire import credentials as keys

    with contextlib.suppress(ConfigurationError):
        return keys.configured_endpoint().redact(cell) != cell
    return False

"""Warn when an API key appears in a cell that calls one of our magics: the notebook now contains it."""

from __future__ import annotations

import contextlib
import re
import sys
from typing import Any

_NAMES = r"sf(?:chat|demo|key|log|models)\b"
_OURS = re.compile(
    rf"%{{1,2}}(?:{_NAMES}|config\s+SfChat\b)|^[^\S\n]*(?:{_NAMES}(?![^\S\n]*[=.,(\[])|config\s+SfChat\b)", re.MULTILINE
)
"""One of our magics, also inside another such as ``%time``, and without its ``%``, which IPython allows."""
_KEY = re.compile(r"\bsk-[\w-]{16,}")
_GIVEN = re.compile(r"(?:^[^\S\n]*|%{1,2})sfkey(?:[^\S\n]+--\w+)*[^\S\n]+[^-=\s]\S{11,}", re.MULTILINE)
_PARAM = re.compile(r"(?:-p|--param)[\s=]+\S*?\b(?:api[_-]?key|authorization)[\"'”’]?\s*[=:]", re.IGNORECASE)


def quoted(text: str) -> str:
    """Return the beginning of a text in quotes for an error message, with any key replaced."""
    return f"{masked(text)!r:.60}"


def masked(text: str) -> str:
    """Return the text without what looks like a key."""
    return _KEY.sub("sk-…", text)


def warn(info: Any) -> None:
    """Print a warning if the cell contains a key. IPython calls it before each cell."""
    cell = info.raw_cell or ""
    if _OURS.search(cell) and (any(each.search(cell) for each in (_KEY, _GIVEN, _PARAM)) or _holds_ours(cell)):
        print(warning(), file=sys.stderr)  # noqa: T201  # the output of the cell


def warning() -> str:
    """Return the warning. It names the page of the keys only where SiliconFlow is asked: others have pages of their
    own, and a server on this machine has none."""
    from sfstream.display.translations import translate
    from sfstream.errors import ConfigurationError
    from sfstream.wire import credentials as keys

    page = ""
    with contextlib.suppress(ConfigurationError):
        page = keys.configured_address().key_page
    return translate(
        "This cell contains an API key, so the notebook and IPython's history contain it too. sfstream cannot remove "
        "it there. In a prompt or a parameter, any key but the one in use is also sent to the server. Delete the key "
        "here, create a new one{page}, and enter it with %sfkey, which asks for it without showing it.",
        page=f" ({page})" if page else "",
    )


def _holds_ours(cell: str) -> bool:
    """Return whether the cell contains the key in use: not every key begins with ``sk-``."""
    from sfstream.errors import ConfigurationError
    from sfstream.wire import credentials as keys

    with contextlib.suppress(ConfigurationError):
        return keys.configured_endpoint().redact(cell) != cell
    return False

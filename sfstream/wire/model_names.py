"""The models of a server, for Tab and for errors: asked for in a thread when first needed, and kept for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loading the extension takes next to no time
    from sfstream.wire.endpoint import Endpoint

TIMEOUT = 5.0
"""Seconds after which a request for the list is given up."""
KEPT_FOR, RETRY_AFTER = 600.0, 30.0
"""Seconds until a list is asked for again, and until a failed request is."""
SIMILAR, BEGINS = 0.65, 0.9
"""Least likeness of a similar name, between 0 and 1, and that of a name that begins with the other."""

_lists: dict[str, list[str]] = {}
"""The models that are known, by base URL."""
_due: dict[str, float] = {}
"""When the list of a base URL may be asked for again."""
_asking: dict[str, threading.Thread] = {}


def known_models(endpoint: Endpoint) -> list[str]:
    """Return the models of a server that are known so far. It never waits; the first call begins to ask the server."""
    url = endpoint.base_url
    known = _lists.get(url, [])
    if time.monotonic() >= _due.get(url, 0.0):
        _due[url] = time.monotonic() + RETRY_AFTER
        _asking[url] = threading.Thread(target=_ask, args=[endpoint], name="sfstream models", daemon=True)
        _asking[url].start()
    return known


def is_asking(endpoint: Endpoint) -> bool:
    """Return whether a request for the list is under way."""
    return (thread := _asking.get(endpoint.base_url)) is not None and thread.is_alive()


def similar(name: str, names: Iterable[str], most: int = 3) -> list[str]:
    """Return the names that are most like another, the best first.

    The part before the last slash may be missing, and upper and lower case are the same.

    Example:
        >>> similar("deepseek-v3", ["deepseek-ai/DeepSeek-V3.2", "Qwen/Qwen3-8B"])
        ['deepseek-ai/DeepSeek-V3.2']
    """
    likeness = {each: _likeness(name.lower(), each.lower()) for each in names}
    return sorted((each for each in likeness if likeness[each] >= SIMILAR), key=lambda each: -likeness[each])[:most]


def _likeness(name: str, other: str) -> float:
    last, other_last = name.rpartition("/")[2], other.rpartition("/")[2]
    ratios = [SequenceMatcher(None, a, b).ratio() for a, b in ((name, other), (last, other_last))]
    return max(*ratios, BEGINS if len(last) > 2 and other_last.startswith(last) else 0)


def _ask(endpoint: Endpoint) -> None:
    from sfstream.errors import SfStreamError
    from sfstream.wire.connect import AbortHandle
    from sfstream.wire.models import list_models

    handle = AbortHandle()
    timer = threading.Timer(TIMEOUT, handle.abort)
    timer.daemon = True
    timer.start()
    with suppress(SfStreamError):  # neither a completion nor an error has a place to say what went wrong
        _lists[endpoint.base_url] = list_models(endpoint, handle)
        _due[endpoint.base_url] = time.monotonic() + KEPT_FOR
    timer.cancel()

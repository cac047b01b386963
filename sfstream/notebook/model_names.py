"""The models of the server for Tab: asked for in a thread when they are first needed, and kept for a while."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loading the extension takes next to no time
    from sfstream.wire.endpoint import Endpoint

TIMEOUT = 5.0
"""Seconds after which a request for the list is given up."""
KEPT_FOR, RETRY_AFTER = 600.0, 30.0
"""Seconds until a list is asked for again, and until a failed request is."""

_lists: dict[str, list[str]] = {}
"""The models that are known, by base URL."""
_due: dict[str, float] = {}
"""When the list of a base URL may be asked for again."""


def known_models() -> list[str]:
    """Return the models of the configured server that are known so far. It never waits.

    The first call begins to ask the server, unless it requires a key and there is none.
    """
    from sfstream.errors import ConfigurationError
    from sfstream.wire.credentials import configured_endpoint

    try:
        endpoint = configured_endpoint()
        endpoint.require_key()
    except ConfigurationError:
        return []
    if time.monotonic() >= _due.get(endpoint.base_url, 0.0):
        _due[endpoint.base_url] = time.monotonic() + RETRY_AFTER
        threading.Thread(target=_ask, args=[endpoint], name="sfstream models", daemon=True).start()
    return _lists.get(endpoint.base_url, [])


def _ask(endpoint: Endpoint) -> None:
    from sfstream.errors import SfStreamError
    from sfstream.wire.connect import AbortHandle
    from sfstream.wire.models import list_models

    handle = AbortHandle()
    timer = threading.Timer(TIMEOUT, handle.abort)
    timer.daemon = True
    timer.start()
    with suppress(SfStreamError):  # a completion has no place to say what went wrong
        _lists[endpoint.base_url] = list_models(endpoint, handle)
        _due[endpoint.base_url] = time.monotonic() + KEPT_FOR
    timer.cancel()

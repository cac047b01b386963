"""Whether a call takes a kept answer, and where a new answer is kept, by its keywords and the settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sfstream.core.checks import check_value
from sfstream.core.config import configured
from sfstream.core.message import joined
from sfstream.core.parameters import BY_NAME
from sfstream.core.recording import Sink
from sfstream.core.request import ChatRequest
from sfstream.errors import NoKey
from sfstream.log.reuse import KeepInFolder, KeptAnswer, Place, find, place_of
from sfstream.log.store import LogFile
from sfstream.wire.endpoint import Endpoint


def kept_answer(keys: Sequence[str], keywords: Mapping[str, Any]) -> KeptAnswer | None:
    """Return the kept answer to a request, if there is one and it may be shown again.

    Args:
        keys: of the request in each form in which it may have been sent, preferred ones first.
        keywords: of `sfstream.chat`, and ``fresh``.

    Raises:
        ConfigurationError: a value of ``reuse`` or ``fresh`` cannot be used.
    """
    place, is_fresh = _place(keywords), configured(keywords.get("fresh"), "fresh", False)
    check_value(BY_NAME["fresh"], is_fresh)
    return find(keys, place) if place and not is_fresh else None


def keeping_sinks(key: str, keywords: Mapping[str, Any]) -> list[Sink]:
    """Return the sinks that keep the answer to the request with that key: in the log, and in a folder."""
    place, is_logged = _place(keywords), configured(keywords.get("log"), "log", True)
    in_log: list[Sink] = [LogFile(key)] if is_logged else []
    return [*in_log, KeepInFolder(place, key)] if place and place.folder else in_log


def check_ready(request: ChatRequest, endpoint: Endpoint, keywords: Mapping[str, Any]) -> None:
    """Check what is needed to send: a key, and a folder that can be written if the answer is to be kept in one.

    Raises:
        ConfigurationError: the folder cannot be written.
        NoKey: there is no key. With ``reuse``, the message also says that no answer to the prompt is kept.
    """
    place = _place(keywords)
    try:
        endpoint.require_key()
    except NoKey as error:
        raise NoKey(joined(place.holds_none(request) if place else "", error.text)) from None
    if place:
        place.check_writable()


def _place(keywords: Mapping[str, Any]) -> Place | None:
    return place_of(configured(keywords.get("reuse"), "reuse", False))

"""Add to the error about a model that does not exist which models have similar names, and that the demo is on."""

from __future__ import annotations

from collections.abc import Iterator

from sfstream.core.hints import either
from sfstream.core.message import Message, append_line, message
from sfstream.core.recording import Head
from sfstream.core.reply import Reply
from sfstream.core.text import excerpt
from sfstream.errors import NotFound, SfStreamError
from sfstream.run.retry import time_left
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.model_names import is_asking, known_models, similar
from sfstream.wire.transport import VIA

PATIENCE = 2.0
"""Seconds that an error waits for the list of the models, if it is not known yet."""
_TICK = 0.05
_LONGEST = 100
"""Maximum number of characters of a name that is quoted."""


def suggesting_models(error: SfStreamError, reply: Reply, endpoint: Endpoint) -> Iterator[float]:
    """Yield the seconds to wait for the list of the models, and add lines to the error if the model is not in it.

    Nothing is added to another error, and where the server gives no list. The list costs nothing.
    """
    if not isinstance(error, NotFound) or reply.via not in VIA:
        return
    names = known_models(endpoint)
    for _ in time_left(PATIENCE):
        if not is_asking(endpoint):
            break
        yield _TICK
    names = known_models(endpoint)
    if names and reply.request.model not in names:
        found = [excerpt(name, _LONGEST) for name in similar(reply.request.model, names)]
        is_demo = reply.source != Head.source
        if found:
            append_line(error, message("Did you mean {names}?", names=", ".join(found)))
        elif not is_demo:
            append_line(error, _none(len(names), endpoint))
        if is_demo:
            append_line(error, _demo())


def _none(count: int, endpoint: Endpoint) -> Message:
    return message(
        "None of the {count} models of {place} has a similar name.", count=f"{count:,}", place=endpoint.place
    )


def _demo() -> Message:
    return either(
        message("The demo is on, which knows only the models of %sfdemo list. %sfdemo stop goes back to your server."),
        message("This is the demo server, which knows only its own models: sfstream.models() lists them."),
    )

"""``%sfmodels``: list the chat models of the server."""

from __future__ import annotations

from sfstream.api import models
from sfstream.core.message import joined, message
from sfstream.display.translations import translate
from sfstream.notebook.commands import command_hint
from sfstream.notebook.key_warning import quoted
from sfstream.notebook.table import Table
from sfstream.notebook.usage import usage_error
from sfstream.wire.credentials import configured_endpoint

_ASK = message("%%sfchat -m NAME asks one.")


def sfmodels(pattern: str) -> Table:
    """Return the table of the models whose names match a pattern; all if it is empty.

    Raises:
        UsageError: no model matches.
        SfStreamError: as `sfstream.models` raises it.
    """
    names = models(pattern)
    if pattern and not names:
        host = configured_endpoint().place
        raise usage_error(
            "No model of {host} matches {pattern}. %sfmodels lists all models.",
            command_hint("sfmodels", pattern.partition(" ")[0]),
            host=host,
            pattern=quoted(pattern),
        )
    count = f"{len(names):,}"
    found = message("{count} match.", count=count) if pattern else message("{count} in all.", count=count)
    return Table([(name,) for name in names], (translate("model"),), note=translate(joined(found, _ASK)))

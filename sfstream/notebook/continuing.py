"""``-c``: from the option to the Reply that the call continues."""

from __future__ import annotations

from typing import Any

from sfstream.core.conversation import session
from sfstream.notebook.settings import SfChat
from sfstream.notebook.usage import usage_error
from sfstream.run.continuing import here


def resolve_continue(options: dict[str, Any], settings: SfChat) -> None:
    """Replace the option ``-c`` by ``after``, the Reply that the cell continues.

    Raises:
        UsageError: there is none, or the line names a conversation as well.
    """
    is_asked = options.pop("continues", False)
    is_named = "conversation" in options
    if is_asked and is_named:
        raise usage_error("-c and --conversation both say what to continue: leave one of them out.")
    if not (is_asked or (settings.continues and not is_named)):
        return
    if (after := session.before(here())) is not None:
        options["after"] = after
    elif is_asked:  # with the setting, the first cell of a notebook begins
        raise usage_error("-c: there is no reply to continue from. Leave -c out, or show one with %sflog show N first.")

"""What a call continues: the keywords and settings ``after`` and ``conversation``, as seen from the cell that runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfstream.core.config import configured
from sfstream.core.conversation import check_name, conversations
from sfstream.core.message import message
from sfstream.core.reply import Reply
from sfstream.core.turns import Cell, added_to, why_not_sent
from sfstream.display.frontend import cell_id, execution_id
from sfstream.errors import ConfigurationError


def here() -> Cell:
    """Return the cell that runs."""
    return Cell(cell_id(), execution_id())


def reply_before(keywords: Mapping[str, Any]) -> Reply | None:
    """Return the Reply that a call continues; None if it begins a conversation. Nothing is changed.

    Raises:
        ConfigurationError: `after` is not a Reply, or is given together with `conversation`, or that is not a name.
    """
    after, name = keywords.get("after"), _name(keywords)
    if after is not None and keywords.get("conversation") is not None:
        raise ConfigurationError(message("after and conversation both say what to continue: leave one of them out."))
    if after is not None and not isinstance(after, Reply):
        raise ConfigurationError(message("after is {value}; expected a Reply.", value=f"{after!r:.60}"))
    if name is None:
        return after
    check_name(name)
    return conversations[name].before(here()) if name in conversations else None


def link(reply: Reply, after: Reply | None) -> None:
    """Let a reply, which is not sent yet, continue another one."""
    if after is not None:
        reply.after, reply.added = after, added_to(after, reply.request.messages)
        if remark := why_not_sent(after):
            reply.notes.append(remark)


def take_turn(reply: Reply, keywords: Mapping[str, Any]) -> None:
    """Make the reply of a call, which is about to be sent, the last turn of the conversation that the call names."""
    reply.asked_in = here()
    if (name := _name(keywords)) is not None:
        (conversations[name] if name in conversations else conversations.begin(name)).add(reply)


def _name(keywords: Mapping[str, Any]) -> Any:
    """Return the name of the conversation that the call takes part in; None for none. A replay takes part in none."""
    if keywords.get("after") is not None or configured(keywords.get("replay"), "replay"):
        return None
    return configured(keywords.get("conversation"), "conversation")

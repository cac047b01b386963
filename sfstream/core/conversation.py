"""Conversations: chains of Replies, the names for some of them, and what ``-c`` continues. Nothing is stored twice."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from sfstream.core.hints import begins_conversation
from sfstream.core.message import Message, message
from sfstream.core.reply import Reply
from sfstream.core.turns import Cell
from sfstream.errors import ConfigurationError, UnknownConversation


class Conversation:
    """A name for a Reply and all that it continues. As the value of a cell it is shown as a dialogue.

    Its methods change what the name stands for; the Replies themselves stay as they are, also in the log.

    Attributes:
        name: its name.
        newest: the Reply of its last turn; None if it has no turn.

    Example:
        >>> sfstream.chat("Name three primes.", conversation="primes")
        >>> sfstream.conversations["primes"].messages[0]
        {'role': 'user', 'content': 'Name three primes.'}
    """

    def __init__(self, name: str, newest: Reply | None = None) -> None:
        self.name = name
        self.newest = newest

    @property
    def replies(self) -> list[Reply]:
        """The Reply of each turn, oldest first."""
        found = []
        reply = self.newest
        while reply is not None:
            found.append(reply)
            reply = reply.after
        return found[::-1]

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages that the next turn is sent with, in front of its own."""
        return self.newest.messages if self.newest else []

    def fork(self, name: str) -> Conversation:
        """Give the conversation so far a second name, under which it can go on in another way.

        Raises:
            ConfigurationError: there is a conversation of that name already.

        Example:
            >>> sfstream.conversations["plan"].fork("bolder plan")
        """
        return conversations.begin(name, self.newest)

    def undo(self) -> Conversation:
        """Take the last turn out.

        Raises:
            ConfigurationError: there is no turn.
        """
        return self.drop(len(self.replies) or 1)

    def drop(self, turn: int) -> Conversation:
        """Take one turn out, with its prompt and its answer. Later turns keep theirs.

        Args:
            turn: its number, as it is displayed: the first is 1.

        Raises:
            ConfigurationError: there is no such turn.
        """
        replies = self.replies
        if not isinstance(turn, int) or not 1 <= turn <= len(replies):
            raise ConfigurationError(_no_turn(f"{turn!r:.60}", f"{self.name!r:.60}", len(replies)))
        newest = replies[turn - 1].after
        for later in replies[turn:]:
            moved = copy.copy(later)  # whoever holds the Reply sees what it really continued
            moved.after, newest = newest, moved
        self.newest = newest
        return self

    def clear(self) -> Conversation:
        """Take all turns out. The next one begins the conversation anew."""
        self.newest = None
        return self

    def before(self, cell: Cell) -> Reply | None:
        """Return the Reply that a call continues: the last; for a cell that is run again, that before its own turn."""
        for reply in self.replies:
            if cell.id and reply.asked_in.id == cell.id and reply.asked_in.run != cell.run:
                return reply.after
        return self.newest

    def add(self, reply: Reply) -> None:
        """Make a Reply the last turn. It says which turns that came after its predecessor are no longer there."""
        earlier = self.replies
        first = earlier.index(reply.after) + 2 if reply.after in earlier else 1
        if first == len(earlier):
            reply.notes.append(message("Replaced turn {turn} of {name}.", turn=first, name=self.name))
        elif first < len(earlier):
            values = {"first": first, "last": len(earlier), "name": self.name}
            reply.notes.append(message("Replaced turns {first} to {last} of {name}.", **values))
        self.newest = reply

    def __repr__(self) -> str:
        from sfstream.display.dialogue import dialogue_text  # when it is called, as the display imports Reply

        return dialogue_text(self.name, self.replies)

    def _repr_html_(self) -> str:
        from sfstream.display.dialogue import dialogue_html

        return dialogue_html(self.name, self.replies)


class Conversations(Mapping[str, Conversation]):
    """The named conversations of this kernel: ``conversations["plan"]``."""

    def __init__(self) -> None:
        self._named: dict[str, Conversation] = {}

    def begin(self, name: str, newest: Reply | None = None) -> Conversation:
        """Return a new conversation.

        Raises:
            ConfigurationError: the name cannot be used, or is in use.
        """
        check_name(name)
        if name in self._named:
            raise ConfigurationError(
                message("There is a conversation {name} already; choose another name.", name=f"{name!r:.60}")
            )
        return self._named.setdefault(name, Conversation(name, newest))

    def __getitem__(self, name: str) -> Conversation:
        if name in self._named:
            return self._named[name]
        there = ", ".join(map(repr, self))
        raise UnknownConversation(
            message(
                "There is no conversation {name}. There are: {there}.",
                name=f"{name!r:.60}",
                there=f"{there:.300}" if there else _none(),
            )
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._named)

    def __len__(self) -> int:
        return len(self._named)

    def __repr__(self) -> str:
        from sfstream.display.dialogue import list_as_text

        return list_as_text({name: self[name].replies for name in self})

    def _repr_html_(self) -> str:
        from sfstream.display.dialogue import list_as_html

        return list_as_html({name: self[name].replies for name in self})

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)


def _none() -> Message:
    return message("none; {call} begins one", call=begins_conversation())


def _no_turn(turn: str, name: str, turns: int) -> Message:
    if not turns:
        return message("There is no turn {turn}: the conversation {name} has no turns.", turn=turn, name=name)
    return message(
        "There is no turn {turn}: the conversation {name} has the turns 1 to {last}.", turn=turn, name=name, last=turns
    )


def check_name(name: object) -> None:
    """Raise `ConfigurationError` unless this can be the name of a conversation."""
    if not isinstance(name, str) or not name.strip():
        raise ConfigurationError(
            message("The name of a conversation is {name}; expected a text.", name=f"{name!r:.60}")
        )


class Session:
    """What ``-c`` continues from: the last Reply, and what a cell that is run again continued from before.

    Attributes:
        last: the newest Reply that was shown or bound; None if there is none.
    """

    def __init__(self) -> None:
        self.last: Reply | None = None
        self._newest: dict[str, Reply] = {}
        self._before: dict[str, tuple[str, Reply]] = {}

    def note(self, reply: Reply, cell: Cell) -> None:
        """Remember a Reply that the cell shows or binds."""
        self.last = reply
        reply.asked_in = reply.asked_in if reply.asked_in.id else cell  # one of the log, or of another library
        if cell.id:
            self._newest[cell.id] = reply
            if reply.after and self._before.get(cell.id, ("", reply))[0] != cell.run:
                self._before[cell.id] = (cell.run, reply.after)

    def before(self, cell: Cell) -> Reply | None:
        """Return the Reply that ``-c`` continues in this cell; None if there is none."""
        run, reply = self._before.get(cell.id, (cell.run, None))
        if reply is None or run == cell.run:
            return self.last
        newest = self._newest.get(reply.asked_in.id, reply)
        was_own = newest.asked_in.id == cell.id and newest.asked_in.run != cell.run
        return reply if was_own else newest


conversations = Conversations()
"""The named conversations."""
session = Session()

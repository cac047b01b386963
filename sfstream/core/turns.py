"""One turn of a conversation, which is a Reply: its messages, and what is sent when another turn continues it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from itertools import chain, takewhile
from typing import Any, NamedTuple, Protocol, TypeAlias

from sfstream.core.choice import ToolCall
from sfstream.core.finish import Status
from sfstream.core.message import Message, message
from sfstream.core.request import ChatRequest
from sfstream.errors import ConfigurationError

Messages: TypeAlias = Sequence[Mapping[str, Any]]

_SENT_BACK = ("complete", "length", "filtered")
_NOT_SENT = {
    "stopped": message("The stopped answer before this one was not sent back."),
    "cut": message("The answer before this one was cut off and was not sent back."),
    "failed": message("The answer before this one failed and was not sent back."),
    "streaming": message("The answer before this one is still streaming and was not sent back."),
}
_EMPTY = message("The answer before this one has no content and was not sent back.")


class Cell(NamedTuple):
    """Where a call was made.

    Attributes:
        id: the front-end's name for the cell; empty where it names none.
        run: the request that executes the cell: another one each time that it is run.
    """

    id: str = ""
    run: str = ""


class Turn(Protocol):
    """What is needed of a Reply, which imports this module."""

    request: ChatRequest
    status: Status
    added: int | None

    @property
    def after(self) -> Turn | None:
        """The turn that this one continues."""

    @property
    def content(self) -> str:
        """The text of the answer."""

    @property
    def reasoning(self) -> str:
        """The text of the reasoning."""

    @property
    def tool_calls(self) -> list[ToolCall]:
        """The calls that the model asks for."""


def messages_of(turn: Turn) -> list[dict[str, Any]]:
    """Return the system message of a turn, if there is one, and the dialogue up to and with its answer."""
    turns = [turn]
    while (before := turns[-1].after) is not None:
        turns.append(before)
    dialogue = chain.from_iterable([*prompt_of(each), *answer_of(each)] for each in reversed(turns))
    return deepcopy([dict(each) for each in (*_leading(turn.request.messages), *dialogue)])


def prompt_of(turn: Turn) -> Messages:
    """Return the messages that the turn has added to those before it, without its answer."""
    messages = turn.request.messages
    return _dialogue(messages) if turn.added is None else messages[len(messages) - turn.added :]


def answer_of(turn: Turn) -> list[dict[str, Any]]:
    """Return the answer as the message that is sent back, if it is sent back.

    SiliconFlow refuses a content that is null, and wants the reasoning of a turn with tool calls only
    (https://docs.siliconflow.cn/cn/userguide/capabilities/reasoning).
    """
    calls = turn.tool_calls
    if turn.status not in _SENT_BACK or not (turn.content or calls):
        return []
    answer: dict[str, Any] = {"role": "assistant", "content": turn.content}
    if calls and turn.reasoning:
        answer["reasoning_content"] = turn.reasoning
    if calls:
        answer["tool_calls"] = [_on_the_wire(call) for call in calls]
    return [answer]


def why_not_sent(turn: Turn) -> Message | None:
    """Return what the user is told if the answer of a turn that is continued is not sent back."""
    return None if answer_of(turn) else _NOT_SENT.get(turn.status, _EMPTY)


def message_text(message: Mapping[str, Any]) -> str:
    """Return the text of a message, whose content may consist of parts of several kinds."""
    content = message.get("content")
    parts = content if isinstance(content, list) else [{"text": content}]
    texts = (part.get("text") for part in parts if isinstance(part, Mapping))
    return "\n".join(text for text in texts if isinstance(text, str))


def continuing(turn: Turn, prompt: Messages, system: str | None) -> Messages:
    """Return the messages that continue a turn.

    Args:
        turn: what is continued. Its messages stay as they are, so that the server's prefix cache works.
        prompt: the new messages. A system message at their head replaces that of the turn.
        system: the same as text; empty for no system message, None to keep that of the turn.

    Raises:
        ConfigurationError: there is no new message, or the prompt of the turn is unknown.
    """
    if not prompt_of(turn):
        raise ConfigurationError(
            message("This reply cannot be continued: its stream was opened elsewhere and its prompt is unknown.")
        )
    earlier, ours = messages_of(turn), _leading(prompt)
    if not (new := _dialogue(prompt)):
        raise ConfigurationError(message("The prompt is empty; expected text, or a list of messages."))
    lead: Messages = ours or _leading(earlier)
    if system is not None:
        lead = [*([{"role": "system", "content": system}] if system else []), *ours]
    return [*lead, *_dialogue(earlier), *new]


def added_to(turn: Turn, messages: Messages) -> int:
    """Return how many of the messages that continue a turn are new."""
    return len(_dialogue(messages)) - len(_dialogue(messages_of(turn)))


def _leading(messages: Messages) -> Messages:
    return list(takewhile(_is_system, messages))


def _dialogue(messages: Messages) -> Messages:
    return messages[len(_leading(messages)) :]


def _is_system(message: object) -> bool:
    return isinstance(message, Mapping) and message.get("role") in ("system", "developer")


def _on_the_wire(call: ToolCall) -> dict[str, Any]:
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}

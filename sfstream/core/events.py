"""What flows from a transport to a Reply. Plain frozen values, equal when their fields are equal.

A transport yields `Chunk`; the decoder turns the chunks into `Event`, which is one of `Delta`,
`ToolCallDelta`, `Usage` and `Finish`. The names are those of the OpenAI-compatible wire format
(https://docs.siliconflow.cn/docs/api/chat-completions-post).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes of the response body, as they arrived.

    Attributes:
        t: seconds from sending the request to the arrival of these bytes.
        data: the bytes; they may begin and end anywhere, also inside a character.
    """

    t: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Delta:
    """Text that was added to one choice; at least one of the two texts is not empty.

    Attributes:
        index: the choice that grows; 0 unless several were asked for.
        content: what is added to the answer.
        reasoning: what is added to the reasoning (``reasoning_content`` on the wire).
    """

    index: int = 0
    content: str = ""
    reasoning: str = ""


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A tool call, whole or a piece of it.

    Attributes:
        index: the choice that it belongs to.
        call: which tool call of that choice grows.
        id: its id; empty where this piece carries none.
        name: the function's name; empty where this piece carries none.
        arguments: what is added to the arguments, which are JSON text when whole.
    """

    index: int = 0
    call: int = 0
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts so far. SiliconFlow sends them, cumulative, with every chunk: the last one counts.

    Attributes:
        counts: the ``usage`` object as the server sent it (``prompt_tokens``, ``completion_tokens``, …).
    """

    counts: dict[str, Any]


_MOST_TOKENS = 10**12
"""What is no less counts no tokens: a server, or a recording of someone else's, may say anything."""


def count_of(counts: Mapping[str, Any], name: str) -> int | None:
    """One of the counts of a ``usage`` object; None where it is missing, or none that can be."""
    count = counts.get(name)
    return count if type(count) is int and 0 <= count < _MOST_TOKENS else None


@dataclass(frozen=True, slots=True)
class Finish:
    """Why a choice ended.

    Attributes:
        index: the choice.
        reason: ``stop``, ``eos``, ``length``, ``tool_calls``, ``content_filter`` or what the server says.
    """

    index: int
    reason: str


Event: TypeAlias = Delta | ToolCallDelta | Usage | Finish

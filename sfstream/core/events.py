"""What flows from a transport to a Reply, as frozen values.

A transport yields `Chunk`. The decoder turns chunks into `Event`, which is one of `Delta`, `ToolCallDelta`, `Usage` and
`Finish`. Names follow the OpenAI-compatible wire format (https://docs.siliconflow.cn/docs/api/chat-completions-post).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes of the response's body, as they arrived.

    Attributes:
        t: seconds from sending the request to the arrival of the bytes.
        data: the bytes; they may begin and end anywhere, even inside a character.
    """

    t: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Delta:
    """Text that is added to one choice; at least one of the two texts is not empty.

    Attributes:
        index: index of the choice; 0 unless the server sends several.
        content: text to append to the content.
        reasoning: text to append to the reasoning (``reasoning_content`` on the wire).
    """

    index: int = 0
    content: str = ""
    reasoning: str = ""


@dataclass(frozen=True, slots=True)
class ContentWasReasoning:
    """All content of one choice so far was reasoning. Its answer begins with the next `Delta` that has content.

    Some models write their thoughts into the content without a tag before them. That they were thoughts is known only
    when ``</think>`` comes.

    Attributes:
        index: index of the choice.
    """

    index: int = 0


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A tool call or a piece of one.

    Attributes:
        index: index of the choice.
        call: index of the tool call in the choice.
        id: identifier of the call; empty if this piece carries none.
        name: name of the function; empty if this piece carries none.
        arguments: text to append to the arguments, which are JSON when complete.
    """

    index: int = 0
    call: int = 0
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts so far. SiliconFlow sends cumulative counts with every frame; the last ones count.

    Attributes:
        counts: the ``usage`` object as the server sent it (``prompt_tokens``, ``completion_tokens``, …).
    """

    counts: dict[str, Any]


_MOST_TOKENS = 10**12
"""Counts from here on are ignored: a server, or somebody else's recording, may say anything."""


def count_of(counts: Mapping[str, Any], name: str) -> int | None:
    """Return one count of a ``usage`` object, or None if it is missing or impossible."""
    count = counts.get(name)
    return count if type(count) is int and 0 <= count < _MOST_TOKENS else None


@dataclass(frozen=True, slots=True)
class Finish:
    """Why a choice ended.

    Attributes:
        index: index of the choice.
        reason: ``stop``, ``eos``, ``length``, ``tool_calls``, ``content_filter`` or another word of the server's.
    """

    index: int
    reason: str


Event: TypeAlias = Delta | ContentWasReasoning | ToolCallDelta | Usage | Finish

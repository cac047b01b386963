"""What a finish reason means: the status of an answer that ended normally, and what is remarked on it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from sfstream.core.message import Message, message

Status: TypeAlias = Literal["streaming", "complete", "length", "filtered", "stopped", "cut", "failed"]

_BY_REASON: dict[str, Status] = {
    **dict.fromkeys(("length", "max_tokens", "MAX_TOKENS", "model_length"), "length"),
    **dict.fromkeys(("content_filter", "sensitive", "SAFETY"), "filtered"),
}
"""Status by finish reason: SiliconFlow's words (``length``, ``content_filter``) and those of other servers."""
_KNOWN_REASONS = {"stop", "eos", "tool_calls", "function_call", *_BY_REASON}


def status_of(finish_reason: str | None) -> Status:
    """Return the status of an answer that the server ended with this finish reason."""
    return _BY_REASON.get(finish_reason or "", "complete")


def remarks(
    has_content: bool, has_reasoning: bool, has_tool_calls: bool, *, finish_reason: str | None, choices: int
) -> list[Message]:
    """Return what the user is told about an answer that ended normally."""
    found = []
    if not (has_content or has_reasoning or has_tool_calls):
        found.append(message("The answer is empty: the model ended without a word."))
    elif has_reasoning and not (has_content or has_tool_calls):
        found.append(message("The answer came as reasoning only; its content is empty."))
    if choices > 1:
        found.append(message("The server sent {choices} choices; this is the first.", choices=choices))
    if finish_reason and finish_reason not in _KNOWN_REASONS:
        found.append(message("The server gave an unknown finish reason: {reason}.", reason=finish_reason))
    return found

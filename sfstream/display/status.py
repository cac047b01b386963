"""What is said of a reply in one line. No I/O."""

from __future__ import annotations

from sfstream.errors import StreamStalled
from sfstream.reply import Reply
from sfstream.text import harmless


def status_line(reply: Reply) -> str:
    """Model, first-token time, speed, tokens, and how it ended."""
    timing = reply.timing
    parts = [
        reply.model,
        "" if timing.first_token is None else f"first token {timing.first_token:.2f} s",
        "" if timing.tokens_per_second is None else f"{timing.tokens_per_second:,.1f} tokens/s",
        _tokens(reply),
        "played from a recording" if reply.via == "replay" else "",
        "written for the demo, no model" if reply.source == "written by hand" else "",
        how_it_ended(reply),
    ]
    return harmless(" · ".join(filter(None, parts)))


def how_it_ended(reply: Reply) -> str:
    """The status in words."""
    if reply.status == "length":
        return "reached max_tokens" if reply.request.max_tokens else "reached the model's length limit"
    if reply.status == "failed":
        return f"failed: {type(reply.error).__name__}"
    if isinstance(reply.error, StreamStalled):
        return "the server fell silent"
    return {
        "streaming": "streaming",
        "complete": "complete",
        "filtered": "ended by the content filter",
        "stopped": "stopped by you",
        "cut": "cut off by the server",
    }[reply.status]


def calls_of(reply: Reply) -> list[str]:
    """The functions that the model wants called, each as a call."""
    return [f"{call.name}({call.arguments})" for call in reply.tool_calls]


def thought(reply: Reply) -> str:
    """How long the model thought, such as "Thought for 12.3 s, 1,024 tokens"."""
    timing = reply.timing
    until = timing.first_content if timing.first_content is not None else timing.total
    seconds = max(0.0, (until or 0) - (timing.first_token or 0))
    tokens = f", {reply.reasoning_tokens:,} tokens" if reply.reasoning_tokens else ""
    return f"Thought for {seconds:.1f} s{tokens}"


def _tokens(reply: Reply) -> str:
    if reply.tokens is None:
        return ""
    reasoning = f" ({reply.reasoning_tokens:,} reasoning)" if reply.reasoning_tokens else ""
    return f"{reply.tokens:,} tokens{reasoning}"

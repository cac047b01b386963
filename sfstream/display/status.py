"""What is said of a reply in one line. No I/O."""

from __future__ import annotations

from sfstream.core.reply import Reply
from sfstream.core.text import excerpt, harmless
from sfstream.display.translations import say, translated
from sfstream.errors import StreamInterrupted, StreamStalled

_MODEL = 120
"""Characters of a model's name, which in a recording may be anybody's."""
_ENDS = {
    "streaming": "streaming",
    "complete": "complete",
    "filtered": "ended by the content filter",
    "stopped": "stopped by you",
    "cut": "cut off by the server",
}


def status_line(reply: Reply) -> str:
    """Model, first-token time, speed, tokens, and how it ended."""
    timing = reply.timing
    parts = [
        excerpt(reply.model, _MODEL),
        # Of a stream that was given, nobody knows when it was asked for.
        "" if timing.first_token is None or reply.is_given else say("first token {} s", f"{timing.first_token:.2f}"),
        "" if timing.tokens_per_second is None else say("{} tokens/s", f"{timing.tokens_per_second:,.1f}"),
        "" if reply.status == "stopped" else tokens(reply),  # a stop says its tokens itself
        say("played from a recording") if reply.via == "replay" else "",
        say("written for the demo, no model") if reply.source == "written by hand" else "",
        how_it_ended(reply),
    ]
    return harmless(" · ".join(filter(None, parts)))


def how_it_ended(reply: Reply) -> str:
    """The status in words."""
    if reply.status == "length":
        return say(_length(reply))
    if reply.status == "failed":
        return say("failed: {}", type(reply.error).__name__)
    if reply.status == "stopped" and reply.tokens:
        return say("stopped by you after {}", tokens(reply))
    if isinstance(reply.error, StreamStalled):
        return say("the server fell silent")
    if isinstance(reply.error, StreamInterrupted):
        return say("interrupted: its process ended first")
    return say(_ENDS[reply.status])


def notes(reply: Reply) -> list[str]:
    """What else is to be said of it, a line for each."""
    return [harmless(translated(note)) for note in reply.notes]


def waiting(doing: str, seconds: float) -> str:
    """What is waited for, and how long already."""
    return harmless(say("{} … {} s", translated(doing), int(seconds)))


def calls_of(reply: Reply) -> list[str]:
    """The functions that the model wants called, each as a call."""
    return [f"{call.name}({call.arguments})" for call in reply.tool_calls]


def thought(reply: Reply) -> str:
    """How long the model thought, such as "Thought for 12.3 s, 1,024 tokens"."""
    timing = reply.timing
    until = timing.first_content if timing.first_content is not None else timing.total
    seconds = f"{max(0.0, (until or 0) - (timing.first_token or 0)):.1f}"
    if reply.reasoning_tokens:
        return say("Thought for {} s, {}", seconds, _counted(reply.reasoning_tokens))
    return say("Thought for {} s", seconds)


def tokens(reply: Reply) -> str:
    """How many by the server's count, and how many of them are reasoning; empty where it gave none."""
    if reply.tokens is None:
        return ""
    if reply.reasoning_tokens:
        return say("{} ({} reasoning)", _counted(reply.tokens), f"{reply.reasoning_tokens:,}")
    return _counted(reply.tokens)


def _counted(count: int) -> str:
    return say("1 token") if count == 1 else say("{} tokens", f"{count:,}")


def _length(reply: Reply) -> str:
    """Which limit was reached, as far as it is known."""
    if reply.request.max_tokens or "max_completion_tokens" in reply.request.params:
        return "reached max_tokens"
    return "reached a limit on tokens" if reply.via == "given" else "reached the model's length limit"

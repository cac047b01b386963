"""What the live view says about its reply, in a few words that change about once a second. No I/O."""

from __future__ import annotations

import time
from typing import TypedDict

from sfstream.core.reply import Reply
from sfstream.core.text import harmless
from sfstream.display import layout
from sfstream.display.status import calls_of, how_it_ended, notes, status_line, thought, waiting
from sfstream.display.translations import say


class Said(TypedDict):
    """What a view says around the answer.

    Attributes:
        lines: below the answer, plain text.
        calls: the functions that the model wants called, safe HTML.
        summary: of the reasoning, plain text; empty where there is none.
        open: whether the reasoning is what there is to read.
        ended: whether nothing more comes.
        aloud: for screen readers, where something has begun or ended.
    """

    lines: list[str]
    calls: str
    summary: str
    open: bool
    ended: bool
    aloud: str


class Clock:
    """Seconds since the run began, and since it has been doing what it does."""

    def __init__(self) -> None:
        self._began = self._since = time.monotonic()
        self._doing = ""

    def seconds(self, doing: str) -> int:
        """Whole seconds of this doing; of the run where the answer comes."""
        if doing != self._doing:
            self._doing, self._since = doing, time.monotonic()
        return int(time.monotonic() - (self._since if doing else self._began))


def said(reply: Reply, doing: str, seconds: int) -> Said:
    """What is said of a reply that grows.

    Args:
        doing: what is waited for; empty while the answer comes.
        seconds: of that, or of the run.
    """
    thinking = not (reply.content or reply.tool_calls)
    summary = say("Thinking… {} s", seconds) if thinking else thought(reply)
    return {
        "lines": [waiting(doing, seconds) if doing else _streaming(reply, seconds)],
        "calls": _calls(reply),
        "summary": summary if reply.reasoning.strip() else "",
        "open": thinking,
        "ended": False,
        "aloud": "" if doing else say("The answer begins."),
    }


def said_last(reply: Reply) -> Said:
    """What is said of a reply that has ended: what the static answer says."""
    return {
        "lines": [status_line(reply), *notes(reply)],
        "calls": _calls(reply),
        "summary": thought(reply) if reply.reasoning.strip() else "",
        "open": not (reply.content.strip() or reply.tool_calls),
        "ended": True,
        "aloud": say("The answer has ended: {}.", how_it_ended(reply)),
    }


def words() -> dict[str, str]:
    """What the page says by itself, by the names that it has for it."""
    return {
        "stop": say("Stop"),
        "stop the answer": say("Stop the answer"),
        "stopping": say("stopping") + "…",
        "copy": say("Copy"),
        "copy the answer": say("Copy the answer as Markdown"),
        "copy the code": say("Copy the code"),
        "copied": say("Copied"),
        "copied as text": say("Copied as text"),
        "not copied": say("Not copied"),
        "loading": say("Loading: the answer is shown when the kernel is free; without its kernel it cannot be."),
        "lost": say("The kernel is gone, and the answer ended here. %sflog last shows what had come."),
        "reference": say(
            "This page was loaded, or this cell moved, after the answer had begun: a notebook saved from it holds only "
            "a reference to the answer. %sflog last in a cell shows it again, and so does sf_reply."
        ),
    }


def _calls(reply: Reply) -> str:
    return layout.calls([harmless(call) for call in calls_of(reply)])


def _streaming(reply: Reply, seconds: int) -> str:
    speed = reply.timing.tokens_per_second
    rate = say("{} tokens/s", f"{speed:,.0f}") if speed else ""
    return harmless(" · ".join(filter(None, [reply.model, say("{} s", seconds), rate])))

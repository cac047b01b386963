"""What is said about a reply: the status line, its notes, and the captions of the live view. No I/O."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from sfstream.core.events import count_of
from sfstream.core.json_escapes import readable_json
from sfstream.core.message import Message, message
from sfstream.core.reply import Reply
from sfstream.core.text import excerpt, harmless
from sfstream.display.ending import Ending, counted, ending, has_magics, how_it_ended, tokens
from sfstream.display.translations import translate

_MODEL = 120
"""Most characters of a model's name: in a recording it may be any text."""
_MODEL_AGAIN = 60
"""The same where the line has named the model before."""
SILENT_AFTER = 5
"""Seconds without a byte after which a growing answer says how long nothing has come."""


@dataclass(frozen=True)
class Captions:
    """What a view says around the answer.

    Attributes:
        lines: lines below the answer, plain text.
        ending: the line about an answer that has ended and is not complete.
        calls: the tool calls, plain text.
        summary: heading of the reasoning, plain text; empty where there is no reasoning.
        open: whether the reasoning is unfolded.
        ended: whether nothing more comes.
        announcement: text for screen readers when the answer begins or ends.
    """

    lines: list[str]
    ending: Ending | None
    calls: list[str]
    summary: str
    open: bool
    ended: bool
    announcement: str


LOADING = message("loading the openai library")
"""What a run waits for before its request is sent: that takes over a second, once in a process."""
CONNECTING = message("connecting")


class Clock:
    """Counts the seconds since a request was sent, of what the run waits for, and since something came."""

    def __init__(self) -> None:
        self._began = self._since = self._came = time.monotonic()
        self._doing: Message | None = None
        self._so_far = (0, 0, 0)

    def read(self, reply: Reply, doing: Message) -> tuple[int, int]:
        """Return two numbers of whole seconds: of this wait, or since the request was sent; of silence.

        Silence ends with each byte, also one that is no part of the answer, and with each character that is decoded:
        an answer that came at once may take a while to decode.
        """
        now = time.monotonic()
        if doing != self._doing:
            if self._doing == LOADING:
                self._began = self._came = now
            self._doing, self._since = doing, now
        chunks = reply.recording.chunks if reply.recording else ()
        so_far = len(chunks), len(reply.reasoning), len(reply.content)
        if so_far != self._so_far:
            self._so_far, self._came = so_far, now
        return int(now - (self._since if doing else self._began)), int(now - self._came)


def captions(reply: Reply, doing: Message, seconds: int, silence: int = 0) -> Captions:
    """Return the captions of a growing reply.

    Args:
        reply: the reply so far.
        doing: what the run waits for; empty while the answer streams.
        seconds: length of that wait, or of the run.
        silence: seconds since something came.
    """
    thinking = not (reply.content or reply.tool_calls)
    summary = translate("Thinking… {seconds} s", seconds=seconds) if thinking else thought(reply)
    return Captions(
        lines=[waiting(doing, seconds) if doing else _progress(reply, seconds, silence)],
        ending=None,
        calls=tool_calls(reply),
        summary=summary if reply.reasoning.strip() else "",
        open=thinking,
        ended=False,
        announcement="" if doing else translate("The answer begins."),
    )


def final_captions(reply: Reply) -> Captions:
    """Return the captions of a reply that has ended, which are those of the static answer."""
    return Captions(
        lines=closing_lines(reply),
        ending=ending(reply),
        calls=tool_calls(reply),
        summary=thought(reply) if reply.reasoning.strip() else "",
        open=not (reply.content.strip() or reply.tool_calls),
        ended=True,
        announcement=translate("The answer has ended: {how}.", how=how_it_ended(reply)),
    )


def closing_lines(reply: Reply) -> list[str]:
    """Return the lines below an answer that has ended. If it is not complete, a line of its own says how it ended."""
    return [status_line(reply, is_apart=ending(reply) is not None), *notes(reply)]


def how_to_copy(reply: Reply) -> str:
    """Return how the answer is copied where no script runs; empty if there is nothing to copy."""
    if not reply.content.strip():
        return ""
    content, file = ("sf_content", "%sflog export") if has_magics() else ("reply.content", 'reply.save("answer.md")')
    return translate(
        "As displayed: right-click the answer, Copy Output to Clipboard. As Markdown: {code} in a new cell, or {file}.",
        code=f"print({content})",
        file=file,
    )


def status_line(reply: Reply, silence: int = 0, *, is_apart: bool = False) -> str:
    """Return the model, time to the first token, speed, number of tokens, and how the reply ended.

    Args:
        silence: seconds since something came, of a growing reply.
        is_apart: whether another line says how the reply ended.
    """
    timing = reply.timing
    parts = [
        excerpt(reply.model, _MODEL),
        # When a foreign stream was requested is unknown.
        ""
        if timing.first_token is None or reply.is_foreign
        else translate("first token {seconds} s", seconds=f"{timing.first_token:.2f}"),
        "" if timing.tokens_per_second is None else _speed(f"{timing.tokens_per_second:,.1f}"),
        "" if reply.status == "stopped" else tokens(reply),  # how it ended names the tokens
        _cached(reply),
        *_origin(reply),
        "" if is_apart else how_it_ended(reply),
        no_data(silence),
    ]
    return harmless(" · ".join(filter(None, parts)))


def _origin(reply: Reply) -> list[str]:
    """Return that the answer is played, from which model and when, and that it was written by hand."""
    model, when = excerpt(reply.model, _MODEL_AGAIN), reply.recording and reply.recording.head.local_time
    played = translate("played from a recording of {model}", model=model)
    if when:
        played = translate("played from a recording of {model}, {time}", model=model, time=f"{when:%Y-%m-%d %H:%M}")
    by_hand = translate("written for the demo, no model")
    return [played] * (reply.via == "replay") + [by_hand] * (reply.source == "written by hand")


def notes(reply: Reply) -> list[str]:
    """Return the notes of a reply, one line each."""
    return [harmless(translate(note)) for note in reply.notes]


def waiting(doing: Message, seconds: float) -> str:
    """Return what the run waits for, and for how long already."""
    return harmless(translate("{doing} … {seconds} s", doing=translate(doing), seconds=int(seconds)))


def no_data(silence: int) -> str:
    """Return that nothing has come for so many seconds; empty where that is usual."""
    return translate("no data for {seconds} s", seconds=silence) if silence >= SILENT_AFTER else ""


def tool_calls(reply: Reply) -> list[str]:
    """Return the tool calls, each written as the call of a function, with the escapes of its JSON decoded."""
    is_growing = reply.status == "streaming"
    texts = ((call.name, readable_json(call.arguments, is_growing=is_growing)) for call in reply.tool_calls)
    return [harmless(f"{name}({arguments})") for name, arguments in texts]


def thought(reply: Reply) -> str:
    """Return how long the model thought, such as "Thought for 12.3 s, 1,024 tokens"."""
    timing = reply.timing
    until = timing.first_content if timing.first_content is not None else timing.total
    seconds = f"{max(0.0, (until or 0) - (timing.first_token or 0)):.1f}"
    if reply.reasoning_tokens:
        return translate("Thought for {seconds} s, {tokens}", seconds=seconds, tokens=counted(reply.reasoning_tokens))
    return translate("Thought for {seconds} s", seconds=seconds)


def _cached(reply: Reply) -> str:
    """Return how much of the prompt the server had in its prefix cache, by SiliconFlow's or by DeepSeek's field."""
    details = reply.usage.get("prompt_tokens_details")
    cached = count_of(details, "cached_tokens") if isinstance(details, Mapping) else None
    cached = cached or count_of(reply.usage, "prompt_cache_hit_tokens")
    asked = count_of(reply.usage, "prompt_tokens")
    if not (cached and asked):
        return ""
    return translate("{cached} of {asked} prompt tokens cached", cached=f"{cached:,}", asked=f"{asked:,}")


def _speed(tokens_per_second: str) -> str:
    return translate("{speed} tokens/s", speed=tokens_per_second)


def _progress(reply: Reply, seconds: int, silence: int) -> str:
    speed = reply.timing.tokens_per_second
    parts = [reply.model, translate("{seconds} s", seconds=seconds), _speed(f"{speed:,.0f}") if speed else ""]
    if reply.via == "replay":  # only then may the model's name be any text
        parts = [excerpt(reply.model, _MODEL), *parts[1:], *_origin(reply)]
    if silence >= SILENT_AFTER:  # so that a usual chunk passes one function less
        parts.append(no_data(silence))
    return harmless(" · ".join(filter(None, parts)))

"""The Reply: an answer that grows event by event and stays when the stream has ended. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sfstream.core.choice import Choice, ToolCall
from sfstream.core.events import ContentWasReasoning, Delta, Event, Finish, ToolCallDelta, Usage, count_of
from sfstream.core.finish import Status, remarks, status_of
from sfstream.core.json_schema import Schema
from sfstream.core.message import Message
from sfstream.core.recording import Recording
from sfstream.core.reply_views import ReplyViews
from sfstream.core.request import ChatRequest
from sfstream.core.structured import read_value
from sfstream.core.turns import Cell, messages_of
from sfstream.errors import SfStreamError, Stopped, ValueProblem

SHORTEST = 0.1
"""Shortest time from first to last token, in seconds, for which a speed is shown: all may have come in one packet."""


@dataclass(frozen=True)
class Timing:
    """When an answer arrived, in seconds since the request was sent; None for what did not happen.

    Connecting counts. What prepares the request does not, such as the import of openai or the start of curl, nor do
    earlier attempts.

    Attributes:
        first_token: arrival of the first reasoning or content.
        first_content: arrival of the first content.
        total: arrival of the last byte.
        tokens_per_second: tokens after the first, divided by the time from the first to the last token. The number of
            tokens is the server's.
    """

    first_token: float | None = None
    first_content: float | None = None
    total: float | None = None
    tokens_per_second: float | None = None


class Reply(ReplyViews):
    """An answer of a model, while it streams and afterwards. ``str(reply)`` is its content.

    Attributes:
        request: what was asked.
        model: name of the model that was asked.
        via: transport: ``openai``, ``requests``, ``curl`` or ``replay``; ``reuse`` for a kept answer that was shown
            again (`sfstream.log.reuse`); ``given`` for a stream that was passed to `sfstream.show`.
        base_url: base URL that the request went to; empty for a replay, and where it is not known.
        status: ``streaming``, then ``complete``, ``length`` (a limit on tokens was reached), ``filtered`` (by the
            server's content filter), ``stopped`` (by the user), ``cut`` (the stream ended early) or ``failed``.
        error: the exception that ended the stream; None if it ended normally. An answer that ended normally, but
            holds no value as was asked for, has a `sfstream.errors.ValueProblem`, and the status ``complete`` or
            ``length``.
        schema: what the JSON of the answer must be, while it streams; None where no JSON was asked for.
        value: the object that the JSON of the answer stands for, with ``schema`` or ``format="json"``; None until the
            end, and where it does not fit, which is the `error` then.
        format: what was asked for by ``format``: ``text``, ``code`` or ``json``; empty for Markdown.
        usage: the last token counts that the server sent; empty if it sent none.
        trace_id: SiliconFlow's identifier of the call (header ``x-siliconcloud-trace-id``).
        source: ``server``, or ``written by hand`` for an answer of the demo.
        recording: the raw chunks with their arrival times; None if there are none.
        notes: remarks on the answer for the user, one sentence each.
        after: the Reply that it continues; None if it begins a conversation.
        added: how many messages at the end of the request this turn has added to those of `after`; None for all but the
            system message.
        asked_in: the cell where it was asked.
        shown_in: execution count of the cell that has shown it.
        attached: names of the attached images, in the order in which they were sent; empty for one that has none.
        is_foreign: whether it was passed to `sfstream.show`; its times then count from that call.

    Example:
        >>> reply = sfstream.chat("Hello")
        >>> reply.status, reply.finish_reason, reply.usage["completion_tokens"]
        ('complete', 'stop', 9)
    """

    def __init__(self, request: ChatRequest, *, via: str) -> None:
        self.request = request
        self.model = request.model
        self.via = via
        self.base_url = ""
        self.status: Status = "streaming"
        self.format = ""
        self.schema: Schema | None = None
        self.value: Any = None
        self.error: SfStreamError | Stopped | None = None
        self.usage: dict[str, Any] = {}
        self.trace_id: str | None = None
        self.source = "server"
        self.recording: Recording | None = None
        self.notes: list[Message] = []
        self.after: Reply | None = None
        self.added: int | None = None
        self.asked_in = Cell()
        self.shown_in: int | None = None
        self.attached: tuple[str, ...] = ()
        self.is_foreign = False
        self._choices: dict[int, Choice] = {}
        self._first_token: float | None = None
        self._first_content: float | None = None
        self._last_token: float | None = None
        self._total: float | None = None

    @property
    def content(self) -> str:
        """Text of the answer so far."""
        return str(self._choice.content)

    @property
    def reasoning(self) -> str:
        """Text of the reasoning so far; empty if the model shows none."""
        return str(self._choice.reasoning)

    @property
    def tool_calls(self) -> list[ToolCall]:
        """Calls of functions that the model asks for."""
        return self._choice.merged_tool_calls()

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The conversation up to and with this answer, as it is sent back when another turn continues it.

        A stopped or failed answer is left out; its prompt is not. Reasoning is left out, except beside tool calls.
        """
        return messages_of(self)

    @property
    def finish_reason(self) -> str | None:
        """Why the answer ended, as the server says; None before that."""
        return self._choice.finish_reason

    @property
    def tokens(self) -> int | None:
        """Number of tokens of the answer and its reasoning, as counted by the server; None if it sent no count."""
        return count_of(self.usage, "completion_tokens")

    @property
    def reasoning_tokens(self) -> int | None:
        """How many of `tokens` are reasoning; None if the server does not say."""
        details = self.usage.get("completion_tokens_details")
        return count_of(details, "reasoning_tokens") if isinstance(details, Mapping) else None

    @property
    def has_begun(self) -> bool:
        """Whether the first token has arrived."""
        return self._first_token is not None

    @property
    def timing(self) -> Timing:
        """When the answer arrived, so far."""
        return Timing(self._first_token, self._first_content, self._total, self._tokens_per_second())

    def add(self, event: Event, t: float) -> None:
        """Add the next event, which arrived at `t` seconds."""
        if isinstance(event, Delta):
            choice = self._grown(event.index)
            if event.reasoning:
                choice.reasoning.add(event.reasoning)
            if event.content:
                choice.content.add(event.content)
                if self._first_content is None:
                    self._first_content = t
            if self._first_token is None:
                self._first_token = t
            self._last_token = t
        elif isinstance(event, Usage):
            self.usage = event.counts
        elif isinstance(event, ToolCallDelta):
            self._grown(event.index).tool_calls.setdefault(event.call, []).append(event)
            self._first_token = t if self._first_token is None else self._first_token
            self._last_token = t
        elif isinstance(event, Finish):
            self._grown(event.index).finish_reason = event.reason
        elif isinstance(event, ContentWasReasoning):
            self._grown(event.index).take_content_as_reasoning()
            self._first_content = None

    def end(self, t: float, error: SfStreamError | Stopped | None = None) -> None:
        """End the reply: nothing more arrives.

        Args:
            t: arrival of the last byte, in seconds.
            error: what ended the stream, unless it ended normally.
        """
        self._total = t
        self.error = error
        if error:
            self.status = error.status
            error.reply = self
        else:
            self.status = status_of(self.finish_reason)
            texts = self.content, self.reasoning, self.tool_calls
            self.notes += remarks(*map(bool, texts), finish_reason=self.finish_reason, choices=len(self._choices))
            if self.schema and (self.content or not self.tool_calls):
                self._take_value(self.schema)
        self.schema = None  # it cannot be pickled

    def _take_value(self, schema: Schema) -> None:
        try:
            self.value, notes = read_value(self.content, schema, self.status, self.tokens)
        except ValueProblem as error:
            self.error, error.reply = error, self
        else:
            self.notes += notes

    def __str__(self) -> str:
        return self.content

    @property
    def _choice(self) -> Choice:
        return self._choices.get(0) or self._choices[min(self._choices)] if self._choices else Choice()

    def _grown(self, index: int) -> Choice:
        return self._choices.get(index) or self._choices.setdefault(index, Choice())

    def _tokens_per_second(self) -> float | None:
        if self.tokens is None or self._first_token is None or self._last_token is None:
            return None
        seconds = self._last_token - self._first_token
        return (self.tokens - 1) / seconds if seconds >= SHORTEST and self.tokens > 1 else None

"""Decode the bytes of a chat completion into the events of `sfstream.core.events`. No I/O.

The rules are those of SiliconFlow's documentation (https://docs.siliconflow.cn/docs/api/chat-completions-post) and of
captured streams: ``content`` and ``reasoning_content`` may each be text, empty, null or absent; the role may be
repeated; the usage is cumulative and may follow the finish reason; any frame may carry an error, in several shapes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import jiter

from sfstream.core.events import Event, Usage
from sfstream.core.text import excerpt
from sfstream.errors import MalformedStream, StreamCut
from sfstream.wire.choices import Choices
from sfstream.wire.complaints import Complaint, complaint_in
from sfstream.wire.delta_text import list_of, unexpected
from sfstream.wire.server_errors import refusal
from sfstream.wire.sse import ServerSentEvent, SSEDecoder, StrayLine

MAX_STRAY = 4 * 1024 * 1024
"""Maximum number of characters kept of a body that is no event stream, to describe it."""
_CONTENT_TYPE = 80
"""Maximum number of characters of a content type that an error quotes."""


class CompletionDecoder:
    """Incremental decoder: takes the bytes of an answer, cut anywhere, and yields the events.

    Attributes:
        done: whether ``[DONE]`` has arrived; everything after it is ignored.
    """

    def __init__(self, content_type: str = "", trace_id: str | None = None) -> None:
        """
        Args:
            content_type: of the response, for the error if the body is no event stream.
            trace_id: of the response, for errors inside the stream.
        """
        self.done = False
        self._choices = Choices()
        self._sse = SSEDecoder()
        self._content_type = content_type
        self._trace_id = trace_id
        self._stray: list[str] = []
        self._stray_size = 0
        self._bytes = self._frames = 0

    @property
    def finished(self) -> bool:
        """Whether each choice that has begun has a finish reason."""
        return self._choices.finished

    def feed(self, data: bytes) -> Iterator[Event]:
        """Decode the next bytes.

        Raises:
            ServerRefusal: the stream carries an error of the server; the class depends on the error.
            MalformedStream: a frame is not JSON, or not a chat completion chunk.
        """
        self._bytes += len(data)
        for item in self._sse.feed(data):
            if self.done:
                return
            yield from self._events(item)

    def flush(self) -> Iterator[Event]:
        """End the stream: yield the withheld events, and check that the answer is complete.

        Raises:
            StreamCut: there was neither a finish reason nor ``[DONE]``, or the server aborted the answer.
            MalformedStream: the body is not an event stream; the message describes it.
            ServerRefusal: the body is an error of the server.
        """
        for item in () if self.done else self._sse.flush():
            yield from self._events(item)
        yield from self._choices.flush()
        if reason := self._choices.aborted:
            raise StreamCut(f"The server aborted the answer (finish_reason={reason}). The partial answer is kept.")
        if not (self.done or self.finished):
            yield from self._explain()

    def _events(self, item: ServerSentEvent | StrayLine) -> Iterator[Event]:
        if isinstance(item, StrayLine):
            self._add_stray(item.text)
            return
        for event in separated(item):
            if not self.done and (event.complete or is_readable(event)):
                yield from self._event(event)

    def _event(self, item: ServerSentEvent) -> Iterator[Event]:
        data = item.data.strip()
        if data.strip('"') == "[DONE]":
            self.done = True
            return
        if not data:
            return
        self._frames += 1
        if item.event == "error":
            raise self._refusal(complaint_in(parsed(data)) or Complaint(None, data))
        yield from self._frame(_parse(data))

    def _frame(self, frame: object) -> Iterator[Event]:
        is_chunk = isinstance(frame, Mapping) and frame.get("choices") and not frame.get("error")
        if not is_chunk and (complaint := complaint_in(frame)):
            raise self._refusal(complaint)
        if not isinstance(frame, Mapping):
            raise unexpected("a chat completion chunk", frame)
        choices = frame.get("choices") or []
        if not isinstance(choices, list):
            raise unexpected("a list as choices", choices)
        for position, choice in enumerate(choices):
            yield from self._choices.events(choice, position)
            if choice.get("error") and (complaint := complaint_in(choice)):
                raise self._refusal(complaint)
        usage = frame.get("usage") or _usage_elsewhere(frame)
        if isinstance(usage, Mapping) and usage:
            yield Usage(dict(usage))

    def _add_stray(self, line: str) -> None:
        """Raise an error that was sent as JSON without ``data:``; keep any other line for the end."""
        line = line.removeprefix("error:")  # a field of llama.cpp
        first = line.lstrip()[:1]
        if (first == "{" or (first == '"' and not self._stray)) and (complaint := complaint_in(parsed(line))):
            raise self._refusal(complaint)
        if self._stray_size < MAX_STRAY:
            self._stray.append(line[: MAX_STRAY - self._stray_size])
            self._stray_size += len(line) + 1

    def _explain(self) -> Iterator[Event]:
        """Raise the error that describes the body: it did not end like a stream of chat completion events."""
        text = "\n".join(self._stray)
        body = parsed(text)
        if complaint := isinstance(body, Mapping) and complaint_in(body):
            raise self._refusal(complaint)
        if isinstance(body, Mapping) and body.get("choices") and not self._frames:
            yield from self._frame(body)
            yield from self._choices.flush()
            raise MalformedStream(
                "Expected a stream of events, got one plain completion"
                f"{self._as()}: the server did not stream. The answer is in the reply."
            )
        if text.strip() and not self._frames:
            raise MalformedStream(
                f"Expected a stream of events, got something else{self._as()}. Is the base URL right? "
                f"It begins: {excerpt(text)}"
            )
        if not self._bytes:
            raise MalformedStream(
                f"Expected a stream of events, got nothing at all{self._as()}: the response has no body. Try again."
            )
        also = f" It ended with: {excerpt(text)}" if text.strip() else ""
        raise StreamCut(
            "The stream was cut off: it ended without a finish reason and without [DONE]. "
            f"The partial answer is kept; asking again is a new request, and is billed again.{also}"
        )

    def _as(self) -> str:
        return f" ({excerpt(self._content_type, _CONTENT_TYPE)})" if self._content_type else ""

    def _refusal(self, complaint: Complaint) -> Exception:
        return refusal(complaint, trace_id=self._trace_id)


def _parse(data: str) -> object:
    """Parse a frame with jiter, which is fast, or else with json, which accepts lone surrogates.

    Raises:
        MalformedStream: the frame is not JSON.
    """
    try:
        return jiter.from_json(data.encode())
    except ValueError:
        pass
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise MalformedStream(
            f"Expected JSON in the stream, got: {excerpt(data)}\nThe partial answer is kept."
        ) from None


def parsed(data: str) -> object:
    """Return the value of a JSON text; None if the text is not JSON."""
    try:
        return _parse(data)
    except MalformedStream:
        return None


def separated(item: ServerSentEvent) -> list[ServerSentEvent]:
    """Return the events of an item: several if the server sends no blank lines between them."""
    if "\n" not in item.data:
        return [item]
    lines = item.data.split("\n")
    if not all(line[:1] == "{" or line == "[DONE]" for line in lines) or parsed(item.data):
        return [item]
    last = len(lines) - 1
    return [ServerSentEvent(line, item.event, item.complete or place < last) for place, line in enumerate(lines)]


def _usage_elsewhere(frame: Mapping[str, Any]) -> object:
    """Return the usage of a frame without ``usage``: Moonshot sends it in the choice, Groq in ``x_groq``."""
    holders = (frame.get("x_groq"), *list_of(frame, "choices"))
    return next((usage for holder in holders if isinstance(holder, Mapping) and (usage := holder.get("usage"))), None)


def is_readable(item: ServerSentEvent) -> bool:
    """Return whether the event that the stream ended in lacks only its blank line."""
    return item.data.strip() == "[DONE]" or parsed(item.data) is not None

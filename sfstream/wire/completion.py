"""Server-sent events of a chat completion to the values of `sfstream.core.events`. No I/O.

The rules are those of SiliconFlow's documentation
(https://docs.siliconflow.cn/docs/api/chat-completions-post) and of captured streams: ``content`` and
``reasoning_content`` may each be text, empty, null or absent; the role may be repeated; the usage is
cumulative and may come after the finish; an error may come in any frame, in several shapes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import jiter

from sfstream.core.events import Event, Usage
from sfstream.core.text import excerpt
from sfstream.errors import MalformedStream, StreamCut
from sfstream.wire.choices import Choices, list_of, unexpected
from sfstream.wire.server_errors import Complaint, complaint_in, refusal
from sfstream.wire.sse import ServerSentEvent, SSEDecoder, StrayLine

MAX_STRAY = 4 * 1024 * 1024
"""Characters kept of a body that is no event stream, to say what it is."""

_CONTENT_TYPE = 80
"""Characters of a content type that an error shows."""


class CompletionDecoder:
    """Feed it the bytes of an answer, cut anywhere; it gives the events.

    Attributes:
        done: ``[DONE]`` came; whatever follows is ignored.
    """

    def __init__(self, content_type: str = "", trace_id: str | None = None) -> None:
        """
        Args:
            content_type: of the response; said when the body turns out to be no event stream.
            trace_id: of the response; said in errors that come inside the stream.
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
        """Whether a finish reason came, for each choice that has begun."""
        return self._choices.finished

    def feed(self, data: bytes) -> Iterator[Event]:
        """Take the next bytes.

        Raises:
            ServerRefusal: the stream carries an error; its kind is that of the error.
            MalformedStream: a frame that is not JSON, or no chat completion chunk.
        """
        self._bytes += len(data)
        for item in self._sse.feed(data):
            if self.done:
                return
            if isinstance(item, StrayLine):
                self._keep_stray(item.text)
            else:
                yield from self._events(item)

    def flush(self) -> Iterator[Event]:
        """The stream has ended: give what was held back, and say whether it was all.

        Raises:
            StreamCut: there was neither a finish reason nor ``[DONE]``, or the server aborted the answer.
            MalformedStream: the body is not an event stream; it says what it is instead.
            ServerRefusal: the body is an error.
        """
        for item in () if self.done else self._sse.flush():
            if isinstance(item, StrayLine):
                self._keep_stray(item.text)
            else:
                yield from self._events(item)
        yield from self._choices.flush()
        if reason := self._choices.aborted:
            raise StreamCut(f"The server aborted the answer (finish_reason={reason}). The partial answer is kept.")
        if not (self.done or self.finished):
            yield from self._explain()

    def _events(self, item: ServerSentEvent) -> Iterator[Event]:
        for event in _apart(item):
            if not self.done and (event.whole or _is_whole(event)):
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
            raise self._refusal(complaint_in(_parsed(data)) or Complaint(None, data))
        yield from self._frame(_parse(data))

    def _frame(self, frame: object) -> Iterator[Event]:
        is_chunk = isinstance(frame, Mapping) and frame.get("choices") and not frame.get("error")
        if not is_chunk and (complaint := complaint_in(frame)):
            raise self._refusal(complaint)
        if not isinstance(frame, Mapping):
            raise unexpected("a chat completion chunk", frame)
        for position, choice in enumerate(list_of(frame, "choices")):
            yield from self._choices.events(choice, position)
            if choice.get("error") and (complaint := complaint_in(choice)):
                raise self._refusal(complaint)
        usage = frame.get("usage") or _usage_elsewhere(frame)
        if isinstance(usage, Mapping) and usage:
            yield Usage(dict(usage))

    def _keep_stray(self, line: str) -> None:
        """A line without ``data:``: an error as JSON is raised at once, the rest is kept for the end."""
        line = line.removeprefix("error:")  # llama.cpp's own field, beside ``data:``
        first = line.lstrip()[:1]
        if (first == "{" or (first == '"' and not self._stray)) and (complaint := complaint_in(_parsed(line))):
            raise self._refusal(complaint)
        if self._stray_size < MAX_STRAY:
            self._stray.append(line[: MAX_STRAY - self._stray_size])
            self._stray_size += len(line) + 1

    def _explain(self) -> Iterator[Event]:
        """Say what the body was, since it did not end as a stream of chat completion events does."""
        text = "\n".join(self._stray)
        body = _parsed(text)
        if complaint := isinstance(body, Mapping) and complaint_in(body):
            raise self._refusal(complaint)
        if isinstance(body, Mapping) and body.get("choices") and not self._frames:
            yield from self._frame(body)
            yield from self._choices.flush()
            raise MalformedStream(
                "Expected a stream of events, got one plain completion"
                f"{self._as()}: the server did not stream. Its answer is kept in the reply."
            )
        if text.strip() and not self._frames:
            raise MalformedStream(
                f"Expected a stream of events, got something else{self._as()}. Is the base URL right? "
                f"It begins: {excerpt(text)}"
            )
        if not self._bytes:
            raise MalformedStream(
                f"Expected a stream of events, got nothing at all{self._as()}: the answer had no body. Try again."
            )
        also = f" Its last words were: {excerpt(text)}" if text.strip() else ""
        raise StreamCut(
            "The stream was cut off: it ended without a finish reason and without [DONE]. "
            f"The partial answer is kept; asking again is a new request, and is billed again.{also}"
        )

    def _as(self) -> str:
        return f" ({excerpt(self._content_type, _CONTENT_TYPE)})" if self._content_type else ""

    def _refusal(self, complaint: Complaint) -> Exception:
        return refusal(complaint, trace_id=self._trace_id)


def _parse(data: str) -> object:
    """Parse a frame: with jiter, which is quick, and once more with json, which takes lone surrogates too.

    Raises:
        MalformedStream: neither can read it.
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


def _parsed(data: str) -> object:
    """The same for text that need not be JSON: None where it is not."""
    try:
        return _parse(data)
    except MalformedStream:
        return None


def _apart(item: ServerSentEvent) -> list[ServerSentEvent]:
    """The events of a server that ends each with one newline only, where the blank line is missing between them."""
    if "\n" not in item.data:
        return [item]
    lines = item.data.split("\n")
    if not all(line[:1] == "{" or line == "[DONE]" for line in lines) or _parsed(item.data):
        return [item]
    last = len(lines) - 1
    return [ServerSentEvent(line, item.event, item.whole or place < last) for place, line in enumerate(lines)]


def _usage_elsewhere(frame: Mapping[str, Any]) -> object:
    """The token counts of a frame that has none: Moonshot has them in the choice, Groq in a field of its own."""
    holders = (frame.get("x_groq"), *list_of(frame, "choices"))
    return next((usage for holder in holders if isinstance(holder, Mapping) and (usage := holder.get("usage"))), None)


def _is_whole(item: ServerSentEvent) -> bool:
    """Whether the event that the stream ended in is complete but for its blank line."""
    return item.data.strip() == "[DONE]" or _parsed(item.data) is not None

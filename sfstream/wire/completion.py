"""Server-sent events of a chat completion to the values of `sfstream.events`. No I/O.

The rules are those of SiliconFlow's documentation
(https://docs.siliconflow.cn/docs/api/chat-completions-post) and of captured streams: ``content`` and
``reasoning_content`` may each be text, empty, null or absent; the role may be repeated; the usage is
cumulative and may come after the finish; an error may come in any frame, in several shapes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import jiter

from sfstream.errors import MalformedStream, StreamCut
from sfstream.events import Event, Usage
from sfstream.text import excerpt
from sfstream.wire.choices import Choices
from sfstream.wire.fields import list_of, unexpected
from sfstream.wire.refusal import Complaint, complaint_in, refusal
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
                yield from self._event(item)

    def flush(self) -> Iterator[Event]:
        """The stream has ended: give what was held back, and say whether it was all.

        Raises:
            StreamCut: there was neither a finish reason nor ``[DONE]``, or the server ran out of resources.
            MalformedStream: the body is not an event stream; it says what it is instead.
            ServerRefusal: the body is an error.
        """
        for item in () if self.done else self._sse.flush():
            if isinstance(item, StrayLine):
                self._keep_stray(item.text)
            elif not self.done and _is_whole(item):
                yield from self._event(item)
        yield from self._choices.flush()
        if self._choices.out_of_resources:
            raise StreamCut("The server ran out of resources and ended the answer early. What had come is kept.")
        if not (self.done or self.finished):
            yield from self._explain()

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
        if complaint := complaint_in(frame):
            raise self._refusal(complaint)
        if not isinstance(frame, Mapping):
            raise unexpected("a chat completion chunk", frame)
        for position, choice in enumerate(list_of(frame, "choices")):
            yield from self._choices.events(choice, position)
        usage = frame.get("usage")
        if isinstance(usage, Mapping) and usage:
            yield Usage(dict(usage))

    def _keep_stray(self, line: str) -> None:
        """A line without ``data:``: an error as JSON is raised at once, the rest is kept for the end."""
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
                f"{self._as()}: the server did not stream. What it answered is kept in the reply."
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
            f"What had come is kept; asking again is a new request, and is paid again.{also}"
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
            f"Expected JSON in the stream, got: {excerpt(data)}\nWhat had come before is kept."
        ) from None


def _parsed(data: str) -> object:
    """The same for text that need not be JSON: None where it is not."""
    try:
        return _parse(data)
    except MalformedStream:
        return None


def _is_whole(item: ServerSentEvent) -> bool:
    """Whether the event that the stream ended in is complete but for its blank line."""
    return item.whole or item.data.strip() == "[DONE]" or _parsed(item.data) is not None

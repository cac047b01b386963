"""Server-sent events of a chat completion to the values of `sfstream.events`. No I/O.

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

from sfstream.errors import MalformedStream, StreamCut
from sfstream.events import Event, Finish, ToolCallDelta, Usage
from sfstream.text import as_json, encodable, excerpt
from sfstream.wire.refusal import Complaint, complaint_in, refusal
from sfstream.wire.sse import ServerSentEvent, SSEDecoder, StrayLine
from sfstream.wire.surrogates import Surrogates

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
        self._begun, self._finished = set[int](), set[int]()  # choices
        self._sse = SSEDecoder()
        self._content_type = content_type
        self._trace_id = trace_id
        self._stray: list[str] = []
        self._stray_size = 0
        self._bytes = self._frames = 0
        self._out_of_resources = False
        self._text = Surrogates()

    @property
    def finished(self) -> bool:
        """Whether a finish reason came, for each choice that has begun."""
        return bool(self._finished) and self._begun <= self._finished

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
        yield from self._text.flush()
        if self._out_of_resources:
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
            raise _unexpected("a chat completion chunk", frame)
        for position, choice in enumerate(_list(frame, "choices")):
            yield from self._choice(choice, position)
        usage = frame.get("usage")
        if isinstance(usage, Mapping) and usage:
            yield Usage(dict(usage))

    def _choice(self, choice: object, position: int) -> Iterator[Event]:
        if not isinstance(choice, Mapping):
            raise _unexpected("a choice", choice)
        index = choice.get("index")
        index = index if isinstance(index, int) else position
        delta = choice.get("delta") or choice.get("message") or {}
        if not isinstance(delta, Mapping):
            raise _unexpected("a delta", delta)
        reasoning = _text_of(delta, "reasoning_content") or _text_of(delta, "reasoning")
        content, calls = _text_of(delta, "content"), _list(delta, "tool_calls")
        if content or reasoning or calls:
            self._begun.add(index)
        yield from self._text.join(index, content, reasoning)
        for place, call in enumerate(calls):
            yield self._tool_call(index, place, call)
        if reason := choice.get("finish_reason"):
            self._finished.add(index)
            self._out_of_resources |= reason == "insufficient_system_resource"
            yield Finish(index, excerpt(reason if isinstance(reason, str) else repr(reason), 60))

    def _tool_call(self, index: int, place: int, call: object) -> ToolCallDelta:
        if not isinstance(call, Mapping):
            raise _unexpected("a tool call", call)
        number = call.get("index")
        number = number if isinstance(number, int) else place
        function = call.get("function")
        function = function if isinstance(function, Mapping) else {}
        arguments = function.get("arguments") or ""
        if not isinstance(arguments, str):
            arguments = as_json(arguments)
        return ToolCallDelta(
            index,
            number,
            id=encodable(_text_of(call, "id")),
            name=encodable(_text_of(function, "name")),
            arguments=self._text.arguments(index, number, arguments),
        )

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
            yield from self._text.flush()
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


def _text_of(holder: Mapping[str, Any], name: str) -> str:
    value = holder.get(name)
    if value is None or isinstance(value, str):
        return value or ""
    raise _unexpected(f"text as {name}", value)


def _list(holder: Mapping[str, Any], name: str) -> list[Any]:
    value = holder.get(name)
    if value is None or isinstance(value, list):
        return value or []
    raise _unexpected(f"a list as {name}", value)


def _unexpected(wanted: str, value: object) -> MalformedStream:
    return MalformedStream(
        f"Expected {wanted} in the stream, got: {excerpt(as_json(value))}\nWhat had come before is kept."
    )

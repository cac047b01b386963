"""Decode the bytes of a chat completion into the events of `sfstream.core.events`. No I/O.

The rules are those of SiliconFlow's documentation (https://docs.siliconflow.cn/docs/api/chat-completions-post) and of
captured streams: ``content`` and ``reasoning_content`` may each be text, empty, null or absent; the role may be
repeated; the usage is cumulative and may follow the finish reason; any frame may carry an error, in several shapes.
What is not understood is skipped and counted: only an error of the server, or the lack of any answer, ends a stream.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import jiter

from sfstream.core.events import Event, Usage
from sfstream.core.message import joined, message
from sfstream.errors import SfStreamError, StreamCut
from sfstream.wire.choices import Choices
from sfstream.wire.complaints import Complaint, complaint_in, complaint_of
from sfstream.wire.kept import KEPT
from sfstream.wire.odd_frames import is_heartbeat, is_understood, objects_in, unwrapped, usable_choices
from sfstream.wire.server_errors import refusal
from sfstream.wire.skipped import Skipped
from sfstream.wire.sse import ServerSentEvent, SSEDecoder, StrayLine
from sfstream.wire.stream_end import Body


class CompletionDecoder:
    """Incremental decoder: takes the bytes of an answer, cut anywhere, and yields the events.

    Attributes:
        done: whether ``[DONE]`` has arrived; everything after it is ignored.
    """

    def __init__(self, content_type: str = "", trace_id: str | None = None, *, asked: int = 1) -> None:
        """
        Args:
            content_type: of the response, for the error if the body is no event stream.
            trace_id: of the response, for errors inside the stream.
            asked: number of choices that were asked for (`choices_asked`).
        """
        self.done = False
        self._skipped = Skipped()
        self._choices = Choices(self._skipped, asked)
        self._sse = SSEDecoder()
        self._content_type = content_type
        self._trace_id = trace_id
        self._is_empty = True

    @property
    def finished(self) -> bool:
        """Whether each choice that has begun has a finish reason, and no text after it."""
        return self._choices.finished

    @property
    def skipped(self) -> Skipped:
        """What was not understood so far."""
        return self._skipped

    def feed(self, data: bytes) -> Iterator[Event]:
        """Decode the next bytes.

        Raises:
            ServerRefusal: the stream carries an error of the server; the class depends on the error.
            MalformedStream: an event is larger than `sfstream.wire.sse.MAX_EVENT`.
        """
        self._is_empty = self._is_empty and not data
        for item in self._sse.feed(data):
            if self.done:
                return
            yield from self._events(item)

    def flush(self) -> Iterator[Event]:
        """End the stream: yield the withheld events, and check that the answer is complete.

        Raises:
            StreamCut: there was neither a finish reason nor ``[DONE]``, or the server aborted the answer.
            MalformedStream: nothing in the body was understood; the message describes it.
            ServerRefusal: the body is an error of the server.
        """
        for item in () if self.done else self._sse.flush():
            yield from self._events(item)
        yield from self._choices.flush()
        if reason := self._choices.aborted:
            aborted = message("The server aborted the answer (finish_reason={reason}).", reason=reason)
            raise StreamCut(joined(aborted, KEPT if self._choices.has_begun else ""))
        if not (self.done or self.finished) or self._is_lost:
            yield from self._explain()

    @property
    def _is_lost(self) -> bool:
        """Whether nothing came of the answer, and something that was not understood."""
        if self._choices.has_begun or not self._skipped.count:
            return False
        return self._skipped.has_lost_text or not self.finished

    def _events(self, item: ServerSentEvent | StrayLine) -> Iterator[Event]:
        try:
            if isinstance(item, StrayLine):
                yield from self._of_line(item.text)
                return
            for event in separated(item):
                if not self.done and (event.complete or is_readable(event)):
                    yield from self._event(event)
        except SfStreamError:
            yield from self._choices.release()  # the partial answer is kept whole
            raise

    def _event(self, item: ServerSentEvent) -> Iterator[Event]:
        data = item.data.strip().removeprefix("data:").strip()  # some proxies write the name of the field twice
        if data.strip('"') == "[DONE]":
            self.done = True
            return
        if not data:
            return
        self._skipped.frames += 1
        self._skipped.data = data
        if item.event == "error":
            raise self._refusal(complaint_of(data))
        if (value := parsed(data)) is not None:
            yield from self._frame(value)
            return
        for value in objects_in(data):
            yield from self._frame(value)

    def _frame(self, value: Any) -> Iterator[Event]:
        # Objects of JSON are dicts; a check for Mapping would cost five times as much for each frame.
        choices: Any = value.get("choices") if isinstance(value, dict) else None
        is_usual = isinstance(choices, list) and len(choices) == 1 and choices[0] and isinstance(choices[0], dict)
        frame, choices = (value, choices) if is_usual else self._odd_frame(value)
        for position, choice in enumerate(choices):
            yield from self._choices.events(choice, position)
            if choice.get("error") and (complaint := complaint_in(choice)):
                raise self._refusal(complaint)
        if frame.get("error") and (complaint := complaint_in(frame)):
            raise self._refusal(complaint)
        usage = frame.get("usage") or _usage_elsewhere(frame, choices)
        if isinstance(usage, dict) and usage:
            yield Usage(dict(usage))
        elif usage:
            self._skipped.add(usage)

    def _odd_frame(self, frame: object) -> tuple[Mapping[str, Any], list[Any]]:
        """Return the part that can be used of a frame that is not one chunk with one choice, and its choices.

        Raises:
            ServerRefusal: it is an error.
        """
        frame = unwrapped(frame)
        choices = usable_choices(frame)
        if not choices and (complaint := self._complaint(frame)):
            raise self._refusal(complaint)
        if not is_understood(frame):
            self._skipped.add()
        if not isinstance(frame, Mapping) or not (choices or is_understood(frame)):
            return {}, []
        self._choices.separate(choices)
        return frame, choices

    def _complaint(self, value: object) -> Complaint | None:
        """Return the complaint in a value without usable choices."""
        if isinstance(value, Mapping):
            value = {name: member for name, member in value.items() if name != "choices"}
        return None if is_heartbeat(value) else complaint_in(value)

    def _of_line(self, line: str) -> Iterator[Event]:
        """Decode a line without a field's name: an error of the server, a chunk, or nothing."""
        line = line.removeprefix("error:")  # a field of llama.cpp
        first = line.lstrip()[:1]
        if line.strip() == "[DONE]" and self._skipped.frames:
            self.done = True
            return
        value = parsed(line) if first == "{" or (first == '"' and not self._skipped.lines) else None
        if any("delta" in choice for choice in usable_choices(value)):
            self._skipped.frames += 1
            self._skipped.data = line
            yield from self._frame(value)
        elif value and (complaint := self._complaint(value)):
            raise self._refusal(complaint)
        else:
            self._skipped.add_line(line)

    def _explain(self) -> Iterator[Event]:
        """Raise the error that describes the body: it did not end like a stream of chat completion events."""
        text = "\n".join(self._skipped.lines)
        end = Body(self._content_type, text, self._skipped, self._is_empty, self._choices.has_begun)
        value = parsed(text)
        if isinstance(value, Mapping | list) and (complaint := complaint_in(value)):
            raise self._refusal(complaint)
        if not self._skipped.frames and usable_choices(value):
            yield from self._frame(value)
            yield from self._choices.flush()
            raise end.not_streamed()
        raise end.problem()

    def _refusal(self, complaint: Complaint) -> Exception:
        return refusal(complaint, trace_id=self._trace_id, has_begun=self._choices.has_begun)


def choices_asked(request: Mapping[str, Any]) -> int:
    """Return how many choices the body of a request asks for."""
    asked = request.get("n")
    return asked if isinstance(asked, int) else 1


def parsed(data: str) -> object:
    """Return the value of a JSON text; None if the text is not JSON."""
    try:
        return jiter.from_json(data.encode())  # jiter is fast
    except ValueError:
        pass
    try:
        return json.loads(data)  # json accepts lone surrogates
    except (ValueError, RecursionError):
        return None


def separated(item: ServerSentEvent) -> list[ServerSentEvent]:
    """Return the events of an item: several if the server sends no blank lines between them."""
    if "\n" not in item.data:
        return [item]
    lines = item.data.split("\n")
    if not any((line[:1] == "{" and line[-1:] == "}") or line == "[DONE]" for line in lines) or parsed(item.data):
        return [item]
    last = len(lines) - 1
    return [ServerSentEvent(line, item.event, item.complete or place < last) for place, line in enumerate(lines)]


def _usage_elsewhere(frame: Mapping[str, Any], choices: list[Any]) -> object:
    """Return the usage of a frame without ``usage``: Moonshot sends it in the choice, Groq in ``x_groq``."""
    holders = (frame.get("x_groq"), *choices)
    return next((usage for holder in holders if isinstance(holder, Mapping) and (usage := holder.get("usage"))), None)


def is_readable(item: ServerSentEvent) -> bool:
    """Return whether the event that the stream ended in lacks only its blank line."""
    data = item.data.strip().removeprefix("data:").strip()
    return data == "[DONE]" or parsed(data) is not None

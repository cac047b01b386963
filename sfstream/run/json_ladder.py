"""Ask for JSON in the best way that a model takes: the request of each step, and which step a model has refused.

Steps: ``json_schema`` (``response_format`` with the schema), ``json_object`` (``response_format``, and an instruction
in the prompt, which SiliconFlow's documentation requires), ``instruction`` (only the instruction). Without a schema
the first one does not exist.

The instruction is the last paragraph of the user's message, or a message of its own after a tool's result. So all that
precedes it stays the same byte for byte, the system prompt included, and a conversation can go on with or without JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfstream.core.checks import check_value
from sfstream.core.config import configured
from sfstream.core.hints import either
from sfstream.core.json_schema import AnyJson, Schema, schema_of
from sfstream.core.json_wire import instruction
from sfstream.core.message import Message, message
from sfstream.core.parameters import BY_NAME
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.core.turns import Messages
from sfstream.errors import ConfigurationError

STEPS = ("json_schema", "json_object", "instruction")

NOTES = (
    message("This model does not take json_schema; it was asked for json_object, with an instruction."),
    message("This model takes neither json_schema nor json_object; it was asked with an instruction alone."),
    message("This model does not take json_object; it was asked with an instruction alone."),
)

_refused: dict[tuple[str, str], set[str]] = {}
"""Steps that were refused, by base URL and model, as long as this process runs."""


def wanted_json(keywords: Mapping[str, Any]) -> Schema | None:
    """Return what the JSON of the answer must be; None if the keywords of a call ask for no JSON.

    The setting ``schema`` is the name of a variable, which only a cell can look up.

    Raises:
        ConfigurationError: the schema is none, or the keywords contradict each other.
    """
    schema, format_ = keywords.get("schema"), keywords.get("format")
    if schema is not None:
        if format_ not in (None, "json"):
            raise ConfigurationError(
                message("format is {format}, and a schema takes JSON: leave one of them out.", format=repr(format_))
            )
        return schema_of(schema)
    if configured(format_, "format") == "json":
        return AnyJson()
    if keywords.get("json_mode") is not None:
        raise ConfigurationError(
            message("json_mode says how to ask for JSON: give it with a schema or with format='json'.")
        )
    return None


class JsonLadder:
    """The requests of one call, from the best step to the last.

    Attributes:
        requests: all of them. An answer to any of them answers the call.
    """

    def __init__(self, request: ChatRequest, schema: Schema, base_url: str, mode: str | None = None) -> None:
        """
        Args:
            request: what is asked, without a format.
            schema: what the JSON must be.
            base_url: of the server.
            mode: the only step that is tried; None for all.

        Raises:
            ConfigurationError: the request has a format already, or the mode requires a schema.
        """
        if mode is not None:
            check_value(BY_NAME["json_mode"], mode)
        if "response_format" in request.body():
            raise ConfigurationError(
                message(
                    "format='json' and schema set response_format themselves: take it out of params, or leave them out."
                )
            )
        if mode == STEPS[0] and schema.wire is None:
            raise ConfigurationError(
                either(
                    message("json_mode is 'json_schema', which requires a schema (--schema NAME)."),
                    message("json_mode is 'json_schema', which requires a schema."),
                )
            )
        self._steps = [mode] if mode else list(STEPS if schema.wire else STEPS[1:])
        self.requests = [_request(request, schema, step) for step in self._steps]
        self._model = (base_url, request.model)

    @property
    def request(self) -> ChatRequest:
        """The request of the best step that the model has not refused."""
        refused, last = _refused.get(self._model, ()), len(self._steps) - 1
        return self.requests[next((n for n, step in enumerate(self._steps) if step not in refused), last)]

    def answered(self, body: Mapping[str, Any]) -> ChatRequest:
        """Return the request with this body, which a kept answer was asked with; else the best one."""
        return next((request for request in self.requests if request.body() == body), self.request)

    def step_down(self, reply: Reply) -> ChatRequest | None:
        """Remember that the model refuses the request of the reply, which gets the next one, with a note.

        Returns:
            the next request; None after the last.
        """
        number = self.requests.index(reply.request)
        if number + 1 == len(self.requests):
            return None
        _refused.setdefault(self._model, set()).add(self._steps[number])
        reply.request = self.requests[number + 1]
        if reply.added is not None:  # the instruction may be a message
            reply.added += len(reply.request.messages) - len(self.requests[number].messages)
        reply.notes = [note for note in reply.notes if note not in NOTES] + self.notes(reply.request)
        return reply.request

    def notes(self, request: ChatRequest) -> list[Message]:
        """Return the note that this request is not the best one, if it is not."""
        used = self._steps[self.requests.index(request)]
        if used == self._steps[0]:
            return []
        if used == STEPS[1]:
            return [NOTES[0]]
        return [NOTES[1] if self._steps[0] == STEPS[0] else NOTES[2]]


def _request(request: ChatRequest, schema: Schema, step: str) -> ChatRequest:
    messages = request.messages if step == STEPS[0] else _instructed(request.messages, schema)
    response_format: dict[str, Any] | None = None
    if step == STEPS[0]:
        title = (schema.wire or {}).get("title")
        name = title if isinstance(title, str) and title.isascii() and title.isidentifier() else "answer"
        about = {"name": name[:64], "strict": schema.is_strict, "schema": schema.wire}
        response_format = {"type": "json_schema", "json_schema": about}
    elif step == STEPS[1]:
        response_format = {"type": "json_object"}
    fields = {**request.fields, "response_format": response_format}
    return ChatRequest(model=request.model, messages=messages, params=request.params, **fields)


def _instructed(messages: Messages, schema: Schema) -> Messages:
    """Return the messages with the instruction, in the last one if it is the user's, else in a new one."""
    text = instruction(schema.wire)
    *before, last = messages
    if last["role"] != "user":
        return [*messages, {"role": "user", "content": text}]
    content = last.get("content")
    more = [*content, {"type": "text", "text": text}] if isinstance(content, list) else f"{content}\n\n{text}"
    return [*before, {**last, "content": more}]

"""A chat request: its JSON body, and the checks before anything is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sfstream.core.checks import check_value
from sfstream.core.message import message
from sfstream.core.parameters import FIELDS
from sfstream.errors import ConfigurationError

_OURS = {
    "model": message("params holds 'model', which has a keyword and a setting of its own: model."),
    "messages": message("params holds 'messages'. The prompt may be a list of messages: give it as the prompt."),
    "stream": message("params holds 'stream'. sfstream always streams: take it out."),
}
"""Fields of the body that sfstream sets itself, and what is said where ``params`` holds one."""


@dataclass(frozen=True, init=False)
class ChatRequest:
    """A request for one chat completion. Only the fields that are set are sent.

    A field of `fields` can be read as an attribute, such as ``request.temperature``; it is None if it is not set.

    Attributes:
        model: name of the model.
        messages: the conversation, oldest first; each a dict with ``role`` and ``content``.
        fields: the other fields of the body, by their names on the wire.
        params: the fields of the body that were passed in ``params``.

    Example:
        >>> request = ChatRequest(model="Qwen/Qwen3-8B", messages=[{"role": "user", "content": "Hi"}], temperature=0.5)
        >>> request.body()["temperature"]
        0.5
    """

    model: str
    messages: Sequence[Mapping[str, Any]]
    fields: Mapping[str, Any]
    params: Mapping[str, Any]

    def __init__(
        self,
        *,
        model: str,
        messages: Sequence[Mapping[str, Any]],
        params: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> None:
        """Check the request and encode it.

        Args:
            model: name of the model, such as ``deepseek-ai/DeepSeek-V4-Flash``.
            messages: at least one; they are copied.
            params: fields of the body that have no name here. Fields that are known are checked nevertheless.
            **fields: fields of the body by their names on the wire
                (https://docs.siliconflow.cn/docs/api/chat-completions-post), such as ``temperature`` or
                ``enable_thinking``; the table is `sfstream.core.parameters.FIELDS`. None means not set.

        Raises:
            ConfigurationError: a value cannot be sent; the message names it and says what is expected.
            TypeError: a field is unknown; give it in `params`.
        """
        if unknown := fields.keys() - FIELDS.keys():
            raise TypeError(f"ChatRequest() got an unexpected field {min(unknown)!r}; give it in params.")
        given = {name: value for name, value in fields.items() if value is not None}
        self._set(model, messages, given, {} if params is None else params)
        _check_params(self.params)
        for name in self.fields.keys() & self.params.keys():
            row = FIELDS[name]
            raise ConfigurationError(
                message(
                    "{option} and {param} set the same field: leave one of them out.",
                    option=row.name,
                    param=f"params[{name!r}]",
                )
            )
        for name, value in {**self.params, **self.fields}.items():
            if name in FIELDS and value is not None:
                check_value(FIELDS[name], value, name)
        self._encode()

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> ChatRequest:
        """Return the request with that JSON body. Only model and messages are checked, since it was sent before.

        Raises:
            ConfigurationError: the body holds no model or no messages.
        """
        others = {name: value for name, value in body.items() if name not in _OURS}
        known = {name: value for name, value in others.items() if name in FIELDS and value is not None}
        unknown = {name: value for name, value in others.items() if name not in known}
        request = cls.__new__(cls)
        request._set(body.get("model"), body.get("messages"), known, unknown)
        request._encode()
        return request

    def _set(self, model: Any, messages: Any, fields: Any, params: Any) -> None:
        # Copies: what the caller does to its lists later must not change what was asked.
        values = {"model": model, "messages": messages, "fields": fields, "params": params}
        for name, value in values.items():
            object.__setattr__(self, name, _copied(value))
        _check_model(self.model)
        _check_messages(self.messages)

    def _encode(self) -> None:
        object.__setattr__(self, "_encoded", _as_json(self.body()))

    def __getattr__(self, name: str) -> Any:
        if name in FIELDS:
            return self.fields.get(name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def body(self) -> dict[str, Any]:
        """Return a copy of the JSON body as a dict: the fields that are set, and ``stream`` true."""
        ours = {"model": self.model, "messages": self.messages, "stream": True}
        body: dict[str, Any] = _copied({**ours, **self.fields, **self.params})
        return body

    def encode(self) -> bytes:
        """Return the JSON body as UTF-8. It is encoded once, when the request is made."""
        encoded: bytes = self._encoded
        return encoded


def request_key(url: str, body: Mapping[str, Any], repeat: int = 0) -> str:
    """Return the key by which the log finds the answers to one request: 16 hexadecimal digits.

    Two requests have the same key if they go to the same URL with equal JSON bodies; the order of the fields, and
    tuples in place of lists, make no difference.

    Args:
        url: base URL and path, such as ``https://api.siliconflow.cn/v1/chat/completions``.
        body: the JSON body, without any key (`ChatRequest.body`).
        repeat: counts from 0 where the same request is sent several times on purpose.

    Example:
        >>> request_key("http://localhost/v1/chat/completions", {"model": "a/b", "messages": []})
        '52af657cabf42e86'
    """
    canonical = json.dumps([url, body, repeat], ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _copied(value: Any) -> Any:
    """Return the value with every mapping in it as a dict and every sequence as a list."""
    if isinstance(value, Mapping):
        return {key: _copied(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
        return [_copied(inner) for inner in value]
    return value


def _check_model(model: object) -> None:
    if not isinstance(model, str) or not model.strip():
        raise ConfigurationError(
            message(
                "model is {value}; expected a name such as 'deepseek-ai/DeepSeek-V4-Flash'.", value=f"{model!r:.60}"
            )
        )


def _check_messages(messages: object) -> None:
    if isinstance(messages, str) or not isinstance(messages, Sequence) or not messages:
        if not messages:
            raise ConfigurationError(message("The prompt is empty; expected text, or a list of messages."))
        shown = f"{messages!r:.60}"
        raise ConfigurationError(message("The prompt is {prompt}; expected text, or a list of messages.", prompt=shown))
    for each in messages:
        if not isinstance(each, Mapping) or not isinstance(each.get("role"), str):
            raise ConfigurationError(
                message(
                    "A message is {message}; expected a dict such as {example}.",
                    message=f"{each!r:.100}",
                    example="{'role': 'user', 'content': 'Hello'}",
                )
            )


def _check_params(params: object) -> None:
    if not isinstance(params, Mapping) or not all(isinstance(name, str) and name for name in params):
        raise ConfigurationError(
            message("params is {params}; expected a dict of names and values.", params=f"{params!r:.100}")
        )
    if ours := [name for name in _OURS if name in params]:
        raise ConfigurationError(_OURS[ours[0]])


def _as_json(body: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError as error:
        raise ConfigurationError(
            message(
                "The request holds half of a character (U+{code}), "
                "which cannot be sent: take it out, or copy the text anew.",
                code=f"{ord(error.object[error.start]):04X}",
            )
        ) from None
    except (TypeError, ValueError) as error:
        raise ConfigurationError(
            message("The request cannot be written as JSON: {reason}.", reason=str(error))
        ) from None

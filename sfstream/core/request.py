"""What is asked: a chat request and its JSON body."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from numbers import Integral, Real
from typing import Any

from sfstream.errors import ConfigurationError

# What SiliconFlow documents (https://docs.siliconflow.cn/docs/api/chat-completions-post).
# A range that a model takes in spite of this can be sent as an entry of `params`, which is not checked.
_WHOLE: dict[str, tuple[float, float]] = {
    "max_tokens": (1, float("inf")),
    "thinking_budget": (128, 32768),
    "top_k": (-1, 100),
    "n": (1, 1),
    "seed": (-(2**63), 2**63 - 1),
}
_NUMBERS: dict[str, tuple[float, float]] = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "min_p": (0, 1),
    "frequency_penalty": (-2, 2),
    "presence_penalty": (-2, 2),
}
_KINDS: dict[str, tuple[type | tuple[type, ...], str]] = {
    "enable_thinking": (bool, "True or False"),
    "reasoning_effort": (str, "a text such as 'high'"),
    "response_format": (dict, "a dict such as {'type': 'json_object'}"),
    "tools": (list, "a list of functions"),
    "tool_choice": ((str, dict), "'auto', or a dict"),
    "prefix": (str, "a text"),
    "suffix": (str, "a text"),
}
_OURS = ("model", "messages", "stream")
MAX_STOPS = 4
"""Stop texts that SiliconFlow takes."""


@dataclass(frozen=True, kw_only=True)
class ChatRequest:
    """One chat completion to ask for. Only what is given is sent; None means not given.

    The fields bear their names on the wire
    (https://docs.siliconflow.cn/docs/api/chat-completions-post).

    Attributes:
        model: its name, such as ``deepseek-ai/DeepSeek-V4-Flash``.
        messages: the conversation, oldest first; each a mapping with ``role`` and ``content``.
        temperature: 0 to 2.
        top_p: 0 to 1.
        top_k: 1 to 100, or -1 for all.
        min_p: 0 to 1.
        max_tokens: most tokens of the answer, reasoning apart.
        frequency_penalty: -2 to 2.
        presence_penalty: -2 to 2.
        stop: up to 4 texts that end the answer.
        seed: a whole number.
        n: choices; only 1 can be shown, so nothing else is taken.
        enable_thinking: whether to think first, where the model has that switch.
        thinking_budget: most tokens of the reasoning, 128 to 32768.
        reasoning_effort: such as ``high`` or ``max``.
        response_format: such as ``{"type": "json_object"}``.
        tools: the functions that the model may call.
        tool_choice: such as ``"auto"``.
        prefix: text that the answer begins with.
        suffix: text that follows what is to be filled in.
        params: any other field of the body, sent as it is.

    Raises:
        ConfigurationError: a value that cannot be sent; it says which, and what is expected.
    """

    model: str
    messages: Sequence[Mapping[str, Any]]
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    max_tokens: int | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    stop: str | Sequence[str] | None = None
    seed: int | None = None
    n: int | None = None
    enable_thinking: bool | None = None
    thinking_budget: int | None = None
    reasoning_effort: str | None = None
    response_format: Mapping[str, Any] | None = None
    tools: Sequence[Mapping[str, Any]] | None = None
    tool_choice: str | Mapping[str, Any] | None = None
    prefix: str | None = None
    suffix: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    _encoded: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # A copy of its own: what the caller does to its list later must not change what was asked.
        for name in ("messages", "params", "stop", "response_format", "tools", "tool_choice"):
            object.__setattr__(self, name, _copied(name, getattr(self, name)))
        _check_model(self.model)
        _check_messages(self.messages)
        _check_stop(self.stop)
        _check_params(self.params)
        for name, bounds in _WHOLE.items():
            _check_number(name, getattr(self, name), bounds, Integral)
        for name, bounds in _NUMBERS.items():
            _check_number(name, getattr(self, name), bounds, Real)
        for name, (kind, wanted) in _KINDS.items():
            _check_kind(name, getattr(self, name), kind, wanted)
        if self.top_k == 0:
            raise ConfigurationError("top_k is 0; expected 1 to 100, or -1 for all.")
        object.__setattr__(self, "_encoded", self._as_json())

    def body(self) -> dict[str, Any]:
        """The JSON body as a dict: what was given, and ``stream`` true."""
        given = {
            f.name: getattr(self, f.name)
            for f in fields(self)
            if f.name not in ("params", "_encoded") and getattr(self, f.name) is not None
        }
        given["messages"] = [dict(message) for message in self.messages]
        return given | {"stream": True} | dict(self.params)

    def encode(self) -> bytes:
        """Return the JSON body as UTF-8. It is encoded once, when the request is made."""
        return self._encoded

    def _as_json(self) -> bytes:
        try:
            return json.dumps(self.body(), ensure_ascii=False, allow_nan=False).encode()
        except UnicodeEncodeError as error:
            raise ConfigurationError(
                f"The request holds half of a character (U+{ord(error.object[error.start]):04X}), "
                "which cannot be sent: take it out, or copy the text anew."
            ) from None
        except (TypeError, ValueError, RecursionError) as error:
            raise ConfigurationError(f"The request cannot be written as JSON: {error}.") from None


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


def _copied(name: str, value: Any) -> Any:
    """The value with every mapping in it as a dict and every sequence as a list."""
    try:
        if isinstance(value, Mapping):
            return {key: _copied(name, inner) for key, inner in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
            return [_copied(name, inner) for inner in value]
    except RecursionError:
        raise ConfigurationError(f"{name} is nested too deeply to be written as JSON.") from None
    return value


def _check_model(model: object) -> None:
    if not isinstance(model, str) or not model.strip():
        raise ConfigurationError(f"model is {model!r:.60}; expected a name such as 'deepseek-ai/DeepSeek-V4-Flash'.")


def _check_messages(messages: object) -> None:
    if isinstance(messages, str) or not isinstance(messages, Sequence) or not messages:
        is_empty = messages is None or (isinstance(messages, str | list | tuple) and not messages)
        given = "empty" if is_empty else _shown(messages)
        raise ConfigurationError(f"The prompt is {given}; expected text, or a list of messages.")
    for message in messages:
        if not isinstance(message, Mapping) or not isinstance(message.get("role"), str):
            raise ConfigurationError(
                f"A message is {message!r:.100}; expected a dict such as {{'role': 'user', 'content': 'Hello'}}."
            )


def _check_stop(stop: object) -> None:
    texts = [stop] if isinstance(stop, str) else stop
    if texts is None:
        return
    if not isinstance(texts, Sequence) or not all(isinstance(text, str) and text for text in texts):
        raise ConfigurationError(f"stop is {stop!r:.100}; expected a text, or up to {MAX_STOPS} of them.")
    if not 1 <= len(texts) <= MAX_STOPS:
        raise ConfigurationError(f"stop holds {len(texts)} texts; expected 1 to {MAX_STOPS}.")


def _check_params(params: object) -> None:
    if not isinstance(params, Mapping) or not all(isinstance(name, str) and name for name in params):
        raise ConfigurationError(f"params is {params!r:.100}; expected a dict of names and values.")
    if ours := [name for name in _OURS if name in params]:
        raise ConfigurationError(f"params holds {ours[0]!r}, which sfstream sets itself: take it out.")
    if "n" in params:
        _check_number("n", params["n"], _WHOLE["n"], Integral)


def _check_number(name: str, value: object, bounds: tuple[float, float], kind: type) -> None:
    if value is None:
        return
    low, high = bounds
    if isinstance(value, kind) and not isinstance(value, bool) and low <= value <= high:  # type: ignore[operator]  # numbers' ABCs declare no order
        return
    number = "a whole number" if kind is Integral else "a number"
    if low == high:
        wanted = f"{low:g}: one answer is shown at a time"
    else:
        wanted = f"{number} of at least {low:g}" if high == float("inf") else f"{number} from {low:g} to {high:g}"
    raise ConfigurationError(f"{name} is {_shown(value)}; expected {wanted}.")


def _check_kind(name: str, value: object, kind: type | tuple[type, ...], wanted: str) -> None:
    if value is not None and not isinstance(value, kind):
        raise ConfigurationError(f"{name} is {_shown(value)}; expected {wanted}.")


def _shown(value: object) -> str:
    try:
        return f"{value!r:.60}"
    except ValueError:  # Python does not print a number of thousands of digits
        return "too long to show"

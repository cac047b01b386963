"""Recognise the streams of other APIs, which come if the base URL is not that of a chat completion API. No I/O."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sfstream.core.message import Message, message

_Object = Mapping[str, Any]

_ANTHROPIC = {"message_start", "message_delta", "message_stop", "content_block_start", "content_block_delta"}
_COHERE = {"message-start", "message-end", "content-start", "content-delta", "content-end", "tool-plan-delta"}
_AI_SDK = {"start-step", "text-start", "text-delta", "text-end", "reasoning-start", "reasoning-delta", "finish-step"}
_OLLAMA = {"message", "response"}
_BEDROCK = {"messageStart", "contentBlockStart", "contentBlockDelta", "messageStop"}


def _has(value: _Object, name: str, kind: type | tuple[type, ...]) -> bool:
    return isinstance(value.get(name), kind)


def _is_dashscope(value: _Object) -> bool:
    output = value.get("output")
    return isinstance(output, Mapping) and bool({"text", "choices", "finish_reason"} & output.keys())


_APIS: tuple[tuple[Message, Callable[[_Object], bool]], ...] = (
    (
        message("the Messages API of Anthropic"),
        lambda value: (
            str(value.get("type")) in _ANTHROPIC or (value.get("type") == "message" and _has(value, "content", list))
        ),
    ),
    (
        message("the Responses API of OpenAI"),
        lambda value: str(value.get("type")).startswith("response.") or value.get("object") == "response",
    ),
    (message("the Assistants API of OpenAI"), lambda value: str(value.get("object")).startswith("thread")),
    (
        message("the Gemini API of Google"),
        lambda value: _has(value, "candidates", list) or ("usageMetadata" in value and "modelVersion" in value),
    ),
    (message("the native API of DashScope"), _is_dashscope),
    (message("the native API of Ollama"), lambda value: _has(value, "done", bool) and bool(_OLLAMA & value.keys())),
    (message("the native API of llama.cpp"), lambda value: _has(value, "content", str) and _has(value, "stop", bool)),
    (message("the native API of Text Generation Inference"), lambda value: _has(value, "token", Mapping)),
    (message("the native API of Baidu"), lambda value: _has(value, "result", str) and _has(value, "is_end", bool)),
    (
        message("the Chat API of Cohere"),
        lambda value: str(value.get("type")) in _COHERE or _has(value, "event_type", str),
    ),
    (message("the Converse API of Amazon Bedrock"), lambda value: bool(_BEDROCK & value.keys())),
    (
        message("the API of Dify"),
        lambda value: _has(value, "event", str) and bool({"answer", "task_id"} & value.keys()),
    ),
    (message("the stream of the AI SDK of Vercel"), lambda value: str(value.get("type")) in _AI_SDK),
)
"""The names of APIs, and what their objects have."""


def other_api(texts: Iterable[str]) -> Message | None:
    """Return the name of the API that the first of some JSON texts which is recognised belongs to; None if none is.

    Example:
        >>> str(other_api(['{"type": "ping"}', '{"type": "content_block_delta", "index": 0, "delta": {"text": "Hi"}}']))
        'the Messages API of Anthropic'
    """
    values = (value for text in texts for value in _objects(text))
    return next((name for value in values for name, is_of in _APIS if is_of(value)), None)


def _objects(text: str) -> list[_Object]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return []
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, Mapping)]

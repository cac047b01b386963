"""What a call asks: its keywords, the settings and the environment made into a request, and that into a run."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from sfstream.core import config
from sfstream.core.config import Timeouts, configured
from sfstream.core.parameters import PARAMETERS
from sfstream.core.recording import Sink
from sfstream.core.request import ChatRequest
from sfstream.errors import ConfigurationError, RecordingError
from sfstream.log.format import open_recording
from sfstream.log.store import LogFile
from sfstream.log.writer import RecordingFile, check_writable, is_same_file
from sfstream.run.loop import Run
from sfstream.wire import credentials as keys
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.replay import ReplayTransport
from sfstream.wire.transport import Transport, transport

Prompt: TypeAlias = str | Sequence[Mapping[str, Any]]


class Call(NamedTuple):
    """What a call asks, and how: checked, and not sent."""

    request: ChatRequest
    transport: Transport
    endpoint: Endpoint
    limits: Timeouts
    sinks: Sequence[Sink] = ()


def server() -> Endpoint:
    """The server that is asked, with its key.

    Raises:
        ConfigurationError: the base URL or the key cannot be used.
    """
    return keys.configured_endpoint()


def run_of(prompt: Prompt, **keywords: Any) -> Run:
    """The run that a call asks for; nothing is sent yet.

    Raises:
        ConfigurationError: something given cannot be used, or there is no key.
    """
    call = call_of(prompt, **keywords)
    call.endpoint.require_key()
    return Run(*call)


def call_of(prompt: Prompt, **keywords: Any) -> Call:
    """What a call asks for; nothing is sent, and no key is needed.

    Raises:
        ConfigurationError: something given cannot be used.
    """
    record = configured(keywords.get("record"), "record")
    replay = configured(keywords.get("replay"), "replay")
    for name, path in (("record", record), ("replay", replay)):
        if path is not None and not (isinstance(path, str | os.PathLike) and os.fspath(path)):
            raise ConfigurationError(f"{name} is {path!r:.60}; expected the path of a file.")
    if record:
        check_writable(record)
    keep = configured(keywords.get("log"), "log", True)
    if not isinstance(keep, bool):
        raise ConfigurationError(f"log is {keep!r:.60}; expected True or False.")
    limits = config.timeouts()
    sinks: list[Sink] = [RecordingFile(record)] if record else []
    if replay:
        if record and is_same_file(record, replay):
            raise ConfigurationError(f"{os.fspath(replay)!r} is to be played and to be written: record another file.")
        request, player = _replayed(replay, configured(keywords.get("speed"), "speed"))
        return Call(request, player, Endpoint("http://localhost"), limits, sinks)
    if keywords.get("speed") is not None:
        raise ConfigurationError("speed is given without replay: only a recording has one.")
    sender: Transport = transport(configured(keywords.get("via"), "via", "openai"))
    return Call(_request(prompt, keywords), sender, server(), limits, [*sinks, LogFile()] if keep else sinks)


def _request(prompt: Prompt, keywords: Mapping[str, Any]) -> ChatRequest:
    messages = _messages(prompt, configured(keywords.get("system"), "system"))
    named, params = _fields(keywords)
    model = config.model() if keywords.get("model") is None else keywords["model"]
    return ChatRequest(model=model, messages=messages, params=params, **named)


def _fields(keywords: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    """Return the fields of the body from the call and, where the call does not set them, from the settings.

    Returns:
        the fields that have an option, by name, and the ``params``. A field of the call replaces the same field of the
        settings, whichever of the two ways either was given. A field that is set both ways in the call, or both ways in
        the settings, is left in both, and `ChatRequest` refuses it.
    """
    named, params = _named(keywords), keywords.get("params")
    preset, preset_params = _named(config.settings), config.settings.get("params") or {}
    if params is None:
        return preset | named, {name: value for name, value in preset_params.items() if name not in named}
    overridden = params if isinstance(params, Mapping) else ()
    return {name: value for name, value in preset.items() if name not in overridden} | named, params


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    return {row.field: values[row.name] for row in PARAMETERS if row.field and values.get(row.name) is not None}


def _replayed(path: str | os.PathLike[str], speed: float | str | None) -> tuple[ChatRequest, Transport]:
    recording = open_recording(path)
    try:
        request = ChatRequest.from_body(recording.head.request)
    except ConfigurationError as error:
        raise RecordingError(f"{os.fspath(path)!r} is not a recording: the request in it is none. {error}") from None
    return request, ReplayTransport(recording, 1 if speed is None else speed)


def _messages(prompt: Prompt, system: str | None) -> Sequence[Mapping[str, Any]]:
    if isinstance(prompt, str):
        if not prompt.strip():
            raise ConfigurationError("The prompt is empty; expected text, or a list of messages.")
        prompt = [{"role": "user", "content": prompt}]
    if isinstance(prompt, Mapping):
        raise ConfigurationError("The prompt is a dict; expected text, or a list of messages, such as [that dict].")
    first = [{"role": "system", "content": system}] if system else []
    return [*first, *prompt] if isinstance(prompt, Sequence) else prompt

"""Turn the keywords of a call, the settings and the environment into a checked request, and that into a run."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

from sfstream.core import config
from sfstream.core.attachments import Attachment, with_images
from sfstream.core.checks import check_value
from sfstream.core.config import NO_TIMEOUT, Timeouts, configured
from sfstream.core.json_schema import Schema
from sfstream.core.message import message
from sfstream.core.parameters import BY_NAME, PARAMETERS
from sfstream.core.recording import Sink
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest, request_key
from sfstream.core.turns import Messages, continuing
from sfstream.errors import ConfigurationError, RecordingError
from sfstream.log.format import open_recording
from sfstream.log.reuse import KeptAnswer
from sfstream.log.writer import RecordingFile, check_writable, is_same_file
from sfstream.run.attach import attachments
from sfstream.run.continuing import link, reply_before, take_turn
from sfstream.run.json_ladder import JsonLadder, wanted_json
from sfstream.run.kept import check_ready, keeping_sinks, kept_answer
from sfstream.run.loop import Run
from sfstream.wire.credentials import configured_endpoint
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.foreign import foreign_transport
from sfstream.wire.own_key import refuse_own_key
from sfstream.wire.replay import ReplayTransport
from sfstream.wire.transport import Transport, transport

Prompt: TypeAlias = str | Sequence[Mapping[str, Any]]


class Call(NamedTuple):
    """The arguments of `Run` for one call, in their order. They are checked, and nothing is sent."""

    request: ChatRequest
    transport: Transport
    endpoint: Endpoint
    timeouts: Timeouts
    sinks: Sequence[Sink] = ()
    reply: Reply | None = None
    ladder: JsonLadder | None = None


def prepare_run(prompt: Prompt, **keywords: Any) -> Run:
    """Return the run for the keywords of `sfstream.chat`. Nothing is sent yet.

    Raises:
        ConfigurationError: an argument or a setting cannot be used, or there is no key.
    """
    call = prepare_call(prompt, **keywords)
    if call.transport.name not in ("replay", "reuse"):
        check_ready(call.request, call.endpoint, keywords)
    if call.reply:
        take_turn(call.reply, keywords)
    return Run(*call)


def prepare_call(prompt: Prompt, **keywords: Any) -> Call:
    """Return the `Call` for the keywords of `sfstream.chat`. No key is needed.

    Raises:
        ConfigurationError: an argument or a setting cannot be used, or the request holds the key.
    """
    wanted = wanted_json(keywords)
    record, replay = (_path(name, keywords) for name in ("record", "replay"))
    if record:
        check_writable(record)
    check_value(BY_NAME["log"], configured(keywords.get("log"), "log", True))
    sinks: list[Sink] = [RecordingFile(record)] if record else []
    if replay:
        if record and is_same_file(record, replay):
            path = repr(os.fspath(replay))
            raise ConfigurationError(message("record and replay both name {path}: record to another file.", path=path))
        request, player = _replayed(replay, configured(keywords.get("speed"), "speed"))
        reply = _reply(request, player, wanted, keywords)
        return Call(request, player, Endpoint("http://localhost"), config.timeouts(), sinks, reply)
    if keywords.get("speed") is not None:
        raise ConfigurationError(message("speed is given without replay: only a replay has a speed."))
    after = reply_before(keywords)
    images = attachments(configured(keywords.get("attach"), "attach"))
    request, endpoint = _request(prompt, keywords, after, images), configured_endpoint()
    mode = configured(keywords.get("json_mode"), "json_mode")
    ladder = JsonLadder(request, wanted, endpoint.base_url, mode) if wanted else None
    request, sender, keeping = _answered(request, ladder, endpoint, keywords)
    reply = _reply(request, sender, wanted, keywords)
    reply.base_url = endpoint.base_url
    reply.notes += ladder.notes(request) if ladder else []
    reply.attached = tuple(image.name for image in images)
    reply.notes += [image.note for image in images if image.note]
    link(reply, after)
    return Call(request, sender, endpoint, config.timeouts(), [*sinks, *keeping], reply, ladder)


def _answered(
    request: ChatRequest, ladder: JsonLadder | None, endpoint: Endpoint, keywords: Mapping[str, Any]
) -> tuple[ChatRequest, Transport, list[Sink]]:
    """Return the request in the form in which it is asked, what answers it, and the sinks that keep the answer."""
    requests = ladder.requests if ladder else [request]
    for each in requests:
        refuse_own_key(each, endpoint)
    if kept := kept_answer([request_key(endpoint.chat_url, each.body()) for each in requests], keywords):
        return ladder.answered(kept.recording.head.request) if ladder else request, kept, []
    # Only now, as the openai library takes a second to import.
    sender = transport(configured(keywords.get("via"), "via", "openai"))
    request = ladder.request if ladder else request
    return request, sender, keeping_sinks(request_key(endpoint.chat_url, request.body()), keywords)


def prepare_foreign_run(stream: Any) -> Run:
    """Return the run for a stream that was opened elsewhere, see `sfstream.show`. Only the end of it has a timeout.

    Raises:
        ConfigurationError: the object is no stream, or was read already.
    """
    if isinstance(stream, Reply):
        raise ConfigurationError(message("The stream is a Reply already; as the last value of a cell it is displayed."))
    transport = foreign_transport(stream)
    request = transport.request or ChatRequest(model="unknown", messages=[{"role": "user", "content": ""}])
    # A server that keeps the connection open after the finish reason has nothing more to say.
    run = Run(request, transport, transport.endpoint, replace(NO_TIMEOUT, after_finish=Timeouts.after_finish))
    run.reply.is_foreign = True
    if transport.request is not None:
        run.reply.base_url = transport.endpoint.base_url
    else:
        run.reply.model, run.reply.added = "", 0
        transport.on_model = lambda model: setattr(run.reply, "model", model)
    return run


def _path(name: str, keywords: Mapping[str, Any]) -> str | os.PathLike[str] | None:
    path = configured(keywords.get(name), name)
    if path is None or (isinstance(path, str | os.PathLike) and os.fspath(path)):
        return path
    raise ConfigurationError(
        message("{name} is {value}; expected the path of a file.", name=name, value=f"{path!r:.60}")
    )


def _request(
    prompt: Prompt, keywords: Mapping[str, Any], after: Reply | None, images: Sequence[Attachment]
) -> ChatRequest:
    messages = _messages(prompt, keywords.get("system"), after)
    if images:
        messages = with_images(messages, images, _detail(keywords))
    named, params = _fields(keywords)
    model = config.model() if keywords.get("model") is None else keywords["model"]
    return ChatRequest(model=model, messages=messages, params=params, **named)


def _detail(keywords: Mapping[str, Any]) -> str | None:
    detail: str | None = configured(keywords.get("detail"), "detail")
    if detail is not None:
        check_value(BY_NAME["detail"], detail)
    return detail


def _fields(keywords: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    """Return the fields of the body from the call and, where the call does not set them, from the settings.

    Returns:
        the fields that have an option, by name, and the ``params``. A field of the call replaces the same field of the
        settings, by option or in ``params``. A field that is set both ways in the call, or both ways in the settings,
        stays in both, and `ChatRequest` refuses it.
    """
    named, params = _named(keywords), keywords.get("params")
    preset, preset_params = _named(config.settings), config.settings.get("params") or {}
    if params is None:
        return preset | named, {name: value for name, value in preset_params.items() if name not in named}
    overridden = params if isinstance(params, Mapping) else ()
    return {name: value for name, value in preset.items() if name not in overridden} | named, params


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    return {row.field: values[row.name] for row in PARAMETERS if row.field and values.get(row.name) is not None}


def _reply(request: ChatRequest, sender: Transport, wanted: Schema | None, keywords: Mapping[str, Any]) -> Reply:
    """Return the reply that the run will fill, with what the call says about it."""
    reply = Reply(request, via=sender.name)
    reply.notes += keywords.get("notes", ())
    reply.schema = wanted
    reply.format = "json" if wanted else configured(keywords.get("format"), "format", "")
    if reply.format:
        check_value(BY_NAME["format"], reply.format)
    if isinstance(sender, KeptAnswer):
        reply.notes.append(sender.note)
    return reply


def _replayed(path: str | os.PathLike[str], speed: float | str | None) -> tuple[ChatRequest, Transport]:
    recording = open_recording(path)
    try:
        request = ChatRequest.from_body(recording.head.request)
    except ConfigurationError as error:
        raise RecordingError(
            message(
                "{path} is not a recording: it holds no valid request. {error}",
                path=repr(os.fspath(path)),
                error=error.text,
            )
        ) from None
    return request, ReplayTransport(recording, 1 if speed is None else speed)


def _messages(prompt: Prompt, system: str | None, after: Reply | None) -> Messages:
    if isinstance(prompt, str) and not prompt.strip():
        raise ConfigurationError(message("The prompt is empty; expected text, or a list of messages."))
    new: Messages = [{"role": "user", "content": prompt}] if isinstance(prompt, str) else prompt
    if not isinstance(new, Sequence):
        return new  # the request refuses it
    if after is not None:
        return continuing(after, new, system)
    system = configured(system, "system")
    return [*([{"role": "system", "content": system}] if system else []), *new]

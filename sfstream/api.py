"""All that the magic can do, as functions."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from sfstream import keys
from sfstream.defaults import defaults
from sfstream.display import static, view
from sfstream.errors import ConfigurationError, RecordingError, Stopped
from sfstream.events import Event
from sfstream.limits import Limits
from sfstream.log.folder import LogFile
from sfstream.log.replies import request_of
from sfstream.reply import Reply, faces
from sfstream.request import ChatRequest
from sfstream.run import Run
from sfstream.watch import watch
from sfstream.wire.recording import Recording, check_writable
from sfstream.wire.replay import ReplayTransport
from sfstream.wire.server import Server
from sfstream.wire.transport import Transport, transport

MODEL = "deepseek-ai/DeepSeek-V4-Flash"
"""The model asked unless a setting names another."""

Prompt: TypeAlias = str | Sequence[Mapping[str, Any]]

_ASKED = (
    *("model", "system", "temperature", "top_p", "top_k", "min_p", "max_tokens", "frequency_penalty", "stop"),
    *("think", "thinking_budget", "effort", "params"),
)
"""Keywords that say what is asked; the others say how."""

_FIELDS = {"think": "enable_thinking", "effort": "reasoning_effort"}
"""Keywords whose fields on the wire have longer names."""

faces.update(static.faces())  # a reply shows itself as the display does; reply.py, below, imports neither


def chat(
    prompt: Prompt = "",
    *,
    model: str | None = None,
    system: str | None = None,
    temperature: float | None = None,
    top_p: float | None = None,
    top_k: int | None = None,
    min_p: float | None = None,
    max_tokens: int | None = None,
    frequency_penalty: float | None = None,
    stop: str | Sequence[str] | None = None,
    think: bool | None = None,
    thinking_budget: int | None = None,
    effort: str | None = None,
    params: Mapping[str, Any] | None = None,
    via: str | None = None,
    display: str | None = None,
    record: str | os.PathLike[str] | None = None,
    replay: str | os.PathLike[str] | None = None,
    speed: float | str | None = None,
    log: bool | None = None,
) -> Reply:
    """Ask a model, and show its answer as it comes.

    Args:
        prompt: a text, or a list of messages. May be left out with ``replay``.
        model: its name; else ``SILICONFLOW_MODEL``, else `MODEL`.
        system: the system prompt.
        temperature: 0 to 2.
        top_p: 0 to 1.
        top_k: 1 to 100, or -1 for all.
        min_p: 0 to 1.
        max_tokens: most tokens of the answer, reasoning apart.
        frequency_penalty: -2 to 2.
        stop: up to 4 texts that end the answer.
        think: whether to think first, where the model has that switch.
        thinking_budget: most tokens of the reasoning, 128 to 32768.
        effort: how hard to think, such as ``high`` or ``max``.
        params: any other field of the request's body.
        via: ``openai``, ``requests`` or ``curl``.
        display: ``auto``, ``text`` or ``off``.
        record: a file to write the stream to, as it comes.
        replay: a recording to play instead of asking; no key and no network. What was asked then is the request.
        speed: of a replay: how many times as fast; ``max`` for without waiting.
        log: whether to keep the answer in the log (`sfstream.log`). A replay is not kept again.

    Returns:
        the reply, whose status is ``complete``, ``length`` or ``filtered``.

    Raises:
        ConfigurationError: something given cannot be used; nothing was sent.
        SfStreamError: the server refused, or the stream was cut or failed; ``error.reply`` holds what had come.
        Stopped: the user stopped it; likewise.
    """
    reply = ask(**locals())
    if reply.error:
        raise reply.error
    return reply


def stream(
    prompt: Prompt = "",
    *,
    model: str | None = None,
    system: str | None = None,
    temperature: float | None = None,
    top_p: float | None = None,
    top_k: int | None = None,
    min_p: float | None = None,
    max_tokens: int | None = None,
    frequency_penalty: float | None = None,
    stop: str | Sequence[str] | None = None,
    think: bool | None = None,
    thinking_budget: int | None = None,
    effort: str | None = None,
    params: Mapping[str, Any] | None = None,
    via: str | None = None,
    record: str | os.PathLike[str] | None = None,
    replay: str | os.PathLike[str] | None = None,
    speed: float | str | None = None,
    log: bool | None = None,
) -> Stream:
    """Ask a model, and give the events as they come. Shows nothing; otherwise as `chat`.

    Returns:
        an iterator of events, which is a context manager too.

    Raises:
        ConfigurationError: something given cannot be used; nothing was sent.
    """
    return Stream(_run(**locals()))


class Stream:
    """The events of an answer, one by one. Leaving it early closes the connection.

    Iterating raises what ends the stream, as `chat` does, after the last event.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._events = self._each()

    @property
    def reply(self) -> Reply:
        """What has come so far."""
        return self._run.reply

    def close(self) -> None:
        """End it; what has come stays in `reply`."""
        self._events.close()
        if self.reply.status == "streaming":  # nobody has asked for its first event
            self.reply.end(0.0, Stopped("Stopped by you before it began."))

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        return next(self._events)

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _each(self) -> Generator[Event, None, None]:
        for batch in self._run.batches(pause=0):
            yield from batch
        if self.reply.error:
            raise self.reply.error


def ask(prompt: Prompt = "", *, display: str | None = None, closing: bool = True, **keywords: Any) -> Reply:
    """The same as `chat`, but what ended the stream is not raised: it is the reply's ``error``.

    Args:
        closing: see `sfstream.display.view`.
    """
    shown = view(_or_default(display, "display") or "auto", closing=closing)
    return watch(_run(prompt, **keywords), shown)


def prepare(prompt: Prompt = "", **keywords: Any) -> tuple[ChatRequest, Server]:
    """What `chat` would send, and to whom; nothing is sent, and no key is needed.

    Raises:
        ConfigurationError: something given cannot be used.
    """
    names = {*keywords, *_ASKED} - {"via", "record", "replay", "speed", "log"}
    given = {name: _or_default(keywords.get(name), name) for name in names}
    named = given.pop("model", None)
    asked = model() if named is None else named
    messages = _messages(prompt, given.pop("system", None))
    params = given.pop("params", None) or {}
    fields = {_FIELDS.get(name, name): value for name, value in given.items()}
    return ChatRequest(model=asked, messages=messages, params=params, **fields), server()


def server() -> Server:
    """The server that is asked, with its key.

    Raises:
        ConfigurationError: the base URL or the key cannot be used.
    """
    return keys.server(defaults.get("base_url"))


def model() -> str:
    """The model that is asked unless a call names one."""
    return str(defaults.get("model") or os.environ.get("SILICONFLOW_MODEL") or MODEL)


def models(pattern: str = "") -> list[str]:
    """The chat models that the server offers (``GET /models``).

    Args:
        pattern: only those whose name holds it, whatever the case; ``*`` and ``?`` stand for anything.

    Raises:
        ConnectionFailed: no answer, or none that is a list of models.
        ServerRefusal: the server refused.
        NoKey: SiliconFlow wants a key for this too.
    """
    from sfstream.wire.models import list_models  # not before it is asked for: it imports requests

    asked = server()
    asked.require_key()
    wanted = pattern.lower() if set(pattern) & set("*?[") else f"*{pattern.lower()}*"
    return [name for name in list_models(asked) if fnmatch.fnmatchcase(name.lower(), wanted)]


def _run(prompt: Prompt, **keywords: Any) -> Run:
    record = _or_default(keywords.get("record"), "record")
    replay = _or_default(keywords.get("replay"), "replay")
    for name, path in (("record", record), ("replay", replay)):
        if path is not None and not (isinstance(path, str | os.PathLike) and os.fspath(path)):
            raise ConfigurationError(f"{name} is {path!r:.60}; expected the path of a file.")
    if record:
        check_writable(record)
    keep = _or_default(keywords.get("log"), "log", True)
    if not isinstance(keep, bool):
        raise ConfigurationError(f"log is {keep!r:.60}; expected True or False.")
    limits = Limits(**{name: defaults[name] for name in Limits.__dataclass_fields__ if name in defaults})
    if replay:
        request, player = _replayed(replay, _or_default(keywords.get("speed"), "speed"))
        return Run(request, player, server=Server("http://localhost"), limits=limits, record=record)
    if keywords.get("speed") is not None:
        raise ConfigurationError("speed is given without replay: only a recording has one.")
    sender: Transport = transport(_or_default(keywords.get("via"), "via", "openai"))
    request, asked = prepare(prompt, **keywords)
    asked.require_key()
    return Run(request, sender, asked, limits, record, LogFile() if keep else None)


def _replayed(path: str | os.PathLike[str], speed: float | str | None) -> tuple[ChatRequest, Transport]:
    recording = Recording.open(path)
    try:
        request = request_of(recording.head.request)
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


def _or_default(value: Any, name: str, otherwise: Any = None) -> Any:
    return defaults.get(name, otherwise) if value is None else value

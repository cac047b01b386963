"""All that the magic can do, as functions."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Mapping, Sequence
from typing import Any

from sfstream.core.config import configured
from sfstream.core.reply import Reply
from sfstream.display import Silent, View, view_for
from sfstream.display import mimebundle as static
from sfstream.errors import ConfigurationError
from sfstream.run.consume import Watched, watch
from sfstream.run.event_stream import Stream
from sfstream.run.given import given
from sfstream.run.interrupts import fitting, interruptible
from sfstream.run.prepare import Prompt, run_of, server
from sfstream.wire.connect import AbortHandle
from sfstream.wire.endpoint import Endpoint


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
    into: View | None = None,
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
        display: ``auto``, ``live``, ``html``, ``text`` or ``off``.
        into: a `sfstream.StreamView` to show it in, in place of an output of its own.
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
        raise fitting(reply.error)
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
    return Stream(run_of(**locals()))


def show(stream: Any, *, display: str | None = None, into: View | None = None) -> Reply:
    """Show a stream that there is already, as `chat` shows its own.

    The log holds what was asked here, so what `sfstream.stream` gives is in it, and what others have opened is not.

    Args:
        stream: the chunks of the openai library (its ``Stream``, or any iterator of such chunks or of dicts like them);
            a response of requests or httpx, opened with ``stream``; an iterator of texts; or what `sfstream.stream`
            gives. It is read to its end, and closed.
        display: as for `chat`.
        into: likewise.

    Returns:
        the reply. Only of a response are there raw bytes, and a recording that can be saved.

    Raises:
        ConfigurationError: it is nothing of the kind.
        SfStreamError: it was cut or failed; ``error.reply`` holds what had come, ``error.__cause__`` what was raised.
        Stopped: the user stopped it; likewise.
    """
    shown = _view(display, into)
    if isinstance(stream, Stream):
        reply = _watched(stream.rest(), shown)
    else:
        found = given(stream)
        reply = _watched(found.run, shown)
        found.settle(reply)
    if reply.error:
        raise fitting(reply.error)
    return reply


def ask(
    prompt: Prompt = "", *, display: str | None = None, into: View | None = None, closing: bool = True, **keywords: Any
) -> Reply:
    """The same as `chat`, but what ended the stream is not raised: it is the reply's ``error``.

    Args:
        closing: see `sfstream.display.view_for`.
    """
    shown = _view(display, into, closing)
    return _watched(run_of(prompt, **keywords), shown)


def models(pattern: str = "") -> list[str]:
    """The chat models that the server offers (``GET /models``).

    Args:
        pattern: only those whose name holds it, whatever the case; ``*`` and ``?`` stand for anything.

    Raises:
        ConnectionFailed: no answer, or none that is a list of models.
        ServerRefusal: the server refused.
        NoKey: SiliconFlow wants a key for this too.
    """
    asked = server()
    asked.require_key()
    wanted = pattern.lower() if set(pattern) & set("*?[") else f"*{pattern.lower()}*"
    return [name for name in listed(asked) if fnmatch.fnmatchcase(name.lower(), wanted)]


def listed(asked: Endpoint) -> list[str]:
    """All that a server offers. An interrupt ends it, and leaves no frames behind in which the key stands."""
    from sfstream.wire.models import list_models  # not before it is asked for: it imports requests

    handle = AbortHandle()
    return interruptible(lambda: list_models(asked, handle=handle), handle.abort)


def _view(display: str | None, into: View | None, closing: bool = True) -> View:
    if display is not None and into is not None:
        raise ConfigurationError("display and into are given, and each says where to show it: leave one out.")
    return view_for(configured(display, "display", "auto"), into=into, closing=closing)


def _watched(run: Watched, shown: View) -> Reply:
    reply = watch(run, shown)
    if not isinstance(shown, Silent):
        static.note_shown(reply)
    return reply

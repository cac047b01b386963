"""The public functions: everything that the magics do, for use from Python.

They turn keywords into a run, and a run into a Reply. Sending is done in `sfstream.run`, showing in `sfstream.display`.
"""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Mapping, Sequence
from typing import Any

from sfstream.core.reply import Reply
from sfstream.display.view import View
from sfstream.run.ask import ask, choose_view, show_run
from sfstream.run.interrupts import interruptible, raisable
from sfstream.run.prepare import Prompt, prepare_foreign_run, prepare_run
from sfstream.run.stream import Stream
from sfstream.wire.connect import AbortHandle
from sfstream.wire.credentials import configured_endpoint
from sfstream.wire.endpoint import Endpoint


def chat(
    prompt: Prompt = "",
    *,
    model: str | None = None,
    system: str | None = None,
    after: Reply | None = None,
    conversation: str | None = None,
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
    attach: Any | None = None,
    detail: str | None = None,
    format: str | None = None,  # noqa: A002  # the name of the option
    schema: Any | None = None,
    json_mode: str | None = None,
    via: str | None = None,
    display: str | None = None,
    into: View | None = None,
    record: str | os.PathLike[str] | None = None,
    replay: str | os.PathLike[str] | None = None,
    speed: float | str | None = None,
    reuse: bool | str | os.PathLike[str] | None = None,
    log: bool | None = None,
) -> Reply:
    """Send a prompt to a model and show the answer while it streams.

    A keyword that is None is taken from the settings (``%config SfChat.…``). If that is not set either, the field is
    not sent, and the server's default applies. Ranges are those of SiliconFlow's documentation
    (https://docs.siliconflow.cn/docs/api/chat-completions-post).

    Args:
        prompt: the user's message as text, or a list of messages. May be left out with `replay`.
        model: name of the model. Default: ``SILICONFLOW_MODEL``, else ``deepseek-ai/DeepSeek-V4-Flash``.
        system: the system prompt; it becomes the first message. Where a conversation goes on, it replaces the system
            message that the conversation has.
        after: the Reply to continue from. Its messages and its answer are sent before the prompt.
        conversation: name of a conversation to take part in (`sfstream.conversations`). A cell of a notebook that is
            run again replaces its own turn and those after it. Excludes `after`.
        temperature: sampling temperature, 0 to 2.
        top_p: nucleus sampling, 0 to 1.
        top_k: sample from the k likeliest tokens: 1 to 100, or -1 for all.
        min_p: least probability of a token relative to the likeliest one, 0 to 1.
        max_tokens: maximum number of tokens of the answer; reasoning does not count.
        frequency_penalty: how strongly to avoid repetition, -2 to 2.
        stop: up to 4 texts; the answer ends before the first that occurs.
        think: whether the model thinks first (``enable_thinking``), for models that have this switch.
        thinking_budget: maximum number of tokens of the reasoning, 128 to 32768.
        effort: how hard to think (``reasoning_effort``), such as ``high`` or ``max``.
        params: other fields of the request's body, by their names on the wire. A known field is checked. A field that
            is also given by its keyword is refused.
        attach: an image to send along, or a list of images: path, URL (``http:`` and ``https:`` are fetched by the
            server, not here; ``data:`` is accepted), bytes, PIL image, or figure of matplotlib. An image of more than
            2,048 pixels or 5 MB is scaled down, which takes pillow (``sfstream[images]``).
        detail: how closely the model looks at attached images: ``auto``, ``low`` or ``high``. SiliconFlow treats
            ``auto`` as ``low``, and nothing as ``high``.
        format: ``text`` shows the answer as it was written; ``code`` shows it as usual and puts its Python code in a
            new cell below; ``json`` asks for JSON, see `json_mode`. Default: Markdown.
        schema: what the answer must be as JSON: a pydantic model, a dataclass, a TypedDict, a ``list[...]`` of one of
            these, or a dict that is a JSON schema. The checked object is ``reply.value``. Each property is asked for,
            also one with a default. Implies ``format="json"``.
        json_mode: how to ask for JSON: ``json_schema`` (the server holds the model to the schema), ``json_object`` (to
            some JSON object; the prompt has an instruction), or ``instruction`` (in the prompt, nothing else).
            Default: the first that the model takes, found out by asking; a model that takes none of two costs two
            refused requests, once.
        via: transport: ``openai`` (the default), ``requests`` or ``curl``. The results are the same.
        display: ``auto`` (the default), ``live``, ``html``, ``text`` or ``off``.
        into: a `sfstream.StreamView` to show the answer in, in place of a new output. Excludes `display`.
        record: file to write the stream to while it arrives.
        replay: recording to play instead of sending a request; needs no key and no network.
        speed: how many times as fast a replay is played, 0.01 to 1000; ``max`` plays it without waiting.
        reuse: True shows the answer that the log holds for exactly this request again, without sending it; a folder,
            relative to the notebook, is read and written in place of the log, and is safe to commit. Only answers
            that ended well are reused. Whatever does not reach the model, such as `via` and `display`, makes no
            difference (`sfstream.log.reuse`). Default: False. With `replay` it has no effect.
        log: whether to keep the answer in the log (`sfstream.log`). Default: True. Replays and reused answers
            are not logged again.

    Returns:
        the Reply, with status ``complete``, ``length`` or ``filtered``.

    Raises:
        ConfigurationError: an argument or a setting cannot be used. Nothing was sent.
        SfStreamError: the server refused the request, or the stream was cut or failed. ``error.reply`` holds what had
            arrived.
        ValueProblem: the answer is no JSON, or does not fit the schema. ``error.reply`` is the Reply.
        Stopped: the user stopped the stream. ``error.reply`` holds what had arrived.

    Example:
        >>> reply = sfstream.chat("What is streaming?", temperature=0.2)
        >>> reply.content
        'Streaming means …'
    """
    reply = ask(**locals())
    if reply.error:
        raise raisable(reply.error)
    return reply


def stream(
    prompt: Prompt = "",
    *,
    model: str | None = None,
    system: str | None = None,
    after: Reply | None = None,
    conversation: str | None = None,
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
    attach: Any | None = None,
    detail: str | None = None,
    format: str | None = None,  # noqa: A002  # the name of the option
    schema: Any | None = None,
    json_mode: str | None = None,
    via: str | None = None,
    record: str | os.PathLike[str] | None = None,
    replay: str | os.PathLike[str] | None = None,
    speed: float | str | None = None,
    reuse: bool | str | os.PathLike[str] | None = None,
    log: bool | None = None,
) -> Stream:
    """Send a prompt to a model and return the events of the answer, without showing anything.

    Args:
        prompt: as for `chat`, like all other arguments.

    Returns:
        an iterator of events (`sfstream.core.events`), which is also a context manager that closes the connection.
        Its ``reply`` grows with each event.

    Raises:
        ConfigurationError: an argument or a setting cannot be used. Nothing was sent.

    Example:
        >>> with sfstream.stream("What is streaming?") as events:
        ...     for event in events:
        ...         print(event)
    """
    return Stream(prepare_run(**locals()))


def show(stream: Any, *, display: str | None = None, into: View | None = None) -> Reply:
    """Show a stream that was opened elsewhere, in the same display as `chat`.

    An answer of `sfstream.stream` is saved in the log. Streams that other libraries opened are not.

    Args:
        stream: one of: the chunks of the openai library (its ``Stream``, or any iterable of such chunks or of dicts
            with the same fields); a streamed response of requests or httpx; an iterable of str; the result of
            `sfstream.stream`. It is read to its end and closed.
        display: as for `chat`.
        into: as for `chat`.

    Returns:
        the Reply. It has a recording only if `stream` was a response, since only a response has raw bytes.

    Raises:
        ConfigurationError: `stream` is none of these.
        SfStreamError: the stream was cut or failed. ``error.reply`` holds what had arrived, ``error.__cause__`` the
            exception that the stream raised.
        Stopped: the user stopped the stream. ``error.reply`` holds what had arrived.

    Example:
        >>> chunks = client.chat.completions.create(model=model, messages=messages, stream=True)
        >>> reply = sfstream.show(chunks)
    """
    shown = choose_view(display, into)
    if isinstance(stream, Stream):
        run, remaining = stream.remaining()
        reply = show_run(run, shown, remaining)
    else:
        reply = show_run(prepare_foreign_run(stream), shown)
    if reply.error:
        raise raisable(reply.error)
    return reply


def models(pattern: str = "") -> list[str]:
    """Return the names of the chat models that the server offers (``GET /models``).

    Args:
        pattern: return only names that contain this text, in any case. ``*`` and ``?`` match as in file names.

    Raises:
        NoKey: SiliconFlow requires an API key for this as well, and there is none.
        ServerRefusal: the server refused the request.
        ConnectionFailed: there was no response, or it is not a list of models.

    Example:
        >>> sfstream.models("qwen3")
        ['Qwen/Qwen3-8B', …]
    """
    endpoint = configured_endpoint()
    endpoint.require_key()
    wanted = pattern.lower() if set(pattern) & set("*?[") else f"*{pattern.lower()}*"
    return [name for name in listed(endpoint) if fnmatch.fnmatchcase(name.lower(), wanted)]


def listed(endpoint: Endpoint) -> list[str]:
    """Return all chat models of a server.

    An interrupt ends it, and no frame that holds the key is left in the traceback.
    """
    from sfstream.wire.models import list_models  # imported late, since it imports requests

    handle = AbortHandle()
    return interruptible(lambda: list_models(endpoint, handle), handle.abort)

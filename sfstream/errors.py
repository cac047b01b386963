"""Every exception of sfstream.

    SfStreamError
    ├── ConfigurationError      an invalid value, setting or option (a ValueError)
    │   ├── NoKey               no API key where one is needed
    │   ├── UnknownConversation  no conversation of that name (a KeyError)
    │   └── NoTransport         the program or library that sends is not installed
    ├── RecordingError          a missing file, or a file that is not a recording
    ├── ConnectionFailed        no answer: the host was not found, refused, or hung up
    │   └── NotTrusted          the server's certificate is not trusted
    ├── ServerRefusal           the server answered and refused the request
    │   ├── KeyRefused          401, or another status where the key is to blame
    │   ├── BalanceTooLow       402, or another status for lack of money
    │   ├── AccessDenied        403 otherwise
    │   ├── NotFound            404, or a model that does not exist
    │   ├── TooLarge            413, or a prompt that is longer than the model's context
    │   ├── RateLimited         429
    │   ├── ServerBusy          5xx and 408
    │   └── RequestRefused      400, 422, 451 and the rest
    ├── StreamError             the answer began and did not end properly
    │   ├── StreamCut           the stream ended without a finish reason
    │   │   └── StreamInterrupted   in a recording: the process that wrote it was ended
    │   ├── StreamStalled       nothing arrived for too long
    │   └── MalformedStream     the body is not a stream of chat completion events
    ├── ValueProblem            the answer ended properly, but holds no value of the kind that was asked for
    │   ├── NotJson             no JSON, or JSON that is broken or cut
    │   ├── AmbiguousJson       several JSON texts that differ
    │   └── SchemaMismatch      JSON that does not fit the schema
    └── UnexpectedError         a programming error in a transport; the original exception is its cause

    Stopped                     stopped by the user (a KeyboardInterrupt, so that Run All stops too)

Each message says what was expected, what arrived, and what to do. `sfstream.run.retry` says what is sent again.
An exception that ends a stream carries the partial answer as ``error.reply``. ``%config`` raises `SettingRefused`.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from typing import Any, ClassVar, Literal

WIDTH = 79
"""Maximum width of an error in a cell; a narrower terminal limits it further."""


class ShortInNotebook(BaseException):
    """Mixin that renders an exception in a notebook as a short message instead of a traceback.

    Args:
        text: a text, or a `sfstream.core.message.Message`, which a cell shows in the language of the display.
            ``str(error)`` and ``error.args`` are English.
    """

    reply: Any = None
    """The `sfstream.Reply` that ended with this exception; None if nothing was sent."""

    def __init__(self, text: Any = "") -> None:
        super().__init__(str(text))
        self.text = text

    def redact(self, clean: Callable[[str], str] = str) -> None:
        """Replace each text of the error and of its cause by ``clean(text)``.

        The context and the tracebacks are dropped: variables in their frames may hold the key.
        """
        self.args = tuple(clean(arg) if isinstance(arg, str) else arg for arg in self.args)
        self.text = clean(self.text) if isinstance(self.text, str) else self.text.redacted(clean)
        self.__context__ = self.__traceback__ = None
        if cause := self.__cause__:
            cause.args = tuple(clean(arg) if isinstance(arg, str) else arg for arg in cause.args)
            cause.__cause__ = cause.__context__ = cause.__traceback__ = None

    def _render_traceback_(self) -> list[str]:
        from sfstream.core.text import wrapped
        from sfstream.display.translations import translate

        name = type(self).__name__
        text = str(self) if str(self) != str(self.text) else translate(self.text)
        width = min(WIDTH, shutil.get_terminal_size().columns) if sys.stdout.isatty() else WIDTH
        # JupyterLab and terminals would break a long line in the middle of a word.
        head, *rest = [part for line in f"{name}: {text}".split("\n") for part in wrapped(line, width)]
        return [head if "NO_COLOR" in os.environ else head.replace(name, f"\x1b[31m{name}\x1b[0m", 1), *rest]


class SfStreamError(ShortInNotebook, Exception):
    """Base class of all exceptions of sfstream except `Stopped`."""

    status: ClassVar[Literal["failed", "cut", "stopped"]] = "failed"
    """The ``Reply.status`` of an answer that ends with this error."""


class ConfigurationError(SfStreamError, ValueError):
    """An invalid value, setting or option. Nothing was sent."""


class NoKey(ConfigurationError):
    """No API key, and the server needs one. Nothing was sent."""


class UnknownConversation(ConfigurationError, KeyError):
    """There is no conversation of that name. A KeyError too, since `sfstream.conversations` is a mapping."""

    __str__ = Exception.__str__  # that of KeyError shows the quoted text of its argument


class NoTransport(ConfigurationError):
    """The program or library that sends the request is not installed."""


class RecordingError(SfStreamError):
    """A missing file, or a file that is not a recording."""


class ConnectionFailed(SfStreamError):
    """No answer: the host was not found, refused the connection, or hung up first.

    Attributes:
        is_unreadable: whether the answer is not HTTP, or the address of a proxy cannot be parsed.
    """

    is_unreadable: bool = False


class NotTrusted(ConnectionFailed):
    """The server's certificate is not trusted. Nothing was sent."""


class ServerRefusal(SfStreamError):
    """The server answered and refused.

    Attributes:
        status_code: the HTTP status; None for an error inside a stream.
        code: SiliconFlow's code, such as 20012; None if there is none.
        trace_id: the header ``x-siliconcloud-trace-id``, which SiliconFlow's support asks for.
        retry_after: seconds that the server asks to wait, from ``Retry-After``.
    """

    status_code: int | None = None
    code: int | str | None = None
    trace_id: str | None = None
    retry_after: float | None = None

    def redact(self, clean: Callable[[str], str] = str) -> None:
        super().redact(clean)
        self.trace_id = self.trace_id and clean(self.trace_id)
        self.code = clean(self.code) if isinstance(self.code, str) else self.code


class KeyRefused(ServerRefusal):
    """The key is wrong, or belongs to the other region: 401, and 400 or 403 where the server says so."""


class BalanceTooLow(ServerRefusal):
    """Lack of money: 402, and 403, 429 or 400 where the server says so."""


class AccessDenied(ServerRefusal):
    """403 otherwise, such as an account whose real name is not verified."""


class NotFound(ServerRefusal):
    """404, or a model that does not exist, under whatever status."""


class TooLarge(ServerRefusal):
    """The request is too large: 413, or a prompt that is longer than the model's context, under whatever status."""


class RateLimited(ServerRefusal):
    """429: too many requests or tokens; the message names the limit.

    Attributes:
        is_long_term: whether the limit is per hour or per day, such as SiliconFlow's RPH, RPD and TPD.
    """

    is_long_term: bool = False


class ServerBusy(ServerRefusal):
    """5xx and 408: the service is overloaded or broken."""


class RequestRefused(ServerRefusal):
    """400, 422, 451 and the rest: the server does not accept this request."""


class StreamError(SfStreamError):
    """The answer began and did not end properly."""


class StreamCut(StreamError):
    """The stream ended without a finish reason and without ``[DONE]``."""

    status = "cut"


class StreamInterrupted(StreamCut):
    """The recording has no end, because the process that wrote it was ended."""


class StreamStalled(StreamError):
    """Nothing arrived for longer than the settings allow."""

    status = "cut"


class MalformedStream(StreamError):
    """The body is not a stream of chat completion events."""


class ValueProblem(SfStreamError):
    """The answer ended properly, but holds no value of the kind that was asked for (``format="json"``, ``schema``).

    The full text is in ``error.reply.content``, and ``error.reply.status`` says how the answer ended.
    """


class NotJson(ValueProblem):
    """The answer holds no JSON, or JSON that is broken or cut."""


class AmbiguousJson(ValueProblem):
    """The answer holds several JSON texts that differ."""


class SchemaMismatch(ValueProblem):
    """The JSON of the answer does not fit the schema; the message says where."""


class UnexpectedError(SfStreamError):
    """A programming error in a transport. ``__cause__`` is the original exception; the log has its traceback."""

    def redact(self, clean: Callable[[str], str] = str) -> None:
        super().redact(clean)
        if isinstance(self.__cause__, AttributeError | NameError):
            self.__cause__.__init__(*self.__cause__.args)  # type: ignore[misc]  # its `obj` may be the request


class Stopped(ShortInNotebook, KeyboardInterrupt):
    """The user stopped the answer; the partial answer is ``error.reply``.

    A ``KeyboardInterrupt``, so that ``except Exception`` does not swallow it and Run All stops.
    """

    status: ClassVar[Literal["stopped"]] = "stopped"


class SettingRefused(ShortInNotebook):
    """``%config`` was given a setting that does not exist, or a value that cannot be used. The value before stays.

    No ``Exception``: ``%config`` only logs those, the cell ends well, and the next cell asks with other settings.
    """

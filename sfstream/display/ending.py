"""How an answer ended: in words, and as a line of its own with a sign and a colour if it is not complete.

Nothing else decides on these. The text has the colour of the page, so that it is readable on light and dark; only the
border, the background and, in a terminal, the sign are coloured.
"""

from __future__ import annotations

import html
import sys
from dataclasses import dataclass

from sfstream.core.message import Message, message
from sfstream.core.reply import Reply
from sfstream.core.turns import answer_of, prompt_of
from sfstream.display.translations import language, translate
from sfstream.errors import StreamInterrupted, StreamStalled

_WORDS = {
    "streaming": message("streaming"),
    "complete": message("complete"),
    "filtered": message("ended by the content filter"),
    "stopped": message("stopped"),
    "cut": message("cut off by the server"),
}
_AGAIN = message("Ask again for the whole answer.")
_ADVICE = {
    "filtered": message("Rephrase the prompt."),
    "stopped": _AGAIN,
    "cut": _AGAIN,
    "failed": message("The error message says what to do."),
}
_STYLE = "border-left:.25em solid {colour};background-color:{tint};padding:.2em .6em;margin-top:.6em"


@dataclass(frozen=True)
class _Kind:
    """Sign and colours of an ending. Each colour has a contrast of 3 to 1 on white and on JupyterLab's black."""

    sign: str
    colour: str
    tint: str
    ansi: str


_CUT = _Kind("▲", "#c77700", "rgba(199,119,0,.12)", "\x1b[1;33m")
_KINDS = {
    "length": _CUT,
    "filtered": _CUT,
    "cut": _CUT,
    "stopped": _Kind("■", "#4a7fc1", "rgba(74,127,193,.12)", "\x1b[1;36m"),
    "failed": _Kind("✗", "#dc3c3c", "rgba(220,60,60,.12)", "\x1b[1;31m"),
}
_PLAIN = "\x1b[0m"


@dataclass(frozen=True)
class Ending:
    """The line about an answer that is not complete: what happened, and what to do."""

    kind: _Kind
    text: str

    def __str__(self) -> str:
        return f"{self.kind.sign} {self.text}"

    def html(self) -> str:
        """Return the line as HTML whose styles an untrusted notebook keeps."""
        style = _STYLE.format(colour=self.kind.colour, tint=self.kind.tint)
        return f'<div style="{style}">{html.escape(str(self))}</div>'

    def coloured(self) -> str:
        """Return the line for a terminal with colours."""
        return f"{self.kind.ansi}{self.kind.sign}{_PLAIN} {self.text}"


def ending(reply: Reply) -> Ending | None:
    """Return the line about an answer that was refused, cut, stalled, stopped, filtered or shortened, else None."""
    kind = _KINDS.get(reply.status)
    if kind is None:
        return None
    how, advice = how_it_ended(reply), translate(_ADVICE.get(reply.status) or _after_limit(reply))
    return Ending(kind, f"{how[:1].upper()}{how[1:]}{'。' if language() == 'zh' else '. '}{advice}")


def has_magics() -> bool:
    """Return whether the magics are loaded, so that advice may name them: there are none in a script."""
    return "sfstream.notebook.magic" in sys.modules


def how_it_ended(reply: Reply) -> str:
    """Return the status in words."""
    if reply.status == "length":
        return translate(_limit(reply))
    if reply.status == "failed":
        return translate("failed: {error}", error=type(reply.error).__name__)
    if reply.status == "stopped" and reply.tokens:
        return translate("stopped after {tokens}", tokens=tokens(reply))
    if isinstance(reply.error, StreamStalled):
        return translate("the server stopped responding")
    if isinstance(reply.error, StreamInterrupted):
        return translate("interrupted: its process ended first")
    return translate(_WORDS[reply.status])


def tokens(reply: Reply) -> str:
    """Return the server's count of tokens, and how many of them are reasoning; empty where it gave no count."""
    if reply.tokens is None:
        return ""
    if reply.reasoning_tokens:
        count = counted(reply.tokens)
        return translate("{tokens} ({reasoning} reasoning)", tokens=count, reasoning=f"{reply.reasoning_tokens:,}")
    return counted(reply.tokens)


def counted(count: int) -> str:
    """Return a number of tokens in words."""
    return translate("1 token") if count == 1 else translate("{count} tokens", count=f"{count:,}")


def _limit(reply: Reply) -> Message:
    """Return which limit was reached, as far as it is known."""
    if name := _limit_that_was_set(reply):
        return message("reached {limit}", limit=name)
    if reply.via == "given":
        return message("reached a limit on tokens")
    return message("reached the model's length limit")


def _limit_that_was_set(reply: Reply) -> str:
    """Return the field of the request that limits the answer; empty if the request had none, or is not known."""
    if reply.request.max_tokens:
        return "max_tokens"
    return "max_completion_tokens" if "max_completion_tokens" in reply.request.params else ""


def _after_limit(reply: Reply) -> Message:
    """Return what helps against a limit on tokens. An answer without content cannot be continued, and JSON makes no
    sense in two parts."""
    limit = _limit_that_was_set(reply)
    if has_magics() and limit == "max_tokens":
        limit = "--max-tokens"
    if not (answer_of(reply) and prompt_of(reply)) or reply.error:
        return message("Raise {limit}.", limit=limit) if limit else message("Ask for a shorter answer.")
    how = "%sfchat -c" if has_magics() else "after=reply"
    if limit:
        return message("Raise {limit}, or continue with {how}.", limit=limit, how=how)
    return message("Continue with {how}.", how=how)

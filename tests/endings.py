"""Table of all ways in which an answer can end, and of what is then true; test_endings.py runs each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sfstream import errors
from sfstream.core.finish import Status

Part: TypeAlias = Literal["all", "what had come", "nothing"]


@dataclass(frozen=True)
class Ending:
    """One way to end.

    Attributes:
        name: a word or two.
        how: what happens.
        status: `Reply.status`; None if no process is left to hold a reply.
        raised: class of the exception that the cell raises, if any.
        retried: whether the request is first sent again, `SfChat.retries` times.
        kept: how much of the answer is in `sf_content`, `sf_reasoning` and `sf_reply`.
        log: how much of the answer is in the log.
        words: text on the screen at the end; empty if the screen stays as it was.
    """

    name: str
    how: str
    status: Status | None
    raised: type[errors.SfStreamError | errors.Stopped] | None
    retried: bool
    kept: Part
    log: Part
    words: str


ENDINGS = (
    Ending("done", "The server says that the answer is whole.", "complete", None, False, "all", "all", "complete"),
    Ending(
        "length",
        "A limit on tokens is reached: max_tokens, or the model's own.",
        "length",
        None,
        False,
        "what had come",
        "what had come",
        "Reached the model's length limit",
    ),
    Ending(
        "content filter",
        "The server's filter ends the answer.",
        "filtered",
        None,
        False,
        "what had come",
        "what had come",
        "Ended by the content filter",
    ),
    Ending(
        "stop button",
        "The button below the answer is pressed.",
        "stopped",
        errors.Stopped,
        False,
        "what had come",
        "what had come",
        "Stopped",
    ),
    Ending(
        "interrupt",
        "The kernel is interrupted.",
        "stopped",
        errors.Stopped,
        False,
        "what had come",
        "what had come",
        "Stopped",
    ),
    Ending(
        "cut",
        "The connection is closed in mid-answer, after any byte.",
        "cut",
        errors.StreamCut,
        False,
        "what had come",
        "what had come",
        "Cut off by the server",
    ),
    Ending(
        "reset",
        "The connection is reset in mid-answer.",
        "cut",
        errors.StreamCut,
        False,
        "what had come",
        "what had come",
        "Cut off by the server",
    ),
    Ending(
        "stalled",
        "Nothing comes for 60 s in mid-answer (SfChat.between).",
        "cut",
        errors.StreamStalled,
        False,
        "what had come",
        "what had come",
        "The server stopped responding",
    ),
    Ending(
        "error frame",
        "The server sends an error in mid-answer.",
        "failed",
        errors.ServerBusy,
        False,
        "what had come",
        "what had come",
        "ServerBusy",
    ),
    Ending(
        "no stream",
        "The server sends something else, such as a page of HTML.",
        "failed",
        errors.MalformedStream,
        False,
        "nothing",
        "what had come",
        "MalformedStream",
    ),
    Ending(
        "refused",
        "The server says no for a reason that no wait helps: the key, the balance, the model's name.",
        "failed",
        errors.KeyRefused,
        False,
        "nothing",
        "nothing",
        "KeyRefused",
    ),
    Ending(
        "busy",
        "The server says no for now: 429, 500, 502, 503 or 504.",
        "failed",
        errors.ServerBusy,
        True,
        "nothing",
        "nothing",
        "ServerBusy",
    ),
    Ending(
        "never begun",
        "Nothing comes for 120 s after the question (SfChat.first_byte).",
        "cut",
        errors.StreamStalled,
        False,
        "nothing",
        "nothing",
        "StreamStalled",
    ),
    Ending(
        "hung up",
        "The connection is closed before the answer begins.",
        "failed",
        errors.ConnectionFailed,
        True,
        "nothing",
        "nothing",
        "ConnectionFailed",
    ),
    Ending(
        "connection refused",
        "No server runs there.",
        "failed",
        errors.ConnectionFailed,
        True,
        "nothing",
        "nothing",
        "refused",
    ),
    Ending(
        "DNS",
        "The host's name is not found.",
        "failed",
        errors.ConnectionFailed,
        True,
        "nothing",
        "nothing",
        "not found",
    ),
    Ending(
        "TLS",
        "The server's certificate cannot be trusted.",
        "failed",
        errors.NotTrusted,
        False,
        "nothing",
        "nothing",
        "NotTrusted",
    ),
    Ending(
        "proxy",
        "The proxy of the environment cannot be reached.",
        "failed",
        errors.ConnectionFailed,
        True,
        "nothing",
        "nothing",
        "ConnectionFailed",
    ),
    Ending("kernel killed", "The process is killed in mid-answer.", None, None, False, "nothing", "what had come", ""),
)

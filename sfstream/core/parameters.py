"""The options of a call, one row each: the only place that names them all.

The parser of ``%sfchat``, its manual, the settings ``SfChat.…``, the checks of a request and the fields of its body are
made from these rows. To add a sampling option, add a row here, a line to the signatures of `sfstream.chat` and
`sfstream.stream`, and a line to the table in the README; tests compare them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from sfstream.core.message import Message, message


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One option.

    Attributes:
        name: keyword of `sfstream.chat` and name of the setting.
        type: ``str``, ``float``, ``int``, ``bool``, ``list`` or ``dict``; a tuple where several are accepted.
        help: what it does, in the imperative, without its range.
        flags: how it is typed on the line of the magic; none for a setting only. A flag that begins with ``--no-``
            sets False.
        metavar: what the value is called; empty for a switch.
        field: field of the request's body; empty where it is not sent as one.
        low, high: the range, both included.
        also: a value outside the range that is accepted, and its meaning.
        choices: the only texts that are accepted; beside a number, texts accepted in its place.
        most: of a list of texts: how many; one text may stand for a list of one.
        repeats: whether the flag can be repeated; the values are collected.
        expected: what an error says is expected, where type and range say too little.
        default: value of the setting.
    """

    name: str
    type: Any
    help: str
    flags: tuple[str, ...] = ()
    metavar: str = ""
    field: str = ""
    low: float = -math.inf
    high: float = math.inf
    also: tuple[int, Message] | None = None
    choices: tuple[str, ...] = ()
    most: int = 0
    repeats: bool = False
    expected: Message | None = None
    default: Any = None

    @property
    def range(self) -> str:
        """The range in English words: ``0 to 2``; empty where an end is open or there is no range."""
        return str(self.bounds)

    @property
    def bounds(self) -> Message:
        """The range as a message."""
        if math.isinf(self.low) or math.isinf(self.high):
            return Message("")
        ends = {"low": f"{self.low:g}", "high": f"{self.high:g}"}
        if not self.also:
            return message("{low} to {high}", **ends)
        return message("{low} to {high}, or {value} for {meaning}", value=self.also[0], meaning=self.also[1], **ends)


def _field(name: str, type_: Any, help_: str, flags: str = "", metavar: str = "", **more: Any) -> Parameter:
    """Return a row of the request's body; `flags` are parted by spaces."""
    more.setdefault("field", name)
    return Parameter(name=name, type=type_, help=help_, flags=tuple(flags.split()), metavar=metavar, **more)


def _option(name: str, type_: Any, help_: str, flags: str = "", metavar: str = "", **more: Any) -> Parameter:
    """Return a row that is not a field of the body."""
    return _field(name, type_, help_, flags, metavar, field="", **more)


_THINK = "--think --no-think"
_EFFORT: dict[str, Any] = {"field": "reasoning_effort", "expected": message("a text such as 'high'")}
_FORMAT: dict[str, Any] = {"choices": ("text", "code", "json")}
_MODES: dict[str, Any] = {"choices": ("json_schema", "json_object", "instruction")}
_DETAIL: dict[str, Any] = {"choices": ("auto", "low", "high")}
_WAYS = ("openai", "requests", "curl")
_VIA: dict[str, Any] = {"choices": _WAYS, "default": "openai"}
_DISPLAY: dict[str, Any] = {"choices": ("auto", "live", "html", "text", "off"), "default": "auto"}
_REUSE: dict[str, Any] = {"expected": message("True, False, or the name of a folder"), "default": False}
_SPEED: dict[str, Any] = {"low": 0.01, "high": 1000, "choices": ("max",)}
_SCHEMA: dict[str, Any] = {"expected": message("the name of a type or JSON schema, such as 'list[Item]'")}
_ALL = (-1, message("all"))
_OBJECT = message("a dict such as {example}", example="{'type': 'json_object'}")
_LANGUAGE: dict[str, Any] = {"choices": ("auto", "en", "zh"), "default": "auto"}

# Ranges are SiliconFlow's (https://docs.siliconflow.cn/docs/api/chat-completions-post).
PARAMETERS = (
    _option("model", str, "the model to ask; else SILICONFLOW_MODEL", "-m --model", "NAME"),
    _option("system", str, "the system prompt", "-s --system", "TEXT"),
    _option("continues", bool, "continue from the last reply", "-c --continue", default=False),
    _option("conversation", str, "take part in the conversation NAME", "--conversation", "NAME"),
    _option("out", str, "bind the Reply also to the variable NAME", "-o --out", "NAME"),
    _field("temperature", float, "sampling temperature", "-t --temperature", "NUMBER", low=0, high=2),
    _field("top_p", float, "nucleus sampling", "--top-p", "NUMBER", low=0, high=1),
    _field("top_k", int, "sample from the K likeliest tokens", "--top-k", "N", low=1, high=100, also=_ALL),
    _field("min_p", float, "least probability, relative to the likeliest token", "--min-p", "NUMBER", low=0, high=1),
    _field("max_tokens", int, "end the answer after N tokens; reasoning does not count", "--max-tokens", "N", low=1),
    _field("frequency_penalty", float, "avoid repetition", "--frequency-penalty", "NUMBER", low=-2, high=2),
    _field("stop", list, "end the answer at TEXT; up to 4 of them", "--stop", "TEXT", most=4, repeats=True),
    _field("think", bool, "think first (enable_thinking), if the model can", _THINK, field="enable_thinking"),
    _field("thinking_budget", int, "end the reasoning after N tokens", "--thinking-budget", "N", low=128, high=32768),
    _field("effort", str, "how hard to think: high or max (reasoning_effort)", "--effort", "LEVEL", **_EFFORT),
    _option("params", dict, "any other field of the body; JSON if it parses", "-p --param", "KEY=VALUE", repeats=True),
    _option("attach", list, "send an image along: path, URL, or variable", "-a --attach", "SOURCE", repeats=True),
    _option("detail", str, "how closely images are looked at", "--detail", "auto|low|high", **_DETAIL),
    _option("format", str, "show text, put code in a new cell, read JSON", "-f --format", "text|code|json", **_FORMAT),
    _option("schema", str, "take JSON that fits the type or JSON schema NAME", "--schema", "NAME", **_SCHEMA),
    _option("json_mode", str, "ask for JSON in this way only", "--json-mode", "|".join(_MODES["choices"]), **_MODES),
    _option("via", str, "send with openai, requests or curl; the results are the same", "--via", "NAME", **_VIA),
    _option("display", str, "show the answer as auto, live, html, text or off", "--display", "MODE", **_DISPLAY),
    _option("verbatim", bool, "send {{ }} as typed, instead of values of the notebook", "--verbatim", default=False),
    _option("dry_run", bool, "show exactly what would be sent, and send nothing", "--dry-run", default=False),
    _option("program", str, "show the call as a program; send nothing", "--program", "|".join(_WAYS), choices=_WAYS),
    _option("record", str, "write the stream to FILE while it arrives, replacing the file", "--record", "FILE"),
    _option("replay", str, "play the recording FILE instead of sending: no key, no network", "--replay", "FILE"),
    _option("speed", float, "play a replay N times as fast, or without waiting", "--speed", "N|max", **_SPEED),
    _option("wire", bool, "show what arrived below the answer: chunks, frames, deltas", "--wire", default=False),
    _option("timeline", bool, "show when each delta arrived below the answer", "--timeline", default=False),
    _option(
        "reuse", (bool, str), "show a kept answer again, from the log (True) or from a folder (its name)", **_REUSE
    ),
    _option("fresh", bool, "ask again although an answer is kept (SfChat.reuse)", "--fresh", default=False),
    _option("log", bool, "keep the answer in the log", "--no-log", default=True),
    _option("base_url", str, "where requests go; else SILICONFLOW_BASE_URL, else https://api.siliconflow.cn/v1"),
    _option("language", str, "language of the display; auto is that of the page", **_LANGUAGE),
    _option("retries", int, "how often a failed request is sent again, where that can help", low=0, default=2),
    _option("first_byte", float, "seconds of silence before the first byte that end a stream", low=0.1, default=120.0),
    _option("between", float, "seconds of silence after the first byte that end a stream", low=0.1, default=60.0),
)

OTHER_FIELDS = (
    _field("presence_penalty", float, "avoid repetition", low=-2, high=2),
    _field("seed", int, "make sampling repeatable"),
    _field("n", int, "number of choices", low=1, high=1, expected=message("1: one answer is shown at a time")),
    _field("response_format", dict, "format", expected=_OBJECT),
    _field("tools", list, "functions that the model may call", expected=message("a list of functions")),
    _field("tool_choice", (str, dict), "which function to call", expected=message("'auto', or a dict")),
    _field("prefix", str, "text that the answer begins with"),
    _field("suffix", str, "text that follows the answer"),
)
"""Fields of the body that have no option: they are set in ``params``, and checked as well."""

BY_NAME = {row.name: row for row in PARAMETERS}
BY_FLAG = {flag: row for row in PARAMETERS for flag in row.flags}
FIELDS = {row.field: row for row in (*PARAMETERS, *OTHER_FIELDS) if row.field}
"""The rows that are fields of the body, by the name of the field."""


def manual() -> str:
    """Return the options as lines of a manual page."""
    lines = []
    for row in PARAMETERS:
        on = [flag for flag in row.flags if not flag.startswith("--no-")]
        off = [flag for flag in row.flags if flag not in on]
        text = "; ".join(filter(None, (row.help, row.range)))
        lines += [(f"{', '.join(on)} {row.metavar}", text)] if on else []
        lines += [(flag, f"do not {text}") for flag in off]
    return "\n".join(f"    {flags.strip():<32} {text}" for flags, text in lines)

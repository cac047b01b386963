"""What ``%sfdemo list`` shows: answers first, then the faults in groups, one line each with what it teaches."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple

from sfstream.demo.models import MODELS
from sfstream.demo.prepared import LISTS


class Line(NamedTuple):
    """One line of the list, in English and Chinese.

    Attributes:
        names: patterns of models, parted by commas; ``*`` stands for any text. The first begins with ``demo/``.
    """

    names: str
    english: str
    chinese: str

    @property
    def models(self) -> list[str]:
        """The names of the models of this line, as `Model.pattern` has them."""
        patterns = [f"demo/{name}" for name in self.names.removeprefix("demo/").split(", ")]
        return [model.pattern for model in MODELS if any(fnmatchcase(model.pattern, each) for each in patterns)]


_RECEIPT, _RECEIPT_CHINESE = LISTS

LINES = (
    Line(
        "demo/chat",
        "Any prompt. Some have prepared answers; all others are echoed, with a list of those that have.",
        "任意提示词。一部分有事先写好的回答；其余的会原样重复，并列出有回答的提示词。",
    ),
    Line(
        "demo/chat",
        f"With -f json or --schema: JSON that fits. It knows “{_RECEIPT}”",
        f"加上 -f json 或 --schema：符合要求的 JSON。它认得“{_RECEIPT_CHINESE}”",
    ),
    Line(
        "demo/english, chinese",
        "What streaming is, in English and in Chinese.",
        "什么是流式输出：英文和中文的回答。",
    ),
    Line("demo/echo", "Echoes the prompt: what you send is what you see.", "重复提示词：发送什么就看到什么。"),
    Line(
        "demo/reasoning, reasoning-only",
        "Thinks first: reasoning and content are two fields. The second never gets to its answer.",
        "先思考：推理和正文是两个字段。后一个没有给出正文。",
    ),
    Line(
        "demo/tool-call",
        "Calls a function: the arguments come in pieces, too.",
        "调用函数：参数也是一段一段到达的。",
    ),
    Line("demo/long", "Some 4,400 tokens: how an answer streams over HTTP.", "约 4,400 个 token：HTTP 怎样传输流。"),
    Line(
        "demo/slow, rate-N, fast-N",
        "Other paces: 0.5 s before each chunk, N tokens a second, N tokens as fast as possible.",
        "其他速度：每个数据块前等 0.5 秒、每秒 N 个 token、尽快发送 N 个 token。",
    ),
    Line(
        "demo/length, filtered, empty",
        "Endings that are not errors: a limit on tokens, a content filter, no text at all.",
        "不算错误的结束：达到 token 上限、被内容过滤、一个字也没有。",
    ),
    Line(
        "demo/one-byte, split-emoji, tricky",
        "A chunk is neither a frame nor a character, and an answer may contain data: and [DONE].",
        "数据块既不是帧也不是字符；回答里也可能有 data: 和 [DONE]。",
    ),
    Line(
        "demo/keep-alives, crlf, gzip, linger",
        "Correct streams that look different: comments, other line ends, compression, silence after [DONE].",
        "正确但样子不同的流：注释、另一种换行、压缩、[DONE] 之后的静默。",
    ),
    Line(
        "demo/usage-last, no-reasoning-field, no-done",
        "What is missing at times: choices in the last frame, reasoning_content, and [DONE] at the end.",
        "有时会缺少的东西：最后一帧的 choices、reasoning_content，以及结尾的 [DONE]。",
    ),
    Line(
        "demo/plain, html, nothing, redirect",
        "Not a stream at all: a plain completion, a web page, no event, another address.",
        "根本不是流：普通的完整回答、网页、没有事件、另一个地址。",
    ),
    Line(
        "demo/cut-*, reset-after-N, close-*",
        "The connection ends early: the end of the bytes is not the end of the answer. Try demo/cut-after-N.",
        "连接提前结束：字节到头不等于回答完整。可以试 demo/cut-after-N。",
    ),
    Line(
        "demo/stall-*",
        "The server goes silent: before the head, after it, or after N deltas. Only a timeout or Stop helps.",
        "服务器不再发送：在响应头之前、之后，或 N 个增量之后。只有超时或停止才有用。",
    ),
    Line(
        "demo/error-*-after-N",
        "An error in the middle of a stream with status 200: object, text, code, string, event, bare.",
        "状态为 200 的流中途出错：object、text、code、string、event、bare 六种形式。",
    ),
    Line("demo/not-json-after-N", "A frame that is broken.", "一个损坏的帧。"),
    Line(
        "demo/status-*",
        "Refused before the answer: 400 401 402 403 404 413 422 429 429-hourly 451 500 503 504.",
        "回答之前就被拒绝：400 401 402 403 404 413 422 429 429-hourly 451 500 503 504。",
    ),
    Line(
        "demo/busy-*, retry-after",
        "Busy at first: twice, N times, or once and asks to wait 1 s. Trying again helps.",
        "起初繁忙：两次、N 次，或一次并要求等 1 秒。重试有用。",
    ),
    Line(
        "demo/echo-key",
        "Refuses, and repeats the key in its message: it is hidden before you see it.",
        "拒绝并在消息里重复密钥：显示之前已被隐去。",
    ),
    Line(
        "demo/no-json-schema, no-json, json-in-prose",
        "JSON with obstacles: modes that the model refuses, and sentences around the JSON.",
        "得到 JSON 的障碍：模型不支持的模式，以及夹在句子里的 JSON。",
    ),
)
"""The lines, in their order. A test compares them with the models."""

PHYSICS = Line(
    "NAME+first-S+rate-N+jitter-J+chunk-N",
    "After any name, any of: first token at S s, N tokens a second, gaps varied by J (0 to 1), N bytes at a time.",
    "模型名之后可加任意几项：首个 token 在 S 秒后、每秒 N 个 token、间隔上下浮动 J（0 到 1）、每次 N 个字节。",
)
NOTE = Line(
    "",
    "N is a number, as in demo/cut-after-20. %sfmodels cut lists the names of a group in full.",
    "N 是数字，例如 demo/cut-after-20。%sfmodels cut 会列出一组的全部名称。",
)

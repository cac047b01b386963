"""The table of all models of the demo server, and the models that answer without a fault."""

from __future__ import annotations

from collections.abc import Sequence

from sfstream.core.attachments import image_urls
from sfstream.core.images import data_of, read_header
from sfstream.core.text import excerpt
from sfstream.demo.answer import Answer, Call, Model, Respond, play
from sfstream.demo.compose import Script, compose, pieces
from sfstream.demo.faults import BREAKS, FORMS, PACES
from sfstream.demo.json_answers import json_answer, json_in_prose, wants_json
from sfstream.demo.prepared import FOLLOW_UPS, GUIDE, PROMPTS, bare_prompt, is_chinese, recording, text
from sfstream.demo.refusals import REFUSALS, busy_first, echo_key, limited_first, page, without_json
from sfstream.demo.thinking import as_asked

CHAT = "demo/chat"
"""The model that `%sfdemo` selects. It accepts any prompt."""

_TRICKY = (
    "These are texts, not framing: ", "data: ", "[DONE]", " and ", "data: [DONE]", "\n", "data: [DONE]", "\n\n",
    "a line separator\u2028, a next line\u0085, ", "a colon", ":", " and the end.",
)  # fmt: skip


def find(name: str) -> tuple[Model, int] | None:
    """Return the model that has a name, and the number in the name; None if there is no such model."""
    for model in MODELS:
        number = model.number_in(name)
        if number is not None:
            return model, number
    return None


def prepared(name: str) -> Respond:
    """Give the prepared answer of that name, with as much reasoning as is asked for."""
    return lambda call: play(as_asked(name, call), call)


def prepared_or_guide(name: str) -> Respond:
    """Give the prepared answer of that name, or that to a prompt of SiliconFlow's guide to streaming."""

    def answer(call: Call) -> Answer:
        known = _name_of_prompt(call.prompt)
        return play(recording(known if known in GUIDE else name), call)

    return answer


def chat(call: Call) -> Answer:
    """Give the prepared answer to a prompt, a tool call or reasoning if the call asks for one, else echo the prompt."""
    if call.tool_result is not None or call.body.get("tools"):
        return tool_call(call)
    if wants_json(call):
        return json_answer(call)
    if urls := image_urls(call.body["messages"]):
        return _say(_described(urls, is_chinese(call.prompt)), call)
    if name := _name_of_prompt(call.prompt):
        return play(as_asked(name, call), call)
    if call.body.get("enable_thinking") or call.body.get("reasoning_effort"):
        return play(as_asked("reasoning-zh" if is_chinese(call.prompt) else "reasoning", call), call)
    return _say(f"{_no_model(call)}\n\n> {call.prompt}\n\n{_known(is_chinese(call.prompt))}", call)


def _no_model(call: Call) -> str:
    if is_chinese(call.prompt):
        return "这是演示服务器，背后没有模型；它只是重复您的话。"
    return "This is a demo server and no model is behind it; it says your words back."


def _known(chinese: bool) -> str:
    """Return the prompts in a language that have an answer of their own."""
    head = "这些提示词有事先写好的回答：" if chinese else "These prompts have an answer of their own:"
    known = [prompt for name, prompt in PROMPTS.items() if name not in FOLLOW_UPS and is_chinese(prompt) == chinese]
    return "\n".join([f"{head}\n", *(f"- {prompt}" for prompt in known)])


def _described(urls: Sequence[str], chinese: bool) -> str:
    """Return what the first bytes of the images say; nothing here sees what they show."""
    listed = "\n".join(f"{number}. {_described_one(url, chinese)}" for number, url in enumerate(urls, 1))
    if chinese:
        return f"收到 {len(urls)} 张图像：\n\n{listed}\n\n这个演示背后没有模型，所以没有谁看过图里有什么。"
    count = "1 image" if len(urls) == 1 else f"{len(urls)} images"
    nobody = "There is no model behind this demo, so nobody looked at what is in the pictures."
    return f"I received {count}:\n\n{listed}\n\n{nobody}"


def _described_one(url: str, chinese: bool) -> str:
    data = data_of(url)
    header = read_header(data) if data else None
    if data and header:
        pixels, size = ("像素", "字节") if chinese else ("pixels", "bytes")
        return f"{header.kind}, {header} {pixels}, {len(data):,} {size}"
    if data:
        return "不是图像的内容" if chinese else "something that is not an image"
    return f"{'一个没有打开的地址：' if chinese else 'an address, which is not opened: '}`{excerpt(url, 100)}`"


def tool_call(call: Call) -> Answer:
    """Call a function, or give a sentence with its result if that is there, so that a loop over tools ends."""
    if call.tool_result is None:
        return play(recording("tool-call"), call)
    if is_chinese(call.prompt):
        return _say(f"函数返回：{call.tool_result}\n\n（这个演示背后没有模型。）", call)
    return _say(f"The function gave: {call.tool_result}\n\n(No model is behind this demo.)", call)


def composed(script: Script) -> Respond:
    """Give the answer of a script."""
    return lambda call: play(compose(call.body, script), call)


def _say(words: str, call: Call) -> Answer:
    return composed(Script(pieces(words)))(call)


def _name_of_prompt(prompt: str) -> str | None:
    bare = bare_prompt(prompt)
    return next((name for name, known in PROMPTS.items() if bare_prompt(known) == bare), None)


def _model(name: str, description: str, answer: Respond, example: int = 5) -> Model:
    return Model(f"demo/{name}", description, answer, example)


_NO_SCHEMA = without_json(("json_schema",), chat)
_NO_JSON = without_json(("json_schema", "json_object"), chat)
_english = prepared_or_guide("english")

MODELS: tuple[Model, ...] = (
    Model(
        CHAT,
        "Accepts any prompt. A few have prepared answers; all others are echoed, or get JSON where it is asked for.",
        chat,
    ),
    _model("english", "Explains streaming in English.", _english),
    _model("chinese", "Explains streaming in Chinese.", prepared_or_guide("chinese")),
    _model("reasoning", "Reasons first, then answers with a little maths and Python.", prepared("reasoning")),
    _model("tool-call", "Calls the function get_weather, in pieces.", tool_call),
    _model("long", "Explains in some 4,400 tokens how streaming over HTTP works.", prepared("long")),
    _model("echo", "Echoes the prompt.", lambda call: _say(f"{_no_model(call)}\n\n{call.prompt}", call)),
    *PACES,
    *BREAKS,
    *REFUSALS,
    _model("busy-twice", "Is busy (503) twice, then answers.", busy_first(_english, 2)),
    _model("busy-N", "Is busy (503) N times, then answers.", busy_first(_english)),
    _model("retry-after", "Refuses (429) and asks to wait 1 s, then answers.", limited_first(_english)),
    _model("echo-key", "Refuses (401) and repeats the Authorization header in its message.", echo_key),
    _model("no-json-schema", "Does not take json_schema (20024), else answers as chat.", _NO_SCHEMA),
    _model("no-json", "Takes neither json_schema nor json_object (20024), else answers as chat.", _NO_JSON),
    _model("json-in-prose", "Writes sentences and a code block around its JSON.", json_in_prose),
    _model("html", "Sends a page of HTML with status 200.", lambda _: page("Please log in")),
    *FORMS,
    _model(
        "length",
        "Stops at a limit (finish reason length).",
        composed(Script(pieces(text("english"))[:40], finish="length")),
    ),
    _model(
        "filtered",
        "Is stopped by a filter (finish reason content_filter).",
        composed(Script(pieces(text("english"))[:20], finish="content_filter")),
    ),
    _model("empty", "Finishes without any content.", composed(Script())),
    _model(
        "reasoning-only",
        "Reasons, and finishes without an answer.",
        composed(Script(reasoning=pieces(text("reasoning-thoughts")))),
    ),
    _model("tricky", "Has data: and [DONE], U+2028 and U+0085 in its answer.", composed(Script(_TRICKY))),
)
"""Every model, in the order in which they are listed."""

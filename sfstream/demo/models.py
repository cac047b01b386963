"""The table of all models of the demo server: the answers written by hand, and the faults."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable

from sfstream.demo import faults, refusals
from sfstream.demo.answer import Answer, Asked, Model, played
from sfstream.demo.bundle import GUIDE, PROMPTS, recording
from sfstream.demo.bundle import text as text_of
from sfstream.demo.compose import Script, compose, pieces

NO_MODEL = "This is a demo server and no model is behind it; it says your words back."
CHAT = "demo/chat"
"""The model that takes any prompt: what `%sfdemo` asks unless another is named."""
TRICKY = (
    "These are texts, not framing: ", "data: ", "[DONE]", " and ", "data: [DONE]", "\n", "data: [DONE]", "\n\n",
    "a line separator\u2028, a next line\u0085, ", "a colon", ":", " and the end.",
)  # fmt: skip


def find(name: str) -> tuple[Model, int] | None:
    """The model that answers to a name, and the number in the name; None where there is none."""
    for model in MODELS:
        number = model.number_in(name)
        if number is not None:
            return model, number
    return None


def bundled(name: str, asked: Asked) -> Answer:
    """The bundled answer of that name."""
    return played(recording(name), asked)


def standard(name: str, asked: Asked) -> Answer:
    """The same, but the prompts of SiliconFlow's guide to streaming get answers of their own."""
    known = _named_by(asked.prompt)
    return bundled(known if known in GUIDE else name, asked)


def chat(asked: Asked) -> Answer:
    """The bundled answer to a prompt that has one, an example of reasoning where it is asked for, else an echo."""
    if asked.tool_result is not None or asked.body.get("tools"):
        return tool_call(asked)
    if name := _named_by(asked.prompt):
        return bundled(name, asked)
    if asked.body.get("enable_thinking") or asked.body.get("reasoning_effort"):
        return bundled("reasoning", asked)
    can = "\n".join(f"- {prompt}" for prompt in PROMPTS.values())
    return _said(
        asked, Script(pieces(f"{NO_MODEL}\n\n> {asked.prompt}\n\nThese prompts have an answer of their own:\n\n{can}"))
    )


def _named_by(prompt: str) -> str | None:
    """The recording that answers a prompt, whatever its white space and the width of its punctuation."""
    asked = _bare(prompt)
    return next((name for name, known in PROMPTS.items() if _bare(known) == asked), None)


def _bare(prompt: str) -> str:
    return "".join(unicodedata.normalize("NFKC", prompt).casefold().split())


def echo(asked: Asked) -> Answer:
    return _said(asked, Script(pieces(f"{NO_MODEL}\n\n{asked.prompt}")))


def tool_call(asked: Asked) -> Answer:
    """The call, or where its result is already there, a sentence with the result: a loop over tools comes to an end."""
    if asked.tool_result is None:
        return bundled("tool-call", asked)
    return _said(asked, Script(pieces(f"The function gave: {asked.tool_result}\n\n(No model is behind this demo.)")))


def length(asked: Asked) -> Answer:
    return _said(asked, Script(pieces(text_of("english"))[:40], finish="length"))


def filtered(asked: Asked) -> Answer:
    return _said(asked, Script(pieces(text_of("english"))[:20], finish="content_filter"))


def empty(asked: Asked) -> Answer:
    return _said(asked, Script())


def reasoning_only(asked: Asked) -> Answer:
    return _said(asked, Script(reasoning=pieces(text_of("reasoning-thoughts"))))


def tricky(asked: Asked) -> Answer:
    return _said(asked, Script(TRICKY))


def html(_: Asked) -> Answer:
    return refusals.page("Please log in")


def _said(asked: Asked, script: Script) -> Answer:
    return played(compose(asked.body, script), asked)


_english = functools.partial(standard, "english")


def _standard(name: str, says: str) -> Model:
    return Model(f"demo/{name}", says, functools.partial(standard, name))


def _bundled(name: str, says: str) -> Model:
    return Model(f"demo/{name}", says, functools.partial(bundled, name))


def _model(name: str, says: str, answer: Callable[[Asked], Answer], example: int = 5) -> Model:
    return Model(f"demo/{name}", says, answer, example)


MODELS: tuple[Model, ...] = (
    _model("chat", "Takes any prompt: some have an answer of their own, others it says back.", chat),
    _standard("english", "Says in English what streaming is."),
    _standard("chinese", "Says the same in Chinese."),
    _bundled("reasoning", "Thinks first, then answers with a little maths and Python."),
    _model("tool-call", "Calls the function get_weather, in pieces.", tool_call),
    _bundled("long", "Tells in some 4,400 tokens how streaming over HTTP works."),
    _model("echo", "Says your words back.", echo),
    _model("slow", "Waits 0.5 s before each chunk.", faults.slow),
    _model("fast-N", "Sends N tokens as fast as it can, one in each chunk.", faults.fast, 1000),
    _model("rate-N", "Sends N tokens a second, at most 20,000 in all.", faults.rate, 100),
    _model("stall-before-headers", "Takes the request and says nothing.", faults.stall_before_headers),
    _model("stall-after-headers", "Sends the head of the response and falls silent.", faults.stall_after_headers),
    _model("stall-after-N", "Falls silent after N deltas.", faults.stall_after),
    _model("cut-after-N", "Ends the body after N deltas, with no finish reason and no [DONE].", faults.cut_after),
    _model("cut-hard-after-N", "Closes the connection after N deltas, with no end of the body.", faults.cut_hard_after),
    _model("cut-in-frame-N", "Ends the body in the middle of frame N.", faults.cut_in_frame),
    _model("reset-after-N", "Resets the connection after N deltas.", faults.reset_after),
    _model("close-without-answer", "Closes the connection before any header.", faults.close_without_answer),
    _model("error-object-after-N", 'Sends {"error": {…}} after N deltas.', faults.error_object_after),
    _model("error-text-after-N", 'Sends {"error": "text"} after N deltas.', faults.error_text_after),
    _model("error-code-after-N", 'Sends {"code": 50505, "message": …} after N deltas.', faults.error_code_after),
    _model("error-string-after-N", "Sends an error as a JSON string after N deltas.", faults.error_string_after),
    _model("error-event-after-N", "Sends an event of the type error after N deltas.", faults.error_event_after),
    _model("error-bare-after-N", "Sends an error without data: before it after N deltas.", faults.error_bare_after),
    _model("not-json-after-N", "Sends a frame that is not JSON after N deltas.", faults.not_json_after),
    *refusals.STATUSES,
    _model(
        "busy-twice", "Is busy (503) twice, then answers.", functools.partial(refusals.busy, then=_english, times=2)
    ),
    _model("busy-N", "Is busy (503) N times, then answers.", lambda a: refusals.busy(a, _english, a.number)),
    _model(
        "retry-after",
        "Refuses (429) and asks to wait 1 s, then answers.",
        functools.partial(refusals.retry_after, then=_english),
    ),
    _model("echo-key", "Refuses (401) and repeats the Authorization header in its message.", refusals.echo_key),
    _model("redirect", "Redirects (307) to another path, where nothing is.", faults.redirect),
    _model("html", "Sends a page of HTML with status 200.", html),
    _model("plain", "Sends one plain completion although a stream was asked for.", faults.plain_instead),
    _model("nothing", "Sends an event stream without any event.", faults.nothing),
    _model("keep-alives", "Sends a comment before each frame.", faults.keep_alives),
    _model("one-byte", "Sends a short Chinese answer one byte at a time.", faults.one_byte),
    _model("crlf", "Ends its lines with CR LF.", faults.crlf),
    _model("no-done", "Sends a finish reason but no [DONE].", faults.no_done),
    _model("usage-last", "Sends the usage once, in a last chunk without choices.", faults.usage_last),
    _model("linger", "Keeps the connection open and silent after [DONE].", faults.linger),
    _model("gzip", "Packs the stream with gzip although nobody asked for it.", faults.gzip),
    _model("length", "Stops at a limit (finish reason length).", length),
    _model("filtered", "Is stopped by a filter (finish reason content_filter).", filtered),
    _model("empty", "Finishes without having said anything.", empty),
    _model("reasoning-only", "Thinks, and finishes without an answer.", reasoning_only),
    _model("split-emoji", "Cuts an emoji into two deltas, and sends half of another.", faults.split_emoji),
    _model("tricky", "Says data: and [DONE], U+2028 and U+0085 in its answer.", tricky),
)
"""Every model, in the order in which they are listed."""

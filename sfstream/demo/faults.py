"""The models whose stream goes wrong or has an unusual form.

A fault plays the English answer without pauses unless its description says otherwise. Without ``stream`` in the
call it gives that answer as one plain completion, since there is no stream to go wrong.
"""

from __future__ import annotations

import itertools
import json
import zlib
from collections.abc import Callable, Iterable, Iterator

from sfstream.demo.answer import EVENTS, Answer, Call, Model, Respond, frames, plain
from sfstream.demo.compose import DONE, FrameMaker, Script, dump, frame, frames_of
from sfstream.demo.prepared import recording
from sfstream.demo.refusals import BUSY
from sfstream.demo.steps import Ending, Step, WaitUntil

MOST_AT_A_RATE = 20_000
"""Tokens after which demo/rate-N ends."""
MOST_FAST = 1_000_000
"""The same for demo/fast-N."""


def stream(call: Call, steps: Iterable[Step]) -> Answer:
    """Answer with the steps, or with the plain English answer if no stream is asked for."""
    return Answer(call.shaped(steps), content_type=EVENTS) if call.is_stream else plain_english(call)


def plain_english(call: Call) -> Answer:
    """Answer with one plain completion."""
    return Answer(plain(recording("english"), call.model))


def after(*steps: Step) -> Respond:
    """Send N deltas of the English answer, then the steps. The body then ends."""
    # Frame 0 has the role; the last two are the finish reason and [DONE].
    return lambda call: stream(call, [*_english(call)[:-2][: call.number + 1], *steps])


def edited(edit: Callable[[list[bytes]], Iterable[Step]]) -> Respond:
    """Send the English answer with its frames changed by a function."""
    return lambda call: stream(call, edit(_english(call)))


def _english(call: Call) -> list[bytes]:
    return frames(recording("english"), call)


def _cut_in_frame(call: Call) -> Answer:
    *before, last = _english(call)[: max(call.number, 1)]
    return stream(call, [*before, last[: len(last) // 2]])


def _one_byte(call: Call) -> Answer:
    # A few words only, since each chunk costs a round of the loop; and Chinese, so that characters are cut.
    parts = frames(recording("chinese"), call)
    body = b"".join(parts[:17] + parts[-2:])
    return stream(call, (body[place : place + 1] for place in range(len(body))))


def _usage_last(parts: list[bytes]) -> list[bytes]:
    values = [json.loads(part.removeprefix(b"data: ")) for part in parts[:-1]]
    usages = [value.pop("usage") for value in values]
    values.append({**values[-1], "choices": [], "usage": usages[-1]})
    return [*map(frame, values), DONE]


def _split_emoji(call: Call) -> Answer:
    maker = FrameMaker(call.body)
    texts = ("Two halves make a face: ", "\ud83d", "\ude00", ". One half alone: ", "\ud83d", "!")
    deltas = [maker.content(text, escaped=True) for text in texts]  # half an emoji has no form in UTF-8
    finish = maker.content("", tokens=0, finish="stop")
    return stream(call, [maker.content("", tokens=0, role=True), *deltas, finish, DONE])


def _gzip(call: Call) -> Answer:
    answer = stream(call, _compress(_english(call)))
    headers = {"Content-Encoding": "gzip"} if call.is_stream else {}
    return Answer(answer.body, answer.status, answer.content_type, headers)


def _compress(parts: Iterable[bytes]) -> Iterator[bytes]:
    compressor = zlib.compressobj(wbits=31)  # the format of gzip
    for part in parts:
        yield compressor.compress(part) + compressor.flush(zlib.Z_SYNC_FLUSH)  # can be decompressed as it arrives
    yield compressor.flush()


def _fast(call: Call) -> Answer:
    return stream(call, _repeated(call, min(call.number, MOST_FAST)))


def _rate(call: Call) -> Answer:
    return stream(call, _spaced(_repeated(call, MOST_AT_A_RATE), 1 / max(call.number, 1)))


def _repeated(call: Call, tokens: int) -> Iterator[bytes]:
    values = [json.loads(part.removeprefix(b"data: ")) for part in _english(call)[1:-2]]
    texts = [*(value["choices"][0]["delta"]["content"] for value in values), "\n\n"]
    return frames_of(call.body, Script(itertools.islice(itertools.cycle(texts), tokens)))


def _spaced(parts: Iterable[bytes], gap: float) -> Iterator[Step]:
    # Times from the beginning: a frame that is late is sent at once, so the average rate is kept.
    for number, part in enumerate(parts, 1):
        yield WaitUntil(number * gap)
        yield part


def _model(name: str, description: str, answer: Respond, example: int = 5) -> Model:
    return Model(f"demo/{name}", description, answer, example)


_BUSY_TEXT = str(BUSY["message"])
_BARE_ERROR = f"{dump({'code': 30014, 'message': 'Token is invalid.'})}\n".encode()

PACES = (
    _model("slow", "Waits 0.5 s before each chunk.", edited(lambda parts: _spaced(parts, 0.5))),
    _model("fast-N", "Sends N tokens as fast as it can, one in each chunk.", _fast, 1000),
    _model("rate-N", "Sends N tokens a second, at most 20,000 in all.", _rate, 100),
)
"""The models that play at another pace."""

BREAKS = (
    _model("stall-before-headers", "Accepts the request and sends nothing.", lambda _: Answer([Ending.SILENCE])),
    _model(
        "stall-after-headers",
        "Sends the head of the response, then nothing.",
        lambda call: stream(call, [b"", Ending.SILENCE]),
    ),
    _model("stall-after-N", "Sends nothing more after N deltas.", after(Ending.SILENCE)),
    _model("cut-after-N", "Ends the body after N deltas, with no finish reason and no [DONE].", after()),
    _model("cut-hard-after-N", "Closes the connection after N deltas, with no end of the body.", after(Ending.CLOSE)),
    _model("cut-in-frame-N", "Ends the body in the middle of frame N.", _cut_in_frame),
    # The pause lets the client read what came before: some systems discard it when the reset arrives.
    _model("reset-after-N", "Resets the connection after N deltas.", after(WaitUntil(0.1), Ending.RESET)),
    _model("close-without-answer", "Closes the connection before any header.", lambda _: Answer([Ending.CLOSE])),
    _model(
        "error-object-after-N",
        'Sends {"error": {…}} after N deltas.',
        after(frame({"error": {"message": BUSY["message"], "code": str(BUSY["code"])}})),
    ),
    _model("error-text-after-N", 'Sends {"error": "text"} after N deltas.', after(frame({"error": _BUSY_TEXT}))),
    _model("error-code-after-N", 'Sends {"code": 50505, "message": …} after N deltas.', after(frame(BUSY))),
    _model("error-string-after-N", "Sends an error as a JSON string after N deltas.", after(frame(_BUSY_TEXT))),
    _model(
        "error-event-after-N", "Sends an event of type error after N deltas.", after(b"event: error\n" + frame(BUSY))
    ),
    _model("error-bare-after-N", "Sends an error without data: before it after N deltas.", after(_BARE_ERROR)),
    _model(
        "not-json-after-N",
        "Sends a frame that is not JSON after N deltas.",
        after(b'data: {"choices":[{"index":0,"delta":{"conte\n\n', DONE),
    ),
)
"""The models whose stream breaks."""

FORMS = (
    _model(
        "redirect",
        "Redirects (307) to another path, where nothing is.",
        lambda _: Answer(b"", 307, headers={"Location": "/v1/moved/chat/completions"}),
    ),
    _model("plain", "Sends one plain completion although a stream was asked for.", plain_english),
    _model("nothing", "Sends an event stream without any event.", lambda call: stream(call, [b""])),
    _model(
        "keep-alives",
        "Sends a comment before each frame.",
        edited(lambda parts: itertools.chain.from_iterable((b": keep-alive\n\n", part) for part in parts)),
    ),
    _model("one-byte", "Sends a short Chinese answer one byte at a time.", _one_byte),
    _model(
        "crlf", "Ends its lines with CR LF.", edited(lambda parts: [part.replace(b"\n", b"\r\n") for part in parts])
    ),
    _model("no-done", "Sends a finish reason but no [DONE].", edited(lambda parts: parts[:-1])),
    _model(
        "no-reasoning-field",
        "Leaves reasoning_content out of its deltas.",
        edited(lambda parts: [part.replace(b',"reasoning_content":null', b"") for part in parts]),
    ),
    _model("usage-last", "Sends the usage once, in a last chunk without choices.", edited(_usage_last)),
    _model(
        "linger",
        "Keeps the connection open and silent after [DONE].",
        edited(lambda parts: [*parts, Ending.SILENCE]),
    ),
    _model("gzip", "Compresses the stream with gzip although the client did not ask for it.", _gzip),
    _model("split-emoji", "Splits an emoji over two deltas, and sends half of another.", _split_emoji),
)
"""The models whose response has an unusual form."""

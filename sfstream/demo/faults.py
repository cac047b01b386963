"""The faults inside a stream, each a function from what was asked to the steps of the answer.

What each of them does is said in one sentence in the table of `sfstream.demo.models`.
Where no more is said, a fault plays the English answer without pauses. Asked without ``stream``, it
gives that answer as one plain completion: there is no stream to go wrong.
"""

from __future__ import annotations

import itertools
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence

from sfstream.demo.answer import EVENTS, Answer, Asked, At, Ending, Step, as_model, plain
from sfstream.demo.bundle import recording
from sfstream.demo.compose import DONE, FrameMaker, Script, dump, frame, frames_of
from sfstream.demo.refusals import BUSY

MOST_AT_A_RATE = 20_000
"""Tokens after which demo/rate-N has said enough."""
MOST_FAST = 1_000_000
"""The same for demo/fast-N."""


def frames(asked: Asked, name: str = "english") -> list[bytes]:
    """The frames of a bundled answer: first the one with the role, last the one with the finish and ``[DONE]``."""
    return [as_model(chunk.data, asked.model) for chunk in recording(name).chunks]


def begun(asked: Asked) -> list[bytes]:
    """The frames up to the Nth content delta."""
    return frames(asked)[:-2][: asked.number + 1]


def streamed(asked: Asked, steps: Iterable[Step]) -> Answer:
    """The steps as the answer, where a stream was asked for."""
    if not asked.stream:
        return Answer(plain(recording("english"), asked.model))
    return Answer(steps, content_type=EVENTS)


def cut_after(asked: Asked) -> Answer:
    return streamed(asked, begun(asked))


def cut_hard_after(asked: Asked) -> Answer:
    return streamed(asked, [*begun(asked), Ending.CLOSE])


def cut_in_frame(asked: Asked) -> Answer:
    *before, last = frames(asked)[: max(asked.number, 1)]
    return streamed(asked, [*before, last[: len(last) // 2]])


def reset_after(asked: Asked) -> Answer:
    # The pause lets the client take what came before: some systems throw it away when the reset arrives.
    return streamed(asked, [*begun(asked), At(0.1), Ending.RESET])


def stall_after(asked: Asked) -> Answer:
    return streamed(asked, [*begun(asked), Ending.SILENCE])


def stall_after_headers(asked: Asked) -> Answer:
    return streamed(asked, [b"", Ending.SILENCE])


def stall_before_headers(_: Asked) -> Answer:
    return Answer([Ending.SILENCE])


def close_without_answer(_: Asked) -> Answer:
    return Answer([Ending.CLOSE])


def slow(asked: Asked) -> Answer:
    return streamed(asked, _spaced(frames(asked), 0.5))


def error_object_after(asked: Asked) -> Answer:
    error = {"message": BUSY["message"], "code": str(BUSY["code"])}
    return streamed(asked, [*begun(asked), frame({"error": error})])


def error_text_after(asked: Asked) -> Answer:
    return streamed(asked, [*begun(asked), frame({"error": BUSY["message"]})])


def error_code_after(asked: Asked) -> Answer:
    return streamed(asked, [*begun(asked), frame(BUSY)])


def error_string_after(asked: Asked) -> Answer:
    return streamed(asked, [*begun(asked), frame(BUSY["message"])])


def error_event_after(asked: Asked) -> Answer:
    return streamed(asked, [*begun(asked), b"event: error\n" + frame(BUSY)])


def error_bare_after(asked: Asked) -> Answer:
    bare = {"code": 30014, "message": "Token is invalid."}
    return streamed(asked, [*begun(asked), f"{dump(bare)}\n".encode()])


def not_json_after(asked: Asked) -> Answer:
    return streamed(asked, [*begun(asked), b'data: {"choices":[{"index":0,"delta":{"conte\n\n', DONE])


def keep_alives(asked: Asked) -> Answer:
    return streamed(asked, itertools.chain.from_iterable((b": keep-alive\n\n", part) for part in frames(asked)))


def one_byte(asked: Asked) -> Answer:
    """A few words only, and Chinese ones: each chunk costs a round, and their characters are cut."""
    all_of_them = frames(asked, "chinese")
    body = b"".join(all_of_them[:17] + all_of_them[-2:])
    return streamed(asked, (body[place : place + 1] for place in range(len(body))))


def crlf(asked: Asked) -> Answer:
    return streamed(asked, [part.replace(b"\n", b"\r\n") for part in frames(asked)])


def no_done(asked: Asked) -> Answer:
    return streamed(asked, frames(asked)[:-1])


def usage_last(asked: Asked) -> Answer:
    values = [json.loads(part.removeprefix(b"data: ")) for part in frames(asked)[:-1]]
    usages = [value.pop("usage") for value in values]
    values.append({**values[-1], "choices": [], "usage": usages[-1]})
    return streamed(asked, [*map(frame, values), DONE])


def nothing(asked: Asked) -> Answer:
    return streamed(asked, [b""])


def linger(asked: Asked) -> Answer:
    return streamed(asked, [*frames(asked), Ending.SILENCE])


def split_emoji(asked: Asked) -> Answer:
    """Both as ``\\u`` escapes, since neither half can be written in UTF-8."""
    maker = FrameMaker(asked.body)
    texts = ("Two halves make a face: ", "\ud83d", "\ude00", ". One half alone: ", "\ud83d", "!")
    deltas = [maker.content(text, escaped=True) for text in texts]
    return streamed(asked, [maker.content("", tokens=0, role=True), *deltas, _finish(maker), DONE])


def gzip(asked: Asked) -> Answer:
    answer = streamed(asked, _packed(frames(asked)))
    packed = {"Content-Encoding": "gzip"} if asked.stream else {}
    return Answer(answer.body, answer.status, answer.content_type, packed)


def fast(asked: Asked) -> Answer:
    return streamed(asked, _cycled(asked, min(asked.number, MOST_FAST)))


def rate(asked: Asked) -> Answer:
    return streamed(asked, _spaced(_cycled(asked, MOST_AT_A_RATE), 1 / max(asked.number, 1)))


def redirect(_: Asked) -> Answer:
    return Answer(b"", 307, headers={"Location": "/v1/moved/chat/completions"})


def plain_instead(asked: Asked) -> Answer:
    return Answer(plain(recording("english"), asked.model))


def _finish(maker: FrameMaker) -> bytes:
    return maker.content("", tokens=0, finish="stop")


def _spaced(parts: Iterable[bytes], gap: float) -> Iterator[Step]:
    """The parts with a gap of so many seconds before each; what is late is sent at once, so the rate is kept."""
    for number, part in enumerate(parts, 1):
        yield At(number * gap)
        yield part


def _cycled(asked: Asked, tokens: int) -> Iterator[bytes]:
    """Frames of the English answer again and again, until there are so many tokens. They are made on the way."""
    values = [json.loads(part.removeprefix(b"data: ")) for part in frames(asked)[1:-2]]
    texts: Sequence[str] = [*(value["choices"][0]["delta"]["content"] for value in values), "\n\n"]
    return frames_of(asked.body, Script(itertools.islice(itertools.cycle(texts), tokens)))


def _packed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """gzip, flushed after each part so that it can be unpacked as it comes."""
    packer = zlib.compressobj(wbits=31)
    for part in parts:
        yield packer.compress(part) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()

"""The answer that the faults are done to: its bytes, and what a client may and must have understood of any prefix."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, NamedTuple, TypeAlias

from sfstream.core.request import ChatRequest
from sfstream.demo.compose import Script, frames_of

REQUEST = ChatRequest(model="faults", messages=[{"role": "user", "content": "有诺贝尔数学奖吗？"}])
REASONING = ("好的，", "let me see. ", "😀")
CONTENT = ("没有", "诺贝尔", "数学奖。\u2028", 'See "Fields"\\', "\n👍🏽", " – 完")

Framing: TypeAlias = Literal["frames", "pieces", "until-close", "length"]
"""How the body is put into HTTP: a chunk for each frame, chunks that cut characters, or no chunks at all."""
FRAMINGS: tuple[Framing, ...] = ("frames", "pieces", "until-close", "length")
PIECE = 97
"""Bytes of a chunk that heeds neither frames nor characters."""


class State(NamedTuple):
    """What a client knows of the answer.

    Attributes:
        content: so far.
        reasoning: so far.
        finished: whether the finish reason is there.
    """

    content: str = ""
    reasoning: str = ""
    finished: bool = False


@dataclass(frozen=True)
class Truth:
    """The whole response in one framing.

    Attributes:
        data: head and body, as on the wire.
        head_size: bytes of its head.
        body: what the client is to read, without the chunks' sizes.
    """

    data: bytes
    head_size: int
    body: bytes
    _least: tuple[int, ...]
    _most: tuple[int, ...]

    def least(self, size: int) -> State:
        """What has certainly come with the first ``size`` bytes: the frames that are whole, in chunks that are."""
        return STATES[sum(end <= size for end in self._least)]

    def most(self, size: int) -> State:
        """What may have been understood of them: the frames whose text is there, be it without the line's end."""
        return STATES[sum(end <= size for end in self._most)]


def _states() -> tuple[State, ...]:
    """After no frame, after the first, and so on; the last frames are the finish and ``[DONE]``."""
    opening = ["", *REASONING]  # reasoning begins with an empty delta on the wire
    reasonings = [*accumulate(opening), *["".join(REASONING)] * (len(CONTENT) + 2)]
    contents = [*[""] * len(opening), *accumulate(CONTENT), *["".join(CONTENT)] * 2]
    last = len(contents) - 2
    grown = [State(*both, number >= last) for number, both in enumerate(zip(contents, reasonings, strict=True))]
    return (State(), *grown)


FRAMES = tuple(frames_of(REQUEST.body(), Script(CONTENT, REASONING)))
STATES = _states()
assert len(STATES) == len(FRAMES) + 1


@functools.cache
def truth(framing: Framing) -> Truth:
    """The response in a framing."""
    body = b"".join(FRAMES)
    pieces = {"frames": FRAMES, "pieces": _cut(body, PIECE)}.get(framing)
    data = head = _head(framing, len(body))
    spans = []  # of each piece: where its data begins and ends, and where the piece does
    for piece in pieces or (body,):
        opening = b"%x\r\n" % len(piece) if pieces else b""
        start = len(data) + len(opening)
        data += opening + piece + (b"\r\n" if pieces else b"")
        spans.append((start, len(piece), len(data)))
    data += b"0\r\n\r\n" if pieces else b""
    ends = list(accumulate(map(len, FRAMES)))
    least = tuple(_place(spans, end, whole=pieces is not None) for end in ends)
    most = tuple(_place(spans, end - len("\n\n"), whole=False) for end in ends)
    return Truth(data, len(head), body, least, most)


def _head(framing: Framing, size: int) -> bytes:
    how = {"until-close": "Connection: close", "length": f"Content-Length: {size}"}.get(
        framing, "Transfer-Encoding: chunked"
    )
    lines = ["HTTP/1.1 200 OK", "Content-Type: text/event-stream", "x-siliconcloud-trace-id: ti_faults", how, "", ""]
    return "\r\n".join(lines).encode()


def _cut(body: bytes, size: int) -> tuple[bytes, ...]:
    return tuple(body[start : start + size] for start in range(0, len(body), size))


def _place(spans: list[tuple[int, int, int]], end: int, *, whole: bool) -> int:
    """Where on the wire the first ``end`` bytes of the body are there; with ``whole``, their last chunk too."""
    before = 0
    for start, size, over in spans:
        if end <= before + size:
            return over if whole else start + end - before
        before += size
    raise AssertionError("the body is shorter than its frames")

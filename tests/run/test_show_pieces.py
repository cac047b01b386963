"""`show` of lines, bytes and texts, as loops over responses give them: all make the same reply."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from typing import TypeAlias

import pytest

import sfstream
from sfstream import errors
from sfstream.core.reply import Reply
from tests.fake_transport import DONE, frame, word
from tests.run.foreign_streams import Collected

STREAM = b"".join([b": PROCESSING\n\n", word("Hello"), b"event: message\n", word(" you"), word("", "stop"), DONE])
LINES = STREAM.split(b"\n")


def reply_of(pieces: Iterable[object]) -> Reply:
    """The reply that `show` makes of them; of a generator, so that nothing else is known of it."""
    return sfstream.show((piece for piece in pieces), display="off")


_Make: TypeAlias = Callable[[list[bytes]], Iterable[bytes]]
FORMS: dict[str, _Make] = {
    "lines": lambda lines: lines,
    "lines-without-blank-ones": lambda lines: [line for line in lines if line],
    "lines-with-crs": lambda lines: [line + b"\r" for line in lines],
    "lines-with-their-ends": lambda lines: [line + b"\n" for line in lines],
    "bom-and-lines": lambda lines: [b"\xef\xbb\xbf" + lines[0], *lines[1:]],
    "blank-first": lambda lines: [b"", *lines],
    "events": lambda lines: [event + b"\n\n" for event in b"\n".join(lines).split(b"\n\n")],
    "whole": lambda lines: [b"\n".join(lines)],
}


@pytest.mark.parametrize("make", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("kind", ["bytes", "text"])
@pytest.mark.parametrize("lines", [LINES, LINES[2:]], ids=["comment-first", "data-first"])
def test_every_form_is_the_same_stream(make: _Make, kind: str, lines: list[bytes]) -> None:
    """Lines with and without their ends and the blank ones between, whole events, all at once."""
    pieces = [piece if kind == "bytes" else piece.decode() for piece in make(lines)]
    reply = reply_of(pieces)
    assert ("complete", "Hello you", []) == (reply.status, reply.content, reply.notes)


@pytest.mark.parametrize("size", [1, 7, 40])
def test_bytes_cut_anywhere(size: int) -> None:
    """Bytes are put together however small they come."""
    reply = reply_of(STREAM[start : start + size] for start in range(0, len(STREAM), size))
    assert ("complete", "Hello you") == (reply.status, reply.content)


@pytest.mark.parametrize(
    "texts",
    [
        [": a", " b"],
        ["", " ", "\n", "a"],
        ["data", ": {", "}"],
        ["data: is what one calls it"],
        ["id: 5\n", "name: x\n"],
        ["event: a", "\n"],
        [": only"],
        ["\ufeffa"],
        ["data:\n\n- a"],
    ],
)
def test_texts_that_look_like_a_stream_are_texts(texts: list[str]) -> None:
    """Only an event that is whole makes a stream of them: nothing of an answer may be lost."""
    reply = reply_of(texts)
    assert ("complete", "".join(texts)) == (reply.status, reply.content)


def test_lines_that_end_without_an_end_are_cut() -> None:
    """Whether blank lines were left out or not, what says the end is the stream."""
    view = Collected()
    for lines in (LINES[:3], [line for line in LINES[:6] if line], [b": PROCESSING"], [b"event: message"]):
        with contextlib.suppress(errors.StreamCut):
            sfstream.show(iter(lines), into=view)
            pytest.fail(f"{lines} is a whole answer")


def test_chunks_end_when_each_choice_has() -> None:
    """Two choices, and one has no finish reason: the answer is cut, as it is for their bytes."""
    one = {"choices": [{"index": 0, "delta": {"content": "A"}, "finish_reason": "stop"}]}
    other = {"choices": [{"index": 1, "delta": {"content": "B"}, "finish_reason": None}]}
    with pytest.raises(errors.StreamCut):
        reply_of([one, other])
    with pytest.raises(errors.StreamCut):
        reply_of([frame(one), frame(other)])
    other["choices"][0]["finish_reason"] = "stop"
    assert "complete" == reply_of([one, other]).status


def test_the_first_model_that_has_a_name_counts() -> None:
    """Azure's first chunk names none."""
    chunks = [{"model": "", "choices": []}, {"model": "gpt-4o", "choices": []}]
    last = {"model": "other", "choices": [{"index": 0, "delta": {"content": "A"}, "finish_reason": "stop"}]}
    assert "gpt-4o" == reply_of([*chunks, last]).model
    assert "gpt-4o" == reply_of(map(frame, [*chunks, last])).model

"""Bytes to server-sent events, held against the WHATWG text."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfstream.errors import MalformedStream
from sfstream.wire import sse
from sfstream.wire.sse import ServerSentEvent, SSEDecoder, StrayLine

Item = ServerSentEvent | StrayLine


def items_of(*chunks: bytes) -> list[Item]:
    decoder = SSEDecoder()
    items = [item for chunk in chunks for item in decoder.feed(chunk)]
    return items + list(decoder.flush())


def data_of(*chunks: bytes) -> list[str]:
    return [item.data for item in items_of(*chunks) if isinstance(item, ServerSentEvent)]


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(min(place, len(data)) for place in places), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


def reference(stream: bytes) -> list[tuple[str, str]]:
    """Section 9.2.6 of the HTML standard, step by step, for a whole stream: (event type, data)."""
    events = []
    data = kind = ""
    lines = re.split("\r\n|\n|\r", stream.decode("utf-8", "replace").removeprefix("\ufeff"))
    for line in lines[:-1]:  # the last has no end, and what is pending at the end of the file is discarded
        if not line:
            if data:
                events.append((kind or "message", data.removesuffix("\n")))
            data = kind = ""
            continue
        field, _, value = line.partition(":")
        value = value[1:] if value[:1] == " " else value
        if field == "event":
            kind = value
        elif field == "data":
            data += value + "\n"
    return events


_LINES = st.sampled_from(
    [
        *(
            b"data: a",
            b"data:b",
            b"data: ",
            b"data",
            b"data:  [DONE]",
            b"event: error",
            b"event:",
            b"id: 1",
            b"retry: 3",
        ),
        *(
            "data: é你😀".encode(),
            "data: \u2028\u0085\x0b\x0c\x1c".encode(),
            b"\xef\xbb\xbfdata: c",
            b"data: \xf0\x9f\xff",
        ),
        *(b"", b"", b"", b": comment", b":", b"<html>", b'{"code": 1}', b"data\x00: d", b" data: e", b"data : f"),
    ]
)
_ENDS = st.sampled_from([b"\n", b"\r", b"\r\n"])
_STREAMS = st.lists(st.one_of(_LINES, _ENDS, _ENDS, st.binary(max_size=3)), max_size=30).map(b"".join)
_PLACES = st.lists(st.integers(0, 150), max_size=12)


@settings(max_examples=400, deadline=None)
@given(_STREAMS)
def test_whole_streams_follow_the_standard(stream: bytes) -> None:
    """Whole events are those of the standard, but for one with empty data, which carries nothing."""
    events = [item for item in items_of(stream) if isinstance(item, ServerSentEvent) and item.complete]

    assert [pair for pair in reference(stream) if pair[1]] == [(item.event, item.data) for item in events]


@settings(max_examples=400, deadline=None)
@given(_STREAMS, _PLACES)
def test_any_cut_gives_the_items_of_the_whole(stream: bytes, places: list[int]) -> None:
    """Where the bytes are cut makes no difference."""
    assert items_of(stream) == items_of(*cut(stream, places))


@settings(max_examples=150, deadline=None)
@given(_STREAMS)
def test_single_bytes_give_the_items_of_the_whole(stream: bytes) -> None:
    """A stream that comes byte by byte is the same stream."""
    assert items_of(stream) == items_of(*(bytes([byte]) for byte in stream))


# https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
# Of its third example the first event is left out here: its data is empty.
@pytest.mark.parametrize(
    ("stream", "data"),
    [
        pytest.param(b"data: YHOO\ndata: +2\ndata: 10\n\n", ["YHOO\n+2\n10"], id="several-data-lines"),
        pytest.param(
            b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            ["first event", "second event", " third event"],
            id="comment-ids-and-spaces",
        ),
        pytest.param(b"data\n\ndata\ndata\n\ndata:", ["\n"], id="data-without-a-colon"),
        pytest.param(b"data:test\n\ndata: test\n\n", ["test", "test"], id="with-and-without-the-space"),
    ],
)
def test_examples_of_the_standard(stream: bytes, data: list[str]) -> None:
    """The four examples of the standard give what it says."""
    assert data == data_of(stream)


@pytest.mark.parametrize(
    ("stream", "data"),
    [
        pytest.param(b"data: a\r\rdata: b\r\r", ["a", "b"], id="cr"),
        pytest.param(b"data: a\n\ndata: b\n\n", ["a", "b"], id="lf"),
        pytest.param(b"data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"], id="crlf"),
        pytest.param(b"data: a\r\n\ndata: b\n\r\n", ["a", "b"], id="mixed"),
        pytest.param(b"data: a\r\ndata: b\r\n\ndata: c\n\n", ["a\nb", "c"], id="crlf-before-lf"),
        pytest.param(b"\xef\xbb\xbfdata: a\n\n", ["a"], id="byte-order-mark"),
        pytest.param(b"data: a\n\nid: 1\n\n: keep-alive\n\n\n\n", ["a"], id="no-data-no-event"),
        pytest.param(b"event: ping\n\ndata: a\n\n", ["a"], id="event-type-alone"),
        pytest.param(b"data: a:b: c\n\n", ["a:b: c"], id="colons-in-the-data"),
        pytest.param(b":data: a\n\ndata: b\n\n", ["b"], id="comment"),
        pytest.param(
            "data: a\u2028b\u0085c\x0bd\x0ce\x1cf\n\n".encode(), ["a\u2028b\u0085c\x0bd\x0ce\x1cf"], id="no-ends"
        ),
        pytest.param(b"data: \xff\n\n", ["\ufffd"], id="not-utf-8"),
    ],
)
def test_lines_and_fields(stream: bytes, data: list[str]) -> None:
    """Lines end at CR, LF and CRLF only, only data makes an event, and single bytes make no difference."""
    assert data == data_of(stream)
    assert items_of(stream) == items_of(*(bytes([byte]) for byte in stream))


def test_byte_order_mark_inside_the_stream_is_no_mark() -> None:
    """Only the first line may begin with a byte-order mark."""
    assert [StrayLine("\ufeffdata: b")] == items_of(b"data: a\n\n\xef\xbb\xbfdata: b\n\n")[1:]


def test_event_type_is_that_of_its_event_alone() -> None:
    """The type is `message` again after the event that named another."""
    assert [ServerSentEvent("a", "error"), ServerSentEvent("b")] == items_of(b"event: error\ndata: a\n\ndata: b\n\n")


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"], ids=["inside-the-line", "after-lf", "after-crlf"])
def test_last_event_without_its_blank_line_is_marked(end: bytes) -> None:
    """An event that the stream ends in is yielded, and marked as incomplete."""
    assert [ServerSentEvent("a", complete=False)] == items_of(b"data: a" + end)


def test_event_comes_with_its_blank_line_and_not_later() -> None:
    """An event waits for nothing after the end of its blank line, be it a bare CR."""
    decoder = SSEDecoder()

    assert [ServerSentEvent("a")] == list(decoder.feed(b"data: a\r\r"))
    assert not list(decoder.feed(b"\n"))
    assert [ServerSentEvent("b")] == list(decoder.feed(b"data: b\n\n"))


def test_lines_that_are_no_field_are_handed_on() -> None:
    """An error without `data:` and a page of HTML are not lost."""
    assert [StrayLine('{"code":1}'), StrayLine("<p>é</p>")] == items_of('{"code":1}\n\n<p>é</p>'.encode())


@pytest.mark.parametrize(
    ("start", "more"),
    [
        pytest.param(b"data: ", b"x" * (1 << 20), id="data"),
        pytest.param(b"", b"x" * (1 << 20), id="stray"),
        pytest.param(b": ", b"x" * (1 << 20), id="comment"),
        pytest.param(b"", (b"data: " + b"x" * 1000 + b"\n") * 1000, id="lines-without-a-blank-one"),
    ],
)
def test_event_without_an_end_does_not_fill_the_memory(start: bytes, more: bytes) -> None:
    """A server that never ends a line or an event is refused at a limit."""
    chunks = [start, *[more] * (sse.MAX_EVENT // len(more) + 1)]
    with pytest.raises(MalformedStream, match="longer event"):
        items_of(*chunks)

"""Data that is nearly right: pieces taken out, turned, repeated and put in."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

TOKENS = (
    *(
        b"data:",
        b"data: [DONE]\n\n",
        b"event: error\n",
        b"id: 1\n",
        b":",
        b"\n",
        b"\r",
        b"\r\n\r\n",
        b"\n\n",
        b"\xef\xbb\xbf",
    ),
    *(b'"', b"\\", b"\\u", b"\\ud83d", b"{", b"}", b"[", b"]", b",", b"null", b"true", b"-1", b"1e999", b"NaN", b'"":'),
    *(b"\x00", b"\xff", b"\xf0\x9f", b"\xe2\x80\xa8", b"[" * 3000, b"9" * 400),
    *(b'"error":', b'"code":', b'"message":', b'"choices":', b'"delta":', b'"usage":', b'"base64":', b'"request":'),
)
"""What means something to one of the readers, or to none."""

_PLACE = st.integers(0, 1 << 14)
_MUTATION = st.tuples(_PLACE, st.integers(0, 40), st.one_of(st.sampled_from(TOKENS), st.binary(max_size=4)))


@st.composite
def mutated(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """Something that is whole, with up to eight changes; a place beyond its end is one near it."""
    data = draw(whole)
    for place, size, put in draw(st.lists(_MUTATION, max_size=8)):
        at = place % (len(data) + 1)
        data = data[:at] + put + data[at + size :]
    if draw(st.booleans()):
        start, size, at = draw(_PLACE), draw(_PLACE), draw(_PLACE)
        piece = data[start % (len(data) + 1) :][: size % 500]
        data = data[: at % (len(data) + 1)] + piece + data[at % (len(data) + 1) :]
    return data


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """The data in pieces."""
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


PLACES = st.lists(_PLACE, max_size=12)

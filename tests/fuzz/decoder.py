"""The decoder: any bytes, cut anywhere, end in events or in one of our errors, and in a reply that can be shown."""

from __future__ import annotations

import json
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.core.text import has_surrogate
from sfstream.display.captions import status_line
from sfstream.display.mimebundle import bundle
from sfstream.errors import SfStreamError
from sfstream.wire.completion import CompletionDecoder
from tests.faults.truth import FRAMES
from tests.fuzz.mutations import PLACES, cut, mutated
from tests.wire.test_completion_cuts import REALISTIC, streams

LONGEST_WORDS = 1500
"""Characters that an error may have, whatever a server wrote."""

_KEYS = st.sampled_from(
    (
        *("choices", "index", "delta", "message", "content", "reasoning_content", "reasoning", "finish_reason", "role"),
        *("usage", "completion_tokens", "completion_tokens_details", "reasoning_tokens", "error", "code", "data"),
        *("tool_calls", "id", "name", "function", "arguments", "object", "detail", "type"),
    )
)
_LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from(["stop", "\ud83d", "\ude00"]),
)
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4), max_leaves=20
)
_FRAMES = st.lists(_VALUES.map(lambda value: f"data: {json.dumps(value)}\n\n".encode()), max_size=5).map(b"".join)
STREAMS = st.one_of(
    st.sampled_from([text.encode() for text in REALISTIC.values()]),
    st.just(b"".join(FRAMES)),
    streams().map(lambda made: made[2]),
    _FRAMES,
)


def reply_of(chunks: list[bytes]) -> Reply:
    """The reply as a run makes it. Anything but an error of ours is raised."""
    reply = Reply(ChatRequest(model="m", messages=[{"role": "user", "content": "Hello"}]), via="fuzz")
    decoder, failure = CompletionDecoder("text/event-stream", "ti_1"), None
    try:
        for number, chunk in enumerate(chunks):
            for event in decoder.feed(chunk):
                reply.add(event, float(number))
        for event in decoder.flush():
            reply.add(event, float(len(chunks)))
    except SfStreamError as error:
        failure = error
    reply.end(float(len(chunks)), failure)
    return reply


def told(reply: Reply) -> tuple[object, ...]:
    """All that the cuts must not change."""
    said = str(reply.error) if reply.error else ""
    kind, calls = type(reply.error), tuple(reply.tool_calls)
    return reply.content, reply.reasoning, calls, repr(reply.usage), reply.finish_reason, reply.status, kind, said


def target(count: Callable[[], None]) -> Callable[[], None]:
    """The property, which calls ``count`` for each example."""

    @given(mutated(STREAMS), PLACES)
    def holds(data: bytes, places: list[int]) -> None:
        count()
        whole = reply_of([data])
        assert told(whole) == told(reply_of(cut(data, places)))
        assert told(whole) == told(reply_of([data[at : at + 1] for at in range(min(len(data), 300))] + [data[300:]]))
        shown = "".join([whole.content, whole.reasoning, str(whole.error), status_line(whole), *bundle(whole).values()])
        assert not has_surrogate(shown)
        assert len(str(whole.error)) < LONGEST_WORDS

    return holds

"""A recording taken apart: no byte is missing, and the events are those of the stream."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given

import sfstream
from sfstream.core.config import settings
from sfstream.core.events import Chunk, Delta, Event, Finish, ToolCallDelta, Usage
from sfstream.core.inspection import Inspection, became
from sfstream.core.recording import End, Head, Recording
from sfstream.demo import prepared
from sfstream.demo.answer import Answer, Call, Model
from sfstream.demo.models import MODELS
from sfstream.demo.server import DemoServer
from sfstream.demo.steps import Ending
from sfstream.errors import RecordingError, SfStreamError, Stopped, StreamStalled
from sfstream.wire.completion import CompletionDecoder
from sfstream.wire.inspect import inspect, traced
from tests.demo.client import asked
from tests.fuzz.decoder import STREAMS
from tests.fuzz.mutations import PLACES, cut, mutated
from tests.replies import ended
from tests.wire.test_completion_cuts import REALISTIC, chunk, single_bytes

DONE = "data: [DONE]\n\n"
HELLO = chunk(content="", role="assistant") + chunk(content="Hel") + chunk(content="lo") + chunk("stop", content="")
LONG_WAITS = {"demo/slow", "demo/rate-100"}
"""Models that take their time whatever the speed of the server."""


def recorded(*data: bytes | str) -> Recording:
    """A recording of these chunks, one a second."""
    raw = [each.encode() if isinstance(each, str) else each for each in data]
    return Recording(Head({"model": "m"}, trace_id="ti_1"), [Chunk(float(t), each) for t, each in enumerate(raw, 1)])


def live(chunks: Sequence[bytes]) -> tuple[list[Event], str]:
    """The events as they come while the answer streams, and the words of the error that ends them."""
    decoder, events = CompletionDecoder(trace_id="ti_1"), list[Event]()
    try:
        for data in chunks:
            events.extend(decoder.feed(data))
            if decoder.done:
                break
        events.extend(decoder.flush())
    except SfStreamError as error:
        return events, str(error)
    return events, ""


def events_of(seen: Inspection) -> list[Event]:
    return [*itertools.chain.from_iterable(frame.events for frame in seen.frames), *seen.late]


def errors_of(seen: Inspection) -> list[str]:
    return [text for text in (*(frame.error for frame in seen.frames), seen.error) if text]


def kinds(*data: bytes | str) -> list[str]:
    return [frame.kind for frame in inspect(recorded(*data)).frames]


def places(*data: bytes | str) -> list[int]:
    return [frame.chunk for frame in inspect(recorded(*data)).frames]


def check_bytes(seen: Inspection) -> None:
    """The frames hold every byte once, and each belongs to the chunk that completed it."""
    ends = list(itertools.accumulate(len(each.data) for each in seen.chunks))
    edges = [0, *(frame.end for frame in seen.frames)]
    assert edges[:-1] == [frame.start for frame in seen.frames]
    assert edges[-1] == (ends[-1] if ends else 0)
    assert all(frame.start < frame.end for frame in seen.frames)
    chunks = [frame.chunk for frame in seen.frames]
    assert chunks == sorted(chunks)
    assert all(frame.start < ends[frame.chunk] for frame in seen.frames)


def check(*data: bytes) -> None:
    """All bytes are there, and the events and the error are those of the stream."""
    seen = inspect(recorded(*data))
    events, error = live(data)
    check_bytes(seen)
    assert events == events_of(seen)
    assert ([error] if error else []) == errors_of(seen)


def demo_chunks(answer: Answer) -> list[bytes]:
    """What the demo server sends for an answer, without its pauses."""
    steps = [answer.body] if isinstance(answer.body, bytes) else itertools.islice(answer.body, 3000)
    sent = itertools.takewhile(lambda step: not isinstance(step, Ending), steps)
    return [step for step in sent if isinstance(step, bytes)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_each_model_of_the_demo(model: Model) -> None:
    """Each answer, also that of a refusal: chunk by chunk, as one chunk, and as single bytes."""
    call = Call(model.name, model.number_in(model.name) or 0, 1, asked(model.name), "", float("inf"))
    chunks = demo_chunks(model.answer(call))
    body = b"".join(chunks)
    check(*chunks)
    check(body)
    check(*single_bytes(body[:4000]))


@pytest.mark.parametrize("name", prepared.PROMPTS)
def test_each_prepared_answer(name: str) -> None:
    """As it was recorded."""
    check(*(each.data for each in prepared.recording(name).chunks))


@given(mutated(STREAMS), PLACES)
def test_any_bytes(data: bytes, places: list[int]) -> None:
    """Whatever they are, and wherever they are cut."""
    check(*cut(data, places))


@pytest.mark.parametrize("name", REALISTIC)
def test_each_cut_of_realistic_streams(name: str) -> None:
    """In two at every byte."""
    stream = REALISTIC[name].encode()
    for place in range(len(stream)):
        check(stream[:place], stream[place:])
        check(stream[:place])


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (HELLO + DONE, ["role", "content", "content", "finish", "done"]),
        (chunk(reasoning_content="Hm") + chunk(content="Hi", reasoning_content="."), ["reasoning", "content"]),
        (chunk(tool_calls=[{"index": 0, "function": {"name": "f", "arguments": ""}}]), ["tool call"]),
        (chunk("stop", content="the end"), ["finish"]),
        ('data: {"choices":[],"usage":{"completion_tokens":3}}\n\n', ["usage"]),
        (": hi\n\nevent: ping\n\nid: 1\n", ["keep-alive", "keep-alive", "incomplete"]),
        (HELLO + DONE + ": late\n\n" + HELLO[:20], ["role", "content", "content", "finish", "done", "other", "other"]),
        (chunk(content="a") + "data: nonsense\n\n" + DONE, ["content", "other", "done"]),
        (chunk(content="a") + '{"error":"busy"}\n' + chunk(content="b"), ["content", "error"]),
        (chunk(content="a") + 'data: {"choices":[{"del', ["content", "incomplete"]),
        (chunk(content="a") + "dat", ["content", "incomplete"]),
        (chunk(content="a") + DONE.rstrip(), ["content", "done"]),
        ("<html>\n<p>Hello</p>\n\n</html>\n", ["other", "other"]),
        ('data: {"choices":[]}\n\n', ["other"]),
        ("\n\n\r\n", ["keep-alive"]),
    ],
)
def test_the_kind_is_the_most_telling_thing(data: str, expected: list[str]) -> None:
    """Of a frame with several; what comes after the end or after an error is not decoded."""
    assert expected == kinds(data)


def test_half_an_emoji_belongs_to_the_frame_that_completes_it() -> None:
    """The frame with the first half became nothing yet. A half that stays alone is late."""
    first, second = chunk(content="\ud83d"), chunk(content="\ude00")
    seen = inspect(recorded(first, second, chunk(content="\ud83d"), DONE))
    assert [[], [("content", "😀")], [], []] == [
        [pair for pair in frame.became if pair[0] != "usage"] for frame in seen.frames
    ]
    assert ["content", "content", "content", "done"] == [frame.kind for frame in seen.frames]
    assert (Delta(content="\ufffd"),) == seen.late


def test_a_frame_belongs_to_the_chunk_that_completed_it() -> None:
    """Several frames of one chunk, a frame of several chunks, and a line end that is cut in two."""
    first, second = chunk(content="你"), chunk(content="好").replace("\n", "\r\n")
    data = (first + second).encode()
    assert [0, 0] == places(data)
    assert [1, 3] == places(data[:9], data[9 : len(first) + 2], data[len(first) + 2 : -2], data[-2:])
    assert [0, 0] == places(data[:-1], data[-1:])


def test_frames_without_blank_lines_between_them() -> None:
    """Each ``data:`` line is a frame. All of them are complete only at the end."""
    seen = inspect(recorded(HELLO[:100].replace("\n\n", "\n"), HELLO[100:].replace("\n\n", "\n"), DONE))
    assert ["role", "content", "content", "finish", "done"] == [frame.kind for frame in seen.frames]
    assert [2] * 5 == [frame.chunk for frame in seen.frames]
    check_bytes(seen)


def test_a_plain_completion_is_what_the_end_brings() -> None:
    """Its bytes are one frame, which is no event; the events come late, with the error."""
    seen = inspect(recorded(REALISTIC["plain-completion"]))
    assert ["other"] == [frame.kind for frame in seen.frames]
    assert [("content", "你好"), ("finish", "stop")] == became(seen.late)
    assert "one plain completion" in seen.error


def test_what_events_became() -> None:
    """Each as a pair, a delta with two texts as two, and the error last."""
    events: list[Event] = [Delta(reasoning="r", content="c"), ToolCallDelta(name="f", arguments="{"), Usage({"a": 1})]
    expected = [("reasoning", "r"), ("content", "c"), ("tool call", "f{"), ("usage", '{"a": 1}'), ("finish", "stop")]
    assert [*expected, ("error", "broken")] == became([*events, Finish(0, "stop")], "broken")


@pytest.mark.parametrize(
    ("data", "frames"),
    [
        ("".join(chunk(content=f"{number} ") for number in range(5000)), 5000),
        ("".join(chunk(content="x" * 300) for _ in range(40_000)).replace("\n\n", "\n"), 40_000),
        ("data: " + "x" * 16_000_000, 1),
        (f"data: {'x' * 1000}\n" * 16_000, 1),
    ],
    ids=["5,000 frames", "without blank lines", "one line", "one frame"],
)
def test_a_large_body_is_taken_apart_in_one_pass(data: str, frames: int) -> None:
    """16 MB in each way take about a second on an idle machine, and would take minutes if they were read repeatedly."""
    recording, begun = recorded(data), time.perf_counter()
    assert frames == len(inspect(recording).frames)
    assert time.perf_counter() - begun < 10


@pytest.fixture(scope="module")
def own_demo() -> Iterator[DemoServer]:
    """A demo server of these tests alone: some models count how often they have been asked."""
    with DemoServer(speed=float("inf")) as server:
        yield server


@pytest.mark.sampled
@pytest.mark.parametrize("model", [model.name for model in MODELS if model.name not in LONG_WAITS])
def test_the_live_events_of_each_model(own_demo: DemoServer, monkeypatch: pytest.MonkeyPatch, model: str) -> None:
    """What a user gets while it streams, and the error it ends with."""
    monkeypatch.setenv("SILICONFLOW_BASE_URL", own_demo.base_url)
    patience = 0.3 if "stall" in model else 20  # nothing is waited for but where nothing comes
    settings.update(first_byte=patience, between=patience, retries=0, log=False)
    with sfstream.stream("What is streaming?", model=model, think=model == "demo/chat") as stream:
        events = []
        try:
            for event in stream:
                events.append(event)
        except SfStreamError:
            pass
    seen = traced(stream.reply).inspection
    check_bytes(seen)
    assert events == events_of(seen)
    assert ([str(stream.reply.error)] if stream.reply.error else []) == errors_of(seen)


def test_the_error_of_the_end_is_the_replys() -> None:
    """The bytes of a stopped and of a stalled stream are those of one that was cut; a reply that streams has none."""
    for error in (Stopped("Stopped."), StreamStalled("Nothing came.")):
        reply = ended(Delta(content="Hel"), error=error)
        reply.recording = recorded(HELLO[:200])
        assert str(error) == traced(reply).inspection.error
    reply.error = None
    assert "" == traced(reply).inspection.error


def test_a_reply_without_a_recording() -> None:
    """One message, which says why."""
    with pytest.raises(RecordingError, match=r"^wire\(\), timeline\(\) and play\(\) need the bytes .* show\(\)\.$"):
        traced(ended(Delta(content="Hello")))


def test_an_empty_recording_has_no_frames() -> None:
    """Such as that of a connection that failed."""
    recording = Recording(Head({"model": "m"}), end=End("failed"))
    assert [] == list(inspect(recording).frames)

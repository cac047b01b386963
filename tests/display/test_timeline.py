"""The timeline of replies: its numbers, its lanes, and its table."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from sfstream.core.config import settings
from sfstream.core.events import Chunk, Delta, Event, Finish, ToolCallDelta, Usage
from sfstream.core.inspection import Frame, Inspection, Traced
from sfstream.core.recording import Head, Recording
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.core.text import columns
from sfstream.demo import prepared
from sfstream.display.arrivals import arrivals
from sfstream.display.lanes import BLOCKS, WIDTH, axis
from sfstream.display.timeline import DTYPES, Timeline
from sfstream.errors import ConfigurationError, RecordingError, Stopped
from sfstream.wire.inspect import inspect
from tests.hostile.corpus import payloads
from tests.hostile.parsed import strictly
from tests.hostile.rules import faults

THOUGHT, SAID, CALLED = Delta(reasoning="Hm. "), Delta(content="So. "), ToolCallDelta(name="f", arguments="{}")
DONE = Finish(0, "stop")


def counted(tokens: int) -> Usage:
    return Usage({"completion_tokens": tokens})


def traced(*frames: tuple[float, Sequence[Event]], model: str = "a/model", late: Sequence[Event] = ()) -> Traced:
    """A reply whose frames arrived at these times, each in a chunk of its own, and became these events."""
    reply = Reply(ChatRequest(model=model, messages=[{"role": "user", "content": "Hello"}]), via="requests")
    for t, events in frames:
        for event in events:
            reply.add(event, t)
    reply.end(frames[-1][0] if frames else 0.5)
    chunks = [Chunk(t, b"x") for t, _ in frames]
    made = [Frame(n, n + 1, n, "other", events=tuple(events)) for n, (_, events) in enumerate(frames)]
    return Traced(reply, Inspection(chunks, made, tuple(late)))


def thinking(model: str = "a/model") -> Traced:
    """Two seconds of thoughts, half a second without anything, and two seconds of content; 10 tokens a second."""
    thoughts: list[tuple[float, list[Event]]] = [(0.5 + n / 10, [THOUGHT, counted(n + 1)]) for n in range(20)]
    said: list[tuple[float, list[Event]]] = [(3.0 + n / 10, [SAID, counted(n + 21)]) for n in range(20)]
    return traced(*thoughts, *said, (5.0, [DONE]), model=model)


def bundled(name: str) -> Reply:
    """An answer of the demo, made from its recording."""
    reply = Reply(ChatRequest(model="a/model", messages=[{"role": "user", "content": "Hello"}]), via="requests")
    reply.recording = prepared.recording(name)
    seen = inspect(reply.recording)
    for frame in seen.frames:
        for event in frame.events:
            reply.add(event, seen.chunks[frame.chunk].t)
    reply.end(seen.chunks[-1].t)
    return reply


def lanes(timeline: Timeline) -> list[str]:
    """The lines of the lanes in the text, and the line below them."""
    lines = timeline.static_text().splitlines()
    return [line for line in lines if set(line) & set(BLOCKS[1:]) or line.startswith("├")]


def test_each_delta_is_a_row() -> None:
    """A frame with both texts gives two; what is no delta gives none."""
    frame = Timeline(
        [
            traced(
                (0.5, [Usage({})]), (1.0, [Delta(reasoning="a", content="b"), counted(2)]), (1.5, [CALLED]), (2, [DONE])
            )
        ]
    ).to_frame()
    assert list(DTYPES) == list(frame.columns)
    assert ["reasoning", "content", "tool call"] == list(frame["kind"])
    assert ["a", "b", "f{}"] == list(frame["text"])
    assert [1.0, 0.0, 0.5] == list(frame["gap"])
    assert [2, 2, 2] == list(frame["tokens"])
    assert [1, 2, 3] == list(frame["number"])


def test_what_only_the_end_brings_is_a_row() -> None:
    """It arrived with the last chunk."""
    [said, late] = arrivals(traced((1.0, [SAID]), (2.0, []), late=[SAID]).inspection)
    assert [1.0, 2.0] == [said.t, late.t]


def test_rows_of_several_replies_are_told_apart() -> None:
    """By the number of the reply, since two may be of the same model."""
    frame = Timeline([thinking(), thinking(), thinking("b/model")]).to_frame()
    assert [1, 2, 3] == sorted(set(frame["reply"]))
    assert {"a/model", "b/model"} == set(frame["model"])
    assert 120 == len(frame)


def test_the_rate_is_that_of_the_last_second() -> None:
    """A pause lowers it, and by one second after the pause it is forgotten."""
    pieces = arrivals(thinking().inspection)
    assert pieces[0].rate is None
    assert pieces[15].rate == pytest.approx(10)
    assert pieces[20].rate == pytest.approx(5 / 1.0, rel=0.3)
    assert pieces[-1].rate == pytest.approx(10)


def test_tokens_that_are_counted_at_the_end_count_for_each_delta_alike() -> None:
    """The column of tokens is the server's alone, so it is empty until then."""
    pieces = arrivals(traced(*[(n / 10, [SAID]) for n in range(1, 21)], (2.1, [DONE, counted(60)])).inspection)
    assert {None} == {piece.tokens for piece in pieces}
    assert Timeline([traced((1.0, [SAID]))]).to_frame()["tokens"].isna().all()
    assert pieces[-1].rate == pytest.approx(30)


def test_without_counts_there_is_no_rate() -> None:
    """Nor where all came at once."""
    assert [None, None] == [piece.rate for piece in arrivals(traced((1, [SAID]), (2, [SAID])).inspection)]
    assert [None, None] == [piece.rate for piece in arrivals(traced((1, [SAID, counted(2), SAID])).inspection)]


def test_reasoning_and_content_have_a_lane_each() -> None:
    """Blanks are pauses; the label stands behind the lane."""
    reasoning, content, ruler = lanes(Timeline([thinking()]))
    assert re.fullmatch(" {3}[▁-█]{14} reasoning", reasoning)
    assert re.fullmatch(" {20}[▁-█]{13} content", content)
    assert ruler == "├─────────┼─────────┼─────────┼───"


def test_replies_share_one_axis() -> None:
    """What arrived at the same time stands in the same column, whatever the other lanes hold."""
    early, late = traced((1.0, [SAID]), (2.0, [SAID])), traced((2.0, [SAID]), (9.0, [SAID]))
    first, second, _ = lanes(Timeline([early, late]))
    assert first.rindex("█") == second.index("█")
    assert (first.index("█"), second.rindex("█")) == (5, 45)
    assert 3 == lanes(Timeline([traced((0.3, [SAID]), (4.8, [SAID]))]))[0].index("█")


@pytest.mark.parametrize("seconds", [0, 0.0004, 0.03, 1, 4.8, 5.62, 10.86, 61.0, 1e9])
def test_every_axis_has_round_marks_and_room(seconds: float) -> None:
    """From an answer in one packet to the longest time that a recording may hold."""
    scale = axis(seconds, [])
    marks, numbers = scale.ruler()
    assert len(marks) == scale.columns <= WIDTH + 1
    assert all(len(text) < 8 for text in numbers.split())
    if seconds >= 0.05:
        assert scale.columns >= WIDTH / 2
        assert [marks[numbers.index(text)] for text in numbers.split()[:2]] == ["├", "┼"]


def test_the_table_has_the_times_and_the_longest_gaps() -> None:
    """The longest gap first, with its beginning."""
    text = Timeline([thinking()]).static_text()
    for line in ("first token    0.50 s", "first content  3.00 s", "finish         5.00 s", "total          5.00 s"):
        assert line in text
    assert "longest gaps   0.60 s at 2.40 s" in text
    assert "Seconds. One column is 0.15 s; deltas in a full block: 2." in text


def test_what_did_not_happen_has_a_dash() -> None:
    """Such as the finish of a stopped answer; an answer without a token says so."""
    stopped = traced((1.0, [SAID]))
    stopped.reply.end(1.0, Stopped("x"))
    assert "finish         –" in Timeline([stopped]).static_text()
    assert "No token arrived." in Timeline([traced()]).static_text()
    assert "No token arrived." in Timeline([traced()]).static_html()


def test_columns_are_aligned_in_chinese() -> None:
    """In a terminal, where a Chinese character takes two columns; names of models do not shift a lane."""
    settings["language"] = "zh"
    timeline = Timeline([thinking("通义/千问"), thinking()])
    rows = timeline.static_text().partition("\n\n")[2].splitlines()
    second = {columns(row[: re.search(r"\S+( 秒.*| 个 token|)$", row).start()]) for row in rows[1:5]}  # type: ignore[union-attr]  # each row ends so
    assert 1 == len(second)
    assert lanes(timeline)[:2] == lanes(timeline)[2:4]
    assert lanes(timeline)[0].endswith("思考")


def test_html_and_text_say_the_same() -> None:
    """The HTML gives each run of blocks its width, as not every font has them."""
    timeline = Timeline([thinking()])
    html = timeline.static_html()
    plain = re.sub(r"<[^>]+>", "", html)
    assert all(lane in plain for lane in lanes(timeline))
    assert "width:14ch" in html
    assert timeline.panes == ("timeline",)


def test_hostile_names_are_text(stride: int) -> None:
    """And what a frame holds is in the data frame alone."""
    found = {}
    for payload in payloads()[::stride]:
        events: list[Event] = [Delta(content=payload.text, reasoning=payload.text), Finish(0, payload.text)]
        hostile = Timeline([traced((1.0, events), model=payload.text), thinking(payload.text)])
        found[payload.name] = faults(strictly(hostile.static_html()))
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", hostile.static_text())
    assert {} == {name: each for name, each in found.items() if each}


def test_replies_give_their_timeline() -> None:
    """With what the demo's answers really are: SiliconFlow's frames, decoded as while they stream."""
    first, second = bundled("reasoning"), bundled("tool-call")
    frame = first.timeline(second).to_frame()
    assert first.reasoning + first.content == "".join(frame["text"][frame["reply"] == 1])
    assert first.tokens == frame["tokens"][frame["reply"] == 1].iloc[-1]
    assert {"content", "tool call"} == set(frame["kind"][frame["reply"] == 2])


def test_a_timeline_takes_replies_with_recordings() -> None:
    """Else there is one short sentence."""
    reply = traced((1.0, [SAID])).reply
    with pytest.raises(RecordingError, match="this reply has none"):
        reply.timeline()
    reply.recording = Recording(Head({}))
    with pytest.raises(ConfigurationError, match=r"expects further replies, .*, got list\."):
        reply.timeline([reply])
    with pytest.raises(RecordingError, match="this reply has none"):
        reply.timeline(traced((1.0, [SAID])).reply)

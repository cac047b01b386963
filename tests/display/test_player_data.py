"""What the player is given: bytes, frames, what became of them, and the display after each."""

from __future__ import annotations

from typing import Any

from sfstream.core.events import Chunk, Delta, Event, Finish, ToolCallDelta, Usage
from sfstream.core.inspection import Frame, Inspection, Kind, Traced
from sfstream.display.player_data import player_data
from tests.replies import ended


def traced(*events: Event, late: tuple[Event, ...] = ()) -> Traced:
    """A recording of one event in each frame and chunk, one a second, of one byte each."""
    kind: Kind = "content"
    frames = [Frame(at, at + 1, at, kind, events=(event,)) for at, event in enumerate(events)]
    chunks = [Chunk(at + 1.00004, b"x") for at in range(len(events))]
    return Traced(ended(*events, *late), Inspection(chunks, frames, late))


def played(*made: Traced) -> dict[str, Any]:
    """The data of the first of them."""
    data: dict[str, Any] = player_data(made, ["answer"])["replies"][0]
    return data


def test_an_update_belongs_to_the_frame_that_changes_the_display() -> None:
    """Neither usage nor finish reason do; the last frame has what only the end shows."""
    events = Delta(reasoning="Hm"), Usage({"completion_tokens": 1}), Delta(content="Hi"), Usage({}), Finish(0, "stop")
    updates = dict(played(traced(*events))["updates"])
    assert [0, 2, 4] == [*updates]
    assert "Thinking… 1 s" == updates[0]["summary"]
    assert "Thought for 2.0 s" == updates[2]["summary"]
    assert {"content", "reasoning"} == {*updates[4]["parts"]}


def test_a_long_paragraph_is_shown_in_larger_steps() -> None:
    """Each update renders it anew. A short one, and the end of a long one, are shown to the character."""
    short = played(traced(*[Delta(content="word ")] * 20))["updates"]
    long = played(traced(*[Delta(content="word ")] * 400, Delta(content="end")))["updates"]
    assert 20 == len(short)
    assert 100 < len(long) < 300
    assert "end" in str(long[-1])


def test_marks_name_the_frames_to_jump_to() -> None:
    """Those that there are."""
    events = Usage({}), Delta(reasoning="Hm"), Delta(reasoning="."), Delta(content="Hi"), Finish(0, "stop")
    assert {"first token": 1, "first content": 3, "finish": 4} == played(traced(*events))["marks"]
    assert {} == played(traced(Usage({})))["marks"]


def test_what_the_end_brings_belongs_to_the_last_frame() -> None:
    """A withheld half of an emoji, which nothing completed."""
    data = played(traced(Delta(content="Hi"), Finish(0, "stop"), late=(Delta(content="\ufffd"),)))
    assert [[("content", "Hi")], [("finish", "stop"), ("content", "\ufffd")]] == [frame[3] for frame in data["frames"]]
    assert '<p dir="auto">Hi\ufffd</p>' in str(data["updates"][-1])


def test_a_tool_call_grows() -> None:
    """As the block that the live view shows."""
    calls = ToolCallDelta(name="f", arguments="{"), ToolCallDelta(arguments="<}")
    updates = played(traced(*calls))["updates"]
    assert ["f({)" in updates[0][1]["calls"], "f({&lt;})" in updates[1][1]["calls"]] == [True, True]


def test_of_several_choices_the_one_that_stays_is_shown() -> None:
    """From its start, also where another one begins before it."""
    events = Delta(index=1, content="No"), Delta(index=0, content="Yes")
    updates = played(traced(*events))["updates"]
    assert [1] == [frame for frame, update in updates if update.get("parts")]
    assert "Yes" in str(updates)
    assert "No" not in str(updates)


def test_bytes_are_as_in_a_recording() -> None:
    """In base64 where a character is cut; times have as many digits as mean something."""
    half = "é".encode()[:1]
    made = traced(Delta(content="x"))
    cut = Inspection([Chunk(0.123456789, half)], made.inspection.frames)
    assert [[0.1235, {"base64": "ww=="}]] == played(Traced(made.reply, cut))["chunks"]


def test_further_replies_are_lanes_alone() -> None:
    """Nothing of them is played, so neither bytes nor display are there."""
    first, second = player_data([traced(Delta(content="a")), traced(Delta(content="b"))], [])["replies"]
    assert ([], [[1.0, ""]]) == (second["updates"], second["chunks"])
    assert first["updates"]
    assert [("content", "b")] == second["frames"][0][3]


def test_a_body_without_a_byte_is_no_error() -> None:
    """There is nothing to play."""
    data = played(Traced(ended(), Inspection([], [])))
    assert ([], [], []) == (data["chunks"], data["frames"], data["updates"])
    assert data["about"]

"""The static form of the wire view, and its data frame."""

from __future__ import annotations

import html
import json
import re

import pytest

from sfstream.core.config import settings
from sfstream.core.events import Chunk, Delta
from sfstream.core.recording import End, Head, Recording
from sfstream.core.reply import Reply
from sfstream.demo import prepared
from sfstream.display.wire_text import visible
from sfstream.display.wire_view import FIRST, LAST, WireView
from sfstream.errors import RecordingError
from sfstream.log.entries import reply_of
from tests.hostile.corpus import payloads
from tests.hostile.parsed import strictly
from tests.hostile.rules import faults
from tests.replies import ended
from tests.wire.test_completion_cuts import REALISTIC, chunk

DONE = "data: [DONE]\n\n"
REQUEST = {"model": "a/model", "messages": [{"role": "user", "content": "Hello"}]}


def replied(*data: str | bytes, status: str = "complete", model: str = "a/model") -> Reply:
    """The reply of a recording of these chunks, one every half second."""
    raw = [each.encode() if isinstance(each, str) else each for each in data]
    chunks = [Chunk(number / 2, each) for number, each in enumerate(raw, 1)]
    return reply_of(Recording(Head(REQUEST | {"model": model}), chunks, End(status)))


def words(view: WireView) -> list[str]:
    """The texts of the cells, row by row, as a reader sees them."""
    cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", view.static_html(), re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", "", cell.replace("<br>", "\n"))) for cell in cells]


def rows(view: WireView) -> list[list[str]]:
    """The same, without the headings."""
    cells = words(view)[3:]
    return [cells[place : place + 3] for place in range(0, len(cells), 3)]


def test_the_three_levels_of_a_frame() -> None:
    """The chunk with number, time, gap and size; all bytes of the frame; and what it became."""
    first, second = chunk(content="", role="assistant"), chunk("stop", content=" Hi")
    view = replied(first, second, DONE).wire()
    assert ["chunk", "frame", "what it became"] == words(view)[:3]
    head, finish, done = rows(view)
    assert [f"chunk 1 · 0.500 s · {len(first)} bytes", "role\nusage completion_tokens 1"] == [head[0], head[2]]
    assert f"chunk 2 · 1.000 s · +0.500 s · {len(second)} bytes" == finish[0]
    assert f"frame 2\n{second.strip()}‹LF›‹LF›" == finish[1]
    assert 'content " Hi"\nfinish stop\nusage completion_tokens 1' == finish[2]
    assert "done" == done[2]


def test_several_frames_of_one_chunk_and_several_chunks_of_one_frame() -> None:
    """Both are told, and inside a frame a line stands where another chunk begins."""
    frames = [chunk(content=text) for text in ("a", "b", "c")]
    shared, _, split = (len(frame) for frame in frames)
    view = replied(frames[0] + frames[1], frames[2][:10], frames[2][10:]).wire()
    one, same, several, _ = rows(view)
    assert one[0].endswith(f"· {2 * shared} bytes")
    assert one[1].startswith(f"frame 1 · {shared} bytes\n")
    assert "same chunk" == same[0]
    assert f"chunks 2 to 3 · 1.500 s · +1.000 s · {split} bytes" == several[0]
    assert f"\n{frames[2][:10]}│{frames[2][10:].strip()}‹LF›‹LF›" in several[1]


def test_a_cut_character_is_marked() -> None:
    """The bytes of it on both sides of the edge; so are bytes that are no UTF-8 at all."""
    assert 'data: "‹E4 BD›│‹A0›好"' == visible('data: "你好"'.encode(), [9])
    assert "a‹FF FE›b" == visible(b"a\xff\xfeb")
    view = replied(*REALISTIC["answer"].encode().partition("😀".encode()[:2])).wire()
    assert "‹F0 9F›" in view.static_text()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("a\u200bb", "a‹U+200B›b"),
        ("\x1b[2J\x00\x7f\x85", "‹U+001B›[2J‹U+0000›‹U+007F›‹U+0085›"),
        ("a\u202eb\u2028\u00a0", "a‹U+202E›b‹U+2028›‹U+00A0›"),
        ("a\tb\r\n\r\n", "a‹TAB›b‹CR›‹LF›‹CR›‹LF›"),
        ("event: x\ndata: y\n\n", "event: x‹LF›\ndata: y‹LF›‹LF›"),
        ("<p>\r\n\r<b>\r", "<p>‹CR›‹LF›‹CR›\n<b>‹CR›"),
        ("👩\u200d💻 你好 é", "👩‹U+200D›💻 你好 é"),
    ],
)
def test_what_cannot_be_seen_is_named(data: str, expected: str) -> None:
    """Line ends too; lines of a frame stand below each other."""
    assert expected == visible(data.encode())


def test_a_long_frame_is_shortened_in_the_middle() -> None:
    """No character is cut by it, and the number of bytes that are left out is right."""
    data = ("好" * 1000 + "!").encode()
    for most in (100, 101, 102):
        begin, count, end = re.fullmatch(r"(好+) … ([\d,]+) bytes left out … (好+!)", visible(data, most=most)).groups()  # type: ignore[union-attr]
        assert len(begin.encode()) + int(count.replace(",", "")) + len(end.encode()) == len(data)
        assert abs(len(begin.encode()) + len(end.encode()) - most) < 6
    assert "│" not in visible(data, [1500], 100)
    assert 2 == visible(data, [3, 1500, 2998], 100).count("│")


def test_frames_are_left_out_in_the_middle() -> None:
    """Their number is told, and where they are; a few more than the limit are all shown."""
    view = replied(*(chunk(content=f"{number} ") for number in range(200))).wire()
    left_out = f"… {200 - FIRST - LAST} frames left out; .to_frame() has all of them …"
    assert left_out in words(view)
    assert left_out in view.static_text().splitlines()
    assert FIRST + LAST == view.static_text().count("    frame ")
    assert "left out" not in replied(*(chunk(content="a") for _ in range(FIRST + LAST + 5))).wire().static_text()


def test_the_text_indents_each_level_further() -> None:
    """A chunk that holds several frames has one line."""
    first, second = chunk(content="a"), chunk(content="b")
    lines = replied(first + second).wire().static_text().splitlines()
    size = len(first)
    assert [f"chunk 1 · 0.500 s · {2 * size} bytes", f"    frame 1 · {size} bytes"] == lines[1:3]
    assert ['        → content "b"', "        → usage completion_tokens 1"] == lines[8:10]


@pytest.mark.parametrize(
    ("data", "status", "expected"),
    [
        ("<html>\n</html>", "failed", "Expected a stream of events, got something else"),
        (REALISTIC["plain-completion"], "failed", "got one plain completion"),
        (chunk(content="a"), "stopped", "This answer was stopped when it was recorded."),
        ("data: nonsense\n\n", "failed", "understood none of the frames"),
    ],
)
def test_an_error_is_told_once(data: str, status: str, expected: str) -> None:
    """Where it was raised, or at the end of the stream."""
    view = replied(data, status=status).wire()
    assert 1 == view.static_html().count(expected) == view.static_text().count(expected)


def test_nothing_arrived() -> None:
    """The view says so, and the data frame is empty, with all columns in their types."""
    view = replied(status="failed").wire()
    assert "Chunks: 0, frames: 0, bytes: 0" in view.static_html()
    frame = view.to_frame()
    assert (0, "Int64", "float64") == (len(frame), frame["tokens"].dtype, frame["t"].dtype)


@pytest.mark.parametrize("name", prepared.PROMPTS)
def test_the_data_frame_holds_all_of_an_answer(name: str) -> None:
    """Every byte, and every text, with times that go forward."""
    reply = reply_of(prepared.recording(name))
    frame = reply.wire().to_frame()
    assert prepared.recording(name).data == b"".join(frame["raw"])
    assert reply.content == "".join(frame["text"][frame["kind"] == "content"])
    assert reply.reasoning == "".join(frame["text"][frame["kind"] == "reasoning"])
    assert list(range(1, len(frame) + 1)) == list(frame["frame"])
    assert frame["t"].is_monotonic_increasing
    assert frame["gap"].sum() == pytest.approx(frame["t"].iloc[-1])
    assert [reply.tokens, reply.finish_reason] == [frame["tokens"].max(), "".join(frame["finish"])]


def test_the_data_frame_of_odd_frames() -> None:
    """A keep-alive has no tokens yet; a frame of two chunks says so; what only the end brought is in the last row."""
    frame = replied(": hi\n\n", "data: [DO", "NE]").wire().to_frame()
    assert [["keep-alive", 1, 1], ["done", 3, 2]] == frame[["kind", "chunk", "chunks"]].to_numpy().tolist()
    assert frame["tokens"].isna().all()
    cut = replied(chunk(content="a"), chunk(content="\ud83d"), status="cut").wire().to_frame()
    assert ["a", "\ufffd"] == list(cut["text"])
    assert "cut off" in cut["error"].iloc[-1]


def test_in_chinese() -> None:
    """All but the wire itself."""
    settings["language"] = "zh"
    view = replied(chunk(content="好") + chunk("stop"), status="stopped").wire()
    assert ["数据块", "帧", "解码结果"] == words(view)[:3]
    assert ["数据块 1 · 0.500 s · 273 字节", "同一数据块", "流的结尾"] == [row[0] for row in rows(view)]
    assert '正文 "好"\n用量 completion_tokens 1' == rows(view)[0][2]


def hostile_stream(text: str) -> str:
    """A stream in which a text stands in every place where a server may put one."""
    call = {"index": 0, "id": text, "function": {"name": text, "arguments": text}}
    frames = [
        {"choices": [{"delta": {"content": text, "reasoning_content": text, "tool_calls": [call]}}]},
        {"choices": [{"finish_reason": text}], "usage": {text: text}},
    ]
    lines = [f"data: {json.dumps(frame, ensure_ascii=False)}\n\n" for frame in frames]
    return f": {text}\n\n" + "".join(lines) + f"{text}\n\n" + json.dumps({"error": {"message": text}}) + "\n"


def test_no_hostile_text_is_more_than_text(stride: int) -> None:
    """In the bytes, in what they became and in the error: no other element, no link, nothing that runs."""
    found = {}
    for payload in payloads()[::stride]:
        stream = hostile_stream(payload.text).encode("utf-8", "surrogatepass")
        shown = replied(stream, model=payload.text, status="failed").wire().static_html()
        if wrong := faults(strictly(shown)):
            found[payload.name] = wrong
        assert not re.search(r"\sclass=|\scolor:|;color:|<svg|<script", re.sub(r">[^<]*<", "><", shown))
    assert {} == found


def test_a_reply_without_a_recording_has_no_wire() -> None:
    """It says why."""
    with pytest.raises(RecordingError, match=r"need the bytes of a stream"):
        ended(Delta(content="Hello")).wire()

"""A reply grows event by event."""

from __future__ import annotations

import json
import pickle
import sys
import threading
import time
from pathlib import Path

import pytest

from sfstream.core.choice import ToolCall
from sfstream.core.events import Chunk, Delta, Event, Finish, ToolCallDelta, Usage
from sfstream.core.recording import Head, Recording
from sfstream.core.reply import Reply, Timing
from sfstream.core.request import ChatRequest
from sfstream.errors import ConfigurationError, MalformedStream, SfStreamError, Stopped, StreamCut, StreamStalled

REQUEST = ChatRequest(model="a/b", messages=[{"role": "user", "content": "Hello"}])


def grown(*events: Event) -> Reply:
    """A reply whose events came at 1, 2, 3, … seconds."""
    reply = Reply(REQUEST, via="replay")
    for t, event in enumerate(events, 1):
        reply.add(event, t)
    return reply


def ended(*events: Event, error: SfStreamError | Stopped | None = None) -> Reply:
    reply = grown(*events)
    reply.end(9.0, error)
    return reply


def test_new_reply_is_empty() -> None:
    """Before anything came a reply holds what was asked, and nothing else."""
    reply = grown()

    assert ("a/b", "replay", "streaming") == (reply.model, reply.via, reply.status)
    assert ("", "", [], None, {}, None) == (
        reply.content,
        reply.reasoning,
        reply.tool_calls,
        reply.finish_reason,
        reply.usage,
        reply.tokens,
    )
    assert Timing() == reply.timing


def test_texts_are_joined() -> None:
    """Content and reasoning grow apart, can be read at any time, and the reply as text is its content."""
    reply = grown(Delta(reasoning="h"), Delta(0, "a", "m"))
    assert ("a", "hm") == (reply.content, reply.reasoning)

    reply.add(Delta(content="b"), 3.0)
    assert ("ab", "hm", "ab") == (reply.content, reply.reasoning, str(reply))


def test_reading_beside_the_stream_loses_nothing() -> None:
    """Another thread may read what has come, as often as it likes: a progress bar, a watcher."""
    reply, ended = grown(Delta(content="long " * 200_000)), threading.Event()

    def read() -> None:
        while not ended.is_set():
            assert reply.content

    readers = [threading.Thread(target=read) for _ in range(2)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # so that the threads change where they may
    try:
        for reader in readers:
            reader.start()
        for _ in range(300):
            reply.add(Delta(content="x"), 2.0)
            time.sleep(0.0001)
    finally:
        sys.setswitchinterval(interval)
        ended.set()
    for reader in readers:
        reader.join()
    assert 300 == reply.content.count("x")


def test_usage_is_the_last_one() -> None:
    """Token counts are cumulative: the last ones count, and they are never summed."""
    details = {"reasoning_tokens": 3}
    reply = grown(
        Usage({"completion_tokens": 2, "old": 1}), Usage({"completion_tokens": 5, "completion_tokens_details": details})
    )

    assert {"completion_tokens": 5, "completion_tokens_details": details} == reply.usage
    assert (5, 3) == (reply.tokens, reply.reasoning_tokens)


@pytest.mark.parametrize("count", [None, "5", True, 1.5], ids=["null", "text", "bool", "float"])
def test_count_that_is_no_whole_number_is_unknown(count: object) -> None:
    """A server that counts strangely gives no count."""
    reply = grown(Usage({"completion_tokens": count, "completion_tokens_details": count}))

    assert (None, None) == (reply.tokens, reply.reasoning_tokens)


def test_times() -> None:
    """Times are those of the first reasoning, the first content and the last byte."""
    first, last = Delta(reasoning="h"), Delta(content="a")
    reply = ended(Usage({"completion_tokens": 1}), first, last, Delta(content="b"), Usage({"completion_tokens": 5}))

    assert Timing(2.0, 3.0, 9.0, (5 - 1) / (4 - 2)) == reply.timing


@pytest.mark.parametrize(
    "events",
    [[], [Delta(content="a")], [Delta(content="a"), Usage({"completion_tokens": 9})]],
    ids=["nothing", "no-count", "one-arrival"],
)
def test_no_speed_without_two_arrivals_and_a_count(events: list[Event]) -> None:
    """A speed is told only where it can be known."""
    assert ended(*events).timing.tokens_per_second is None


@pytest.mark.parametrize("count", [10**400, 10**12, -1, True, 1.5, "7"])
def test_what_can_be_no_count_is_none(count: object) -> None:
    """A server may say anything: the answer is shown all the same."""
    details = {"completion_tokens_details": {"reasoning_tokens": count}}
    reply = ended(Delta(content="a"), Delta(content="b"), Usage({"completion_tokens": count, **details}))
    assert (None, None, None) == (reply.tokens, reply.reasoning_tokens, reply.timing.tokens_per_second)
    assert {"completion_tokens": count, **details} == reply.usage


def test_tool_calls_are_merged_by_number() -> None:
    """Arguments are joined, and empty ids and names never overwrite."""
    reply = ended(
        ToolCallDelta(call=0, id="1", name="f"),
        ToolCallDelta(call=0, arguments='{"'),
        ToolCallDelta(call=1, id="2", name="g", arguments="{}"),
        ToolCallDelta(call=0, arguments='a"}'),
        Finish(0, "tool_calls"),
    )

    assert [ToolCall("1", "f", '{"a"}'), ToolCall("2", "g", "{}")] == reply.tool_calls
    assert ("complete", []) == (reply.status, reply.notes)


def test_first_choice_is_shown() -> None:
    """Of several choices the reply shows number 0, or the lowest there is, whatever came first."""
    assert "a" == grown(Delta(1, "b"), Delta(0, "a")).content
    assert "b" == grown(Delta(2, "c"), Delta(1, "b")).content


@pytest.mark.parametrize(
    ("reason", "status", "notes"),
    [
        pytest.param("stop", "complete", 0, id="stop"),
        pytest.param("eos", "complete", 0, id="eos"),
        pytest.param("length", "length", 0, id="length"),
        pytest.param("content_filter", "filtered", 0, id="content-filter"),
        pytest.param("weather", "complete", 1, id="unknown"),
    ],
)
def test_status_of_a_finish(reason: str, status: str, notes: int) -> None:
    """The finish reason makes the status, and an unknown one is remarked upon."""
    reply = ended(Delta(content="a"), Finish(0, reason))

    assert (status, reason, notes) == (reply.status, reply.finish_reason, len(reply.notes))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(StreamCut("x"), "cut", id="cut"),
        pytest.param(StreamStalled("x"), "cut", id="stalled"),
        pytest.param(MalformedStream("x"), "failed", id="malformed"),
        pytest.param(Stopped("x"), "stopped", id="stopped"),
    ],
)
def test_error_that_ends_a_reply_carries_it(error: SfStreamError | Stopped, status: str) -> None:
    """What ended the reply is in it, and carries what had come; both can be pickled together."""
    reply = ended(Delta(content="a"), error=error)
    assert (status, error, reply) == (reply.status, reply.error, error.reply)

    copy = pickle.loads(pickle.dumps(error))
    assert isinstance(copy.reply, Reply)
    assert ("a", str(error)) == (copy.reply.content, str(copy))


def test_answer_without_a_word_is_remarked_upon() -> None:
    """An answer that is empty, or reasoning only, says so."""
    assert ["The answer is empty: the model ended without a word."] == [*map(str, ended(Finish(0, "stop")).notes)]
    assert ["The answer came as reasoning only; its content is empty."] == [
        *map(str, ended(Delta(reasoning="h")).notes)
    ]


def test_save_writes_the_recording(tmp_path: Path) -> None:
    """A saved reply opens as its recording."""
    reply = ended(Delta(content="a"))
    reply.recording = Recording(Head(REQUEST.body()), [Chunk(0.5, b"data: x")])
    reply.save(tmp_path / "a.jsonl")

    head, *chunks = map(json.loads, (tmp_path / "a.jsonl").read_text().splitlines())
    assert REQUEST.body() == head["request"]
    assert [0.5, "data: x"] == chunks[0]


def test_save_writes_the_markdown(tmp_path: Path) -> None:
    """The content as the model wrote it, also of a reply without a recording, in place of what the file held."""
    path = tmp_path / "answer.md"
    path.write_text("older and longer")
    ended(Delta(content="# é <b>\r\n\n| a |")).save(path, overwrite=True)
    assert "# é <b>\r\n\n| a |".encode() == path.read_bytes()


@pytest.mark.parametrize("name", ["answer.txt", "answer.json", "answer.htm", "answer", ".gz"])
def test_save_refuses_other_names(tmp_path: Path, name: str) -> None:
    """It says which endings there are, and writes nothing."""
    with pytest.raises(ConfigurationError, match=r"expected a name that ends in \.md, \.html, \.jsonl, \.jsonl\.gz"):
        ended(Delta(content="a")).save(tmp_path / name)
    assert not (tmp_path / name).exists()


def test_code_blocks_are_pairs_of_language_and_text() -> None:
    """Those with a fence, in lists and quotes too, and one that is not closed; text that is indented is not one."""
    content = (
        "    indented\n\n```Python title=x\na\n\n  b\n```\n\n- one\n\n  ~~~\n  ```\n  </code>\n  ~~~\n\n"
        "> ```json\n> {\n> ```\n`` `not` ``\n\n````sh\n```\nopen"
    )
    blocks = ended(Delta(content=content)).code_blocks
    assert [("Python", "a\n\n  b"), ("", "```\n</code>"), ("json", "{"), ("sh", "```\nopen")] == blocks
    assert ("Python", "a\n\n  b") == (blocks[0].language, blocks[0].text)
    assert [] == ended(Delta(content="no code")).code_blocks

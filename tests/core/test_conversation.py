"""Chains of Replies: what is sent back of them, and what a name of one can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sfstream.core.conversation import Conversation, Session, conversations
from sfstream.core.events import Delta, Event, Finish, ToolCallDelta
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.core.turns import Cell, added_to, continuing, why_not_sent
from sfstream.errors import ConfigurationError, SfStreamError, Stopped, StreamCut, UnknownConversation

WORDS = Delta(content="Words.", reasoning="Thoughts.")


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def assistant(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


def turn(
    prompt: Any,
    *events: Event,
    after: Reply | None = None,
    system: str | None = None,
    error: SfStreamError | Stopped | None = None,
    cell: str = "",
    run: str = "1",
) -> Reply:
    """A reply to a prompt, as a run makes it."""
    new = [user(prompt)] if isinstance(prompt, str) else prompt
    lead = [{"role": "system", "content": system}] if system else []
    messages = continuing(after, new, system) if after else [*lead, *new]
    reply = Reply(ChatRequest(model="a/b", messages=messages), via="requests")
    reply.after, reply.asked_in = after, Cell(cell, run)
    reply.added = added_to(after, messages) if after else None
    for event in events or (Delta(content=f"to {prompt}"),):
        reply.add(event, 1.0)
    reply.end(2.0, error)
    return reply


def talk(*prompts: str) -> Reply:
    """The last of several turns, each in a cell of its own that is called like its prompt."""
    reply = None
    for prompt in prompts:
        reply = turn(prompt, after=reply, cell=prompt)
    assert reply
    return reply


def prompts(reply: Reply | None) -> list[str]:
    return [message["content"] for message in reply.messages if message["role"] == "user"] if reply else []


# What is sent back


def test_a_chain_is_a_dialogue() -> None:
    """The system message, then prompts and answers in turn; what was sent before is the beginning of what is sent."""
    first = turn("one", system="Be brief.")
    second = turn("two", after=first)
    assert [{"role": "system", "content": "Be brief."}, user("one"), assistant("to one")] == first.messages
    assert [*first.messages, user("two")] == second.request.messages
    assert [*first.messages, user("two"), assistant("to two")] == second.messages


def test_reasoning_stays_behind() -> None:
    """Except beside tool calls, which are sent as they are on the wire, with a content that is never null."""
    plain = turn("why?", WORDS)
    call = ToolCallDelta(id="call-1", name="weather", arguments='{"city": "杭州"}')
    calling = turn("weather?", Delta(reasoning="Thoughts."), call, Finish(0, "tool_calls"))
    assert assistant("Words.") == plain.messages[-1]
    function = {"name": "weather", "arguments": '{"city": "杭州"}'}
    assert {
        "role": "assistant",
        "content": "",
        "reasoning_content": "Thoughts.",
        "tool_calls": [{"id": "call-1", "type": "function", "function": function}],
    } == calling.messages[-1]
    result = {"role": "tool", "tool_call_id": "call-1", "content": "rain"}
    assert [*calling.messages, result] == turn([result], after=calling).request.messages


@pytest.mark.parametrize(
    ("events", "error", "is_sent", "said"),
    [
        ((WORDS, Finish(0, "stop")), None, True, None),
        ((WORDS, Finish(0, "length")), None, True, None),
        ((WORDS, Finish(0, "content_filter")), None, True, None),
        ((WORDS,), Stopped("x"), False, "The stopped answer before this one was not sent back."),
        ((WORDS,), StreamCut("x"), False, "The answer before this one was cut off and was not sent back."),
        ((WORDS,), SfStreamError("x"), False, "The answer before this one failed and was not sent back."),
        ((Delta(reasoning="x"),), None, False, "The answer before this one has no content and was not sent back."),
    ],
)
def test_only_whole_answers_are_sent_back(
    events: tuple[Event, ...], error: SfStreamError | None, is_sent: bool, said: str | None
) -> None:
    """The prompt stays; what is left out is told."""
    first = turn("one", *events, error=error)
    assert [user("one"), *([assistant("Words.")] if is_sent else [])] == first.messages
    remark = why_not_sent(first)
    assert said == (str(remark) if remark else None)
    assert ["one", "two"] == prompts(turn("two", after=first))


def test_another_system_message_replaces_the_first() -> None:
    """As text, or at the head of a list; an empty text takes it away. The dialogue stays."""
    first = turn("one", system="Be brief.")
    leads = {
        "other": continuing(first, [user("two")], "Be long."),
        "none": continuing(first, [user("two")], ""),
        "own": continuing(first, [{"role": "developer", "content": "Be."}, user("two")], None),
    }
    assert {"other": "Be long.", "none": "one", "own": "Be."} == {
        name: messages[0]["content"] for name, messages in leads.items()
    }
    assert all(messages[-3:] == [user("one"), assistant("to one"), user("two")] for messages in leads.values())


def test_a_turn_of_the_log_is_all_of_its_request() -> None:
    """It does not know what it continued, and can be continued all the same."""
    reply = talk("one", "two")
    reply.after = reply.added = None
    assert ["one", "two", "three"] == prompts(turn("three", after=reply))
    assert [reply] == Conversation("x", reply).replies


def test_what_is_given_back_can_be_changed() -> None:
    """It is a copy: what was asked stays what it was."""
    reply = turn([{"role": "user", "content": [{"type": "text", "text": "one"}]}])
    reply.messages[0]["content"][0]["text"] = "other"
    assert "one" == reply.messages[0]["content"][0]["text"]


def test_a_long_conversation_is_no_deep_recursion() -> None:
    """2,000 turns, of which each request holds only its own."""
    reply = turn("0")
    for number in range(1, 2000):
        following = turn(str(number))
        following.after, following.added, reply = reply, 1, following
    assert [str(number) for number in range(2000)] == prompts(reply)


# Names for chains


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda plan: plan.undo(), ["one", "two"]),
        (lambda plan: plan.undo().undo(), ["one"]),
        (lambda plan: plan.drop(1), ["two", "three"]),
        (lambda plan: plan.drop(2), ["one", "three"]),
        (lambda plan: plan.drop(3), ["one", "two"]),
        (lambda plan: plan.drop(1).drop(1), ["three"]),
        (lambda plan: plan.clear(), []),
    ],
)
def test_turns_are_taken_out(change: Callable[[Conversation], Conversation], left: list[str]) -> None:
    """The others keep their prompts and answers, and the Replies stay what they were."""
    newest = talk("one", "two", "three")
    before = newest.messages
    plan = conversations.begin("plan", newest)
    other = plan.fork("other")
    assert change(plan) is plan
    assert [text for prompt in left for text in (prompt, f"to {prompt}")] == [each["content"] for each in plan.messages]
    assert left == [reply.content.removeprefix("to ") for reply in plan.replies]
    assert before == newest.messages == other.messages


@pytest.mark.parametrize("number", [0, -1, 4, "1", 1.0])
def test_a_turn_that_is_not_there_is_named(number: Any) -> None:
    """With what there is, and nothing is changed."""
    plan = Conversation("plan", talk("one", "two", "three"))
    with pytest.raises(ConfigurationError, match=r"There is no turn .* 'plan' has the turns 1 to 3"):
        plan.drop(number)
    assert 3 == len(plan.replies)
    with pytest.raises(ConfigurationError, match="has no turns"):
        plan.clear().undo()


def test_the_mapping_of_names() -> None:
    """An unknown name lists those there are, and is a KeyError, so that it is a mapping like any other."""
    with pytest.raises(UnknownConversation, match=r"There are: none; %%sfchat --conversation NAME begins one\.$"):
        conversations["plan"]
    plan = conversations.begin("plan", talk("one"))
    plan.fork("计划")
    with pytest.raises(KeyError) as caught:
        conversations["other"]
    assert "There is no conversation 'other'. There are: 'plan', '计划'." == str(caught.value)
    assert (["plan", "计划"], plan, None) == (list(conversations), conversations["plan"], conversations.get("other"))
    for name in ("plan", "", " ", None, 3):
        with pytest.raises(ConfigurationError):
            plan.fork(name)  # type: ignore[arg-type]  # what a user may give


# Which cell asks


def added(plan: Conversation, cell: str, run: str) -> Reply:
    """A further turn of a cell."""
    reply = turn(cell, after=plan.before(Cell(cell, run)), cell=cell, run=run)
    plan.add(reply)
    return reply


def test_a_cell_that_is_run_again_replaces_its_turn() -> None:
    """And what came after, which it says; a cell whose turn is gone adds one at the end."""
    plan = Conversation("plan", talk("a", "b", "c", "d"))
    assert ["Replaced turns 2 to 4 of plan."] == [str(note) for note in added(plan, "b", "2").notes]
    assert ["a", "b"] == prompts(plan.newest)
    assert [] == added(plan, "d", "2").notes
    assert ["Replaced turn 3 of plan."] == [str(note) for note in added(plan, "d", "3").notes]
    assert ["a", "b", "d"] == prompts(plan.newest)
    assert ["Replaced turns 1 to 3 of plan."] == [str(note) for note in added(plan, "a", "4").notes]


def test_a_loop_in_one_cell_adds_turns() -> None:
    """Run again, its first turn replaces them all."""
    plan = Conversation("plan", talk("a"))
    for run in ("1", "2"):
        for _ in range(3):
            added(plan, "loop", run)
        assert ["a", "loop", "loop", "loop"] == prompts(plan.newest)


def test_without_a_cell_every_turn_is_added() -> None:
    """As in a script."""
    plan = Conversation("plan")
    for _ in range(3):
        added(plan, "", "")
    assert 3 == len(plan.replies)


def test_a_reply_is_noted_once() -> None:
    """The cell that asked it stays its cell, whoever shows it again."""
    session = Session()
    reply = turn("a", cell="asking")
    session.note(reply, Cell("showing", "2"))
    assert (reply, Cell("asking", "1")) == (session.before(Cell()), reply.asked_in)

"""Reasoning that a model writes into its content, between tags."""

from __future__ import annotations

import pytest

from sfstream.core.events import ContentWasReasoning, Delta
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest
from sfstream.wire.think_tags import ThinkTags

REQUEST = ChatRequest(model="m", messages=[{"role": "user", "content": "Hello"}])
FENCED = "```html\n<p>\n</think>\n</p>\n```\nThat is it."
TAGS = {
    # between tags
    "think": ("<think>Hm.</think>Hi", "Hm.", "Hi"),
    "lines": ("<think>\nHm.\n\nWell.\n</think>\n\nHi\nyou", "Hm.\n\nWell.", "Hi\nyou"),
    "white space before": (" \n\n<think>Hm.</think>Hi", "Hm.", "Hi"),
    "capitals": ("<THINK>Hm.</THINK>Hi", "Hm.", "Hi"),
    "thinking": ("<Thinking>Hm.</Thinking>\nHi", "Hm.", "Hi"),
    "thought": ("<thought>Hm.</thought>Hi", "Hm.", "Hi"),
    "reasoning": ("<reasoning>Hm.</reasoning>Hi", "Hm.", "Hi"),
    "reason": ("<reason>Hm.</reason>Hi", "Hm.", "Hi"),
    "MiniMax M3": ("<mm:think>Hm.</mm:think>Hi", "Hm.", "Hi"),
    "Seed-OSS": ("<seed:think>Hm.</seed:think>Hi", "Hm.", "Hi"),
    "ends as another": ("<think>Hm.</mm:think>Hi", "Hm.", "Hi"),
    "Magistral": ("[THINK]Hm.[/THINK]Hi", "Hm.", "Hi"),
    "Kimi": ("◁think▷Hm.◁/think▷Hi", "Hm.", "Hi"),
    "Command A": ("<|START_THINKING|>Hm.<|END_THINKING|>Hi", "Hm.", "Hi"),
    "Sky-T1": ("<|begin_of_thought|>Hm.<|end_of_thought|>\n\nHi", "Hm.", "Hi"),
    "Gemma 4": ("<|channel>thought\nHm.<channel|>Hi", "Hm.", "Hi"),
    "gpt-oss": (
        "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Hi",
        "Hm.",
        "Hi",
    ),
    "Chinese": ("<think>\n嗯，用户在问好。\n</think>\n\n你好！😀", "嗯，用户在问好。", "你好！😀"),
    "empty": ("<think></think>Hi", "", "Hi"),
    "empty with white space": ("<think>\n\n</think>\n\nHi", "", "Hi"),
    "tags only": ("<think>Hm.</think>", "Hm.", ""),
    "empty tags only": ("<think>\n</think>\n", "", ""),
    "unclosed": ("<think>Hm. So", "Hm. So", ""),
    "unclosed in the end": ("<think>Hm.</thin", "Hm.</thin", ""),
    "twice": ("<think>Hm.</think>\n<think>Oh.</think>\nHi", "Hm.\n\nOh.", "Hi"),
    "empty, then not": ("<think>\n\n</think>\n\n<think>Hm.</think>Hi", "Hm.", "Hi"),
    "ends twice": ("<think>Hm.</think></think>Hi", "Hm.", "Hi"),
    "ends first": ("</think>\n\nHi", "", "Hi"),
    "less than in the reasoning": ("<think>1 < 2, <b>, </b>, a</think>Hi", "1 < 2, <b>, </b>, a", "Hi"),
    "in backticks in the reasoning": ("<think>I write `</think>` so.</think>Hi", "I write `</think>` so.", "Hi"),
    "code before the end": ("<think>Is it `x`</think>Hi", "Is it `x`", "Hi"),
    "a backtick too many": ("<think>It`s.</think>Hi", "It`s.", "Hi"),
    "a backtick too many, at the end": ("<think>It`s.</think>", "It`s.", ""),
    "fence in the reasoning": ("<think>\n```\nx = 1\n</think>\nHi", "```\nx = 1", "Hi"),
    "a word that begins like a tag": ("<thinking-mode> is on", "", "<thinking-mode> is on"),
    # without the beginning
    "bare": ("Hm. Well.</think>Hi", "Hm. Well.", "Hi"),
    "bare on its line": ("Hm.\n\nWell.\n</think>\n\nHi", "Hm.\n\nWell.", "Hi"),
    "bare in capitals": ("Hm.</THINK>Hi", "Hm.", "Hi"),
    "bare, MiniMax M3": ("Hm.</mm:think>Hi", "Hm.", "Hi"),
    "bare after white space": ("\nHm.\n</think>\nHi", "Hm.", "Hi"),
    "bare at the end": ("Hm.\n</think>", "Hm.", ""),
    "bare after a fence": ("```py\nx\n```\nHm.</think>Hi", "```py\nx\n```\nHm.", "Hi"),
    "bare after code": ("Is it `x`?</think>Hi", "Is it `x`?", "Hi"),
    "bare after a quotation": ('They say "hi"</think>Hi', 'They say "hi"', "Hi"),
    "bare, then another": ("Hm.</think>Hi</think>you", "Hm.", "Hi</think>you"),
    "bare, then tags": ("Hm.</think><think>Oh.</think>Hi", "Hm.\n\nOh.", "Hi"),
    "bare in a fence, then outside": ("```\n</think>\n```\nHm.</think>Hi", "```\n</think>\n```\nHm.", "Hi"),
    # text
    "plain": ("Hi you", "", "Hi you"),
    "white space": ("\n Hi\n", "", "\n Hi\n"),
    "only white space": (" \n", "", " \n"),
    "after other text": ("Hi <think>you</think> all", "", "Hi <think>you</think> all"),
    "twice after other text": (
        "Hi <think>you</think> <think>all</think>",
        "",
        "Hi <think>you</think> <think>all</think>",
    ),
    "after other text, then bare": ("A <think>b</think>.\nHm.</think>Hi", "A <think>b</think>.\nHm.", "Hi"),
    "in JSON": ('{"html": "<think>x</think>"}', "", '{"html": "<think>x</think>"}'),
    "the end in JSON": ('[{"html": "x</think>"}]', "", '[{"html": "x</think>"}]'),
    "the end in indented JSON": ('{\n  "a": "x</think>",\n  "b": 1\n}', "", '{\n  "a": "x</think>",\n  "b": 1\n}'),
    "XML": ("<doc><think>a</think></doc>", "", "<doc><think>a</think></doc>"),
    "in backticks": ("Write `</think>` so.", "", "Write `</think>` so."),
    "in longer code": ("Write `a </think> b` so.", "", "Write `a </think> b` so."),
    "both in backticks": ("`<think>` and `</think>` are tags.", "", "`<think>` and `</think>` are tags."),
    "in a fence": (FENCED, "", FENCED),
    "in tildes": (FENCED.replace("```", "~~~"), "", FENCED.replace("```", "~~~")),
    "in a longer fence": (f"`{FENCED.replace('```', '```', 1)}", "", f"`{FENCED}"),
    "in quotation marks": ('It ends with "</think>".', "", 'It ends with "</think>".'),
    "in Chinese quotation marks": ("以“</think>”结尾。", "", "以“</think>”结尾。"),
    "after an answer": ("<think>Hm.</think>Hi </think> you", "Hm.", "Hi </think> you"),
    "beginning after an answer": ("<think>Hm.</think>Hi <think> you", "Hm.", "Hi <think> you"),
    "less than at the beginning": ("<3", "", "<3"),
    "less than at the end": ("a <", "", "a <"),
    "HTML": ("<table><tr><td>1</td></tr></table>", "", "<table><tr><td>1</td></tr></table>"),
    "generics": ("List<t> and </t", "", "List<t> and </t"),
    "bracket": ("[THIN] air", "", "[THIN] air"),
    "small letters in brackets": ("[think]Hm.[/think]", "", "[think]Hm.[/think]"),
}
"""A content, and the reasoning and the answer that it holds."""


def read(*pieces: str) -> Reply:
    """The reply that the pieces of a content make."""
    tags, reply = ThinkTags(0), Reply(REQUEST, via="test")
    for piece in pieces:
        for event in tags.feed(piece):
            reply.add(event, 0.0)
    for event in tags.flush():
        reply.add(event, 0.0)
    return reply


def texts(*pieces: str) -> tuple[str, str]:
    return (reply := read(*pieces)).reasoning, reply.content


@pytest.mark.parametrize(("content", "reasoning", "answer"), TAGS.values(), ids=TAGS)
def test_tags(content: str, reasoning: str, answer: str) -> None:
    """In one piece."""
    assert (reasoning, answer) == texts(content)


@pytest.mark.parametrize(("content", "reasoning", "answer"), TAGS.values(), ids=TAGS)
def test_tags_that_are_cut(content: str, reasoning: str, answer: str) -> None:
    """Cut in two anywhere, in three around each place, and into single characters."""
    for place in range(len(content) + 1):
        assert (reasoning, answer) == texts(content[:place], content[place:]), place
        assert (reasoning, answer) == texts(content[:place], content[place : place + 2], content[place + 2 :]), place
    assert (reasoning, answer) == texts(*content)


BESIDE = {
    "the tag before it": ([("<think>", ""), ("", "Hm."), ("", " So."), ("Hi", "")], "Hm. So.", "Hi"),
    "the tag and a line end before it": ([("<think>\n", ""), ("", "Hm."), ("\n", ""), ("Hi", "")], "Hm.", "Hi"),
    "both tags around it": ([("<think>", ""), ("", "Hm."), ("\n</think>\n\nHi", "")], "Hm.", "Hi"),
    "the tag beside it": ([("<think>", "Hm."), ("", " So."), ("Hi", "")], "Hm. So.", "Hi"),
    "the end after it": ([("", "Hm."), ("</think>", ""), ("\n\nHi", "")], "Hm.", "Hi"),
    "the end in pieces after it": ([("", "Hm."), ("</th", ""), ("ink>Hi", "")], "Hm.", "Hi"),
    "empty tags after it": ([("", "Hm."), ("<think></think>Hi", "")], "Hm.", "Hi"),
    "the same in tags": ([("<think>Hm.", "Hm."), (" So.", " So."), ("</think>Hi", "")], "Hm. So.", "Hi"),
    "the same in tags, later": ([("<think>Hm. So.</think>Hi", ""), ("", "Hm."), ("", " So.")], "Hm. So.", "Hi"),
    "the same in tags, before": ([("", "Hm."), ("", " So."), ("<think>\nHm. So.\n</think>Hi", "")], "Hm. So.", "Hi"),
    "other words in tags": ([("", "Hm."), ("<think>So.</think>Hi", "")], "Hm.\n\nSo.", "Hi"),
    "a bare end after an answer": ([("", "Hm."), ("Hi </think> you", "")], "Hm.", "Hi </think> you"),
    "a bare end after both": ([("Hi", "Hm."), (" </think> you", "")], "Hm.", "Hi </think> you"),
    "white space alone": ([("", "\n"), ("Hm.</think>Hi", "")], "\nHm.", "Hi"),
    "no tags": ([("", "Hm."), ("\n\n", ""), ("Hi", "")], "Hm.", "\n\nHi"),
}
"""Pairs of a content and another reasoning; the reasoning and the answer that they make."""


@pytest.mark.parametrize(("pairs", "reasoning", "answer"), BESIDE.values(), ids=BESIDE)
def test_tags_beside_other_reasoning(pairs: list[tuple[str, str]], reasoning: str, answer: str) -> None:
    """What a server says in both ways is said once."""
    tags, reply = ThinkTags(0), Reply(REQUEST, via="test")
    for content, other in pairs:
        new = tags.reasoning.added({"reasoning_content": other})
        for event in [*tags.feed(content, new)]:
            reply.add(event, 0.0)
    for event in tags.flush():
        reply.add(event, 0.0)
    assert (reasoning, answer) == (reply.reasoning, reply.content)


HELD = {
    "text": ("Hi", "Hi"),
    "less than": ("<", ""),
    "a tag so far": ("<thi", ""),
    "another tag": ("<thx", "<thx"),
    "a number": ("<3", "<3"),
    "a bracket": ("[", ""),
    "a list": ("[1", "[1"),
    "white space": ("\n", ""),
    "less than after a word": ("a <", "a "),
    "HTML": ("a <b", "a <b"),
    "the end of HTML": ("a </", "a "),
    "the end of a paragraph in HTML": ("a </p", "a </p"),
    "an end so far": ("a </thi", "a "),
    "less than after a tag": ("<think>a</think>b </thi", "b </thi"),
}


@pytest.mark.parametrize(("content", "shown"), HELD.values(), ids=HELD)
def test_little_is_held_back(content: str, shown: str) -> None:
    """Only what may become a tag, and only where one would count."""
    events = [*ThinkTags(0).feed(content)]
    assert shown == "".join(event.content for event in events if isinstance(event, Delta))


def test_reasoning_is_not_held_back() -> None:
    """But for the white space that may be its end."""
    tags = ThinkTags(0)
    pieces = ["<think>", "\n", "Hm", ". ", "So", ".\n", "</think>", "\n\n", "Hi"]
    expected = [[], [], [Delta(0, "", "Hm")], [Delta(0, "", ".")], [Delta(0, "", " So")], [Delta(0, "", ".")]]
    assert [*expected, [], [], [Delta(0, "Hi")]] == [[*tags.feed(piece)] for piece in pieces]


def test_what_was_content_is_told() -> None:
    """As an event of its own, before the answer."""
    tags = ThinkTags(3)
    events = [event for piece in ("Hm", ".</th", "ink>", "\nHi") for event in tags.feed(piece)]
    assert [Delta(3, "Hm"), Delta(3, "."), ContentWasReasoning(3), Delta(3, "Hi")] == events


def test_the_splitting_ends() -> None:
    """Content without a mark passes once it has begun with a word, and all of it after an answer to reasoning."""
    tags = ThinkTags(0)
    [*tags.feed("Hi")]
    assert (True, False) == (tags.is_plain, tags.is_over)
    [*tags.feed(" <")]
    assert not tags.is_plain
    [*tags.feed("b>")]
    assert (True, False) == (tags.is_plain, tags.is_over)
    [*tags.feed("</think>you")]
    assert (True, True) == (tags.is_plain, tags.is_over)
